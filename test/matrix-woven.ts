import { EVICTABLE_VOLUMES } from '../src/kubernetes/local-volumes';
import { canonical, JsonObject, PodSpecJson } from '../src/kubernetes/wire';

/** What weaving added to a pod. */
export interface Woven {
  readonly containers: JsonObject[];
  readonly initContainers: JsonObject[];
  readonly volumes: JsonObject[];
  /** By name of the user's container: what it got. */
  readonly changed: { [container: string]: { env: JsonObject[]; volumeMounts: JsonObject[] } };
  readonly shareProcessNamespace: unknown;
  readonly terminationGracePeriodSeconds: unknown;
}

/** Compares a pod with itself before weaving. */
export function wovenInto(before: PodSpecJson, after: PodSpecJson): Woven {
  const changed: Woven['changed'] = {};
  for (const container of after.containers ?? []) {
    const original = before.containers?.find(({ name }) => name === container.name);
    if (!original || canonical(original) === canonical(container)) continue;
    changed[container.name] = {
      env: added(original.env, container.env),
      volumeMounts: added(original.volumeMounts, container.volumeMounts),
    };
  }
  return {
    containers: addedByName(before.containers, after.containers),
    initContainers: addedByName(before.initContainers, after.initContainers),
    volumes: addedByName(before.volumes, after.volumes),
    changed,
    shareProcessNamespace: after.shareProcessNamespace,
    terminationGracePeriodSeconds: after.terminationGracePeriodSeconds,
  };
}

/**
 * The pod with everything taken away again that weaving added: what the user made, if nothing of it was lost, changed
 * or reordered.
 */
export function unwoven(before: PodSpecJson, after: PodSpecJson): PodSpecJson {
  const { containers, initContainers, volumes, changed } = wovenInto(before, after);
  const original: PodSpecJson = {
    ...after,
    containers: without(after.containers, containers)?.map((container) => {
      const { env, volumeMounts } = changed[container.name] ?? { env: [], volumeMounts: [] };
      return withLists(
        container,
        { env: without(container.env, env), volumeMounts: without(container.volumeMounts, volumeMounts) },
        before.containers?.find(({ name }) => name === container.name),
      );
    }),
  };
  const lists = {
    initContainers: without(after.initContainers, initContainers),
    volumes: without(after.volumes, volumes),
  };
  const { shareProcessNamespace, terminationGracePeriodSeconds } = before;
  return withLists(original, { ...lists, shareProcessNamespace, terminationGracePeriodSeconds }, before);
}

/** A list that the user had not made is taken away with its last item. */
function withLists<T extends JsonObject>(object: T, fields: JsonObject, before: JsonObject = {}): T {
  const result: JsonObject = { ...object, ...fields };
  for (const field of Object.keys(fields)) {
    if (before[field] === undefined && (result[field] === undefined || result[field].length === 0)) {
      delete result[field];
    }
  }
  return result as T;
}

function without<T>(list: T[] | undefined, items: JsonObject[]): T[] | undefined {
  return list?.filter((item) => !items.includes(item as JsonObject));
}

function added<T extends JsonObject>(before: T[] = [], after: T[] = []): T[] {
  const known = before.map(canonical);
  return after.filter((item) => !known.includes(canonical(item)));
}

function addedByName<T extends JsonObject>(before: T[] = [], after: T[] = []): T[] {
  return after.filter(({ name }) => !before.some((item) => item.name === name));
}

const LISTS = { [EVICTABLE_VOLUMES]: ',', 'azure.workload.identity/skip-containers': ';' };

/** The object without what the sidecar added to the annotations of its pods, wherever those are. */
export function unannotated<T>(json: T): T {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(unannotated) as T;
  const entries = Object.entries(json).map(([key, value]) => [key, unannotated<unknown>(value)] as const);
  const { metadata, ...others } = Object.fromEntries(entries) as JsonObject;
  if (metadata?.annotations === undefined) return Object.fromEntries(entries) as T;
  const annotations: JsonObject = { ...metadata.annotations };
  for (const [name, separator] of Object.entries(LISTS)) {
    const items = `${annotations[name] ?? ''}`.split(separator).filter((item) => !/^(procdump|dumper)(-|$)/.test(item));
    if (items.join('') === '') delete annotations[name];
    else annotations[name] = items.join(separator);
  }
  const { annotations: _, ...rest } = metadata;
  const kept = Object.keys(annotations).length > 0 ? { ...rest, annotations } : rest;
  return { ...others, ...(Object.keys(kept).length > 0 ? { metadata: kept } : {}) } as T;
}
