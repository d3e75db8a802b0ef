import type { Duration } from 'cdk8s';
import { Token } from 'cdktf';
import { Check, check, refusal } from '../input/check';
import { computed as computedOrLazy, DURATION, INT32_MAX, list as listCheck, matching, whole } from '../input/checks';

/*
 * The provider bindings accept any string, and Terraform reports an invalid one only at plan or apply. Values that
 * Terraform computes are not checked.
 */

const DAY = 24 * 60 * 60 * 1000;

/** Returns whether a value is a string that is known at synth, not one that Terraform computes. */
export function isKnown(value: string | undefined): value is string {
  return typeof value === 'string' && !Token.isUnresolved(value) && !value.includes('${');
}

/**
 * Also accepts a value that Terraform computes, alone or inside a string. Refuses a `Lazy` of cdk8s, which a stack does
 * not resolve.
 */
export function computed(expectation: Check): Check {
  const inner = computedOrLazy(expectation);
  return { ...inner, accepts: (value) => !isLazyOfCdk8s(value) && inner.accepts(value) };
}

function isLazyOfCdk8s(value: unknown): boolean {
  return typeof (value as { produce?: unknown } | null | undefined)?.produce === 'function';
}

/** @param type such as `Microsoft.Network/virtualNetworks/subnets` */
export function resourceId(type: string): Check {
  const [provider, kind, ...children] = type.split('/');
  const name = '/[^/]+';
  const path = [`${provider}/${kind}`, ...children]
    .map((segment) => `/${segment.replace(/\./g, '\\.')}${name}`)
    .join('');
  const example = [`${provider}/${kind}`, ...children].map((segment) => `/${segment}/<name>`).join('');
  return computed(
    matching({
      pattern: new RegExp(`^/subscriptions${name}/resourceGroups${name}/providers${path}$`, 'i'),
      expected: `the id of a resource: /subscriptions/<id>/resourceGroups/<name>/providers${example}`,
    }),
  );
}

/** Accepts text that matches a pattern, unless Terraform computes it. */
export function textLike(pattern: RegExp, expected: string): Check {
  return computed(matching({ pattern, expected }));
}

/** Accepts a list whose length is known at synth, because each item becomes a resource. */
export function knownListOf(item: Check): Check {
  return {
    ...listCheck(item),
    inside: (what, list) => {
      if (Token.isUnresolved(list)) {
        throw new Error(
          `${what} is a list that Terraform computes, but each item becomes a resource, so their number must be ` +
            'known at synth; write the list out; its items may be computed',
        );
      }
      (list as unknown[]).forEach((value, index) => check(`${what}[${index}]`, value, item));
    },
  };
}

/** Converts a duration to whole days within the limits of Azure. */
export function daysOf(what: string, value: Duration, least: number, most: number): number {
  const days = check(what, value, DURATION).toMilliseconds({ integral: false }) / DAY;
  if (Number.isInteger(days) && days >= least && days <= most) return days;
  throw refusal(what, value, `whole days from ${least} to ${most}, for example Duration.days(${least})`);
}

/** Refuses duplicates. Azure compares ids and addresses case-insensitively. */
export function refuseTwice(what: string, list: string[] = []): void {
  const folded = list.map((item) => `${item}`.toLowerCase());
  const twice = list.find((_, index) => folded.indexOf(folded[index]) !== index);
  if (twice !== undefined) throw new Error(`${what} has '${twice}' twice; remove one`);
}

/** Checks for a whole number, unless Terraform computes it. */
export function checkWhole(what: string, value: number, least: number, most: number): void {
  check(what, value, computed(whole(least, most)));
}

export const WHOLE = computed(whole(0, INT32_MAX));
