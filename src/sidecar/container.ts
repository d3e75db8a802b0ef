import { planAgent, renderAgentArguments } from './agent-plan';
import type { SidecarConfig } from './config';
import type { DeliveryPlan } from './delivery-plan';
import { renderResources } from './overrides';
import type { ContainerAdditions } from './pod-additions';
import type { SidecarUser } from './rules/target-user';
import { PodSecurityLevel } from '../kubernetes/pod-security';
import { ContainerJson, JsonObject, unexpanded } from '../kubernetes/wire';

/** Below /opt, because the shared profiler directory hides /usr/local/bin. */
const BIN = '/opt/procdump/bin';
const PATH = `${BIN}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;

/**
 * Seconds that a restart by the liveness probe waits for the agent. The default is the pod's grace period: minutes of
 * publishing while readiness fails. Knative refuses this field.
 * @see
 * https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#probe-level-terminationgraceperiodseconds
 */
const RESTART_SECONDS = 10;

/** Parts of the container that depend on the pod. */
export interface SidecarParts {
  readonly target: ContainerJson;
  readonly user: SidecarUser;
  readonly profiler: boolean;
  /** Whether the pod is of QoS class Guaranteed without the sidecar. */
  readonly guaranteed: boolean;
  readonly delivery: DeliveryPlan;
  readonly additions: ContainerAdditions;
  /** Whether the kind of the workload allows probes on several containers. */
  readonly probes: boolean;
}

export function renderContainer(
  config: SidecarConfig,
  { target, user, profiler, guaranteed, delivery, additions, probes }: SidecarParts,
): ContainerJson {
  return {
    name: config.containerName,
    image: config.image,
    ...(config.imagePullPolicy === undefined ? {} : { imagePullPolicy: config.imagePullPolicy }),
    command: [`${BIN}/procdump-agent`],
    args: agentArguments(config, target.name, delivery),
    env: [{ name: 'PATH', value: PATH }, ...additions.env],
    resources: renderResources(config.resources, {
      profiler,
      guaranteed,
      safeguarded: config.podSecurity === PodSecurityLevel.AKS_SAFEGUARDS,
      disk: delivery.disk,
    }),
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

/** Cached arguments of the agent by their pod-dependent part, which is equal for most pods of a tree. */
const KNOWN_ARGUMENTS = new WeakMap<SidecarConfig, Map<string, readonly string[]>>();

/** Returns a new list for each call, because an object used twice becomes a YAML alias. */
function agentArguments(config: SidecarConfig, target: string, { spool, directSize }: DeliveryPlan): string[] {
  const known = KNOWN_ARGUMENTS.get(config) ?? new Map<string, readonly string[]>();
  KNOWN_ARGUMENTS.set(config, known);
  const key = JSON.stringify([target, spool, directSize]);
  let args = known.get(key);
  if (!args) {
    // Without the store, which is not in the key: the plan depends on no other part of the pod.
    args = renderAgentArguments(planAgent(config, target, { spool, directSize } as DeliveryPlan)).map(unexpanded);
    known.set(key, args);
  }
  return [...args];
}

/** Fails only when the agent's main loop is stuck: an idle sidecar must not remove the application from its Service. */
function askAgent(question: string, failureThreshold: number): JsonObject {
  return { exec: { command: [`${BIN}/status`, question] }, periodSeconds: 30, timeoutSeconds: 10, failureThreshold };
}

function renderSecurityContext(config: SidecarConfig, target: ContainerJson, { uid, gid }: SidecarUser): JsonObject {
  const { securityContext = {} } = config;
  const {
    appArmorProfile = target.securityContext?.appArmorProfile,
    seLinuxOptions = target.securityContext?.seLinuxOptions,
  } = securityContext;
  const rendered: JsonObject = {};
  if (uid !== undefined) rendered.runAsUser = uid;
  if (gid !== undefined) rendered.runAsGroup = gid;
  rendered.runAsNonRoot = uid !== 0;
  rendered.allowPrivilegeEscalation = false;
  rendered.readOnlyRootFilesystem = securityContext.readOnlyRootFilesystem ?? true;
  rendered.capabilities = config.target._access._privileged
    ? { drop: ['ALL'], add: ['SYS_PTRACE', 'KILL', 'DAC_OVERRIDE'] }
    : { drop: ['ALL'] };
  rendered.seccompProfile = { ...(securityContext.seccompProfile ?? { type: 'RuntimeDefault' }) };
  if (appArmorProfile) rendered.appArmorProfile = { ...appArmorProfile };
  if (seLinuxOptions) rendered.seLinuxOptions = { ...seLinuxOptions };
  return rendered;
}
