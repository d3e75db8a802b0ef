import { Duration } from 'cdk8s';
import { check } from '../input/check';
import { DURATION, whole } from '../input/checks';
import { Checks } from '../input/struct';
import { secondsOf } from '../input/units';

/** Limits on automatic dumps. ProcDump itself has no limit that survives a restart. */
export interface DumpLimits {
  /**
   * Dumps per process, of all triggers together; from 1 to 100.
   * @default 2
   */
  readonly dumpsPerProcess?: number;
  /**
   * Dumps per pod, of all processes together; from `dumpsPerProcess` to 1000. Dumps on demand are counted, but never
   * refused. Crash dumps that the runtime writes within 2 seconds of the limit are kept too.
   * @default 5, or `dumpsPerProcess` where that is larger
   */
  readonly dumpsPerPod?: number;
  /**
   * Pause after a dump of a process; whole seconds, from 1.
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

export const DUMP_LIMITS: Checks<DumpLimits> = {
  dumpsPerProcess: whole(1, 100),
  dumpsPerPod: whole(1, 1000),
  cooldown: DURATION,
};

/** @throws naming the limit, its value and its range */
export function dumpLimitsOf({
  dumpsPerProcess = 2,
  dumpsPerPod,
  cooldown = Duration.minutes(10),
}: DumpLimits = {}): CheckedDumpLimits {
  return {
    dumpsPerProcess,
    dumpsPerPod: check('limits.dumpsPerPod', dumpsPerPod ?? Math.max(5, dumpsPerProcess), whole(dumpsPerProcess, 1000)),
    cooldownSeconds: secondsOf('limits.cooldown', cooldown, 1),
  };
}
