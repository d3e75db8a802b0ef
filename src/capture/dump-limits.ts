import { Duration } from 'cdk8s';
import { check } from '../input/check';
import { DURATION, whole } from '../input/checks';
import { Checks } from '../input/struct';
import { secondsOf } from '../input/units';

/** Limits on automatic dumps. ProcDump itself has no limit that survives a restart. */
export interface DumpLimits {
  /**
   * Dumps per process, over all triggers; from 1 to 100. One dump is reserved for each threshold and each other
   * trigger, two for `gcGeneration`, and `count` dumps for `every` with a count. A smaller limit is an error. The rest
   * is for triggers that fire again. Each trigger that fires while another dump is being written may exceed the limit
   * by one.
   * @default - the number of reserved dumps, at least 2
   */
  readonly dumpsPerProcess?: number;
  /**
   * Dumps per pod, over all processes; from `dumpsPerProcess` to 1000. Dumps on demand are counted, but never refused.
   * Crash dumps that the runtime writes within 2 seconds of the limit are kept too.
   * @default - 5 or `dumpsPerProcess`, whichever is larger
   */
  readonly dumpsPerPod?: number;
  /**
   * Pause after a dump before the trigger that fired may fire again; whole seconds, from 1. Other triggers and higher
   * thresholds do not wait. `every` uses its interval instead.
   * @default Duration.minutes(10)
   */
  readonly cooldown?: Duration;
}

/** The limits with their defaults, in the agent's units. */
export interface CheckedDumpLimits {
  readonly dumpsPerProcess: number;
  readonly dumpsPerPod: number;
  readonly cooldownSeconds: number;
}

const MOST_PER_PROCESS = 100;

export const DUMP_LIMITS: Checks<DumpLimits> = {
  dumpsPerProcess: whole(1, MOST_PER_PROCESS),
  dumpsPerPod: whole(1, 1000),
  cooldown: DURATION,
};

/** Dumps that are reserved for a trigger. */
interface Place {
  readonly trigger: string;
  readonly dumps: number;
}

/** @throws naming the limit, its value and its range, or the triggers that need more */
export function dumpLimitsOf(
  { dumpsPerProcess, dumpsPerPod, cooldown = Duration.minutes(10) }: DumpLimits = {},
  places: readonly Place[],
): CheckedDumpLimits {
  const needed = places.reduce((sum, { dumps }) => sum + dumps, 0);
  refuseTooFew(dumpsPerProcess, needed, places);
  const perProcess = dumpsPerProcess ?? Math.max(2, needed);
  return {
    dumpsPerProcess: perProcess,
    dumpsPerPod: check('limits.dumpsPerPod', dumpsPerPod ?? Math.max(5, perProcess), whole(perProcess, 1000)),
    cooldownSeconds: secondsOf('limits.cooldown', cooldown, 1),
  };
}

function refuseTooFew(given: number | undefined, needed: number, places: readonly Place[]): void {
  const limit = given ?? MOST_PER_PROCESS;
  if (needed <= limit) return;
  const sum = places.map(({ trigger, dumps }) => `${dumps} for ${trigger}`).join(' + ');
  throw new Error(
    given === undefined
      ? `triggers need ${needed} dumps of a process (${sum}), expected at most ${limit}; name fewer thresholds or ` +
          'triggers'
      : `limits.dumpsPerProcess is ${given}, expected at least ${needed} (${sum}), so that each trigger can take its ` +
          `dumps; raise it to ${needed}, or name fewer thresholds or triggers`,
  );
}
