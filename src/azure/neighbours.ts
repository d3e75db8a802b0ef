import { DefaultTokenResolver, StringConcat, TerraformStack, Tokenization } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import { isKnown } from './checks';

/** Key of the map of unique names, shared by all copies of this library in an app. */
const NAMES = Symbol.for('cdk8s-procdump.azure.Names');

/** Key of the map of federated credentials on existing identities. */
const CREDENTIALS = Symbol.for('cdk8s-procdump.azure.Credentials');

/** A name that only one storage of an app may have. */
export interface UniqueName {
  /** The name and its option, for the error message. */
  readonly what: string;
  /** Values that must be unique together. */
  readonly parts: (string | undefined)[];
  readonly reason: string;
  readonly remedy: string;
}

/** @throws if another storage of the app has one of the names */
export function refuseSameNames(storage: Construct, names: UniqueName[]): void {
  const taken = mapIn<IConstruct>(storage, NAMES);
  const mine = names.map((name) => ({ ...name, key: keyOf(storage, name) }));
  for (const { what, reason, remedy, key } of mine) {
    const other = taken.get(key);
    if (other === undefined) continue;
    throw new Error(`${storage.node.path}: ${what} is also that of '${other.node.path}'; ${reason}; ${remedy}`);
  }
  for (const { key } of mine) taken.set(key, storage);
}

/** The number of federated credentials that a storage adds to an existing identity. */
export interface AddedCredentials {
  readonly identityId: string;
  readonly count: number;
}

/** @throws if the storages of the app add more federated credentials to an identity than Azure allows */
export function refuseTooManyCredentials(storage: Construct, added: AddedCredentials[], most: number): void {
  const counts = mapIn<number>(storage, CREDENTIALS);
  for (const { identityId, count } of added) {
    const key = keyOf(storage, { reason: '', parts: [identityId] });
    const others = counts.get(key) ?? 0;
    if (others + count > most) {
      throw new Error(
        `${storage.node.path}: identity '${identityId}' gets ${count} federated credentials here and ${others} from ` +
          `other storages of the app, but an identity takes 1 to ${most}; expected fewer namespaces or issuers; use ` +
          'another identity',
      );
    }
    counts.set(key, others + count);
  }
}

/** Returns a map that all storages of an app share. */
function mapIn<T>(construct: IConstruct, symbol: symbol): Map<string, T> {
  const root = construct.node.root as unknown as { [symbol: symbol]: Map<string, T> | undefined };
  if (!root[symbol]) Object.defineProperty(root, symbol, { value: new Map() });
  return root[symbol]!;
}

/** Azure ignores case. Equal expressions have equal values only within one stack. */
function keyOf(storage: Construct, { reason, parts }: Pick<UniqueName, 'reason' | 'parts'>): string {
  const comparable = parts.map((part) => {
    if (part === undefined || isKnown(part)) return part?.toLowerCase();
    return [TerraformStack.of(storage).node.path, expressionOf(storage, part)];
  });
  return JSON.stringify([reason, ...comparable]);
}

function expressionOf(scope: Construct, value: string): unknown {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return Tokenization.resolve(value, { scope: TerraformStack.of(scope), resolver, preparing: false });
}
