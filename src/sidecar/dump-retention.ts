import { Duration, Size } from 'cdk8s';
import { DURATION, SIZE, whole } from '../input/checks';
import { Checks } from '../input/struct';
import { mebibytesOf, secondsOf } from '../input/units';

/**
 * What a workload keeps in the store, all its pods together. The oldest dumps go first; the newest one stays, and so
 * does what the sidecar did not publish.
 */
export interface DumpRetention {
  /**
   * Dumps that are older are deleted; whole seconds, from 60.
   * @default Duration.days(14)
   */
  readonly maxAge?: Duration;
  /**
   * How many dumps are kept; from 1 to 10000.
   * @default - any number
   */
  readonly maxCount?: number;
  /**
   * How much all dumps together may take; whole mebibytes.
   * @default - any size; of a store on the node's disk what leaves room for the next dump
   */
  readonly maxSize?: Size;
}

/** The retention with its default, in the agent's units. */
export interface CheckedDumpRetention {
  readonly ageSeconds: number;
  readonly count?: number;
  readonly mebibytes?: number;
}

export const DUMP_RETENTION: Checks<DumpRetention> = { maxAge: DURATION, maxCount: whole(1, 10_000), maxSize: SIZE };

/** @throws naming the bound, its value and its range */
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
