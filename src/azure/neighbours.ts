import { DefaultTokenResolver, StringConcat, TerraformStack, Tokenization } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import { isKnown } from './checks';

/** Shared by all copies of this library in one app. */
const NAMES = Symbol.for('cdk8s-procdump.azure.Names');

/** A name that only one storage of an app may have. */
export interface UniqueName {
  /** The name with its option, for the message. */
  readonly what: string;
  /** What has to differ. */
  readonly parts: (string | undefined)[];
  readonly reason: string;
  readonly remedy: string;
}

/** @throws if another storage of the app has one of the names */
export function refuseSameNames(storage: Construct, names: UniqueName[]): void {
  const taken = takenIn(storage);
  const mine = names.map((name) => ({ ...name, key: keyOf(storage, name) }));
  for (const { what, reason, remedy, key } of mine) {
    const other = taken.get(key);
    if (other === undefined) continue;
    throw new Error(`${storage.node.path}: ${what} is also that of '${other.node.path}'; ${reason}; ${remedy}`);
  }
  for (const { key } of mine) taken.set(key, storage);
}

function takenIn(construct: IConstruct): Map<string, IConstruct> {
  const root = construct.node.root as unknown as { [NAMES]?: Map<string, IConstruct> };
  if (!root[NAMES]) Object.defineProperty(root, NAMES, { value: new Map() });
  return root[NAMES]!;
}

/** Azure ignores case. An expression is the same within its stack only. */
function keyOf(storage: Construct, { reason, parts }: UniqueName): string {
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
