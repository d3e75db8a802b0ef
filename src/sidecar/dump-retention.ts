import { Duration, Size } from 'cdk8s';
import { DURATION, SIZE, whole } from '../input/checks';
import { Checks } from '../input/struct';
import { mebibytesOf, secondsOf } from '../input/units';

/**
 * Which of a workload's dumps stay in the store, counted over all its pods. The oldest dumps are deleted first. The
 * newest dump is always kept, and so is every file that the sidecar did not publish.
 */
export interface DumpRetention {
  /**
   * Age at which dumps are deleted; whole seconds, at least 60.
   * @default Duration.days(14)
   */
  readonly maxAge?: Duration;
  /**
   * Largest number of dumps; from 1 to 10000.
   * @default - unlimited
   */
  readonly maxCount?: number;
  /**
   * Largest total size of the dumps; whole mebibytes.
   * @default - unlimited; for a store on the node's disk, what leaves room for the next dump
   */
  readonly maxSize?: Size;
}

/** The retention with its defaults, in the agent's units. */
export interface CheckedDumpRetention {
  readonly ageSeconds: number;
  readonly count?: number;
  readonly mebibytes?: number;
}

export const DUMP_RETENTION: Checks<DumpRetention> = { maxAge: DURATION, maxCount: whole(1, 10_000), maxSize: SIZE };

/** @throws with the prop, its value and its range */
export function dumpRetentionOf({
  maxAge = Duration.days(14),
  maxCount,
  maxSize,
}: DumpRetention = {}): CheckedDumpRetention {
  return {
    ageSeconds: secondsOf('retention.maxAge', maxAge, 60),
    count: maxCount,
    mebibytes: maxSize === undefined ? undefined : mebibytesOf('retention.maxSize', maxSize),
  };
}
