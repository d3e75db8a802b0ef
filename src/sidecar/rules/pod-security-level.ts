import { findPodSecurityViolations, PodSecurityLevel } from '../../kubernetes/pod-security';
import type { PodSecurityViolation } from '../../kubernetes/pod-security-scope';
import type { AppObjects } from '../../weave/app-objects';
import type { Pod } from '../../weave/pod';
import { UnsuitableWorkload } from '../../weave/unsuitable-workload';

type Finished = Pick<Pod, 'template'>;

/** The Pod Security level that a pod must meet. */
export interface RequiredLevel {
  readonly level: PodSecurityLevel;
  /** The namespace that enforces the level; absent if the user requires it. */
  readonly namespace?: string;
}

/** The label with the level that the API server enforces in a namespace. */
const ENFORCE = 'pod-security.kubernetes.io/enforce';
const LEVELS = [PodSecurityLevel.PRIVILEGED, PodSecurityLevel.BASELINE, PodSecurityLevel.RESTRICTED];

/**
 * Returns the level that the user requires, else the one that the pod's namespace enforces, if the app defines it.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces
 */
export function requiredLevel(
  given: PodSecurityLevel | undefined,
  { namespace }: Pick<Pod, 'namespace'>,
  objects: AppObjects,
): RequiredLevel | undefined {
  if (given !== undefined) return { level: given };
  if (namespace === undefined) return undefined;
  const label = objects.clusterScoped('core/Namespace', namespace)[0]?.json.metadata?.labels?.[ENFORCE];
  const level = LEVELS.find((known) => known === label);
  return level && { level, namespace };
}

/**
 * Reports the sidecar's violations separately from those of the manifest, because they are corrected in different
 * places. A pod that its namespace refuses without the sidecar is the user's own affair.
 * @throws if the finished pod does not meet the level
 */
export function assertPodSecurity({ level, namespace }: RequiredLevel, pod: Finished, before: Finished): void {
  const violations = violationsOf(pod, level);
  if (violations.length === 0) return;
  const known = new Set(violationsOf(before, level));
  const own = violations.filter((violation) => known.has(violation));
  const added = violations.filter((violation) => !known.has(violation));
  if (namespace !== undefined && added.length === 0) return;
  const problem =
    namespace === undefined
      ? `the pod does not meet Pod Security level '${level}'`
      : `namespace '${namespace}' enforces Pod Security level '${level}', which the pod does not meet`;
  throw new UnsuitableWorkload(
    [problem, part('brought by the manifest', own), part('added by the sidecar', added)].filter(Boolean).join('; '),
    remedy(own, added, namespace),
  );
}

/** Only TargetAccess.privileged() adds capabilities. */
const CAPABILITY = /\.capabilities\.add\b/;

function remedy(own: string[], added: string[], namespace: string | undefined): string {
  if (own.length === 0 && added.some((violation) => CAPABILITY.test(violation))) {
    return 'choose TargetAccess.sameUser(), or run the workload in a namespace of level privileged';
  }
  return `correct the fields, or ${namespace === undefined ? 'lower podSecurity' : 'choose another namespace'}`;
}

function violationsOf({ template: { metadata, spec = {} } }: Finished, level: PodSecurityLevel): string[] {
  return findPodSecurityViolations({ metadata, spec }, level).map(describe);
}

function part(title: string, violations: string[]): string {
  return violations.length === 0 ? '' : `${title}: ${violations.join(', ')}`;
}

function describe({ field, value, expected }: PodSecurityViolation): string {
  return `${field} is ${value}, must be ${expected}`;
}
