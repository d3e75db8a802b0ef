import * as fc from 'fast-check';
import {
  claimSpec,
  container,
  initContainer,
  others,
  podSecurityContext,
  volume,
  writable,
} from './arbitrary-container';
import { Json, all, both, few, labels, number, oneOf, selector, some, word } from './arbitrary-json';
import { JsonObject } from '../src/kubernetes/wire';

/*
 * Workloads as people write them: fields of Kubernetes' own schema alone, in combinations that an API server admits, of
 * all kinds, and none that the library refuses for a reason (Windows, hostPID, a read-only /tmp, two volumes at one
 * path).
 */

/** The container at index 0 is the target. */
export interface ArbitraryWorkload {
  readonly object: JsonObject;
  readonly pod: JsonObject;
}

const term = some(
  {
    labelSelector: selector,
    topologyKey: oneOf('kubernetes.io/hostname'),
    namespaces: oneOf(['a']),
    matchLabelKeys: oneOf(['pod-template-hash']),
  },
  'labelSelector',
  'topologyKey',
);
const podAffinity = some({
  requiredDuringSchedulingIgnoredDuringExecution: fc.array(term, { maxLength: 1 }),
  preferredDuringSchedulingIgnoredDuringExecution: fc.array(all({ weight: number(100), podAffinityTerm: term }), {
    maxLength: 1,
  }),
});
const nodeTerm = {
  matchExpressions: [{ key: 'kubernetes.io/os', operator: 'In', values: ['linux'] }],
  matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n'] }],
};
const scheduling = {
  affinity: some({
    nodeAffinity: oneOf<JsonObject>(
      { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [nodeTerm] } },
      { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: nodeTerm }] },
    ),
    podAffinity,
    podAntiAffinity: podAffinity,
  }),
  tolerations: oneOf(
    [{ operator: 'Exists' }],
    [{ key: 'a', operator: 'Equal', value: 'b', effect: 'NoExecute', tolerationSeconds: 60 }],
  ),
  topologySpreadConstraints: some({ minDomains: number(3), labelSelector: selector }).map((fields) => [
    { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', ...fields },
  ]),
  nodeSelector: oneOf({}, { 'kubernetes.io/os': 'linux' }, { disk: 'ssd' }),
  priorityClassName: word,
  preemptionPolicy: oneOf('Never'),
  runtimeClassName: word,
  schedulerName: word,
  schedulingGates: oneOf([{ name: 'example.com/a' }]),
  overhead: oneOf({ cpu: '10m' }),
};
const network = {
  dnsPolicy: oneOf('ClusterFirst', 'Default'),
  dnsConfig: oneOf({ nameservers: ['10.0.0.1'], searches: ['a'], options: [{ name: 'ndots', value: '2' }] }),
  hostAliases: oneOf([{ ip: '10.0.0.1', hostnames: ['a'] }]),
  hostNetwork: fc.boolean(),
  hostIPC: fc.boolean(),
  hostPID: oneOf(false),
  hostname: word,
  subdomain: word,
  setHostnameAsFQDN: fc.boolean(),
  enableServiceLinks: fc.boolean(),
};
const podFields = {
  ...scheduling,
  ...network,
  securityContext: podSecurityContext,
  resources: oneOf({ requests: { cpu: '8', memory: '16Gi' }, limits: { cpu: '32', memory: '64Gi' } }),
  shareProcessNamespace: fc.boolean(),
  serviceAccountName: word,
  automountServiceAccountToken: fc.boolean(),
  imagePullSecrets: oneOf([{ name: 'a' }]),
  readinessGates: oneOf([{ conditionType: 'example.com/a' }]),
  resourceClaims: oneOf([{ name: 'a', resourceClaimName: 'b' }], [{ name: 'a', resourceClaimTemplateName: 'b' }]),
  terminationGracePeriodSeconds: number(600),
  os: oneOf({ name: 'linux' }),
};

/**
 * The pod with the mounts of its containers told in names of volumes, of its own or from the claim templates of its
 * workload.
 */
function podArb(restartPolicy: Json, claims: string[] = []): Json {
  return fc
    .tuple(
      both(some(podFields), restartPolicy),
      fc.uniqueArray(container, { minLength: 1, maxLength: 3, selector: ({ name }): unknown => name }),
      few(initContainer, 'name', 2),
      few(volume(writable), 'name', 2),
      few(
        volume(others).map((value) => ({ ...value, name: `${value.name}-o` })),
        'name',
        2,
      ),
    )
    .map(([fields, containers, initContainers, writableVolumes, otherVolumes]) => {
      const volumes = [...otherVolumes, ...writableVolumes];
      const names = [...volumes.map(({ name }) => name), ...claims];
      const place = ({ temporaries, mounts, ...rest }: JsonObject) =>
        withList(rest, 'volumeMounts', [
          ...pick(temporaries, names.slice(otherVolumes.length)),
          ...pick(mounts, names),
        ]);
      const spec = withList(
        { ...fields, containers: containers.map(place) },
        'initContainers',
        initContainers.map(place),
      );
      return withList(spec, 'volumes', volumes);
    });
}

const pick = (mounts: JsonObject[], names: string[]) =>
  names.length === 0 ? [] : mounts.map((item) => ({ ...item, name: names[item.name % names.length] }));

const withList = (object: JsonObject, field: string, list: JsonObject[]) =>
  list.length === 0 ? object : { ...object, [field]: list };

const always = some({ restartPolicy: oneOf('Always') });
const completing = all({ restartPolicy: oneOf('Never', 'OnFailure') });
const anyPolicy = some({ restartPolicy: oneOf('Always', 'Never', 'OnFailure') });
const deadline = { activeDeadlineSeconds: number(600) };

const template = (pod: JsonObject, meta: JsonObject) => ({ metadata: { labels: { app: 'web' }, ...meta }, spec: pod });
const rolling = some({ maxSurge: oneOf<number | string>(1, '25%'), maxUnavailable: oneOf<number | string>(1, '10%') });
const labelSelector = oneOf({ matchLabels: { app: 'web' } });
const scaled = { replicas: number(5), minReadySeconds: number(5), revisionHistoryLimit: number(5) };
const jobFields = {
  parallelism: number(3),
  completions: number(3),
  backoffLimit: number(3),
  ttlSecondsAfterFinished: number(60),
  suspend: fc.boolean(),
  ...deadline,
  podFailurePolicy: oneOf({
    rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
  }),
};

interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly pod: Json;
  /** What stands beside the template. */
  readonly fields: Json;
  wrap(template: JsonObject, fields: JsonObject): JsonObject;
}

const inSpec = (pod: JsonObject, fields: JsonObject) => ({ spec: { ...fields, template: pod } });
const strategy = some({ type: oneOf('RollingUpdate'), rollingUpdate: rolling }, 'type');
const statefulStrategy = some(
  {
    type: oneOf('RollingUpdate'),
    rollingUpdate: some({ partition: number(2), maxUnavailable: oneOf<number | string>(1, '10%') }),
  },
  'type',
);

const KINDS: Kind[] = [
  {
    apiVersion: 'v1',
    kind: 'Pod',
    pod: both(podArb(anyPolicy), some(deadline)),
    fields: fc.constant({}),
    wrap: ({ spec }) => ({ spec }),
  },
  {
    apiVersion: 'v1',
    kind: 'PodTemplate',
    pod: podArb(anyPolicy),
    fields: fc.constant({}),
    wrap: (pod) => ({ template: pod }),
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    pod: podArb(always),
    fields: some(
      { ...scaled, selector: labelSelector, paused: fc.boolean(), progressDeadlineSeconds: oneOf(600), strategy },
      'selector',
    ),
    wrap: inSpec,
  },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    pod: podArb(always, ['claim']),
    fields: some(
      {
        ...scaled,
        selector: labelSelector,
        serviceName: word,
        podManagementPolicy: oneOf('Parallel'),
        ordinals: oneOf({ start: 1 }),
        updateStrategy: statefulStrategy,
        volumeClaimTemplates: claimSpec.map((spec) => [{ metadata: { name: 'claim' }, spec }]),
        persistentVolumeClaimRetentionPolicy: oneOf({ whenDeleted: 'Retain', whenScaled: 'Delete' }),
      },
      'selector',
      'serviceName',
      'volumeClaimTemplates',
    ),
    wrap: inSpec,
  },
  {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    pod: podArb(always),
    fields: some({ selector: labelSelector, minReadySeconds: number(5), updateStrategy: strategy }, 'selector'),
    wrap: inSpec,
  },
  {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    pod: podArb(always),
    fields: some({ selector: labelSelector, replicas: number(3) }, 'selector'),
    wrap: inSpec,
  },
  {
    apiVersion: 'v1',
    kind: 'ReplicationController',
    pod: podArb(always),
    fields: some({ selector: oneOf({ app: 'web' }), replicas: number(3) }),
    wrap: inSpec,
  },
  { apiVersion: 'batch/v1', kind: 'Job', pod: podArb(completing), fields: some(jobFields), wrap: inSpec },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    pod: podArb(completing),
    fields: both(
      some({ schedule: oneOf('0 3 * * *'), timeZone: oneOf('Etc/UTC'), suspend: fc.boolean() }, 'schedule'),
      all({ job: some(jobFields) }),
    ),
    wrap: (pod, { job, ...fields }) => ({
      spec: { ...fields, jobTemplate: { metadata: pod.metadata, spec: { ...job, template: pod } } },
    }),
  },
];

/** Metadata that both the workload and its template may have. */
const metadata = some({ namespace: oneOf('shop', 'a-b'), labels, annotations: oneOf({ a: 'b' }) });
const templateMetadata = some({
  annotations: oneOf({ 'kubectl.kubernetes.io/default-container': 'other' }, { 'cdk8s-procdump/inject': 'true' }),
});

export const anyWorkload: fc.Arbitrary<ArbitraryWorkload> = fc.oneof(
  ...KINDS.map(({ apiVersion, kind, pod, fields, wrap }) =>
    fc.tuple(pod, fields, metadata, templateMetadata).map(([spec, more, meta, templateMeta]): ArbitraryWorkload => {
      const object = {
        apiVersion,
        kind,
        metadata: { name: 'web', ...meta },
        ...wrap(template(spec, templateMeta), more),
      };
      return { object, pod: spec };
    }),
  ),
);
