import { SAFEGUARDS } from './aks-safeguards';
import * as rules from './pod-security-rules';
import { Check, PodSecurityViolation, RenderedPod, subjectOf } from './pod-security-scope';

/**
 * The levels of the Kubernetes Pod Security Standards, from no restrictions to the strictest.
 *
 * A namespace selects its level with the label `pod-security.kubernetes.io/enforce`; the API server refuses a pod that
 * violates the level.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export enum PodSecurityLevel {
  /** Forbids nothing. The only level that allows a container with `SYS_PTRACE`. */
  PRIVILEGED = 'privileged',

  /**
   * Forbids known privilege escalations: host namespaces, privileged containers, host paths, host ports, and
   * capabilities beyond the defaults of a container runtime. Unset fields are allowed.
   */
  BASELINE = 'baseline',

  /**
   * Baseline, and requires explicit hardening: not root, no privilege escalation, all capabilities dropped, a seccomp
   * profile, and no volume that refers to a node or a remote server directly.
   */
  RESTRICTED = 'restricted',

  /**
   * Baseline, and the pod rules of AKS Deployment Safeguards, which AKS Automatic always enforces: requests of at least
   * 100m and 100Mi, liveness and readiness probes, images with a tag other than `latest`, no AKS labels. The sidecar's
   * default requests then meet these minimums.
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
 * Returns the fields of a Linux pod that a Pod Security level does not allow, by rule and then by container.
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
