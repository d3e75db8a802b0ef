import { canonical, ContainerJson, EnvVarJson, JsonObject, normalizePath, PodSpecJson, sameJson, VolumeJson, VolumeMountJson } from '../kubernetes/wire';

/** What one construct adds to one pod. Plain wire JSON, made afresh for each pod: an object used twice would become a YAML alias. */
export interface PodContribution {
  readonly containers?: ContainerJson[];
  readonly initContainers?: ContainerJson[];
  readonly volumes?: VolumeJson[];
  /** What containers of the user get. */
  readonly additions?: ContainerAddition[];
  readonly shareProcessNamespace?: boolean;
  /** What the pod needs at least; the greatest one counts. */
  readonly terminationGracePeriodSeconds?: number;
  /** Name of the container whose native process is watched, which one may do only. */
  readonly watches?: string;
  /** Name of the container whose runtime loads ProcDump's profiler, which one may do only. */
  readonly profiles?: string;
  /** Where runtimes make their diagnostics sockets. */
  readonly diagnostics?: DiagnosticsDirectory;
}

/** Containers of the user, and the directory in which all of them make and find diagnostics sockets. */
export interface DiagnosticsDirectory {
  readonly path: string;
  readonly containers: string[];
}

/** Something else is there already. What to change depends on who put it there: the user, or another construct. */
export class Conflict extends Error {
  /**
   * @param message where the user put it there
   * @param addedBy whether it comes from this contribution
   * @param between the message where another construct put it there
   */
  constructor(message: string, readonly addedBy: (contribution: PodContribution) => boolean, readonly between: (construct: string) => string) {
    super(message);
  }
}

/** The time between SIGTERM and SIGKILL that a pod has as it is. */
export function gracePeriodOf(spec: PodSpecJson): number {
  return Number(spec.terminationGracePeriodSeconds ?? 30); // 30 is Kubernetes' default
}

/** What one container of the user gets. */
export interface ContainerAddition {
  readonly container: string;
  readonly env?: EnvVarJson[];
  readonly volumeMounts?: VolumeMountJson[];
}

/**
 * The pod with the contribution in it; the given pod stays as it is, and what is not touched is not copied.
 * What is there already and equal is left; what is there and different is an error.
 */
export function mergeContribution(spec: PodSpecJson, contribution: PodContribution): PodSpecJson {
  const { containers = [], initContainers = [], volumes = [], additions = [], terminationGracePeriodSeconds = 0 } = contribution;
  const merged: PodSpecJson = { ...spec };
  if (contribution.shareProcessNamespace) merged.shareProcessNamespace = true;
  if (terminationGracePeriodSeconds > gracePeriodOf(spec)) merged.terminationGracePeriodSeconds = terminationGracePeriodSeconds;
  for (const container of containers) refuseOtherContainer(spec, container);
  for (const container of initContainers) refuseOtherContainer(spec, container);
  if (containers.length > 0) merged.containers = append(spec.containers, containers, byName);
  if (initContainers.length > 0) merged.initContainers = append(spec.initContainers, initContainers, byName);
  if (volumes.length > 0) {
    merged.volumes = append(spec.volumes, volumes, byName, ({ name }) => ({
      title: `volume '${name}'`,
      addedBy: (other) => other.volumes?.some((volume) => volume.name === name) ?? false,
      fix: 'rename yours, or give the construct another containerName or volumeName',
      fixBetween: 'give one of the two another containerName or volumeName',
    }));
  }
  for (const addition of additions) {
    merged.containers = merged.containers?.map((container) => (
      container.name === addition.container ? withAddition(container, addition) : container));
  }
  return merged;
}

/** One name serves all containers of a pod, of whatever list. */
function refuseOtherContainer(spec: PodSpecJson, container: ContainerJson): void {
  const isNamesake = ({ name }: ContainerJson) => name === container.name;
  const ephemeral: ContainerJson[] | undefined = spec.ephemeralContainers;
  const existing = spec.containers?.find(isNamesake) ?? spec.initContainers?.find(isNamesake) ?? ephemeral?.find(isNamesake);
  if (existing && !sameJson(existing, container)) {
    throw conflict(existing, container, {
      title: `container '${container.name}'`,
      addedBy: ({ containers = [], initContainers = [] }) => [...containers, ...initContainers].some(({ name }) => name === container.name),
      fix: 'rename yours, or give the sidecar another containerName',
      fixBetween: 'give one of the two another containerName',
    });
  }
}

function withAddition(container: ContainerJson, { env = [], volumeMounts = [] }: ContainerAddition): ContainerJson {
  const of = `of container '${container.name}'`;
  const added = (matches: (addition: ContainerAddition) => boolean | undefined) => ({ additions = [] }: PodContribution) => (
    additions.some((addition) => addition.container === container.name && matches(addition)));
  const merged = { ...container };
  if (env.length > 0) {
    merged.env = append(container.env, env, byName, ({ name }) => ({
      title: `environment variable '${name}' ${of}`,
      addedBy: added((addition) => addition.env?.some((variable) => variable.name === name)),
      fix: 'remove yours, or give the construct the same value',
      fixBetween: name === 'TMPDIR' ? 'give both the same mountPath' : 'leave crashDumps out of one of the two',
    }));
  }
  if (volumeMounts.length > 0) {
    merged.volumeMounts = append(container.volumeMounts, volumeMounts, byPath, (mount) => ({
      title: `mount at '${mount.mountPath}' ${of}`,
      addedBy: added((addition) => addition.volumeMounts?.some((other) => byPath(other) === byPath(mount))),
      fix: 'mount yours elsewhere, or give the construct another path',
      fixBetween: 'give one of the two another dumpDirectory or mountPath',
    }));
  }
  return merged;
}

/** What a conflict says of the item that is there already. */
interface Item extends Pick<Conflict, 'addedBy'> {
  readonly title: string;
  /** The change to make where it is the user's. */
  readonly fix: string;
  /** The change to make where it is another construct's. */
  readonly fixBetween: string;
}

function append<T extends JsonObject>(list: T[] | undefined, items: T[], key: (item: T) => string, describe?: (item: T) => Item): T[] {
  const result = [...list ?? []];
  for (const item of items) {
    const existing = lastOf(result, key(item), key); // of two variables of one name the last one counts
    if (!existing) {
      result.push(item);
    } else if (describe && !sameJson(existing, item)) {
      throw conflict(existing, item, describe(item));
    }
  }
  return result;
}

function lastOf<T>(list: T[], wanted: string, key: (item: T) => string): T | undefined {
  for (let i = list.length - 1; i >= 0; i--) {
    if (key(list[i]) === wanted) return list[i];
  }
  return undefined;
}

function byName({ name }: { name: string }): string {
  return name;
}

function byPath({ mountPath }: VolumeMountJson): string {
  return normalizePath(mountPath);
}

function conflict(existing: JsonObject, added: JsonObject, { title, addedBy, fix, fixBetween }: Item): Conflict {
  const [there, here] = difference(existing, added).map((part) => shortened(canonical(part)));
  const contents = `with another content: ${there}, to be added: ${here}`;
  return new Conflict(`${title} is there already ${contents}; ${fix}`, addedBy, (construct) => `${title} is there already, from ${construct}, ${contents}; ${fixBetween}`);
}

/** What differs: fields of objects, and the elements of lists between those that are equal at both ends. */
function difference(a: unknown, b: unknown): [unknown, unknown] {
  if (Array.isArray(a) && Array.isArray(b)) {
    const shorter = Math.min(a.length, b.length);
    let start = 0;
    while (start < shorter && sameJson(a[start], b[start])) start++;
    let end = 0;
    while (end < shorter - start && sameJson(a.at(-1 - end), b.at(-1 - end))) end++;
    return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  }
  if (!isObject(a) || !isObject(b)) return [a, b];
  const fields = Object.keys({ ...a, ...b }).filter((field) => !sameJson(a[field], b[field]));
  const parts = fields.map((field) => [field, difference(a[field], b[field])] as const);
  return [Object.fromEntries(parts.map(([field, [part]]) => [field, part])), Object.fromEntries(parts.map(([field, [, part]]) => [field, part]))];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
