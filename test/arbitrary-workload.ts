import * as fc from 'fast-check';
import { JsonObject, normalizePath } from '../src/kubernetes/wire';

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

type Json = fc.Arbitrary<JsonObject>;
interface Fields {
  [field: string]: fc.Arbitrary<unknown>;
}

/** Any of these fields, and always those that are required. */
const some = (fields: Fields, ...requiredKeys: string[]): Json =>
  fc.record(fields, { requiredKeys, noNullPrototype: true });
const all = (fields: Fields): Json => some(fields, ...Object.keys(fields));
/** Exactly one of these fields, as in a union of Kubernetes. */
const one = (fields: Fields): Json =>
  fc.oneof(...Object.entries(fields).map(([field, value]) => all({ [field]: value })));
const both = (a: Json, b: Json): Json => fc.tuple(a, b).map(([x, y]) => ({ ...x, ...y }));
const oneOf = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
/** A list like those of Kubernetes, whose items have a key. */
const few = (item: Json, key: string, maxLength = 3) =>
  fc.uniqueArray(item, { maxLength, selector: (value: JsonObject): unknown => value[key] });

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
const number = (max: number) => fc.integer({ min: 1, max });
const port = oneOf(80, 8080, 65535);
const portOrName = oneOf<number | string>(80, 8080, 'http');
const labels = fc.dictionary(oneOf('app', 'tier', 'app.kubernetes.io/name'), word, {
  maxKeys: 2,
  noNullPrototype: true,
});
const selector = some({
  matchLabels: labels,
  matchExpressions: oneOf<JsonObject[]>(
    [{ key: 'tier', operator: 'In', values: ['a', 'b'] }],
    [{ key: 'x', operator: 'Exists' }],
  ),
});
const quantity = oneOf('64Mi', '1Gi', '1.5G');
const items = oneOf([{ key: 'a', path: 'b' }], [{ key: 'a', path: 'b', mode: 0o400 }]);

const action = {
  exec: all({ command: fc.array(fc.string(), { minLength: 1, maxLength: 2 }) }),
  httpGet: some(
    {
      port: portOrName,
      path: oneOf('/', '/healthz'),
      scheme: oneOf('HTTP', 'HTTPS'),
      httpHeaders: oneOf([{ name: 'X-A', value: 'b' }]),
    },
    'port',
  ),
  tcpSocket: some({ port: portOrName, host: word }, 'port'),
};
const probe = both(
  one({ ...action, grpc: some({ port, service: word }, 'port') }),
  some({
    initialDelaySeconds: number(60),
    periodSeconds: number(60),
    timeoutSeconds: number(10),
    failureThreshold: number(5),
  }),
);
const lifecycle = some({ postStart: one(action), preStop: one({ ...action, sleep: all({ seconds: number(30) }) }) });

const source = one({
  fieldRef: oneOf(
    { fieldPath: 'metadata.name' },
    { apiVersion: 'v1', fieldPath: "metadata.labels['app']" },
    { fieldPath: 'status.podIP' },
  ),
  resourceFieldRef: oneOf({ resource: 'limits.cpu' }, { resource: 'limits.memory', divisor: '1Mi' }),
  configMapKeyRef: some({ name: word, key: word, optional: fc.boolean() }, 'name', 'key'),
  secretKeyRef: some({ name: word, key: word }, 'name', 'key'),
});
const variable = fc.oneof(
  all({ name: fc.stringMatching(/^[A-Z]{1,4}_X$/), value: fc.string() }),
  all({ name: fc.stringMatching(/^[A-Z]{1,4}_X$/), valueFrom: source }),
  oneOf({ name: 'DOTNET_DbgEnableMiniDump', value: '1' }, { name: 'DOTNET_EnableDiagnostics', value: '1' }),
  oneOf('/tmp', '/scratch').map((value) => ({ name: 'TMPDIR', value })),
);
const envFrom = oneOf([{ configMapRef: { name: 'a' } }], [{ prefix: 'P_', secretRef: { name: 'b', optional: true } }]);

const seLinuxOptions = some({ level: oneOf('s0:c1,c2'), role: word, type: word, user: word });
const profile = oneOf<JsonObject>(
  { type: 'RuntimeDefault' },
  { type: 'Unconfined' },
  { type: 'Localhost', localhostProfile: 'profiles/a.json' },
);
const user = {
  runAsUser: oneOf(0, 1, 1654, 70000),
  runAsGroup: oneOf(1, 1654, 70000),
  seLinuxOptions,
  seccompProfile: profile,
  appArmorProfile: profile,
};
const securityContext = fc.oneof(
  some({
    ...user,
    allowPrivilegeEscalation: fc.boolean(),
    readOnlyRootFilesystem: fc.boolean(),
    capabilities: some({ drop: oneOf(['ALL'], ['NET_RAW']), add: oneOf(['NET_BIND_SERVICE']) }),
    procMount: oneOf('Default'),
  }),
  some({ ...user, privileged: oneOf(true) }),
);
const podSecurityContext = some({
  ...user,
  fsGroup: number(70000),
  fsGroupChangePolicy: oneOf('Always', 'OnRootMismatch'),
  runAsNonRoot: oneOf(false),
  supplementalGroups: oneOf([1, 2]),
  supplementalGroupsPolicy: oneOf('Merge', 'Strict'),
  sysctls: oneOf([{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }]),
});
const resources = oneOf<JsonObject>(
  {},
  { requests: { cpu: '50m' } },
  { requests: { cpu: 1 }, limits: { cpu: 2 } },
  { limits: { cpu: '500m', memory: '1Gi' } },
  { requests: { memory: '128Mi', 'ephemeral-storage': '1Gi' }, limits: { memory: '512Mi' } },
  { limits: { cpu: '0.25', memory: 2 ** 29, 'nvidia.com/gpu': 1 } },
);

const claimSpec = some(
  {
    accessModes: oneOf(['ReadWriteOnce'], ['ReadWriteMany']),
    resources: all({ requests: all({ storage: quantity }) }),
    storageClassName: word,
    volumeMode: oneOf('Filesystem'),
    selector,
  },
  'accessModes',
  'resources',
);
/** Where a process can make a socket. The others are mounted elsewhere. */
const writable = {
  emptyDir: some({ medium: oneOf('', 'Memory'), sizeLimit: quantity }),
  hostPath: some({ path: oneOf('/mnt/x'), type: oneOf('', 'DirectoryOrCreate') }, 'path'),
  persistentVolumeClaim: some({ claimName: word }, 'claimName'),
  ephemeral: all({ volumeClaimTemplate: some({ metadata: all({ labels }), spec: claimSpec }, 'spec') }),
  nfs: all({ server: word, path: oneOf('/export') }),
};
const others = {
  azureFile: some({ secretName: word, shareName: word, readOnly: fc.boolean() }, 'secretName', 'shareName'),
  configMap: some({ name: word, items, defaultMode: oneOf(0o644), optional: fc.boolean() }, 'name'),
  secret: some({ secretName: word, items, defaultMode: oneOf(0o400), optional: fc.boolean() }, 'secretName'),
  downwardAPI: all({ items: oneOf([{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }]) }),
  projected: some(
    {
      defaultMode: oneOf(0o440),
      sources: fc.array(
        one({
          serviceAccountToken: some({ path: word, audience: word, expirationSeconds: oneOf(3600) }, 'path'),
          configMap: some({ name: word, items }, 'name'),
          secret: some({ name: word, optional: fc.boolean() }, 'name'),
          downwardAPI: all({ items: oneOf([{ path: 'name', fieldRef: { fieldPath: 'metadata.name' }, mode: 0o444 }]) }),
          clusterTrustBundle: all({ name: word, path: word }),
        }),
        { minLength: 1, maxLength: 2 },
      ),
    },
    'sources',
  ),
  image: some({ reference: word, pullPolicy: oneOf('Always', 'IfNotPresent') }, 'reference'),
  csi: some(
    {
      driver: oneOf('secrets-store.csi.k8s.io'),
      readOnly: fc.boolean(),
      fsType: oneOf('ext4'),
      nodePublishSecretRef: all({ name: word }),
      volumeAttributes: fc.dictionary(word, word, { maxKeys: 2, noNullPrototype: true }),
    },
    'driver',
  ),
  azureDisk: all({ diskName: word, diskURI: oneOf('/subscriptions/x') }),
  awsElasticBlockStore: some({ volumeID: word, fsType: oneOf('ext4'), partition: number(4) }, 'volumeID'),
  fc: some({ targetWWNs: oneOf(['50060e801049cfd1']), lun: number(4) }, 'targetWWNs', 'lun'),
  iscsi: some(
    {
      targetPortal: word,
      iqn: oneOf('iqn.2001-04.example:a'),
      lun: number(4),
      chapAuthDiscovery: fc.boolean(),
    },
    'targetPortal',
    'iqn',
    'lun',
  ),
};
const volume = (sources: Fields): Json => both(one(sources), all({ name: word.map((name) => `v-${name}`) }));

/** Paths that no sidecar of the arbitrary uses; /data/app lies below one. */
const path = fc.oneof(
  oneOf('/data/app', '/var/log/app/', '/etc/app'),
  fc.stringMatching(/^\/(srv|opt|cache)(\/[a-z]{1,4}){1,2}$/),
);
const part = some({
  subPath: oneOf('a', 'a/b'),
  readOnly: fc.boolean(),
  mountPropagation: oneOf('None', 'HostToContainer'),
});
/** `name` is the index of a volume until the pod is put together. */
const mount = fc.oneof(
  both(part, all({ name: fc.nat(), mountPath: path })),
  all({ name: fc.nat(), mountPath: path, subPathExpr: oneOf('$(POD)') }),
  all({ name: fc.nat(), mountPath: path, readOnly: oneOf(true), recursiveReadOnly: oneOf('IfPossible', 'Disabled') }),
);
/** The directory of the diagnostics socket may be one of these. */
const temporary = some(
  {
    name: fc.nat(),
    mountPath: oneOf('/tmp', '/tmp/', '/scratch', '/diag'),
    subPath: oneOf('a'),
    mountPropagation: oneOf('None', 'HostToContainer'),
  },
  'name',
  'mountPath',
);

const common = {
  image: oneOf('web:1', 'registry/web@sha256:0123'),
  imagePullPolicy: oneOf('Always', 'IfNotPresent'),
  command: oneOf(['dotnet']),
  args: fc.array(fc.string(), { maxLength: 2 }),
  workingDir: path,
  env: few(variable, 'name'),
  envFrom,
  resources,
  securityContext,
  terminationMessagePath: oneOf('/dev/termination-log'),
  terminationMessagePolicy: oneOf('File', 'FallbackToLogsOnError'),
};
const running = {
  ...common,
  ports: few(
    some({ containerPort: port, protocol: oneOf('TCP', 'UDP'), hostIP: oneOf('127.0.0.1') }, 'containerPort'),
    'containerPort',
    2,
  ),
  // longer than a dump of the largest memory limit takes
  livenessProbe: probe.map((fields) => ({ ...fields, timeoutSeconds: 10 })),
  readinessProbe: probe,
  startupProbe: probe,
  lifecycle,
  resizePolicy: oneOf([{ resourceName: 'cpu', restartPolicy: 'NotRequired' }]),
  stdin: fc.boolean(),
  tty: fc.boolean(),
};
const mountsAtOwnPaths = (item: Json) =>
  fc.uniqueArray(item, { maxLength: 2, selector: ({ mountPath }) => normalizePath(mountPath) });
const mounted = (container: Json): Json =>
  both(container, all({ temporaries: mountsAtOwnPaths(temporary), mounts: mountsAtOwnPaths(mount) }));
const named = (prefix: string) => ({ name: word.map((name) => `${prefix}-${name}`) });
const container = mounted(some({ ...running, ...named('c') }, 'name', 'image'));
const initContainer = fc.oneof(
  mounted(some({ ...common, ...named('i') }, 'name', 'image')),
  mounted(some({ ...running, ...named('s'), restartPolicy: oneOf('Always') }, 'name', 'image', 'restartPolicy')),
);

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
