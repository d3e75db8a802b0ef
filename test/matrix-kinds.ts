import type { JsonObject, PodTemplateJson } from '../src/kubernetes/wire';

/** A kind of workload, and where it keeps its pod template. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  /** Fields from the top of the object to the pod template. */
  readonly path: string[];
  /** What the kind demands beside the template. */
  readonly spec?: JsonObject;
  readonly runsToCompletion?: boolean;
  /** Not one of Kubernetes. */
  readonly custom?: boolean;
}

const selector = { matchLabels: { app: 'web' } };
const template = ['spec', 'template'];

export const KINDS: Kind[] = [
  { apiVersion: 'v1', kind: 'Pod', path: [] },
  { apiVersion: 'apps/v1', kind: 'Deployment', path: template, spec: { replicas: 2, selector } },
  { apiVersion: 'apps/v1', kind: 'StatefulSet', path: template, spec: { serviceName: 'web', selector } },
  { apiVersion: 'apps/v1', kind: 'DaemonSet', path: template, spec: { selector } },
  { apiVersion: 'apps/v1', kind: 'ReplicaSet', path: template, spec: { selector } },
  { apiVersion: 'v1', kind: 'ReplicationController', path: template, spec: { selector: { app: 'web' } } },
  { apiVersion: 'v1', kind: 'PodTemplate', path: ['template'] },
  { apiVersion: 'batch/v1', kind: 'Job', path: template, spec: { backoffLimit: 1 }, runsToCompletion: true },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    path: ['spec', 'jobTemplate', 'spec', 'template'],
    spec: { schedule: '0 * * * *' },
    runsToCompletion: true,
  },
  {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    path: template,
    spec: { replicas: 2, selector, strategy: { canary: {} } },
    custom: true,
  },
  { apiVersion: 'serving.knative.dev/v1', kind: 'Service', path: template, custom: true },
  {
    apiVersion: 'apps.kruise.io/v1alpha1',
    kind: 'CloneSet',
    path: template,
    spec: { replicas: 2, selector },
    custom: true,
  },
];

/**
 * The pod that each form expresses in its own way: a target with neighbours, a variable, a limit and volumes of its
 * own.
 */
export function podTemplate({ runsToCompletion }: Kind): PodTemplateJson {
  return {
    metadata: { labels: { app: 'web' } },
    spec: {
      ...(runsToCompletion ? { restartPolicy: 'Never' } : {}),
      initContainers: [{ name: 'migrate', image: 'migrate:1' }],
      containers: [
        {
          name: 'web',
          image: 'web:1',
          ports: [{ containerPort: 8080 }],
          env: [{ name: 'ASPNETCORE_ENVIRONMENT', value: 'Production' }],
          securityContext: { runAsUser: 1654, runAsGroup: 1654 },
          resources: { limits: { memory: '1Gi' } },
          volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
        },
        { name: 'proxy', image: 'proxy:1', volumeMounts: [{ name: 'cache', mountPath: '/cache', readOnly: true }] },
      ],
      volumes: [{ name: 'cache', emptyDir: { sizeLimit: '64Mi' } }],
    },
  };
}

/** The whole object, as in a YAML file. */
export function manifest(kind: Kind): JsonObject {
  const { metadata, spec } = podTemplate(kind);
  const head = { apiVersion: kind.apiVersion, kind: kind.kind, metadata: { name: 'web' } };
  if (kind.path.length === 0) return { ...head, metadata: { ...head.metadata, ...metadata }, spec };
  const [top, ...rest] = kind.path;
  const inner = rest.reduceRight<JsonObject>((value, field) => ({ [field]: value }), { metadata, spec });
  return { ...head, [top]: { ...kind.spec, ...inner } };
}

/** The pod's spec in a rendered object of this kind. */
export function podSpecOf(kind: Kind, object: JsonObject): JsonObject {
  return kind.path.reduce((value, field) => value[field], object).spec;
}
