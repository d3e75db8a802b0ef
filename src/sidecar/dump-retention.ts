import { Duration, Size } from 'cdk8s';
import { checkDuration, checkFields, checkMebibytes, checkWhole, INT32_MAX } from '../input/arguments';

/**
 * What a workload keeps in the store, all its pods together. The oldest dumps go first; the newest one stays, and so does what the sidecar
 * did not publish.
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

/** @throws naming the bound, its value and its range */
export function checkDumpRetention(retention: DumpRetention = {}): CheckedDumpRetention {
  const { maxAge = Duration.days(14), maxCount, maxSize } = checkFields('retention', retention, { maxAge: true, maxCount: true, maxSize: true }, 'bound');
  const age = checkDuration('retention.maxAge', maxAge).toMilliseconds({ integral: false }) / 1000;
  return {
    ageSeconds: checkWhole('retention.maxAge in seconds', age, 60, INT32_MAX),
    count: maxCount === undefined ? undefined : checkWhole('retention.maxCount', maxCount, 1, 10_000),
    mebibytes: maxSize === undefined ? undefined : checkMebibytes('retention.maxSize', maxSize),
  };
}
