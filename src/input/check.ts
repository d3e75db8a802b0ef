/** A check of a value. Needed because JavaScript and untyped configuration can pass anything. */
export interface Check {
  /** Completes the sentence "must be …", for example `a whole number from 1 to 100`. */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** Returns the change to make, if the refused value shows what the user meant. */
  readonly cure?: (value: unknown) => string | undefined;
  /** Checks the items of a list or the fields of a struct, once the value itself is accepted. */
  readonly inside?: (what: string, value: unknown) => void;
}

/**
 * Returns the value.
 *
 * @param what name of the parameter or prop, for the message
 * @throws if the value does not pass the check
 */
export function check<T>(what: string, value: T, expectation: Check): T {
  if (!expectation.accepts(value)) throw refusal(what, value, expectation.expected, expectation.cure?.(value));
  expectation.inside?.(what, value);
  return value;
}

/** Returns the value, which may be undefined. */
export function checkOptional<T>(what: string, value: T | undefined, expectation: Check): T | undefined {
  return value === undefined ? undefined : check(what, value, expectation);
}

export function refusal(what: string, value: unknown, expected: string, cure?: string): Error {
  const problem =
    value === undefined
      ? `${what} is missing; expected ${expected}`
      : `${what} must be ${expected}, got ${shown(value)}`;
  return new Error(cure === undefined ? problem : `${problem}; ${cure}`);
}

/** The factories of Size by their suffix in `asString`. */
const SIZE_FACTORIES: { readonly [suffix: string]: string } = {
  Ki: 'kibibytes',
  Mi: 'mebibytes',
  Gi: 'gibibytes',
  Ti: 'tebibytes',
  Pi: 'pebibyte',
};

/** Returns a text, a number, a flag or a Size as code; undefined for other values. */
export function written(value: unknown): string | undefined {
  if (typeof value === 'string') return /^[^'\\\p{Cc}]*$/u.test(value) ? `'${value}'` : JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'boolean') return `${value}`;
  const { asString } = (value ?? {}) as Partial<Shown>;
  const [, amount, suffix] = (typeof asString === 'function' && /^(.+)([KMGTP]i)$/.exec(asString.call(value))) || [];
  return suffix === undefined ? undefined : `Size.${SIZE_FACTORIES[suffix]}(${amount})`;
}

/**
 * Returns a value as it was written: strings keep their quotes. Constructs and other large objects are named, not
 * printed.
 */
export function shown(value: unknown): string {
  if (typeof value === 'string') return shortened(JSON.stringify(value));
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function or class ${value.name}`;
  if (typeof value !== 'object' || value === null) return String(value);
  const { node, asString, toHumanString, produce, constructor } = value as Partial<Shown>;
  if (typeof node?.path === 'string') {
    return node.path === '' ? `the root construct of class ${constructor?.name}` : `the construct '${node.path}'`;
  }
  if (typeof produce === 'function') return 'a Lazy';
  if (typeof asString === 'function') return written(value) ?? asString.call(value);
  if (typeof toHumanString === 'function') return toHumanString.call(value);
  if (!Array.isArray(value) && constructor !== Object) return `an object of class ${constructor?.name ?? 'null'}`;
  try {
    return shortened(JSON.stringify(value, withoutObjects));
  } catch {
    return Array.isArray(value) ? 'a list that JSON cannot hold' : 'an object that JSON cannot hold';
  }
}

/** The members that identify constructs, sizes, durations and values of a Lazy. */
interface Shown {
  readonly node: { readonly path?: unknown };
  readonly asString: () => string;
  readonly toHumanString: () => string;
  readonly produce: () => unknown;
  readonly constructor: { readonly name: string };
}

/** Objects of classes may refer to themselves. */
function withoutObjects(key: string, value: unknown): unknown {
  const plain = typeof value !== 'object' || value === null || Array.isArray(value) || value.constructor === Object;
  return key === '' || plain ? value : shown(value);
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
