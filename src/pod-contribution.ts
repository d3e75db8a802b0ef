import { canonical, ContainerJson, EnvVarJson, JsonObject, normalizePath, PodSpecJson, sameJson, VolumeJson, VolumeMountJson } from './wire';

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
  for (const container of [...containers, ...initContainers]) refuseOtherContainer(spec, container);
  if (containers.length > 0) merged.containers = append(spec.containers, containers, byName);
  if (initContainers.length > 0) merged.initContainers = append(spec.initContainers, initContainers, byName);
  if (volumes.length > 0) {
    merged.volumes = append(spec.volumes, volumes, byName, ({ name }) => `volume '${name}'`,
      'rename yours, or give the construct another containerName or volumeName');
  }
  for (const addition of additions) {
    merged.containers = merged.containers?.map((container) => (
      container.name === addition.container ? withAddition(container, addition) : container));
  }
  return merged;
}

/** One name serves all containers of a pod, of whatever list. */
function refuseOtherContainer(spec: PodSpecJson, container: ContainerJson): void {
  const lists: (ContainerJson[] | undefined)[] = [spec.containers, spec.initContainers, spec.ephemeralContainers];
  const existing = lists.flatMap((list) => list ?? []).find(({ name }) => name === container.name);
  if (existing && !sameJson(existing, container)) {
    throw conflict(`container '${container.name}'`, existing, container, 'rename yours, or give the sidecar another containerName');
  }
}

function withAddition(container: ContainerJson, { env = [], volumeMounts = [] }: ContainerAddition): ContainerJson {
  const of = `of container '${container.name}'`;
  const merged = { ...container };
  if (env.length > 0) {
    merged.env = append(container.env, env, byName, ({ name }) => `environment variable '${name}' ${of}`, 'remove yours, or give the construct the same value');
  }
  if (volumeMounts.length > 0) {
    merged.volumeMounts = append(container.volumeMounts, volumeMounts, ({ mountPath }) => normalizePath(mountPath),
      ({ mountPath }) => `mount at '${mountPath}' ${of}`, 'mount yours elsewhere, or give the construct another path');
  }
  return merged;
}

function append<T extends JsonObject>(list: T[] | undefined, items: T[], key: (item: T) => string, title?: (item: T) => string, fix?: string): T[] {
  const result = [...list ?? []];
  for (const item of items) {
    const existing = result.filter((other) => key(other) === key(item)).at(-1); // of two variables of one name the last one counts
    if (!existing) {
      result.push(item);
    } else if (title && !sameJson(existing, item)) {
      throw conflict(title(item), existing, item, fix ?? '');
    }
  }
  return result;
}

function byName({ name }: { name: string }): string {
  return name;
}

/** Shows the fields that differ. */
function conflict(what: string, existing: JsonObject, added: JsonObject, fix: string): Error {
  const fields = Object.keys({ ...existing, ...added }).filter((field) => !sameJson(existing[field], added[field]));
  const differing = (value: JsonObject) => shortened(canonical(Object.fromEntries(fields.map((field) => [field, value[field]]))));
  return new Error(`${what} is there already with another content: ${differing(existing)}, to be added: ${differing(added)}; ${fix}`);
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
