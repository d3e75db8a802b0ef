import { parentOf, replaceAt, valueAt } from './template-path';
import { groupAndKind, PodFeature, workloadKindOf } from './workload-kinds';
import type { JsonObject, PodTemplateJson } from '../kubernetes/wire';

/** Location of a pod template in a rendered object. */
export interface PodLocation {
  /** Concrete path of the pod template from the top of the object. */
  readonly path: string;
  /** Concrete path of the workload: empty, or an item of a List. */
  readonly owner: string;
}

/** Whether a pod runs to completion. `unknown` if neither its kind nor its `restartPolicy` determines that. */
export type PodLifetime = 'completes' | 'runs' | 'unknown';

/** A rendered pod and the workload that contains it. */
export interface Pod {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly template: PodTemplateJson;
  readonly lifetime: PodLifetime;
  readonly forbids: readonly PodFeature[];
  /** Whether exactly one container must have a port as soon as the pod has two containers. */
  readonly needsPort: boolean;
  /** Settings of the cluster that the pod needs. */
  readonly flags?: string;
  /** Claims that the controller creates for each pod; each is a volume with its name. */
  readonly claimTemplates: readonly JsonObject[];
}

export function readPod(json: JsonObject, { path, owner }: PodLocation): Pod {
  const workload: JsonObject = owner === '' ? json : valueAt(json, owner);
  const row = workloadKindOf(groupAndKind(workload));
  const template: PodTemplateJson = valueAt(json, path) ?? {};
  const { name, namespace } = workload.metadata ?? {};
  return {
    apiVersion: workload.apiVersion,
    kind: workload.kind,
    name,
    namespace,
    template: row?.containerName === undefined ? template : withContainerName(template, row.containerName),
    lifetime: row?.completes
      ? 'completes'
      : lifetimeOf(workload, template, path === '' ? {} : beside(json, path), !row),
    forbids: row?.forbids ?? [],
    needsPort: row?.needsPort ?? false,
    flags: row?.flags,
    claimTemplates: Array.isArray(workload.spec?.volumeClaimTemplates) ? workload.spec.volumeClaimTemplates : [],
  };
}

/** Some kinds have `restartPolicy` next to the template. */
function beside(json: JsonObject, path: string): JsonObject {
  return valueAt(json, parentOf(path)) ?? {};
}

function lifetimeOf(
  { kind }: JsonObject,
  { spec }: PodTemplateJson,
  { restartPolicy }: JsonObject,
  unknownKind: boolean,
): PodLifetime {
  const policy: unknown = spec?.restartPolicy ?? restartPolicy;
  if (policy !== undefined) return policy === 'Always' ? 'runs' : 'completes';
  return unknownKind && `${kind}`.endsWith('Job') ? 'unknown' : 'runs';
}

/** The kind gives this name to its only container; with a second container, it would choose a different name. */
function withContainerName(template: PodTemplateJson, name: string): PodTemplateJson {
  const { containers } = template.spec ?? {};
  if (!Array.isArray(containers) || containers.length !== 1 || !containers[0] || containers[0].name) return template;
  return { ...template, spec: { ...template.spec, containers: [{ name, ...withoutName(containers[0]) }] } };
}

function withoutName({ name: _name, ...container }: JsonObject): JsonObject {
  return container;
}

/** Returns the object with another pod template. Copies only the objects on the path to it. */
export function replacePodTemplate(json: JsonObject, { path }: PodLocation, template: PodTemplateJson): JsonObject {
  return replaceAt(json, path, () => template);
}
