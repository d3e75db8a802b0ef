import type { SidecarUser } from './checks/target-user';
import type { DeliveryPlan, SpoolPlan } from './delivery-plan';
import { STORE_DIRECTORY } from './dump-mounts';
import type { CheckedDumpRetention } from './dump-retention';
import type { PodShare } from './pod-shares';
import { renderResources } from './sidecar-overrides';
import type { SidecarConfig } from './sidecar-plan';
import { ContainerJson, JsonObject, unexpanded } from './wire';

/** What manifest and agent agree on; the agent idles when it does not know the number. */
const AGENT_CONTRACT = '2';
/** Below /opt, because the shared directory of the profiler covers /usr/local/bin. */
const BIN = '/opt/procdump/bin';
const PATH = `${BIN}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;

/** What the container depends on in this pod. */
export interface SidecarParts {
  readonly target: ContainerJson;
  readonly user: SidecarUser;
  readonly profiler: boolean;
  readonly delivery: DeliveryPlan;
  readonly shares: PodShare[];
}

export function renderContainer(config: SidecarConfig, { target, user, profiler, delivery, shares }: SidecarParts): ContainerJson {
  return {
    name: config.containerName,
    image: config.image,
    ...(config.imagePullPolicy === undefined ? {} : { imagePullPolicy: config.imagePullPolicy }),
    command: [`${BIN}/procdump-agent`],
    args: agentArguments(config, target, delivery).map(unexpanded),
    env: [{ name: 'PATH', value: PATH }, ...shares.flatMap((share) => share.sidecar.env ?? [])],
    resources: renderResources(config.resources, profiler, delivery.disk),
    // A stuck agent is restarted long before it could make the pod unready: 30 s × 4 + 10 s against 30 s × 10.
    livenessProbe: askAgent('--live', 4),
    readinessProbe: askAgent('--ready', 10),
    securityContext: renderSecurityContext(config, target, user),
    volumeMounts: shares.flatMap((share) => share.sidecar.volumeMounts ?? []),
  };
}

function agentArguments(config: SidecarConfig, { name }: ContainerJson, { spool, directSize }: DeliveryPlan): string[] {
  const { target, limits, dumpDirectory, commands, retention } = config;
  return [
    'run',
    '--contract', AGENT_CONTRACT,
    '--runtime', target._runtime,
    '--container', name,
    ...(target._processName === undefined ? [] : ['--process-name', target._processName]),
    ...(target._dumpMask === undefined ? [] : ['--dump-mask', target._dumpMask]),
    '--dump-directory', dumpDirectory,
    ...(spool ? spoolArguments(spool, retention) : []),
    ...(directSize === undefined ? [] : ['--spool-size', `${directSize}`]),
    '--dumps-per-process', `${limits.dumpsPerProcess}`,
    '--dumps-per-pod', `${limits.dumpsPerPod}`,
    '--cooldown', `${limits.cooldownSeconds}`,
    ...(target._crashDumps ? ['--crash-dumps'] : []),
    ...commands.flatMap((command) => ['--monitor', command.name, ...command.arguments]),
  ];
}

function spoolArguments({ size, drainSeconds, storeSize }: SpoolPlan, { ageSeconds, count, mebibytes }: CheckedDumpRetention): string[] {
  return [
    '--store', STORE_DIRECTORY,
    '--spool-size', `${size}`,
    '--drain-timeout', `${drainSeconds}`,
    ...(storeSize === undefined ? [] : ['--store-size', `${storeSize}`]),
    '--retain-age', `${ageSeconds}`,
    ...(count === undefined ? [] : ['--retain-count', `${count}`]),
    ...(mebibytes === undefined ? [] : ['--retain-mib', `${mebibytes}`]),
  ];
}

/** Fails only when the agent's loop is stuck: a sidecar that cannot do its work must not take the application out of its service. */
function askAgent(question: string, failureThreshold: number): JsonObject {
  return { exec: { command: [`${BIN}/status`, question] }, periodSeconds: 30, timeoutSeconds: 10, failureThreshold };
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
