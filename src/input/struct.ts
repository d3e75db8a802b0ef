import { Check, check, refusal } from './check';
import { PROPS } from './checks';

/** A check of a required prop. */
export interface RequiredCheck extends Check {
  readonly required: true;
}

/** The checks of all props of a struct. A missing check, or an optional check for a required prop, does not compile. */
export type Checks<T> = {
  readonly [prop in keyof Required<T>]: object extends Pick<T, prop>
    ? Check & { readonly required?: never }
    : RequiredCheck;
};

export function required(expectation: Check): RequiredCheck {
  return { ...expectation, required: true };
}

/**
 * Checks the last argument of a constructor, factory or method.
 *
 * @param name the name of the parameter, for a value that is not an object
 */
export function checkProps<T>(props: T, checks: Checks<T>, name = 'props'): T {
  check(name, props, PROPS);
  checkEach('', props, checks);
  return props;
}

/** Checks a struct that is a prop of another. */
export function struct<T>(checks: Checks<T>): Check {
  return {
    ...PROPS,
    inside: (what, value) => checkEach(what, value as T, checks),
  };
}

function checkEach<T>(what: string, value: T, checks: Checks<T>): void {
  refuseUnknown(what, value as object, Object.keys(checks));
  for (const [prop, expectation] of Object.entries(checks) as [string, Check & { required?: true }][]) {
    const given = (value as { [prop: string]: unknown })[prop];
    if (given === undefined && !expectation.required) continue;
    const path = what === '' ? prop : `${what}.${prop}`;
    if (given === undefined) throw refusal(path, given, expectation.expected, expectation.cure?.(given));
    if (!Object.prototype.propertyIsEnumerable.call(value, prop)) {
      throw new Error(
        `${path} is inherited or hidden, and copies of the object would lose it; expected a field of the object ` +
          `itself; write { ${prop}: … }`,
      );
    }
    check(path, given, expectation);
  }
}

/** A misspelled prop would have no effect. */
function refuseUnknown(what: string, value: object, known: string[]): void {
  const unknown = Object.keys(value).find((prop) => !known.includes(prop));
  if (unknown === undefined) return;
  const nearest = nearestOf(unknown, known);
  const remedy = nearest === undefined ? 'correct or remove it' : `did you mean '${nearest}'?`;
  throw new Error(
    `${what === '' ? '' : `${what}: `}there is no prop '${unknown}'; expected one of ${known.join(', ')}; ${remedy}`,
  );
}

/** Returns the known name that the typing error most likely means. */
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
    for (let j = 1; j <= other.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (some[i - 1] === other[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[other.length];
}
