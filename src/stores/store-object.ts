import { createHash } from 'crypto';
import { ApiObject, ApiObjectProps, Chart, JsonPatch, Names, resolve } from 'cdk8s';
import { Construct } from 'constructs';
import { located } from '../input/located-error';
import { refuseUnresolvedExpressions } from '../kubernetes/token';
import { canonical, JsonObject } from '../kubernetes/wire';
import { Attachments } from '../weave/attachments';

/** Marker of store objects, shared by all copies of this library in an app. */
const STORE_OBJECT = Symbol.for('cdk8s-procdump.StoreObject');

/**
 * An object of a dump store. It has its own namespace or none, regardless of its chart, and never contains an
 * unresolved token.
 */
export class StoreObject extends ApiObject {
  /**
   * Returns whether an object belongs to a store. `instanceof` does not work: every ApiObject is an instance of any
   * subclass.
   */
  public static isStoreObject(object: ApiObject): boolean {
    return STORE_OBJECT in object;
  }

  constructor(scope: Construct, id: string, { metadata, ...props }: ApiObjectProps) {
    super(scope, id, { ...props, metadata });
    Object.defineProperty(this, STORE_OBJECT, { value: true });
    // A chart sets its namespace on every object.
    if (metadata?.namespace === undefined && this.metadata.namespace !== undefined) {
      this.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
    }
  }

  public toJson(): JsonObject {
    const json = super.toJson();
    return located(this.node.path, () => refuseUnresolvedExpressions(json));
  }
}

/**
 * Resolves the content of an immutable object early, because its name depends on it.
 *
 * @param what the prop that holds the content, for messages; empty if the content is the props
 */
export function resolvedNow<T>(construct: Construct, content: T, what = ''): T {
  // Resolvers use the object of their context only to find its app.
  return refuseUnresolvedExpressions(resolve([], content, construct as ApiObject) as T, what);
}

/** Returns eight digits that change with the content of an immutable object. */
function contentHash(content: unknown): string {
  return createHash('sha256').update(canonical(content)).digest('hex').slice(0, 8);
}

/**
 * Returns the name of an object with immutable content. Kubernetes refuses changes to such an object, so different
 * content needs a different name. The scope is part of the hash, so that two namespaces of one app never own the same
 * object, nor do two apps whose charts and constructs have different ids or namespaces.
 * @param content the content without fields that may change, such as a capacity
 */
export function immutableName(construct: Construct, content: unknown): string {
  const scope = { path: construct.node.path, namespace: Chart.of(construct).namespace };
  const hash = contentHash({ content, scope });
  return `${Names.toDnsLabel(construct, { includeHash: false, maxLen: 63 - 1 - hash.length })}-${hash}`;
}

/** Objects of a store that the pods of a namespace need, defined for the first such pod. */
export class NamespacedObjects {
  private readonly defined = new Set<string | undefined>();

  /** @param objects defines the objects; its second argument is the suffix of their ids */
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
    this.followNamespaces();
  }

  /**
   * `kubectl apply` creates objects in the order of the manifest, and refuses an object whose namespace does not exist
   * yet.
   */
  private followNamespaces(): void {
    const { objects } = Attachments.of(this.store);
    for (const object of this.store.node.findAll()) {
      if (!ApiObject.isApiObject(object) || object.metadata.namespace === undefined) continue;
      const namespaces = objects.clusterScoped('core/Namespace', object.metadata.namespace);
      const before = namespaces.find(
        (namespace) => namespace.object && Chart.of(namespace.object) === Chart.of(object),
      );
      if (before?.object) object.node.addDependency(before.object);
    }
  }

  /** The namespace of the store's own chart. */
  public get home(): string | undefined {
    return Chart.of(this.store).namespace;
  }

  /** A store without workloads in this app serves pods that are defined elsewhere. */
  private ensure(): string[] {
    if (this.defined.size === 0) Attachments.of(this.store).prepare();
    if (this.defined.size === 0) this.define(this.home);
    // A Namespace may have been added since.
    Attachments.of(this.store).refresh();
    this.followNamespaces();
    return [];
  }
}
