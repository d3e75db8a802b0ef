import type { Size } from 'cdk8s';
import { Construct } from 'constructs';
import { Check, check, refusal, written } from './check';
import { isExpression, isLate } from './late-value';

/** ProcDump keeps numbers in 32 bits and silently truncates larger ones. */
export const INT32_MAX = 2 ** 31 - 1;

export const TEXT: Check = {
  expected: 'text that is not empty',
  accepts: (value) => typeof value === 'string' && value !== '',
};

export const FLAG: Check = { expected: 'true or false', accepts: (value) => typeof value === 'boolean' };

export const NUMBER: Check = { expected: 'a number', accepts: (value) => Number.isFinite(value) };

export const SIZE: Check = {
  expected: 'a Size of cdk8s, for example Size.mebibytes(500)',
  accepts: (value) => hasMethod(value, 'toKibibytes'),
  inside: (what, value) => refuseFraction(what, value as Size),
};

/** Kubernetes has no quantity for NaN, which `Number(undefined)` gives, and cdk8s converts whole kibibytes only. */
function refuseFraction(what: string, size: Size): void {
  try {
    size.toKibibytes();
  } catch {
    throw refusal(what, size, 'a size of whole kibibytes, for example Size.mebibytes(500)');
  }
}

export const DURATION: Check = {
  expected: 'a Duration of cdk8s, for example Duration.minutes(10)',
  accepts: (value) => hasMethod(value, 'toMilliseconds'),
};

export const CONSTRUCT: Check = {
  expected: 'a construct',
  accepts: (value) => isObject(value) && Construct.isConstruct(value),
};

/** A struct or a map; not an object of a class. */
export const OBJECT: Check = { expected: 'an object', accepts: isPlainObject };

/** The last argument of a call. The fields of a Size, a Duration or a Lazy would be reported as unknown props. */
export const PROPS: Check = {
  expected: 'an object of props',
  accepts: (value) =>
    isPlainObject(value) && !isLate(value) && !hasMethod(value, 'toKibibytes') && !hasMethod(value, 'toMilliseconds'),
  cure: (value) => (isLate(value) ? 'give the value itself' : undefined),
};

/**
 * Names of volumes and containers.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
 */
export const LABEL = matching({
  pattern: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  expected:
    'a label of Kubernetes: at most 63 lower-case letters, digits and dashes, that start and end with a letter or ' +
    'digit',
});

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export const NAME = matching({
  pattern: /^(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
  expected:
    'a name of Kubernetes: lower-case letters, digits, dashes and dots, that start and end with a letter or digit',
});

/** A pattern for values, and its description. */
export interface Pattern {
  readonly pattern: RegExp;
  readonly expected: string;
}

export function matching({ pattern, expected }: Pattern): Check {
  return { expected, accepts: (value) => typeof value === 'string' && pattern.test(value) };
}

export function whole(min: number, max: number): Check {
  return {
    expected: `a whole number from ${min} to ${max}`,
    accepts: (value) => typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max,
  };
}

export function oneOf<T>(values: { [name: string]: T } | readonly T[]): Check {
  const known: readonly T[] = Array.isArray(values) ? values : Object.values(values);
  return { expected: `one of ${known.join(', ')}`, accepts: (value) => known.includes(value as T) };
}

export function listOf(item: Check): Check {
  return {
    ...list(item),
    // Array.from, because forEach skips holes.
    inside: (what, items) => Array.from(items as unknown[]).forEach((value, i) => check(`${what}[${i}]`, value, item)),
  };
}

/** The check of a list, without its items. */
export function list(item: Check): Omit<Check, 'inside'> {
  return {
    expected: 'a list',
    accepts: Array.isArray,
    cure: (value) => {
      if (Array.isArray(value) || isExpression(value) || !item.accepts(value)) return undefined;
      const code = written(value);
      return code === undefined || code.length > 80 ? 'write [ … ] around it' : `write [${code}]`;
    },
  };
}

/**
 * The check of one of several arguments. If the value is a list, the error shows how to pass its items.
 *
 * @param call the method, and the name of its parameter
 */
export function argumentOf([method, parameter]: readonly [string, string], item: Check): Check {
  return {
    ...item,
    cure: (value) => {
      if (!Array.isArray(value) || value.length === 0) return item.cure?.(value);
      const codes = value.map(written);
      return `write ${method}(${codes.includes(undefined) ? `...${parameter}` : codes.join(', ')})`;
    },
  };
}

export function mapOf(item: Check): Check {
  return {
    ...PROPS,
    expected: 'an object',
    inside: (what, map) => {
      for (const [key, value] of Object.entries(map as { [key: string]: unknown })) {
        check(`${what}['${key}']`, value, item);
      }
    },
  };
}

/**
 * Accepts values from factories or constructors of this library. Checks the shape, because the value may come from
 * another copy of the library.
 */
export function madeBy(factories: string, member: string): Check {
  return { expected: `a value made by ${factories}`, accepts: (value) => hasMember(value, member) };
}

/** Also accepts a value that is known only when it is resolved. */
export function late(expectation: Check): Check {
  return unless(isLate, expectation);
}

/** Also accepts a Terraform value, alone or inside other text. */
export function computed(expectation: Check): Check {
  return unless(isExpression, expectation);
}

function unless(passes: (value: unknown) => boolean, { expected, accepts, cure, inside }: Check): Check {
  return {
    expected,
    cure,
    accepts: (value) => passes(value) || accepts(value),
    inside: (what, value) => {
      if (!passes(value)) inside?.(what, value);
    },
  };
}

function hasMember(value: unknown, member: string): boolean {
  return isObject(value) && (value as { [member: string]: unknown })[member] !== undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/**
 * Excludes Map, Date and Promise, which have no props. Checks the tag, because the value may come from another realm.
 */
function isPlainObject(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Object]' && !Construct.isConstruct(value);
}

function hasMethod(value: unknown, name: string): boolean {
  return isObject(value) && typeof (value as { [name: string]: unknown })[name] === 'function';
}
