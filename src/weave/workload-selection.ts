import type { Pod } from './pod';
import { normalizePattern } from './template-path';
import { UnsuitableWorkloads } from './unsuitable-workload';
import { INJECT_ANNOTATION } from './weaving-problem';
import { GroupAndKind, KNOWN_KINDS, workloadKindOf } from './workload-kinds';
import { Check, refusal } from '../input/check';
import { listOf, mapOf, oneOf, TEXT } from '../input/checks';
import { Checks } from '../input/struct';
import type { JsonObject } from '../kubernetes/wire';

const PREFIX = 'cdk8s-procdump/';
/** The second requests a dump of a running pod. */
const ANNOTATIONS = [INJECT_ANNOTATION, 'cdk8s-procdump/dump'];
const YES = ['true', 'yes', 'on', '1'];
const NO = ['false', 'no', 'off', '0'];
/** Hooks are temporary. A sidecar would prevent them from completing. */
const HELM_HOOK_ANNOTATION = 'helm.sh/hook';

/** A selection of workloads at or below a construct. */
export interface WorkloadSelection {
  /**
   * Path of the pod templates in objects of other kinds, for example `spec.template`: fields joined by dots, `[]` for
   * each item of a list, `*` for each field of a map, as in `spec.groups[].template`. On a chart, an app or another
   * tree it requires `kinds` and does not change known kinds. On an object, it applies regardless of the kind.
   * @default - the usual path for kinds of Kubernetes, Argo Rollouts, OpenKruise, KEDA, Knative, JobSet, Kubeflow,
   * Spark and OpenShift, also in a `List`
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
  /**
   * How to handle a workload that the construct cannot be added to.
   * @default UnsuitableWorkloads.ERROR
   */
  readonly unsuitable?: UnsuitableWorkloads;
}

function isFilledList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

/** A kind, optionally with its API group. With an API version it would match nothing. */
const KIND: Check = {
  ...TEXT,
  inside: (what, kind) => {
    if (/\s/.test(kind as string)) throw refusal(what, kind, 'a kind without blanks, for example Deployment');
    const parts = (kind as string).split('/');
    const meant = parts.filter((part) => !/^v\d+((alpha|beta)\d+)?$/.test(part)).join('/');
    if (meant !== kind && meant !== '') {
      throw new Error(`${what} '${kind}' contains an API version, which is ignored; write '${meant}'`);
    }
    if (meant === '' || !/^([a-z0-9-]+(\.[a-z0-9-]+)*\/)?[A-Za-z][A-Za-z0-9]*$/.test(kind as string)) {
      throw refusal(what, kind, "a kind, or an API group and a kind, for example 'apps/Deployment'");
    }
  },
};

export const SELECTION: Checks<WorkloadSelection> = {
  podTemplatePath: TEXT,
  kinds: { ...listOf(KIND), expected: 'a list of at least one kind', accepts: isFilledList },
  labels: mapOf(TEXT),
  unsuitable: oneOf(UnsuitableWorkloads),
};

/**
 * Returns the paths of the pod templates in a selected object; undefined for an object that is not selected. The list
 * is empty for a selected object of unknown kind.
 */
export function selectedPaths(
  { kinds, podTemplatePath }: WorkloadSelection,
  object: GroupAndKind,
  named: boolean,
): readonly string[] | undefined {
  if (kinds && !kinds.some((kind) => isOfKind(object, kind))) return undefined;
  const known = workloadKindOf(object)?.paths;
  if (podTemplatePath === undefined || (!named && (known !== undefined || !kinds))) return known ?? [];
  return [normalizePattern(podTemplatePath)];
}

function isOfKind(object: GroupAndKind, kind: string): boolean {
  return kind === object.kind || kind === `${object.apiGroup}/${object.kind}`;
}

/** Returns the kinds that no object has and that differ from a known kind only by case, plural or API group. */
export function misspelledKinds({ kinds = [] }: WorkloadSelection, objects: () => GroupAndKind[]): string[] {
  return kinds.flatMap((kind) => {
    if (KNOWN_KINDS.includes(kind)) return [];
    const meant = KNOWN_KINDS.find((known) => isSpelledAlike(known, kind)) ?? kindOfAnotherGroup(kind);
    if (meant === undefined || objects().some((object) => isOfKind(object, kind))) return [];
    return `no object is of kind '${kind}'; expected '${meant}'; correct kinds`;
  });
}

function isSpelledAlike(known: string, kind: string): boolean {
  return [known.toLowerCase(), `${known.toLowerCase()}s`].includes(kind.toLowerCase());
}

function kindOfAnotherGroup(kind: string): string | undefined {
  const [, name] = kind.split('/');
  return name && KNOWN_KINDS.find((known) => known.endsWith(`/${name}`));
}

/** Returns why the user excludes a pod; undefined if it may be changed. */
export function whyLeftOut(
  { labels = {} }: WorkloadSelection,
  { template }: Pod,
  object: JsonObject,
): string | undefined {
  if (object.metadata?.annotations?.[HELM_HOOK_ANNOTATION] !== undefined) return 'is a Helm hook';
  for (const metadata of [object.metadata, template.metadata]) {
    refuseMisspelled(metadata);
    const value: unknown = metadata?.annotations?.[INJECT_ANNOTATION];
    if (value !== undefined && !isOptIn(value, `${object.kind} '${object.metadata?.name}'`)) {
      return `has the annotation ${INJECT_ANNOTATION}: "${value}"`;
    }
  }
  const missing = Object.entries(labels).find(([key, value]) => template.metadata?.labels?.[key] !== value);
  return missing && `has no label ${missing.join('=')} on its pods`;
}

/** A misspelled opt-out would add the sidecar to a pod that the user wants to exclude. */
function refuseMisspelled(metadata: JsonObject | undefined): void {
  const label = Object.keys(metadata?.labels ?? {}).find((key) => key === INJECT_ANNOTATION);
  if (label !== undefined) {
    throw new Error(`has the label '${label}', which is ignored; expected an annotation; move it to annotations`);
  }
  const unknown = Object.keys(metadata?.annotations ?? {}).find(
    (key) => key.toLowerCase().startsWith(PREFIX) && !ANNOTATIONS.includes(key),
  );
  if (unknown !== undefined) {
    throw new Error(
      `has the annotation '${unknown}', which is ignored; expected one of ${ANNOTATIONS.join(', ')}; correct or ` +
        'remove it',
    );
  }
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
