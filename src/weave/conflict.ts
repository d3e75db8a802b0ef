import type { PodContribution } from './pod-contribution';
import { canonical, JsonObject, sameJson } from '../kubernetes/wire';

/**
 * An item of the pod that differs from the one to add. The change to make depends on whether the user or another
 * construct added it.
 */
export class Conflict extends Error {
  /**
   * @param message the message if the user added the item
   * @param addedBy returns whether a contribution added the item
   * @param between the message if another construct added it
   */
  constructor(
    message: string,
    readonly addedBy: (contribution: PodContribution) => boolean,
    readonly between: (construct: string) => string,
  ) {
    super(message);
  }
}

/** Description of the existing item, for the message of a conflict. */
export interface ExistingItem extends Pick<Conflict, 'addedBy'> {
  readonly title: string;
  /** The change to make if the item is from the user. */
  readonly fix: string;
  /** The change to make if the item is from another construct. */
  readonly fixBetween: string;
}

export function conflictOf(
  existing: JsonObject,
  added: JsonObject,
  { title, addedBy, fix, fixBetween }: ExistingItem,
): Conflict {
  const [there, here] = difference(existing, added).map((part) => shortened(canonical(part)));
  const contents = `with different content: ${there}, to be added: ${here}`;
  return new Conflict(
    `${title} already exists ${contents}; ${fix}`,
    addedBy,
    (construct) => `${title} already exists, from ${construct}, ${contents}; ${fixBetween}`,
  );
}

/** Returns the differences: fields of objects, and the list elements between equal ends. */
function difference(a: unknown, b: unknown): [unknown, unknown] {
  if (Array.isArray(a) && Array.isArray(b)) {
    const shorter = Math.min(a.length, b.length);
    let start = 0;
    while (start < shorter && sameJson(a[start], b[start])) start++;
    let end = 0;
    while (end < shorter - start && sameJson(a.at(-1 - end), b.at(-1 - end))) end++;
    const [there, here] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
    if (there.length !== here.length) return [there, here];
    const parts = there.map((item, i) => difference(item, here[i]));
    return [parts.map(([part]) => part), parts.map(([, part]) => part)];
  }
  if (isJsonText(a) && isJsonText(b)) return difference(JSON.parse(a), JSON.parse(b));
  if (!isObject(a) || !isObject(b)) return [a, b];
  const fields = Object.keys({ ...a, ...b }).filter((field) => !sameJson(a[field], b[field]));
  const parts = fields.map((field) => [field, difference(a[field], b[field])] as const);
  return [
    Object.fromEntries(parts.map(([field, [part]]) => [field, part])),
    Object.fromEntries(parts.map(([field, [, part]]) => [field, part])),
  ];
}

/** The agent's plan is one argument, and the plans of two sidecars may differ only in a number. */
function isJsonText(value: unknown): value is string {
  if (typeof value !== 'string' || !value.startsWith('{')) return false;
  try {
    return isObject(JSON.parse(value));
  } catch {
    return false;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
