import { Size, SizeRoundingBehavior } from 'cdk8s';
import type { CounterTriggerOptions } from './trigger-options';
import { checkFields, checkList, checkSize, checkText, Fields, INT32_MAX } from '../input/arguments';

const COUNTER_OPTIONS: Fields<CounterTriggerOptions> = { provider: true, counter: true, threshold: true, percentile: true };

export function whole(factory: string, what: string, value: number, min: number, max = INT32_MAX): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`ProcDumpTrigger.${factory}: ${what} (${value}) must be a whole number from ${min} to ${max}`);
}

export function cpuPercent(factory: string, percent: number): number {
  if (percent > 0 && percent <= 100 && /^\d+(\.\d+)?$/.test(`${percent}`)) return percent;
  throw new Error(`ProcDumpTrigger.${factory}: percent (${percent}) must be above 0 and at most 100, the share of all cores that the .NET runtime sees`);
}

export function notEmpty(factory: string, what: string, values: unknown[]): void {
  if (checkList(`ProcDumpTrigger.${factory}: ${what}`, values).length === 0) throw new Error(`ProcDumpTrigger.${factory}: ${what} is empty; give at least one value`);
}

export function sizesInMib(factory: string, sizes: Size[], max: number): number[] {
  notEmpty(factory, 'the list of thresholds', sizes);
  const checked = sizes.map((size) => checkSize(`ProcDumpTrigger.${factory}: size`, size));
  return checked.map((size) => whole(factory, 'size in mebibytes', size.toMebibytes({ rounding: SizeRoundingBehavior.NONE }), 1, max));
}

/** ProcDump waits for one threshold after the other: out of order, a later one fires in the same moment as the one before. */
export function ordered(factory: string, values: number[], descending: boolean): number[] {
  values.forEach((value, i) => {
    if (i > 0 && (descending ? value > values[i - 1] : value < values[i - 1])) {
      throw new Error(`ProcDumpTrigger.${factory}: thresholds (${values.join(', ')}) must be ${descending ? 'descending' : 'ascending'}: `
        + 'ProcDump waits for one after the other; sort them');
    }
  });
  return values;
}

export function counter(factory: string, options: CounterTriggerOptions): { counter: string; threshold: number } {
  const { provider, counter: name, threshold, percentile } = checkFields(`ProcDumpTrigger.${factory}: options`, options, COUNTER_OPTIONS);
  checkText(`ProcDumpTrigger.${factory}: provider`, provider);
  checkText(`ProcDumpTrigger.${factory}: counter`, name);
  if (!/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(provider) || !/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(name)) {
    throw new Error(`ProcDumpTrigger.${factory}: provider '${provider}' and counter '${name}' must be made of letters, digits and . _ / -, `
      + 'and start with a letter or digit, as in System.Runtime and cpu-usage');
  }
  if (!/^-?\d+(\.\d+)?$/.test(`${threshold}`)) {
    throw new Error(`ProcDumpTrigger.${factory}: threshold (${threshold}) must be a number in the counter's own unit that can be written without an exponent`);
  }
  if (percentile !== undefined && ![50, 95, 99].includes(percentile)) {
    throw new Error(`ProcDumpTrigger.${factory}: percentile (${percentile}) must be 50, 95 or 99; the runtime publishes no other, and ProcDump would `
      + 'silently compare the median');
  }
  return { counter: `${provider}:${name}${percentile === undefined ? '' : `[p${percentile}]`}`, threshold };
}
