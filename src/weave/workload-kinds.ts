import type { ApiObject } from 'cdk8s';
import type { JsonObject } from '../kubernetes/wire';

/** API group and kind of an object. */
export type GroupAndKind = Pick<ApiObject, 'apiGroup' | 'kind'>;

/** A feature that a kind does not allow in its pods. */
export type PodFeature = 'nativeSidecar' | 'probe' | 'gracePeriod' | 'downwardApiVolume';

/** A kind of object that contains pod templates. */
export interface WorkloadKind {
  /** API group; `core` for the group without a name. */
  readonly group: string;
  readonly kind: string;
  /** Paths of the pod templates: fields joined by dots, `[]` for each item of a list, `*` for each field of a map. */
  readonly paths: readonly string[];
  /** Whether the pods run to completion, regardless of their `restartPolicy`. */
  readonly completes?: true;
  readonly forbids?: readonly PodFeature[];
  /** The name that the kind gives to a container without one. */
  readonly containerName?: string;
  /** Whether exactly one container must have a port as soon as the pod has two containers. */
  readonly needsPort?: true;
  /** Settings of the cluster that the pods need. */
  readonly flags?: string;
  /** The change to make in an object without a pod template. */
  readonly remedy?: string;
}

const TEMPLATE = ['spec.template'];

/** All supported kinds. Selection, completion and limitations of a kind are defined only here. */
export const WORKLOAD_KINDS: readonly WorkloadKind[] = [
  { group: 'core', kind: 'Pod', paths: [''] },
  { group: 'core', kind: 'PodTemplate', paths: ['template'] },
  { group: 'core', kind: 'ReplicationController', paths: TEMPLATE },
  { group: 'apps', kind: 'Deployment', paths: TEMPLATE },
  { group: 'apps', kind: 'StatefulSet', paths: TEMPLATE },
  { group: 'apps', kind: 'DaemonSet', paths: TEMPLATE },
  { group: 'apps', kind: 'ReplicaSet', paths: TEMPLATE },
  { group: 'batch', kind: 'Job', paths: TEMPLATE, completes: true },
  { group: 'batch', kind: 'CronJob', paths: ['spec.jobTemplate.spec.template'], completes: true },
  {
    group: 'argoproj.io',
    kind: 'Rollout',
    paths: TEMPLATE,
    remedy: 'with workloadRef, attach to the Deployment that it names',
  },
  { group: 'argoproj.io', kind: 'Experiment', paths: ['spec.templates[].template'] },
  { group: 'apps.kruise.io', kind: 'CloneSet', paths: TEMPLATE },
  { group: 'apps.kruise.io', kind: 'StatefulSet', paths: TEMPLATE },
  { group: 'apps.kruise.io', kind: 'DaemonSet', paths: TEMPLATE },
  { group: 'apps.kruise.io', kind: 'BroadcastJob', paths: TEMPLATE, completes: true },
  { group: 'apps.kruise.io', kind: 'UnitedDeployment', paths: ['spec.template.*.spec.template'] },
  { group: 'apps.kruise.io', kind: 'AdvancedCronJob', paths: ['spec.template.*.spec.template'], completes: true },
  { group: 'apps.openshift.io', kind: 'DeploymentConfig', paths: TEMPLATE },
  { group: 'keda.sh', kind: 'ScaledJob', paths: ['spec.jobTargetRef.template'], completes: true },
  {
    group: 'jobset.x-k8s.io',
    kind: 'JobSet',
    paths: ['spec.replicatedJobs[].template.spec.template'],
    completes: true,
  },
  ...(['TrainingRuntime', 'ClusterTrainingRuntime'] as const).map((kind): WorkloadKind => ({
    group: 'trainer.kubeflow.org',
    kind,
    paths: ['spec.template.spec.replicatedJobs[].template.spec.template'],
    completes: true,
  })),
  ...Object.entries({
    PyTorchJob: 'pytorch',
    TFJob: 'tf',
    MPIJob: 'mpi',
    XGBoostJob: 'xgb',
    PaddleJob: 'paddle',
    MXJob: 'mx',
    JAXJob: 'jax',
  }).map(([kind, framework]): WorkloadKind => ({
    group: 'kubeflow.org',
    kind,
    paths: [`spec.${framework}ReplicaSpecs.*.template`],
    completes: true,
  })),
  {
    group: 'sparkoperator.k8s.io',
    kind: 'SparkApplication',
    paths: ['spec.driver.template', 'spec.executor.template'],
    completes: true,
    remedy: 'the operator builds such pods itself; add spec.driver.template or spec.executor.template',
  },
  {
    group: 'sparkoperator.k8s.io',
    kind: 'ScheduledSparkApplication',
    paths: ['spec.template.driver.template', 'spec.template.executor.template'],
    completes: true,
    remedy:
      'the operator builds such pods itself; add spec.template.driver.template or spec.template.executor.template',
  },
  ...(['Service', 'Configuration'] as const).map((kind): WorkloadKind => ({
    group: 'serving.knative.dev',
    kind,
    paths: TEMPLATE,
    // https://github.com/knative/serving/blob/main/pkg/apis/serving/fieldmask.go
    forbids: ['nativeSidecar', 'probe', 'gracePeriod', 'downwardApiVolume'],
    containerName: 'user-container',
    needsPort: true,
    flags:
      'Knative needs the flags kubernetes.podspec-shareprocessnamespace and kubernetes.podspec-fieldref in ' +
      'config-features, and for a claim kubernetes.podspec-persistent-volume-claim and ' +
      'kubernetes.podspec-persistent-volume-write; dumps are published within timeoutSeconds of the revision',
  })),
];

/** The rows by group and kind, because every rendering needs several lookups. */
const BY_GROUP = new Map<string, Map<string, WorkloadKind>>();
for (const row of WORKLOAD_KINDS) {
  BY_GROUP.set(row.group, (BY_GROUP.get(row.group) ?? new Map<string, WorkloadKind>()).set(row.kind, row));
}

/** The names of all kinds, with and without API group. */
export const KNOWN_KINDS = WORKLOAD_KINDS.flatMap(({ group, kind }) => [`${group}/${kind}`, kind]);

/** Returns the row of an object's kind; undefined for other kinds. */
export function workloadKindOf({ apiGroup, kind }: GroupAndKind): WorkloadKind | undefined {
  return BY_GROUP.get(apiGroup)?.get(kind);
}

/** Returns API group and kind of a rendered object, for the lookups of this folder. */
export function groupAndKind({ apiVersion, kind }: JsonObject): GroupAndKind {
  const text = `${apiVersion}`;
  const end = text.indexOf('/');
  return { apiGroup: end < 0 ? 'core' : text.slice(0, end), kind };
}

const LIST_KINDS = new Set(['List', ...KNOWN_KINDS.map((known) => `${known}List`)]);

/** Returns whether an object is a List, or a typed list such as the DeploymentList that the API server returns. */
export function isList({ kind }: Pick<ApiObject, 'kind'> | JsonObject): boolean {
  return LIST_KINDS.has(kind);
}

/** Kinds with pods that no sidecar can be added to, with the reason and an alternative. */
const CLOSED_KINDS: { readonly [groupAndKind: string]: string } = {
  ...Object.fromEntries(
    ['Task', 'TaskRun', 'ClusterTask', 'Pipeline', 'PipelineRun'].map((kind) => [
      `tekton.dev/${kind}`,
      'has steps, which Tekton runs in a pod that it builds; run the process in a workload, or dump it in a step',
    ]),
  ),
  ...Object.fromEntries(
    ['Workflow', 'WorkflowTemplate', 'ClusterWorkflowTemplate', 'CronWorkflow'].map((kind) => [
      `argoproj.io/${kind}`,
      'has templates from which Argo builds the pods; let a resource template create a Job that has the sidecar',
    ]),
  ),
  'core/DeploymentConfig':
    'is of apiVersion v1, which OpenShift no longer serves; write apiVersion: apps.openshift.io/v1',
  'apps.kruise.io/SidecarSet': 'adds its containers to the pods of other workloads; attach to those workloads instead',
  ...Object.fromEntries(
    ['Deployment', 'DaemonSet', 'ReplicaSet'].map((kind) => [
      `extensions/${kind}`,
      'is of apiVersion extensions/v1beta1, which Kubernetes 1.16 removed; write apiVersion: apps/v1',
    ]),
  ),
};

/** Returns why no sidecar can be added to objects of a kind; undefined for all other kinds. */
export function whyClosed({ apiGroup, kind }: GroupAndKind): string | undefined {
  return CLOSED_KINDS[`${apiGroup}/${kind}`];
}

/** Kinds of the core group that have no pods. Most objects of an app are of such a kind. */
const CORE_KINDS = [
  'ConfigMap',
  'Endpoints',
  'LimitRange',
  'Namespace',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'ResourceQuota',
  'Secret',
  'Service',
  'ServiceAccount',
];

/** Returns whether objects of a kind that is not listed above certainly have no pods. */
export function hasNoPods({ apiGroup, kind }: GroupAndKind): boolean {
  if (apiGroup === 'core') return CORE_KINDS.includes(kind);
  return ['apps', 'batch', 'autoscaling', 'policy'].includes(apiGroup) || apiGroup.endsWith('.k8s.io');
}
