import * as fc from 'fast-check';
import { JsonObject } from '../src/kubernetes/wire';

/* Fields and values of arbitrary Kubernetes objects. */

export type Json = fc.Arbitrary<JsonObject>;
export interface Fields {
  [field: string]: fc.Arbitrary<unknown>;
}

/** Any of these fields, and always those that are required. */
export const some = (fields: Fields, ...requiredKeys: string[]): Json =>
  fc.record(fields, { requiredKeys, noNullPrototype: true });
export const all = (fields: Fields): Json => some(fields, ...Object.keys(fields));
/** Exactly one of these fields, as in a union of Kubernetes. */
export const one = (fields: Fields): Json =>
  fc.oneof(...Object.entries(fields).map(([field, value]) => all({ [field]: value })));
export const both = (a: Json, b: Json): Json => fc.tuple(a, b).map(([x, y]) => ({ ...x, ...y }));
export const oneOf = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
/** A list like those of Kubernetes, whose items have a key. */
export const few = (item: Json, key: string, maxLength = 3) =>
  fc.uniqueArray(item, { maxLength, selector: (value: JsonObject): unknown => value[key] });

export const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
export const number = (max: number) => fc.integer({ min: 1, max });
export const port = oneOf(80, 8080, 65535);
export const portOrName = oneOf<number | string>(80, 8080, 'http');
export const labels = fc.dictionary(oneOf('app', 'tier', 'app.kubernetes.io/name'), word, {
  maxKeys: 2,
  noNullPrototype: true,
});
export const selector = some({
  matchLabels: labels,
  matchExpressions: oneOf<JsonObject[]>(
    [{ key: 'tier', operator: 'In', values: ['a', 'b'] }],
    [{ key: 'x', operator: 'Exists' }],
  ),
});
export const quantity = oneOf('64Mi', '1Gi', '1.5G');
export const items = oneOf([{ key: 'a', path: 'b' }], [{ key: 'a', path: 'b', mode: 0o400 }]);
