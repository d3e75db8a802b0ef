import { createHash } from 'crypto';
import { ApiObject, ApiObjectProps, Chart, JsonPatch, resolve } from 'cdk8s';
import { Construct } from 'constructs';
import { located } from '../input/located-error';
import { refuseUnresolvedExpressions } from '../kubernetes/token';
import { canonical, JsonObject } from '../kubernetes/wire';
import { Attachments } from '../weave/attachments';

/** Shared by all copies of this library in one app. */
const STORE_OBJECT = Symbol.for('cdk8s-procdump.StoreObject');

/**
 * An object of a dump store. Has its own namespace or none, regardless of its chart, and never contains an unresolved
 * token.
 */
export class StoreObject extends ApiObject {
  /** Not by `instanceof`: every ApiObject passes as an instance of any subclass. */
  public static isStoreObject(object: ApiObject): boolean {
    return STORE_OBJECT in object;
  }

  /** @param objects defines them; its second argument is the suffix of their ids */
  constructor(scope: Construct, id: string, { metadata, ...props }: ApiObjectProps) {
    super(scope, id, { ...props, metadata });
    Object.defineProperty(this, STORE_OBJECT, { value: true });
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

/** Resolves the content of an immutable object early, because its name depends on it. */
export function resolvedNow<T>(construct: Construct, content: T): T {
  // A context has an object for resolvers that want to know where they are; they only ask for its app.
  return refuseUnresolvedExpressions(resolve([], content, construct as ApiObject) as T);
}

/** Returns eight digits that change with the content of an immutable object. */
export function contentHash(content: unknown): string {
  return createHash('sha256').update(canonical(content)).digest('hex').slice(0, 8);
}

/** Objects of a store that the pods of a namespace need, defined for the first such pod. */
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

  /** A store without workloads in this app serves pods that are defined elsewhere. */
  private ensure(): string[] {
    if (this.defined.size === 0) Attachments.of(this.store).prepare();
    if (this.defined.size === 0) this.define(this.home);
    return [];
  }
}
