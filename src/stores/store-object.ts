import { createHash } from 'crypto';
import { ApiObject, ApiObjectProps, Chart, JsonPatch, resolve } from 'cdk8s';
import { Construct } from 'constructs';
import { located } from '../input/located-error';
import { refuseUnresolvedExpressions } from '../kubernetes/token';
import { canonical, JsonObject } from '../kubernetes/wire';
import { Attachments } from '../weave/attachments';

/**
 * An object of a dump store: in the namespace that it names or in none, whatever its chart has, and never with a token
 * left in it.
 */
export class StoreObject extends ApiObject {
  constructor(scope: Construct, id: string, { metadata, ...props }: ApiObjectProps) {
    super(scope, id, { ...props, metadata });
    // A chart gives its namespace to every object.
    if (metadata?.namespace === undefined && this.metadata.namespace !== undefined) {
      this.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
    }
  }

  public toJson(): JsonObject {
    const json = super.toJson();
    return located(this.node.path, () => refuseUnresolvedExpressions(json));
  }
}

/** What an immutable object holds decides its name, so that it must be known as soon as the name is. */
export function resolvedNow<T>(construct: Construct, content: T): T {
  // A context has an object for resolvers that want to know where they are; they only ask for its app.
  return refuseUnresolvedExpressions(resolve([], content, construct as ApiObject) as T);
}

/** Eight digits that say whether the content of an immutable object is the same. */
export function contentHash(content: unknown): string {
  return createHash('sha256').update(canonical(content)).digest('hex').slice(0, 8);
}

/** What pods of a namespace need of a store, defined when the first of them turns up. */
export class NamespacedObjects {
  private readonly defined = new Set<string | undefined>();

  /** @param objects defines them; its second argument ends their ids */
  constructor(
    private readonly store: Construct,
    private readonly objects: (namespace: string | undefined, suffix: string) => void,
  ) {
    store.node.addValidation({ validate: () => this.ensure() });
  }

  public define(namespace: string | undefined): void {
    if (this.defined.has(namespace)) return;
    this.objects(namespace, namespace === this.home ? '' : `-${namespace ?? 'unset'}`);
    this.defined.add(namespace);
  }

  /** The namespace of the store's own chart. */
  public get home(): string | undefined {
    return Chart.of(this.store).namespace;
  }

  /** A store that no workload of this app uses is meant for pods that are made elsewhere. */
  private ensure(): string[] {
    if (this.defined.size === 0) Attachments.of(this.store).prepare();
    if (this.defined.size === 0) this.define(this.home);
    return [];
  }
}
