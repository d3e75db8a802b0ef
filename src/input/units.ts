import { Duration, Size, SizeRoundingBehavior } from 'cdk8s';
import { check, refusal } from './check';
import { DURATION, INT32_MAX, SIZE, whole } from './checks';

/** Returns a size as a whole number of mebibytes, the agent's unit. */
export function mebibytesOf(what: string, size: Size, max = INT32_MAX): number {
  const mebibytes = check(what, size, SIZE).toMebibytes({ rounding: SizeRoundingBehavior.NONE });
  if (Number.isInteger(mebibytes) && mebibytes >= 1 && mebibytes <= max) return mebibytes;
  throw refusal(what, size, `a size of whole mebibytes from 1Mi to ${max}Mi`);
}

/** Returns a duration as a whole number of seconds, the agent's unit. */
export function secondsOf(what: string, duration: Duration, min: number, max = INT32_MAX): number {
  const seconds = check(what, duration, DURATION).toMilliseconds({ integral: false }) / 1000;
  return check(`${what} in seconds`, seconds, whole(min, max));
}
