import * as fc from 'fast-check';
import {
  Fields,
  Json,
  all,
  both,
  few,
  items,
  labels,
  number,
  one,
  oneOf,
  port,
  portOrName,
  quantity,
  selector,
  some,
  word,
} from './arbitrary-json';
import { JsonObject, normalizePath } from '../src/kubernetes/wire';

/* Containers with their volumes, as people write them. */

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
const lifecycle = some({
  postStart: one(action),
  preStop: one({ ...action, sleep: all({ seconds: number(30) }) }),
});

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
  seLinuxOptions,
  seccompProfile: profile,
  appArmorProfile: profile,
};
/** Both ids or none: one without the other is an unknown user. */
const withIds = (fields: Json): Json =>
  fc.oneof(fields, both(fields, all({ runAsUser: oneOf(0, 1, 1654, 70000), runAsGroup: oneOf(1, 1654, 70000) })));
const securityContext = withIds(
  fc.oneof(
    some({
      ...user,
      allowPrivilegeEscalation: fc.boolean(),
      readOnlyRootFilesystem: fc.boolean(),
      capabilities: some({ drop: oneOf(['ALL'], ['NET_RAW']), add: oneOf(['NET_BIND_SERVICE']) }),
      procMount: oneOf('Default'),
    }),
    some({ ...user, privileged: oneOf(true) }),
  ),
);
export const podSecurityContext = withIds(
  some({
    ...user,
    fsGroup: number(70000),
    fsGroupChangePolicy: oneOf('Always', 'OnRootMismatch'),
    runAsNonRoot: oneOf(false),
    supplementalGroups: oneOf([1, 2]),
    supplementalGroupsPolicy: oneOf('Merge', 'Strict'),
    sysctls: oneOf([{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }]),
  }),
);
const resources = oneOf<JsonObject>(
  {},
  { requests: { cpu: '50m' } },
  { requests: { cpu: 1 }, limits: { cpu: 2 } },
  { limits: { cpu: '500m', memory: '1Gi' } },
  { requests: { memory: '128Mi', 'ephemeral-storage': '1Gi' }, limits: { memory: '512Mi' } },
  { limits: { cpu: '0.25', memory: 2 ** 29, 'nvidia.com/gpu': 1 } },
);

export const claimSpec = some(
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
export const writable = {
  emptyDir: some({ medium: oneOf('', 'Memory'), sizeLimit: quantity }),
  hostPath: some({ path: oneOf('/mnt/x'), type: oneOf('', 'DirectoryOrCreate') }, 'path'),
  persistentVolumeClaim: some({ claimName: word }, 'claimName'),
  ephemeral: all({ volumeClaimTemplate: some({ metadata: all({ labels }), spec: claimSpec }, 'spec') }),
  nfs: all({ server: word, path: oneOf('/export') }),
};
export const others = {
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
export const volume = (sources: Fields): Json => both(one(sources), all({ name: word.map((name) => `v-${name}`) }));

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
export const container = mounted(some({ ...running, ...named('c') }, 'name', 'image'));
export const initContainer = fc.oneof(
  mounted(some({ ...common, ...named('i') }, 'name', 'image')),
  mounted(some({ ...running, ...named('s'), restartPolicy: oneOf('Always') }, 'name', 'image', 'restartPolicy')),
);
