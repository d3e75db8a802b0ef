import type { JsonObject } from '../kubernetes/wire';

/*
 * Paths to pod templates. A pattern may contain lists (`[]`) and maps (`*`). The concrete paths of an object contain
 * indexes and fields instead: `spec.replicatedJobs[1].template.spec.template`.
 */

type Step = string | number | typeof EACH_ITEM | typeof EACH_FIELD;
const EACH_ITEM = '[]';
const EACH_FIELD = '*';

/** Returns the pattern in its usual form: the JSON pointer `/items/0/spec/template` is `items[0].spec.template`. */
export function normalizePattern(pattern: string): string {
  const parts = pattern.split(/[./]/).filter(Boolean);
  return parts.reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : joined(path, part)), '');
}

/** Returns the existing concrete paths in an object that match a pattern. */
export function expandPath(json: unknown, pattern: string): string[] {
  if (!pattern.includes('[]') && !pattern.includes('*')) return valueAt(json, pattern) === undefined ? [] : [pattern];
  return expand(json, stepsOf(pattern), '');
}

function expand(value: unknown, [step, ...others]: readonly Step[], path: string): string[] {
  if (value === undefined || value === null) return [];
  if (step === undefined) return [path];
  if (step === EACH_ITEM) {
    return Array.isArray(value) ? value.flatMap((item, index) => expand(item, others, `${path}[${index}]`)) : [];
  }
  if (typeof value !== 'object' || Array.isArray(value) !== (typeof step === 'number')) return [];
  if (typeof step === 'number') return expand((value as unknown[])[step], others, `${path}[${step}]`);
  const fields = step === EACH_FIELD ? Object.keys(value) : [step];
  return fields.flatMap((field) => expand((value as JsonObject)[field], others, joined(path, field)));
}

/** Returns a concrete path below another one. */
export function joined(path: string, below: string): string {
  return path === '' || below === '' ? path + below : `${path}.${below}`;
}

/** Returns the value at a concrete path; undefined if it does not exist. */
export function valueAt(json: unknown, path: string): any {
  let value = json as any;
  for (const step of stepsOf(path)) value = value?.[step];
  return value ?? undefined;
}

/** Returns the concrete path of the object that contains the value at a path. */
export function parentOf(path: string): string {
  return path.replace(/\.?[^.[\]]*(\[\d+\])?$/, '');
}

/** Returns the object with another value at a concrete path. Copies only the objects on the path. */
export function replaceAt(json: any, path: string, change: (value: any) => unknown): any {
  return replaced(json, stepsOf(path), 0, change);
}

function replaced(value: any, steps: readonly Step[], depth: number, change: (value: any) => unknown): any {
  if (depth === steps.length) return change(value);
  const step = steps[depth];
  const copy = typeof step === 'number' ? [...value] : { ...value };
  copy[step] = replaced(value?.[step], steps, depth + 1, change);
  return copy;
}

/** Cached steps of paths without an index, which nearly every rendering uses. */
const KNOWN_STEPS = new Map<string, readonly string[]>();

/**
 * Splits a path: `items[0].spec` has the steps items, 0 and spec. A field name can contain a dash or a slash, but no
 * dot.
 */
function stepsOf(path: string): readonly Step[] {
  if (path === '') return [];
  if (!path.includes('[')) {
    let steps = KNOWN_STEPS.get(path);
    if (!steps) KNOWN_STEPS.set(path, (steps = path.split('.')));
    return steps;
  }
  return path
    .split('.')
    .flatMap((part) => part.split(/(?=\[\d*\])/))
    .filter(Boolean)
    .map((part) => (/^\[\d+\]$/.test(part) ? Number(part.slice(1, -1)) : part));
}
