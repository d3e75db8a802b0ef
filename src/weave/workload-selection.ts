import type { ApiObject } from 'cdk8s';
import type { Pod } from './pod';
import { KNOWN_KINDS, podTemplatePathOf } from './workload-kinds';
import type { Check } from '../input/check';
import { listOf, mapOf, TEXT } from '../input/checks';
import { Checks } from '../input/struct';
import type { JsonObject } from '../kubernetes/wire';

/** Set to "false" on a workload or its pod template, it leaves the pod unchanged. */
export const INJECT_ANNOTATION = 'cdk8s-procdump/inject';
const YES = ['true', 'yes', 'on', '1'];
const NO = ['false', 'no', 'off', '0'];
/** Hooks are temporary. A sidecar would keep them from ending. */
const HELM_HOOK_ANNOTATION = 'helm.sh/hook';

/** Selects workloads at or below a construct. */
export interface WorkloadSelection {
  /**
   * Path of the pod template in objects of other kinds, for example `spec.template` for an Argo `Rollout`. On a chart,
   * an app or another tree it requires `kinds` and does not change known kinds. On an object, it applies regardless of
   * the kind; call `attachTo` once for each pod template of the object.
   * @default - known for Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob,
   * PodTemplate
   */
  readonly podTemplatePath?: string;
  /**
   * Only objects of these kinds: `Deployment`, or with the API group `argoproj.io/Rollout`.
   * @default - every kind with a pod template
   */
  readonly kinds?: string[];
  /**
   * Only pods that have all these labels.
   * @default - every pod
   */
  readonly labels?: { [key: string]: string };
}

/** A kind, optionally with its API group. With an API version it would match nothing. */
const KIND: Check = {
  ...TEXT,
  inside: (what, kind) => {
    const meant = (kind as string)
      .split('/')
      .filter((part) => !/^v\d+((alpha|beta)\d+)?$/.test(part))
      .join('/');
    if (meant !== kind) {
      throw new Error(`${what} '${kind}' contains an API version, which is ignored; write '${meant}'`);
    }
  },
};

export const SELECTION: Checks<WorkloadSelection> = { podTemplatePath: TEXT, kinds: listOf(KIND), labels: mapOf(TEXT) };

/** Returns the path of the pod template of a selected object; undefined for others. */
export function selectedTemplatePath(
  { kinds, podTemplatePath }: WorkloadSelection,
  object: ApiObject,
  named: boolean,
): string | undefined {
  if (kinds && !kinds.some((kind) => isOfKind(object, kind))) return undefined;
  const known = podTemplatePathOf(object);
  if (podTemplatePath === undefined || (!named && (known !== undefined || !kinds))) return known;
  return podTemplatePath.replace(/\//g, '.').replace(/^\./, '');
}

function isOfKind(object: ApiObject, kind: string): boolean {
  return kind === object.kind || kind === `${object.apiGroup}/${object.kind}`;
}

/** Returns the kinds that no object has and that differ from a Kubernetes kind only by case. */
export function misspelledKinds({ kinds = [] }: WorkloadSelection, objects: () => ApiObject[]): string[] {
  return kinds.flatMap((kind) => {
    const meant = KNOWN_KINDS.find((known) => known.toLowerCase() === kind.toLowerCase());
    if (meant === undefined || meant === kind || objects().some((object) => isOfKind(object, kind))) return [];
    return `no object is of kind '${kind}'; expected '${meant}'; correct kinds`;
  });
}

/** Returns why the user excludes a pod; undefined if it may be changed. */
export function whyLeftOut(
  { labels = {} }: WorkloadSelection,
  { template }: Pod,
  object: JsonObject,
): string | undefined {
  if (object.metadata?.annotations?.[HELM_HOOK_ANNOTATION] !== undefined) return 'is a Helm hook';
  for (const metadata of [object.metadata, template.metadata]) {
    const value: unknown = metadata?.annotations?.[INJECT_ANNOTATION];
    if (value !== undefined && !isOptIn(value, `${object.kind} '${object.metadata?.name}'`)) {
      return `has the annotation ${INJECT_ANNOTATION}: "${value}"`;
    }
  }
  const missing = Object.entries(labels).find(([key, value]) => template.metadata?.labels?.[key] !== value);
  return missing && `has no label ${missing.join('=')} on its pods`;
}

/** @throws if the value is neither yes nor no. A guess could change an excluded pod, or miss an included one. */
function isOptIn(value: unknown, owner: string): boolean {
  const word = `${value}`.toLowerCase();
  if (YES.includes(word)) return true;
  if (NO.includes(word)) return false;
  throw new Error(
    `${owner} has the annotation ${INJECT_ANNOTATION}: "${value}", which must be one of ` +
      `${[...YES, ...NO].join(', ')}; write "false" to leave it out`,
  );
}

/** Returns why an object of an unknown kind gets no sidecar although it seems to have pods. */
export function whyOverlooked(object: JsonObject): string | undefined {
  if (isList(object)) return HIDDEN_IN_LIST;
  if (!object.spec?.template?.spec?.containers) return undefined;
  const [group, version] = `${object.apiVersion}`.split('/');
  const kind = version === undefined ? object.kind : `${group}/${object.kind}`;
  return (
    'is of a kind that this library does not know, with a pod template at spec.template; attach with ' +
    `podTemplatePath: 'spec.template' and kinds: ['${kind}']`
  );
}

/** Whether an object is a List, or a typed list such as the DeploymentList that the API server returns. */
export function isList({ kind }: Pick<ApiObject, 'kind'> | JsonObject): boolean {
  return kind === 'List' || KNOWN_KINDS.some((known) => kind === `${known}List`);
}

export const HIDDEN_IN_LIST = 'hides its objects from cdk8s; write its items as separate documents, separated by ---';
