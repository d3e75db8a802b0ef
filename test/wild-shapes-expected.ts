import { AttachOptions, DumpDelivery, ProcDumpSidecarProps, ProcDumpTarget, TargetAccess } from '../src';

/* What the sidecar makes of each shape. */

type Asked = Partial<ProcDumpSidecarProps> & AttachOptions;

const named = <Name extends string>(options: Record<Name, Asked>) => options;

/** What is asked for beside `ProcDumpTarget.dotnet()`. */
export const ASKED = named({
  nothing: {},
  'direct delivery': { delivery: DumpDelivery.direct() },
  'containerName dumper': { containerName: 'dumper' },
  'container web': { container: 'web' },
  'container worker': { container: 'worker' },
  'container checkout': { container: 'checkout' },
  'container emoji': { container: 'emoji' },
  'sameUser 1654:1654': { access: TargetAccess.sameUser({ uid: 1654, gid: 1654 }) },
  privileged: { access: TargetAccess.privileged() },
  'a native target': { target: ProcDumpTarget.native({ access: TargetAccess.privileged(), processName: 'web' }) },
});
export type AskedFor = keyof typeof ASKED;

const NEW_TMP = 'procdump-run procdump-annotations procdump-tmp procdump-spool procdump-dumps';
const NO_TMP = 'procdump-run procdump-annotations procdump-spool procdump-dumps';
const TMP = 'procdump-tmp at /tmp';

/**
 * Shape, asked for, sidecar, directory of the diagnostics socket, volumes that were added, the user's containers that
 * were changed.
 */
export const WOVEN: [string, AskedFor, string, string | undefined, string, string][] = [
  ['StatefulSet with volumeClaimTemplates', 'nothing', 'procdump as 1001:1001', TMP, NEW_TMP, 'silo'],
  ['StatefulSet with its claim at /data', 'nothing', 'procdump as 999:999', TMP, NEW_TMP, 'garnet'],
  ['DaemonSet with hostPath and tolerations', 'nothing', 'procdump as 65532:65532', TMP, NEW_TMP, 'agent'],
  ['initContainers that wait and chown', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'orders'],
  ['generic ephemeral volume', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'render'],
  ['projected tokens', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'broker'],
  ['hostNetwork', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'yarp'],
  ['topology spread, affinity and a priority', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'catalog'],
  ['envFrom only', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'cart'],
  ['lifecycle hooks', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'gateway'],
  ['startup, readiness and liveness probes', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'web'],
  ['subPathExpr for the logs of each pod', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'audit'],
  ['image with a digest', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'web'],
  ['empty fields as Helm charts leave them', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'web'],

  ['Istio proxy injected as a container', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'reviews'],
  ['Istio proxy injected as a native sidecar', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'ratings'],
  [
    'OpenTelemetry collector and .NET instrumentation injected',
    'container checkout',
    'procdump as 1654:1654',
    TMP,
    NEW_TMP,
    'checkout',
  ],
  ['Linkerd proxy injected', 'container emoji', 'procdump as 1654:1654', TMP, NEW_TMP, 'emoji'],
  ['Vault agent injected', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'payments'],
  ['two containers of one image', 'container worker', 'procdump as 1654:1654', TMP, NEW_TMP, 'worker'],
  [
    'default-container annotation of a container that is gone',
    'container web',
    'procdump as 1654:1654',
    TMP,
    NEW_TMP,
    'web',
  ],
  [
    'a container called procdump',
    'containerName dumper',
    'dumper as 1654:1654',
    'dumper-tmp at /tmp',
    'dumper-run dumper-annotations dumper-tmp dumper-spool dumper-dumps',
    'web',
  ],
  [
    'a volume called procdump-run',
    'containerName dumper',
    'dumper as 1654:1654',
    'dumper-tmp at /tmp',
    'dumper-run dumper-annotations dumper-tmp dumper-spool dumper-dumps',
    'web',
  ],

  ['no securityContext', 'sameUser 1654:1654', 'procdump as 1654:1654', TMP, NEW_TMP, 'web'],
  ['no securityContext', 'a native target', 'procdump as 0:0', undefined, NO_TMP, ''],
  ['runAsNonRoot without a user', 'sameUser 1654:1654', 'procdump as 1654:1654', TMP, NEW_TMP, 'web'],
  ['fsGroup and the user of the pod', 'nothing', 'procdump as 1001:3000', TMP, NEW_TMP, 'web'],
  ['a user of the container over that of the pod', 'nothing', 'procdump as 5000:3000', TMP, NEW_TMP, 'web'],
  ['a user of the container over that of the pod', 'sameUser 1654:1654', 'procdump as 5000:3000', TMP, NEW_TMP, 'web'],
  ['Linkerd proxy injected', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'emoji'],
  ['runAsUser: 0', 'privileged', 'procdump as 0:0', TMP, NEW_TMP, 'web'],
  ['privileged: true', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'web'],
  ['readOnlyRootFilesystem', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'web'],
  ['AppArmor and SELinux profiles', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'web'],
  ['hostUsers: false', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'web'],
  ['shareProcessNamespace: false', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'web'],
  ['resources of the whole pod', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'web'],
  ['/tmp on an emptyDir', 'nothing', 'procdump as 1654:1654', 'tmp at /tmp', NO_TMP, 'web'],
  ['/tmp/ with a slash at its end', 'nothing', 'procdump as 1654:1654', 'tmp at /tmp/', NO_TMP, 'web'],
  ['/tmp on a subPath', 'nothing', 'procdump as 1654:1654', 'work/tmp at /tmp', NO_TMP, 'web'],
  ['/tmp of the node', 'nothing', 'procdump as 1654:1654', 'host-tmp at /tmp', NO_TMP, 'web'],
  ['TMPDIR on a volume of its own', 'nothing', 'procdump as 1654:1654', 'scratch at /var/tmp/web', NO_TMP, 'web'],
  [
    'TMPDIR in the file system of the image',
    'nothing',
    'procdump as 1654:1654',
    'procdump-tmp at /var/tmp',
    NEW_TMP,
    'web',
  ],

  ['Job with OnFailure and a time to live', 'nothing', 'procdump native as 1654:1654', TMP, NEW_TMP, 'import'],
  [
    'indexed Job with an Istio proxy as a native sidecar',
    'nothing',
    'procdump native as 1654:1654',
    TMP,
    NEW_TMP,
    'shard',
  ],
  ['Job with generateName', 'nothing', 'procdump native as 1654:1654', TMP, NEW_TMP, 'report'],
  ['CronJob', 'nothing', 'procdump native as 1654:1654', TMP, NEW_TMP, 'nightly'],
  ['Pod without a controller', 'nothing', 'procdump as 1654:1654', TMP, NEW_TMP, 'toolbox'],
  ['Pod that runs once', 'nothing', 'procdump native as 1654:1654', TMP, NEW_TMP, 'migrate'],
];

const WINDOWS = 'runs on Windows nodes, where ProcDump for Linux cannot run';
const HOST_PID = 'has hostPID: true, which excludes the shared process namespace that ProcDump needs; remove hostPID';

/** Shape, why it is left alone when it is met in a tree. */
export const SKIPPED: [string, string][] = [
  ['Helm hook Job', 'is a Helm hook'],
  ['Helm test Pod', 'is a Helm hook'],
  ['annotation that opts out', 'has the annotation cdk8s-procdump/inject: "false"'],
  ['annotation that opts out, as a boolean', 'has the annotation cdk8s-procdump/inject: "false"'],
  ['Windows by os', WINDOWS],
  ['Windows by nodeSelector', WINDOWS],
  ['Windows by the former label of nodes', WINDOWS],
  ['hostPID: true', HOST_PID],
];

const LEAVE_OUT =
  "; or leave this workload out of 'chart': choose by labels or kinds, give it the annotation " +
  'cdk8s-procdump/inject: "false", or use unsuitable: UnsuitableWorkloads.SKIP';
const FIND =
  '`kubectl exec POD -c CONTAINER -- id` prints it, and `docker image inspect --format {{.Config.User}} IMAGE` too';
const unknownUser = (container: string) =>
  `the user of container '${container}' is not known at synth, but ProcDump can dump a process only as the same ` +
  "user; set securityContext.runAsUser and runAsGroup of the container or pod, or pass the image's user, for example " +
  `TargetAccess.sameUser({ uid: 1654, gid: 1654 }); ${FIND}${LEAVE_OUT}`;
const containersOf = (...names: string[]) =>
  'set containers of the target, the preferred one first: ProcDumpTarget.dotnet({ containers: ' +
  `[${names.map((name) => `'${name}'`).join(', ')}] })`;
const severalContainers = (...names: string[]) =>
  `the pod has 2 containers (${names.join(', ')}) and none is selected as the target; ${containersOf(...names)}; or ` +
  "attach to this workload too, with attachTo(workload, { container: '…' }); or set the annotation " +
  `kubectl.kubernetes.io/default-container${LEAVE_OUT}`;

/** Shape, asked for, message. */
export const REFUSED: [string, AskedFor, string][] = [
  [
    'StatefulSet with its claim at /data',
    'direct delivery',
    `mount at '/data' of container 'garnet' already exists with different content: {"name":"data"}, to be added: ` +
      '{"name":"procdump-dumps"}; mount yours elsewhere, or give the construct another dumpDirectory',
  ],
  [
    'OpenTelemetry collector and .NET instrumentation injected',
    'nothing',
    severalContainers('checkout', 'otc-container'),
  ],
  ['two containers of one image', 'nothing', severalContainers('web', 'worker')],
  [
    'default-container annotation of a container that is gone',
    'nothing',
    "there is no container 'app' (annotation kubectl.kubernetes.io/default-container); the pod has web; correct " +
      `the name, or ${containersOf('web')}${LEAVE_OUT}`,
  ],
  [
    'a container called procdump',
    'nothing',
    "container 'procdump' already exists with different content: " +
      '{"command":["sleep","infinity"],"image":"contoso/procdump:latest"}, to be added: ' +
      '{"args":["run","--contract","3","--plan","{\\n  \\"runtime\\": \\"dotnet\\",\\n  \\"container\\": \\"web\\",' +
      '\\n  \\"dumpDirectory\\": \\"/dumps\\",\\n  \\"limits\\": {\\n    \\"dumpsPerProcess\\": 2,' +
      '\\n    \\"dumpsPerPod\\":…; ' +
      'rename yours, or give the construct another containerName',
  ],
  [
    'a volume called procdump-run',
    'nothing',
    `volume 'procdump-run' already exists with different content: {"emptyDir":{}}, to be added: ` +
      '{"emptyDir":{"medium":"Memory","sizeLimit":"8Mi"}}; rename yours, or give the construct another containerName',
  ],
  [
    'a claim template called procdump-dumps',
    'nothing',
    "volume 'procdump-dumps' already exists as a volumeClaimTemplate; rename yours, or give the construct another " +
      'containerName',
  ],
  ['no securityContext', 'nothing', unknownUser('web')],
  ['runAsNonRoot without a user', 'nothing', unknownUser('web')],
  [
    'runAsUser: 0',
    'nothing',
    "container 'web' runs as root (uid 0), but root without capabilities cannot dump it; run it as another user " +
      `(the official .NET images have 1654), or choose access: TargetAccess.privileged()${LEAVE_OUT}`,
  ],
  [
    'a user without a group',
    'nothing',
    "the group of container 'web', which runs as user 1001, is not known at synth, but ProcDump can dump a process " +
      'only as the same user and group; set securityContext.runAsGroup of the container or pod, or pass both ids for ' +
      `this workload: TargetAccess.sameUser({ uid, gid }); ${FIND}${LEAVE_OUT}`,
  ],
  [
    '/tmp on a subPathExpr',
    'nothing',
    "the mount at '/tmp' has subPathExpr '$(POD)', which expands differently in other containers; use subPath, or " +
      'choose another mountPath',
  ],
  [
    '/tmp read-only',
    'nothing',
    "the volume 'tmp' at '/tmp' is read-only, so the .NET runtime cannot create its diagnostics socket there; mount " +
      'it writable, or choose another mountPath',
  ],
  [
    '/tmp from a configMap',
    'nothing',
    "the volume 'seeds' at '/tmp' is read-only (configMap), so the .NET runtime cannot create its diagnostics " +
      'socket there; mount it writable, or choose another mountPath',
  ],
  [
    '/tmp on a claim that is mounted read-only',
    'nothing',
    "the volume 'seeds' at '/tmp' is read-only, so the .NET runtime cannot create its diagnostics socket there; " +
      'mount it writable, or choose another mountPath',
  ],
  [
    'TMPDIR from a ConfigMap',
    'nothing',
    'container \'web\' reads TMPDIR from another source ({"configMapKeyRef":{"key":"tmp","name":"settings"}}), so ' +
      'the diagnostics directory is not known at synth; set TMPDIR to a value',
  ],
  [
    'DOTNET_EnableDiagnostics=0',
    'nothing',
    "container 'web' has DOTNET_EnableDiagnostics=0, which removes the runtime's diagnostics socket, through " +
      'which dumps are taken; remove it',
  ],
];

/** Shape, what was found instead of a pod. */
export const NOT_FOUND: [string, string][] = [
  [
    'Deployment of an API group that is gone',
    "Deployment 'legacy' is of apiVersion extensions/v1beta1, which Kubernetes 1.16 removed; write apiVersion: " +
      'apps/v1',
  ],
];
