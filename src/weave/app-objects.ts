import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { groupAndKind, isList } from './workload-kinds';
import { WovenObject } from './woven-object';
import type { JsonObject } from '../kubernetes/wire';

/** A rendered object of the app, before weaving. */
export interface AppObject {
  /** Path of its construct. */
  readonly path: string;
  readonly json: JsonObject;
  /** Undefined for an item of a List. */
  readonly object?: ApiObject;
}

/**
 * The objects of an app by kind, for rules that need the neighbours of a workload. Kinds are `<API group>/<kind>`, for
 * example `autoscaling/HorizontalPodAutoscaler`. The tree is searched once, and an object is rendered when its kind is
 * first requested.
 */
export class AppObjects {
  private kinds?: ReadonlyMap<string, ApiObject[]>;
  private readonly rendered = new Map<string, AppObject[]>();
  private readonly groups = new Map<string, ReadonlyMap<string, AppObject[]>>();

  constructor(private readonly root: IConstruct) {}

  /** Returns the object of a kind with this name and namespace. */
  public find(kind: string, namespace: string | undefined, name: string): AppObject | undefined {
    return this.all(kind, namespace, name)[0];
  }

  /** Returns all objects of a kind with this name and namespace; the cluster would keep one of them. */
  public all(kind: string, namespace: string | undefined, name: string): readonly AppObject[] {
    return this.grouped(kind, 'name', ({ metadata }) => [metadata?.namespace, metadata?.name], namespace, name);
  }

  /** Returns the objects of a kind in a namespace; undefined selects manifests without a namespace. */
  public inNamespace(kind: string, namespace: string | undefined): readonly AppObject[] {
    return this.grouped(kind, 'namespace', ({ metadata }) => [metadata?.namespace], namespace);
  }

  /** Returns the objects of a kind without namespaces by name. A chart writes its namespace into such objects too. */
  public clusterScoped(kind: string, name: string): readonly AppObject[] {
    return this.grouped(kind, 'name alone', ({ metadata }) => [metadata?.name], name);
  }

  /**
   * Returns the objects of a kind with a certain key. Returns early for a kind without objects: every workload calls
   * this, and most apps have none.
   * @param title the name of the key; keys are computed once for each kind and title
   */
  public grouped(
    kind: string,
    title: string,
    keyOfObject: (json: JsonObject) => KeyPart[],
    ...key: KeyPart[]
  ): readonly AppObject[] {
    const objects = this.ofKind(kind);
    if (objects.length === 0) return objects;
    const id = `${kind} ${title}`;
    let group = this.groups.get(id);
    if (!group) {
      group = groupedBy(objects, ({ json }) => keyOf(keyOfObject(json)));
      this.groups.set(id, group);
    }
    return group.get(keyOf(key)) ?? [];
  }

  private ofKind(kind: string): AppObject[] {
    let objects = this.rendered.get(kind);
    if (!objects) {
      this.kinds ??= groupedBy(apiObjectsIn(this.root), (object) =>
        isList(object) ? LISTS : `${object.apiGroup}/${object.kind}`,
      );
      objects = [...render(this.kinds.get(kind)), ...this.listed().filter(({ json }) => kindOf(json) === kind)];
      this.rendered.set(kind, objects);
    }
    return objects;
  }

  /** Returns the items of all Lists. */
  private listed(): AppObject[] {
    let items = this.rendered.get(LISTS);
    if (!items) {
      items = render(this.kinds?.get(LISTS)).flatMap(({ path, json }) =>
        (Array.isArray(json.items) ? json.items : []).filter(Boolean).map((item: JsonObject) => ({ path, json: item })),
      );
      this.rendered.set(LISTS, items);
    }
    return items;
  }
}

const LISTS = 'List';

type KeyPart = string | undefined;

/** Kubernetes names contain no blanks. */
function keyOf(parts: KeyPart[]): string {
  return parts.map((part) => part ?? '').join(' ');
}

function kindOf(json: JsonObject): string {
  const { apiGroup, kind } = groupAndKind(json);
  return `${apiGroup}/${kind}`;
}

function apiObjectsIn(root: IConstruct): ApiObject[] {
  return root.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
}

/** Omits objects that cannot be rendered; each error is thrown when synth renders the object. */
function render(objects: readonly ApiObject[] = []): AppObject[] {
  return objects.flatMap((object) => {
    try {
      return [{ path: object.node.path, json: WovenObject.renderer(object)(), object }];
    } catch {
      return [];
    }
  });
}

function groupedBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}
