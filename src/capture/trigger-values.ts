import type { Size } from 'cdk8s';
import type { CounterTriggerOptions } from './trigger-options';
import { Check, check } from '../input/check';
import { argumentOf, INT32_MAX, listOf, matching, oneOf, SIZE, whole } from '../input/checks';
import { checkProps, Checks, required } from '../input/struct';
import { mebibytesOf } from '../input/units';

const COUNTER_NAME: Check = matching({
  pattern: /^[A-Za-z0-9][A-Za-z0-9._/-]*$/,
  expected: 'letters, digits and . _ / - with a letter or digit first, as in System.Runtime and cpu-usage',
});
/** ProcDump does not parse exponents. */
const CPU_PERCENT: Check = {
  expected: 'a number above 0 and at most 100, the share of all cores that the .NET runtime sees',
  accepts: (value) => typeof value === 'number' && value > 0 && value <= 100 && isDecimal(value),
};
const THRESHOLD: Check = {
  expected: "a number in the counter's own unit that can be written without an exponent",
  accepts: (value) => typeof value === 'number' && isDecimal(value),
};
const COUNTER_OPTIONS: Checks<CounterTriggerOptions> = {
  provider: required(COUNTER_NAME),
  counter: required(COUNTER_NAME),
  threshold: required(THRESHOLD),
  // The runtime publishes no other percentile, and ProcDump would silently compare the median.
  percentile: oneOf([50, 95, 99]),
};

export function wholeOf(what: string, value: number, min: number, max = INT32_MAX): number {
  return check(what, value, whole(min, max));
}

export function cpuPercent(percent: number): number {
  return check('percent', percent, CPU_PERCENT);
}

export function checkNotEmpty<T>(what: string, values: T[], item: Check): T[] {
  if (check(what, values, listOf(item)).length > 0) return values;
  throw new Error(`${what} is empty; give at least one value`);
}

export function mebibytes(what: string, sizes: Size[], max: number, item = SIZE): number[] {
  return checkNotEmpty(what, sizes, item).map((size, index) => mebibytesOf(`${what}[${index}]`, size, max));
}

/** Returns the sizes of a method with several arguments. */
export function sizesOf(method: string, sizes: Size[]): number[] {
  return mebibytes('sizes', sizes, INT32_MAX, argumentOf([method, 'sizes'], SIZE));
}

/**
 * Refuses unsorted thresholds. ProcDump waits for one threshold after the other, so two of them would fire at the same
 * moment.
 */
export function ordered(values: number[], descending: boolean): number[] {
  values.forEach((value, i) => {
    if (i > 0 && (descending ? value > values[i - 1] : value < values[i - 1])) {
      throw new Error(
        `thresholds (${values.join(', ')}) must be ${descending ? 'descending' : 'ascending'}: ProcDump waits for ` +
          'them one after the other; sort them',
      );
    }
  });
  return values;
}

export function counter(options: CounterTriggerOptions): { counter: string; threshold: number } {
  const { provider, counter: name, threshold, percentile } = checkProps(options, COUNTER_OPTIONS, 'options');
  // -0 is the same threshold as 0.
  const number = threshold === 0 ? 0 : threshold;
  return { counter: `${provider}:${name}${percentile === undefined ? '' : `[p${percentile}]`}`, threshold: number };
}

function isDecimal(value: number): boolean {
  return /^-?\d+(\.\d+)?$/.test(`${value}`);
}
