import type { Duration } from 'cdk8s';
import { Token } from 'cdktf';
import { checkDuration, checkList, Pattern } from '../input/arguments';
import { GUID } from '../stores/azure-files/azure-names';

/*
 * The bindings of the provider take any text, and Terraform finds a wrong one at plan or apply. Values that Terraform computes are taken as they are.
 */

const DAY = 24 * 60 * 60 * 1000;

/** Whether a value is text that can be read now, and not one that Terraform puts in later. */
export function isKnown(value: string | undefined): value is string {
  return typeof value === 'string' && !Token.isUnresolved(value) && !value.includes('${');
}

/** Whether a value is text that Terraform puts in later. */
export function isComputed(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !isKnown(value);
}

export function checkMatch(what: string, value: string, pattern: RegExp, expected: string): string {
  if (isComputed(value)) return value;
  return typeof value === 'string' && pattern.test(value) ? value : refuse(what, value, expected);
}

export function checkName(what: string, value: string, { pattern, expected }: Pattern): string {
  return checkMatch(what, value, pattern, expected);
}

/** @param type such as `Microsoft.Network/virtualNetworks/subnets` */
export function checkResourceId(what: string, value: string, type: string): string {
  const [provider, kind, ...children] = type.split('/');
  const name = '/[^/]+';
  const path = [`${provider}/${kind}`, ...children].map((segment) => `/${segment.replace(/\./g, '\\.')}${name}`).join('');
  const pattern = new RegExp(`^/subscriptions${name}/resourceGroups${name}/providers${path}$`, 'i');
  const example = [`${provider}/${kind}`, ...children].map((segment) => `/${segment}/<name>`).join('');
  return checkMatch(what, value, pattern, `the id of a resource: /subscriptions/<id>/resourceGroups/<name>/providers${example}`);
}

export function checkGuid(what: string, value: string): string {
  return checkName(what, value, GUID);
}

export function checkInteger(what: string, value: number, least: number, most: number): number {
  if (typeof value === 'number' && Token.isUnresolved(value)) return value;
  return Number.isInteger(value) && value >= least && value <= most ? value : refuse(what, value, `a whole number from ${least} to ${most}`);
}

/** A time as the number of days that Azure takes. */
export function checkDays(what: string, value: Duration, least: number, most: number): number {
  const days = checkDuration(what, value).toMilliseconds() / DAY;
  return Number.isInteger(days) && days >= least && days <= most
    ? days : refuse(what, `${days} days`, `whole days from ${least} to ${most}, for example Duration.days(${least})`);
}

/** A list of which each item becomes a resource of its own: its length has to be known at synth. */
export function checkKnownList<T>(what: string, list: T[]): T[] {
  if (Token.isUnresolved(list)) {
    throw new Error(`${what} is a list that Terraform computes, but each item becomes a resource, so the items must be known at synth; write the list out, its items `
      + 'may be computed');
  }
  return checkList(what, list);
}

export function checkUnique(what: string, list: string[]): string[] {
  const twice = list.find((item, index) => list.indexOf(item) !== index);
  if (twice !== undefined) throw new Error(`${what} has '${twice}' twice; remove one`);
  return list;
}

export function refuse(what: string, value: unknown, expected: string): never {
  const shown = typeof value === 'object' && value !== null ? JSON.stringify(value)?.slice(0, 100) : `${value}`;
  throw new Error(`${what} (${shown}) must be ${expected}`);
}
