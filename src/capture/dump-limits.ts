import { Duration } from 'cdk8s';
import { checkDuration, checkFields, checkWhole, INT32_MAX } from '../input/arguments';

/** How many dumps are taken before somebody looks. ProcDump itself has no bound across restarts. */
export interface DumpLimits {
  /**
   * Dumps of one process, by all its triggers together; from 1 to 100.
   * @default 2
   */
  readonly dumpsPerProcess?: number;
  /**
   * Dumps of one pod, by all its processes together; from `dumpsPerProcess` to 1000. Dumps on demand count, but are not refused;
   * so do crash dumps that the runtime writes within 2 s of the limit.
   * @default 5, or `dumpsPerProcess` where that is more
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

/** @throws naming the limit, its value and its range */
export function checkDumpLimits(limits: DumpLimits = {}): CheckedDumpLimits {
  checkFields('limits', limits, { dumpsPerProcess: true, dumpsPerPod: true, cooldown: true }, 'limit');
  const cooldown = checkDuration('limits.cooldown', limits.cooldown ?? Duration.minutes(10));
  const dumpsPerProcess = checkWhole('limits.dumpsPerProcess', limits.dumpsPerProcess ?? 2, 1, 100);
  return {
    dumpsPerProcess,
    dumpsPerPod: checkWhole('limits.dumpsPerPod', limits.dumpsPerPod ?? Math.max(5, dumpsPerProcess), dumpsPerProcess, 1000),
    cooldownSeconds: checkWhole('limits.cooldown in seconds', cooldown.toMilliseconds({ integral: false }) / 1000, 1, INT32_MAX),
  };
}
