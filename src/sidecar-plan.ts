import { checkStruct } from './checks/arguments';
import { isMountablePath } from './checks/container-path';
import { refuseDisabledDiagnostics } from './checks/diagnostics-enabled';
import { refuseUnreachableThresholds } from './checks/reachable-thresholds';
import { resolveSidecarUser, SidecarUser } from './checks/target-user';
import type { DotnetDiagnosticsTmp } from './dotnet-diagnostics-tmp';
import type { CheckedDumpLimits } from './dump-limits';
import type { DumpStoreBinding } from './dump-store';
import type { ContainerAddition, PodContribution } from './pod-contribution';
import type { Pod } from './pod-template';
import type { ProcDumpCommand } from './procdump-command';
import type { ProcDumpTarget, TargetAccess } from './procdump-target';
import type { ProcDumpTrigger } from './procdump-trigger';
import { renderResources, SidecarResources, SidecarSecurityContext } from './sidecar-overrides';
import { SidecarPlacement } from './sidecar-placement';
import { chooseContainer } from './target-container';
import { ContainerJson, EnvVarJson, JsonObject, normalizePath, PodSpecJson, VolumeMountJson } from './wire';

/** What manifest and agent agree on; the agent idles when it does not know the number. */
const AGENT_CONTRACT = '1';
/** Below /opt, because the shared directory of the profiler covers /usr/local/bin. */
const AGENT = '/opt/procdump/bin/procdump-agent';
const PATH = '/opt/procdump/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** ProcDump unpacks its profiler to this very path and tells the target's runtime to load it from there. */
const PROFILER_DIRECTORY = '/usr/local/bin';
const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount';

/** What one sidecar is to do, checked and with its defaults, apart from any pod. */
export interface SidecarConfig {
  readonly image: string;
  readonly containerName: string;
  readonly imagePullPolicy?: string;
  readonly target: ProcDumpTarget;
  readonly container?: string;
  readonly access: TargetAccess;
  readonly triggers: ProcDumpTrigger[];
  readonly commands: ProcDumpCommand[];
  readonly limits: CheckedDumpLimits;
  readonly dumpDirectory: string;
  readonly diagnosticsTmp?: DotnetDiagnosticsTmp;
  readonly placement: SidecarPlacement;
  readonly resources?: SidecarResources;
  readonly securityContext?: SidecarSecurityContext;
}

/** A part of the pod: what the sidecar gets, and what the target gets. */
interface Share {
  readonly volumes?: JsonObject[];
  readonly sidecar: { env?: EnvVarJson[]; volumeMounts?: VolumeMountJson[] };
  readonly target?: { env?: EnvVarJson[]; volumeMounts?: VolumeMountJson[] };
}

/** Everything that the sidecar adds to this pod. */
export function planSidecar(config: SidecarConfig, pod: Pod, woven: PodSpecJson, store: DumpStoreBinding): PodContribution {
  const spec = pod.template.spec ?? {};
  const target = chooseContainer(pod.template, config.container);
  const user = resolveSidecarUser(config.access, target, spec);
  const profiler = config.commands.some((command) => command.profiler);
  refuseUnreachableThresholds(config.triggers, target);
  refuseAmbiguousProcess(config, spec.containers ?? []);
  if (config.target._runtime === 'dotnet') refuseDisabledDiagnostics(target, profiler);

  const shares = [
    podIdentity(),
    shareRun(config),
    ...(config.diagnosticsTmp ? [shareDiagnosticsTmp(config.diagnosticsTmp, woven, target.name)] : []),
    shareDumps(config, pod, store),
    ...(profiler ? [shareProfiler(config)] : []),
    ...(config.triggers.some(({ _spec }) => _spec.kind === 'memory' && _spec.ofLimit) ? [memoryLimitOf(target)] : []),
  ];
  const sidecar = renderContainer(config, { target, user, profiler, shares });
  refuseTwoMountsAtOnePath(sidecar);
  const addition: ContainerAddition = {
    container: target.name,
    env: shares.flatMap((share) => share.target?.env ?? []),
    volumeMounts: shares.flatMap((share) => share.target?.volumeMounts ?? []),
  };
  return {
    ...placeSidecar(config.placement, pod, sidecar),
    volumes: shares.flatMap((share) => share.volumes ?? []) as PodContribution['volumes'],
    additions: [addition],
    shareProcessNamespace: true,
    ...(config.target._runtime === 'native' ? { watches: target.name } : {}),
  };
}

/** Several containers share the process namespace: a native process is told apart by its name alone. */
function refuseAmbiguousProcess({ target, container }: SidecarConfig, containers: ContainerJson[]): void {
  if (target._runtime === 'native' && target._processName === undefined && containers.length > 1) {
    throw new Error(`the pod has ${containers.length} containers, whose processes are all visible to the sidecar; name the one of `
      + `container '${container ?? containers[0].name}': ProcDumpTarget.native({ processName: … })`);
  }
}

/** The dump directory and the diagnostics directory are the user's to choose, each alone. */
function refuseTwoMountsAtOnePath({ name, volumeMounts = [] }: ContainerJson): void {
  const paths = volumeMounts.map(({ mountPath }) => normalizePath(mountPath));
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined) {
    throw new Error(`the sidecar '${name}' would mount two volumes at '${twice}' (it has ${paths.join(', ')}); choose another dumpDirectory or mountPath`);
  }
}

/** A container that has run to completion must not leave a sidecar behind that keeps the pod running. */
function placeSidecar(placement: SidecarPlacement, { kind, template }: Pod, sidecar: ContainerJson): PodContribution {
  const completes = kind === 'Job' || kind === 'CronJob' || (template.spec?.restartPolicy ?? 'Always') !== 'Always';
  if (placement === SidecarPlacement.CONTAINER && completes) {
    throw new Error('placement CONTAINER would keep a pod that runs to completion from ever completing; use SidecarPlacement.NATIVE or AUTO');
  }
  const native = placement === SidecarPlacement.NATIVE || completes;
  return native ? { initContainers: [{ ...sidecar, restartPolicy: 'Always' }] } : { containers: [sidecar] };
}

function renderContainer(
  config: SidecarConfig,
  { target, user, profiler, shares }: { target: ContainerJson; user: SidecarUser; profiler: boolean; shares: Share[] },
): ContainerJson {
  return {
    name: config.containerName,
    image: config.image,
    ...(config.imagePullPolicy === undefined ? {} : { imagePullPolicy: config.imagePullPolicy }),
    command: [AGENT],
    args: agentArguments(config, target),
    env: [{ name: 'PATH', value: PATH }, ...shares.flatMap((share) => share.sidecar.env ?? [])],
    resources: renderResources(config.resources, profiler),
    securityContext: renderSecurityContext(config, target, user),
    volumeMounts: shares.flatMap((share) => share.sidecar.volumeMounts ?? []),
  };
}

function agentArguments({ target, limits, dumpDirectory, commands }: SidecarConfig, { name }: ContainerJson): string[] {
  return [
    'run',
    '--contract', AGENT_CONTRACT,
    '--runtime', target._runtime,
    '--container', name,
    ...(target._processName === undefined ? [] : ['--process-name', target._processName]),
    ...(target._dumpMask === undefined ? [] : ['--dump-mask', target._dumpMask]),
    '--dump-directory', dumpDirectory,
    '--dumps-per-process', `${limits.dumpsPerProcess}`,
    '--dumps-per-pod', `${limits.dumpsPerPod}`,
    '--cooldown', `${limits.cooldownSeconds}`,
    ...commands.flatMap((command) => ['--monitor', command.name, ...command.arguments]),
  ].map((word) => word.replace(/\$\(/g, '$$$$(')); // else Kubernetes puts an environment variable in the place of $(NAME)
}

function renderSecurityContext({ access, securityContext = {} }: SidecarConfig, target: ContainerJson, { uid, gid }: SidecarUser): JsonObject {
  const { appArmorProfile = target.securityContext?.appArmorProfile, seLinuxOptions = target.securityContext?.seLinuxOptions } = securityContext;
  return {
    runAsUser: uid,
    ...(gid === undefined ? {} : { runAsGroup: gid }),
    runAsNonRoot: uid !== 0,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: securityContext.readOnlyRootFilesystem ?? true,
    capabilities: { drop: ['ALL'], ...(access._privileged ? { add: ['SYS_PTRACE', 'KILL', 'DAC_OVERRIDE'] } : {}) },
    seccompProfile: { ...securityContext.seccompProfile ?? { type: 'RuntimeDefault' } },
    ...(appArmorProfile ? { appArmorProfile: { ...appArmorProfile } } : {}),
    ...(seLinuxOptions ? { seLinuxOptions: { ...seLinuxOptions } } : {}),
  };
}

function podIdentity(): Share {
  return { sidecar: { env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] } };
}

/**
 * One small volume in memory, private to the sidecar: the agent's state; /dev/shm, because the pod's is one for all containers and a
 * second user dies on ProcDump's semaphore; an empty folder over the service account's token, which ProcDump has no use for.
 */
function shareRun({ containerName, diagnosticsTmp }: SidecarConfig): Share {
  const name = `${containerName}-run`;
  const folders: [string, string][] = [['/run/procdump', 'state'], ['/dev/shm', 'shm'], ...(diagnosticsTmp ? [] : [['/tmp', 'tmp'] as [string, string]])];
  return {
    volumes: [{ name, emptyDir: { medium: 'Memory', sizeLimit: '8Mi' } }],
    sidecar: {
      volumeMounts: [
        ...folders.map(([mountPath, subPath]) => ({ name, mountPath, subPath })),
        { name, mountPath: SERVICE_ACCOUNT_TOKEN, subPath: 'no-token', readOnly: true },
      ],
    },
  };
}

function shareDiagnosticsTmp(tmp: DotnetDiagnosticsTmp, woven: PodSpecJson, target: string): Share {
  const { volumes, ...sidecar } = tmp._plan(woven, [target]);
  return { volumes, sidecar, target: tmp._additionFor(woven, [target], target) };
}

/** The .NET runtime writes its dumps itself, in the target's container: both must see one folder at one path. */
function shareDumps({ containerName, dumpDirectory, target }: SidecarConfig, pod: Pod, store: DumpStoreBinding): Share {
  refuseUnfitVolume(store);
  const name = `${containerName}-dumps`;
  const mount = (): VolumeMountJson => ({
    name,
    mountPath: dumpDirectory,
    ...(store.shared === false ? {} : { subPath: [pod.namespace, pod.kind.toLowerCase(), pod.name].filter(Boolean).join('/') }),
  });
  return {
    volumes: [{ name, ...store.volume }],
    sidecar: { volumeMounts: [mount()] },
    target: target._runtime === 'native' ? undefined : { volumeMounts: [mount()], env: target._crashDumps ? crashDumpVariables(dumpDirectory) : [] },
  };
}

/** Memory volumes count against the memory of who writes: the dump would kill the process that it is taken of. */
function refuseUnfitVolume(store: DumpStoreBinding): void {
  const { volume } = checkStruct('what bindDumpStore of the store gives', store);
  const sources = Object.keys(checkStruct('the volume that the store gives', volume));
  if (sources.length !== 1) {
    throw new Error(`the store gives a volume with ${sources.length} sources (${sources.join(', ')}); bindDumpStore must give exactly one, for example `
      + "{ persistentVolumeClaim: { claimName: 'dumps' } }");
  }
  if (volume.emptyDir?.medium) {
    throw new Error(`the store gives an emptyDir with medium '${volume.emptyDir.medium}', which counts against the memory of the process that is dumped; leave `
      + 'medium out, or use EphemeralDumpStore');
  }
}

/** %e executable, %p process id, %h host name, which is the pod's, %t seconds since 1970. */
function crashDumpVariables(dumpDirectory: string): EnvVarJson[] {
  return [
    { name: 'DOTNET_DbgEnableMiniDump', value: '1' },
    { name: 'DOTNET_DbgMiniDumpType', value: '4' },
    { name: 'DOTNET_DbgMiniDumpName', value: `${dumpDirectory}/crash_%e_%p_%h_%t.dmp` },
  ];
}

/** Shared as a directory and read-only in the target: ProcDump truncates a mounted single file in place, which kills who has it loaded. */
function shareProfiler({ containerName }: SidecarConfig): Share {
  const name = `${containerName}-profiler`;
  return {
    volumes: [{ name, emptyDir: {} }],
    sidecar: { volumeMounts: [{ name, mountPath: PROFILER_DIRECTORY }] },
    target: { volumeMounts: [{ name, mountPath: PROFILER_DIRECTORY, readOnly: true }] },
  };
}

function memoryLimitOf({ name }: ContainerJson): Share {
  const resourceFieldRef = { containerName: name, resource: 'limits.memory', divisor: '1Mi' };
  return { sidecar: { env: [{ name: 'TARGET_MEMORY_LIMIT_MIB', valueFrom: { resourceFieldRef } }] } };
}

/** @throws when ProcDump would refuse the path, or misread it */
export function checkDumpDirectory(path: string): string {
  if (isMountablePath(path, 255) && path !== '/tmp') return path;
  throw new Error(`dumpDirectory '${path}' must be an absolute path of letters, digits and . _ - without a slash at its end, and no folder of the system; `
    + 'ProcDump refuses other characters when it is too late');
}
