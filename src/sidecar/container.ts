import type { SidecarConfig } from './config';
import type { DeliveryPlan, SpoolPlan } from './delivery-plan';
import type { CheckedDumpRetention } from './dump-retention';
import { STORE_DIRECTORY } from './dump-volumes';
import { renderResources } from './overrides';
import type { ContainerAdditions } from './pod-additions';
import type { SidecarUser } from './rules/target-user';
import { ContainerJson, JsonObject, unexpanded } from '../kubernetes/wire';

/** Version of the contract between manifest and agent. The agent idles if it does not know the version. */
const AGENT_CONTRACT = '2';
/** Below /opt, because the shared profiler directory hides /usr/local/bin. */
const BIN = '/opt/procdump/bin';
const PATH = `${BIN}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;

/**
 * Seconds that a restart by the liveness probe waits for the agent. The default is the pod's grace period: minutes of
 * publishing, with readiness failing meanwhile. Knative refuses this field.
 * @see
 * https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#probe-level-terminationgraceperiodseconds
 */
const RESTART_SECONDS = 10;

/** Parts of the container that depend on the pod. */
export interface SidecarParts {
  readonly target: ContainerJson;
  readonly user: SidecarUser;
  readonly profiler: boolean;
  readonly delivery: DeliveryPlan;
  readonly additions: ContainerAdditions;
  /** Whether the kind of the workload allows probes on several containers. */
  readonly probes: boolean;
}

export function renderContainer(
  config: SidecarConfig,
  { target, user, profiler, delivery, additions, probes }: SidecarParts,
): ContainerJson {
  return {
    name: config.containerName,
    image: config.image,
    ...(config.imagePullPolicy === undefined ? {} : { imagePullPolicy: config.imagePullPolicy }),
    command: [`${BIN}/procdump-agent`],
    args: agentArguments(config, target, delivery).map(unexpanded),
    env: [{ name: 'PATH', value: PATH }, ...additions.env],
    resources: renderResources(config.resources, profiler, delivery.disk),
    // A stuck agent is restarted long before it could make the pod unready: 30 s × 4 + 10 s + 10 s against 30 s × 10.
    ...(probes
      ? {
          livenessProbe: { ...askAgent('--live', 4), terminationGracePeriodSeconds: RESTART_SECONDS },
          readinessProbe: askAgent('--ready', 10),
        }
      : {}),
    securityContext: renderSecurityContext(config, target, user),
    volumeMounts: additions.volumeMounts,
  };
}

function agentArguments(config: SidecarConfig, { name }: ContainerJson, { spool, directSize }: DeliveryPlan): string[] {
  const { target, limits, dumpDirectory, commands, retention } = config;
  const args = ['run', '--contract', AGENT_CONTRACT, '--runtime', target._runtime, '--container', name];
  if (target._processName !== undefined) args.push('--process-name', target._processName);
  if (target._dumpMask !== undefined) args.push('--dump-mask', target._dumpMask);
  args.push('--dump-directory', dumpDirectory);
  if (spool) pushSpoolArguments(args, spool, retention);
  if (directSize !== undefined) args.push('--spool-size', `${directSize}`);
  args.push('--dumps-per-process', `${limits.dumpsPerProcess}`, '--dumps-per-pod', `${limits.dumpsPerPod}`);
  args.push('--cooldown', `${limits.cooldownSeconds}`);
  if (target._crashDumps) args.push('--crash-dumps');
  for (const command of commands) args.push('--monitor', command.name, ...command.arguments);
  return args;
}

function pushSpoolArguments(
  args: string[],
  spool: SpoolPlan,
  { ageSeconds, count, mebibytes }: CheckedDumpRetention,
): void {
  args.push('--store', STORE_DIRECTORY, '--spool-size', `${spool.size}`, '--drain-timeout', `${spool.drainSeconds}`);
  if (spool.storeSize !== undefined) args.push('--store-size', `${spool.storeSize}`);
  args.push('--retain-age', `${ageSeconds}`);
  if (count !== undefined) args.push('--retain-count', `${count}`);
  if (mebibytes !== undefined) args.push('--retain-mib', `${mebibytes}`);
}

/** Fails only when the agent's main loop is stuck: an idle sidecar must not take the application out of its Service. */
function askAgent(question: string, failureThreshold: number): JsonObject {
  return { exec: { command: [`${BIN}/status`, question] }, periodSeconds: 30, timeoutSeconds: 10, failureThreshold };
}

function renderSecurityContext(config: SidecarConfig, target: ContainerJson, { uid, gid }: SidecarUser): JsonObject {
  const { securityContext = {} } = config;
  const {
    appArmorProfile = target.securityContext?.appArmorProfile,
    seLinuxOptions = target.securityContext?.seLinuxOptions,
  } = securityContext;
  return {
    runAsUser: uid,
    runAsGroup: gid,
    runAsNonRoot: uid !== 0,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: securityContext.readOnlyRootFilesystem ?? true,
    capabilities: {
      drop: ['ALL'],
      ...(config.target._access._privileged ? { add: ['SYS_PTRACE', 'KILL', 'DAC_OVERRIDE'] } : {}),
    },
    seccompProfile: { ...(securityContext.seccompProfile ?? { type: 'RuntimeDefault' }) },
    ...(appArmorProfile ? { appArmorProfile: { ...appArmorProfile } } : {}),
    ...(seLinuxOptions ? { seLinuxOptions: { ...seLinuxOptions } } : {}),
  };
}
