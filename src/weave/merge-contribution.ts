import { conflictOf, ExistingItem } from './conflict';
import { ContainerAddition, gracePeriodOf, ListAnnotation, PodContribution } from './pod-contribution';
import type { Remedies } from './pod-contributor';
import {
  ContainerJson,
  JsonObject,
  normalizePath,
  PodSpecJson,
  PodTemplateJson,
  sameJson,
  VolumeMountJson,
} from '../kubernetes/wire';

/** Returns the pod template with the contribution merged in. Metadata come before the spec. */
export function mergeTemplate(
  template: PodTemplateJson,
  contribution: PodContribution,
  remedies: Remedies,
): PodTemplateJson {
  const spec = mergeContribution(template.spec ?? {}, contribution, remedies);
  const { annotations = [] } = contribution;
  if (annotations.length === 0) return { ...template, spec };
  const metadata = mergeAnnotations(template.metadata, annotations);
  return 'metadata' in template ? { ...template, metadata, spec } : { metadata, ...template, spec };
}

/**
 * Returns the pod with the contribution merged in. Does not change the given pod, and copies only changed parts.
 * @throws Conflict if an item of the same name or path has different content; an equal item is kept
 */
export function mergeContribution(spec: PodSpecJson, contribution: PodContribution, remedies: Remedies): PodSpecJson {
  const {
    containers = [],
    initContainers = [],
    volumes = [],
    imagePullSecrets = [],
    additions = [],
    terminationGracePeriodSeconds = 0,
  } = contribution;
  const merged: PodSpecJson = { ...spec };
  if (contribution.shareProcessNamespace) merged.shareProcessNamespace = true;
  if (terminationGracePeriodSeconds > gracePeriodOf(spec)) {
    merged.terminationGracePeriodSeconds = terminationGracePeriodSeconds;
  }
  for (const container of containers) refuseOtherContainer(spec, container, remedies);
  for (const container of initContainers) refuseOtherContainer(spec, container, remedies);
  if (containers.length > 0) merged.containers = append(spec.containers, containers, byName);
  if (initContainers.length > 0) merged.initContainers = append(spec.initContainers, initContainers, byName);
  if (volumes.length > 0) {
    merged.volumes = append(spec.volumes, volumes, byName, ({ name }) => ({
      title: `volume '${name}'`,
      addedBy: (other) => other.volumes?.some((volume) => volume.name === name) ?? false,
      fix: `rename yours, or give the construct another ${remedies.name}`,
      fixBetween: `give one of the two another ${remedies.name}`,
    }));
  }
  if (imagePullSecrets.length > 0) merged.imagePullSecrets = append(spec.imagePullSecrets, imagePullSecrets, byName);
  for (const addition of additions) {
    merged.containers = merged.containers?.map((container) =>
      container.name === addition.container ? withAddition(container, addition, remedies) : container,
    );
  }
  return merged;
}

/** Returns the pod's metadata with the items of the annotations. Existing content is unchanged and comes first. */
function mergeAnnotations(metadata: JsonObject | undefined, added: ListAnnotation[]): JsonObject {
  const annotations: JsonObject = { ...metadata?.annotations };
  for (const annotation of added) {
    const { name, separator } = annotation;
    const there = annotations[name];
    const items = newItems(annotation, there);
    annotations[name] = (there === undefined ? items : [`${there}`, ...items].filter(Boolean)).join(separator);
  }
  return { ...metadata, annotations };
}

/** Returns the items that an annotation lacks. */
export function newItems({ separator, items }: ListAnnotation, there: unknown): string[] {
  if (there === undefined) return items;
  const known = `${there as string}`.split(separator).map((item) => item.trim());
  return items.filter((item) => !known.includes(item));
}

/** A container name is unique in the pod, across all lists of containers. */
function refuseOtherContainer(spec: PodSpecJson, container: ContainerJson, remedies: Remedies): void {
  const isNamesake = ({ name }: ContainerJson) => name === container.name;
  const ephemeral: ContainerJson[] | undefined = spec.ephemeralContainers;
  const existing =
    spec.containers?.find(isNamesake) ?? spec.initContainers?.find(isNamesake) ?? ephemeral?.find(isNamesake);
  if (!existing || sameJson(existing, container)) return;
  throw conflictOf(existing, container, {
    title: `container '${container.name}'`,
    addedBy: ({ containers = [], initContainers = [] }) => [...containers, ...initContainers].some(isNamesake),
    fix: `rename yours, or give the construct another ${remedies.name}`,
    fixBetween: `give one of the two another ${remedies.name}`,
  });
}

function withAddition(
  container: ContainerJson,
  { env = [], volumeMounts = [] }: ContainerAddition,
  remedies: Remedies,
): ContainerJson {
  const of = `of container '${container.name}'`;
  const added =
    (matches: (addition: ContainerAddition) => boolean | undefined) =>
    ({ additions = [] }: PodContribution) =>
      additions.some((addition) => addition.container === container.name && matches(addition));
  const merged = { ...container };
  if (env.length > 0) {
    merged.env = append(container.env, env, byName, ({ name }) => ({
      title: `environment variable '${name}' ${of}`,
      addedBy: added((addition) => addition.env?.some((variable) => variable.name === name)),
      fix: 'remove yours, or give the construct the same value',
      fixBetween: 'set the same value in both, or in only one of them',
    }));
  }
  if (volumeMounts.length > 0) {
    merged.volumeMounts = append(container.volumeMounts, volumeMounts, byPath, (mount) => ({
      title: `mount at '${mount.mountPath}' ${of}`,
      addedBy: added((addition) => addition.volumeMounts?.some((other) => byPath(other) === byPath(mount))),
      fix: `mount yours elsewhere, or give the construct another ${remedies.path}`,
      fixBetween: `give one of the two another ${remedies.path}`,
    }));
  }
  return merged;
}

function append<T extends JsonObject>(
  list: T[] | undefined,
  items: T[],
  key: (item: T) => string,
  describe?: (item: T) => ExistingItem,
): T[] {
  const result = [...(list ?? [])];
  for (const item of items) {
    const existing = lastOf(result, key(item), key); // of two variables with the same name, the last one counts
    if (!existing) {
      result.push(item);
    } else if (describe && !sameJson(existing, item)) {
      throw conflictOf(existing, item, describe(item));
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
