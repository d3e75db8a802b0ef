import { Duration, Size, SizeRoundingBehavior } from 'cdk8s';

/*
 * JavaScript and untyped configuration hand over anything. Each of these gives the value back, or says what was expected in its place.
 */

/** ProcDump keeps numbers in 32 bits and silently cuts what is longer. */
export const INT32_MAX = 2 ** 31 - 1;

export function checkSize(what: string, value: Size): Size {
  return typeof value?.toKibibytes === 'function' ? value : refuse(what, value, 'a Size of cdk8s, for example Size.mebibytes(500)');
}

/** Of a size in the agent's unit: mebibytes, as a number. */
export function checkMebibytes(what: string, value: Size): number {
  const mebibytes = checkSize(what, value).toMebibytes({ rounding: SizeRoundingBehavior.NONE });
  return Number.isInteger(mebibytes) && mebibytes >= 1 && mebibytes <= INT32_MAX ? mebibytes
    : refuse(what, value.asString(), 'a size of whole mebibytes, from 1Mi');
}

export function checkWhole(what: string, value: number, min: number, max: number): number {
  return Number.isInteger(value) && value >= min && value <= max ? value : refuse(what, value, `a whole number from ${min} to ${max}`);
}

export function checkDuration(what: string, value: Duration): Duration {
  return typeof value?.toMilliseconds === 'function' ? value : refuse(what, value, 'a Duration of cdk8s, for example Duration.minutes(10)');
}

export function checkList<T>(what: string, value: T[]): T[] {
  return Array.isArray(value) ? value : refuse(what, value, 'a list');
}

export function checkText(what: string, value: string): string {
  return typeof value === 'string' && value !== '' ? value : refuse(what, value, 'a text that is not empty');
}

export function checkFlag(what: string, value: boolean | undefined): boolean | undefined {
  return value === undefined || typeof value === 'boolean' ? value : refuse(what, value, 'true or false');
}

export function checkStruct<T>(what: string, value: T): T {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : refuse(what, value, 'an object');
}

/** A name for each field of a struct; the compiler finds one that is missing. */
export type Fields<T> = { readonly [field in keyof Required<T>]: true };

/** Untyped callers get no help from a compiler, and what is misspelt would have no effect. */
export function checkFields<T>(what: string, value: T, fields: Fields<T>, kind = 'option', fix = ''): T {
  refuseUnknown(what, checkStruct(what, value) as object, Object.keys(fields), kind, fix);
  return value;
}

export function refuseUnknown(what: string, value: object, known: string[], kind = 'option', fix = ''): void {
  const unknown = Object.keys(value).find((field) => !known.includes(field));
  if (unknown === undefined) return;
  const nearest = nearestOf(unknown, known);
  const hint = nearest === undefined ? '' : `; did you mean '${nearest}'?`;
  throw new Error(`${what}: there is no ${kind} '${unknown}'; it must be one of ${known.join(', ')}${fix}${hint}`);
}

/** The name that a typing error was probably meant to be. */
function nearestOf(name: string, known: string[]): string | undefined {
  const distances = known.map((candidate) => distanceOf(name.toLowerCase(), candidate.toLowerCase()));
  const least = Math.min(...distances);
  return least <= Math.max(1, Math.floor(name.length / 3)) ? known[distances.indexOf(least)] : undefined;
}

/** The number of letters to insert, remove or replace. */
function distanceOf(some: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= some.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (some[i - 1] === other[j - 1] ? 0 : 1));
    row = next;
  }
  return row[other.length];
}

/** What values of a kind look like, and how to say it. */
export interface Pattern { readonly pattern: RegExp; readonly expected: string }

export function checkPattern(what: string, value: string, { pattern, expected }: Pattern): string {
  return typeof value === 'string' && pattern.test(value) ? value : refuse(what, value, expected);
}

export function checkOneOf<T>(what: string, value: T | undefined, values: { [name: string]: T } | T[]): T | undefined {
  const known = Array.isArray(values) ? values : Object.values(values);
  return value === undefined || known.includes(value) ? value : refuse(what, value, `one of ${known.join(', ')}`);
}

/** What this library's factories make; of whatever copy of the library, hence by its look. */
export function checkMade<T>(what: string, value: T, member: string, factory: string): T {
  return typeof value === 'object' && value !== null && member in value ? value : refuse(what, value, `made by ${factory}`);
}

/** Of volumes and containers. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names */
export function checkLabel(what: string, value: string): string {
  return typeof value === 'string' && /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(value)
    ? value : refuse(what, value, 'a label of Kubernetes: at most 63 lower-case letters, digits and dashes, with a letter or digit at both ends');
}

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export function checkName(what: string, value: string): string {
  return typeof value === 'string' && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(value) && value.length <= 253
    ? value : refuse(what, value, 'a name of Kubernetes: lower-case letters, digits, dashes and dots, with a letter or digit at both ends');
}

function refuse(what: string, value: unknown, expected: string): never {
  throw new Error(`${what} (${show(value)}) must be ${expected}`);
}

function show(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value)?.slice(0, 100) : `${value}`;
}
