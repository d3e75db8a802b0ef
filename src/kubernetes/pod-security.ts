import { SAFEGUARDS } from './aks-safeguards';
import * as rules from './pod-security-rules';
import { Check, PodSecurityViolation, RenderedPod, subjectOf } from './pod-security-scope';

/**
 * The levels of the Kubernetes Pod Security Standards, from no rule at all to the strictest.
 *
 * A namespace chooses its level with the label `pod-security.kubernetes.io/enforce`; a pod that
 * breaks a rule of that level is refused by the API server.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export enum PodSecurityLevel {
  /**
   * Nothing is forbidden. The only level that admits a container with `SYS_PTRACE`.
   */
  PRIVILEGED = 'privileged',

  /**
   * Known privilege escalations are forbidden: host namespaces, privileged containers, host paths,
   * host ports, capabilities beyond those a container runtime gives by default. What is left unset passes.
   */
  BASELINE = 'baseline',

  /**
   * Baseline, and the hardening must be written down: not root, no privilege escalation, every
   * capability dropped, a seccomp profile, and no volume that names a node or a remote server directly.
   */
  RESTRICTED = 'restricted',

  /**
   * Baseline, and what Deployment Safeguards of AKS enforce in pods, as AKS Automatic always does: requests of at least
   * 100m and 100Mi, liveness and readiness probes, images with a tag other than `latest`, no labels of AKS. The
   * sidecar's default requests are as high then.
   * @see https://learn.microsoft.com/azure/aks/deployment-safeguards
   */
  AKS_SAFEGUARDS = 'aks-safeguards',
}

interface Rule {
  readonly level: PodSecurityLevel;
  readonly check: Check;
  /** The weaker rule of the level below; running both would report one field twice. */
  readonly replaces?: Check;
}

const LEVELS = [PodSecurityLevel.PRIVILEGED, PodSecurityLevel.BASELINE, PodSecurityLevel.RESTRICTED];

/**
 * The rules in the order they are reported, as of the newest policy version (Kubernetes 1.37).
 *
 * @see https://github.com/kubernetes/pod-security-admission/tree/master/policy
 */
const RULES: readonly Rule[] = [
  { level: PodSecurityLevel.BASELINE, check: rules.hostNamespaces },
  { level: PodSecurityLevel.BASELINE, check: rules.privileged },
  { level: PodSecurityLevel.BASELINE, check: rules.baselineCapabilities },
  { level: PodSecurityLevel.BASELINE, check: rules.hostPathVolumes },
  { level: PodSecurityLevel.BASELINE, check: rules.hostPorts },
  { level: PodSecurityLevel.BASELINE, check: rules.hostProbesAndHooks },
  { level: PodSecurityLevel.BASELINE, check: rules.appArmorProfile },
  { level: PodSecurityLevel.BASELINE, check: rules.appArmorAnnotations },
  { level: PodSecurityLevel.BASELINE, check: rules.seLinuxOptions },
  { level: PodSecurityLevel.BASELINE, check: rules.baselineProcMount },
  { level: PodSecurityLevel.BASELINE, check: rules.baselineSeccomp },
  { level: PodSecurityLevel.BASELINE, check: rules.sysctls },
  { level: PodSecurityLevel.BASELINE, check: rules.windowsHostProcess },
  { level: PodSecurityLevel.RESTRICTED, check: rules.restrictedVolumes, replaces: rules.hostPathVolumes },
  { level: PodSecurityLevel.RESTRICTED, check: rules.allowPrivilegeEscalation },
  { level: PodSecurityLevel.RESTRICTED, check: rules.runAsNonRoot },
  { level: PodSecurityLevel.RESTRICTED, check: rules.runAsUser },
  { level: PodSecurityLevel.RESTRICTED, check: rules.restrictedSeccomp, replaces: rules.baselineSeccomp },
  { level: PodSecurityLevel.RESTRICTED, check: rules.droppedCapabilities },
  { level: PodSecurityLevel.RESTRICTED, check: rules.restrictedCapabilities, replaces: rules.baselineCapabilities },
  { level: PodSecurityLevel.RESTRICTED, check: rules.restrictedProcMount, replaces: rules.baselineProcMount },
];

/**
 * Every field of a Linux pod that a Pod Security level does not admit, by rule and then by container.
 *
 * @internal
 */
export function findPodSecurityViolations(pod: RenderedPod, level: PodSecurityLevel): PodSecurityViolation[] {
  const isAks = level === PodSecurityLevel.AKS_SAFEGUARDS;
  const highest = LEVELS.indexOf(isAks ? PodSecurityLevel.BASELINE : level);
  const applied = RULES.filter((rule) => LEVELS.indexOf(rule.level) <= highest);
  const replaced = new Set(applied.map((rule) => rule.replaces));
  const subject = subjectOf(pod);
  const checks = applied.map(({ check }) => check).filter((check) => !replaced.has(check));
  return [...checks, ...(isAks ? SAFEGUARDS : [])].flatMap((check) => check(subject));
}
