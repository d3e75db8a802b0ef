import { findPodSecurityViolations, PodSecurityLevel } from '../../kubernetes/pod-security';
import type { PodSecurityViolation } from '../../kubernetes/pod-security-scope';
import type { Pod } from '../../weave/pod';
import { UnsuitableWorkload } from '../../weave/unsuitable-workload';

type Finished = Pick<Pod, 'template'>;

/**
 * Reports the sidecar's violations separately from those of the manifest, because they are corrected in different
 * places.
 * @throws if the finished pod does not meet the level
 */
export function assertPodSecurity(level: PodSecurityLevel | undefined, pod: Finished, before: Finished): void {
  if (level === undefined) return;
  const violations = violationsOf(pod, level);
  if (violations.length === 0) return;
  const own = new Set(violationsOf(before, level));
  const parts = [
    part(
      'brought by the manifest',
      violations.filter((violation) => own.has(violation)),
    ),
    part(
      'added by the sidecar',
      violations.filter((violation) => !own.has(violation)),
    ),
  ];
  throw new UnsuitableWorkload(
    `the pod does not meet Pod Security level '${level}'; ${parts.filter(Boolean).join('; ')}`,
    'correct the fields, or lower podSecurity',
  );
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
