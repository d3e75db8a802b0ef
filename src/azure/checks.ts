import type { Duration } from 'cdk8s';
import { Token } from 'cdktf';
import { Check, check, refusal } from '../input/check';
import { computed as computedOrLazy, DURATION, INT32_MAX, matching, whole } from '../input/checks';

/*
 * The bindings of the provider take any text, and Terraform finds a wrong one at plan or apply. Values that Terraform
 * computes are taken as they are.
 */

const DAY = 24 * 60 * 60 * 1000;

/** Whether a value is text that can be read now, and not one that Terraform puts in later. */
export function isKnown(value: string | undefined): value is string {
  return typeof value === 'string' && !Token.isUnresolved(value) && !value.includes('${');
}

/** Also accepts a value of Terraform, alone or inside other text. A Lazy of cdk8s is none: a stack resolves none. */
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

/** Text that is looked at only where Terraform does not compute it. */
export function textLike(pattern: RegExp, expected: string): Check {
  return computed(matching({ pattern, expected }));
}

/** A list of which each item becomes a resource of its own: its length has to be known at synth. */
export function knownListOf(item: Check): Check {
  return {
    expected: 'a list',
    accepts: Array.isArray,
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

/** A time as the number of days that Azure takes. */
export function daysOf(what: string, value: Duration, least: number, most: number): number {
  const days = check(what, value, DURATION).toMilliseconds({ integral: false }) / DAY;
  if (Number.isInteger(days) && days >= least && days <= most) return days;
  throw refusal(what, value, `whole days from ${least} to ${most}, for example Duration.days(${least})`);
}

/** Azure compares ids and addresses without regard to case. */
export function refuseTwice(what: string, list: string[] = []): void {
  const folded = list.map((item) => `${item}`.toLowerCase());
  const twice = list.find((_, index) => folded.indexOf(folded[index]) !== index);
  if (twice !== undefined) throw new Error(`${what} has '${twice}' twice; remove one`);
}

/** A whole number, unless Terraform computes it. */
export function checkWhole(what: string, value: number, least: number, most: number): void {
  check(what, value, computed(whole(least, most)));
}

export const WHOLE = computed(whole(0, INT32_MAX));
