import { App, Chart } from 'cdk8s';
import type { Shape } from './public-api';

/** What callers without types pass, by the kind of value that it is. */
const VALUES: { [name: string]: () => unknown } = {
  text: () => 'wrong',
  'a number': () => 5,
  'no number': () => NaN,
  true: () => true,
  null: () => null,
  'an empty list': () => [],
  'an empty object': () => ({}),
  'a function': () => () => 0,
  'a construct': () => new Chart(new App(), 'wrong'),
  'a symbol': () => Symbol('wrong'),
  'a Map': () => new Map([['key', 1]]),
  'a Promise': () => Promise.resolve({}),
  'a Date': () => new Date(0),
};

/** What may be right. */
const RIGHT: { [kind in Shape['kind']]: string[] } = {
  text: ['text'],
  number: ['a number'],
  flag: ['true'],
  enum: [],
  list: ['an empty list'],
  map: ['an empty object'],
  struct: ['an empty object'],
  object: [],
  construct: ['a construct'],
  any: Object.keys(VALUES),
};

export interface WrongValue {
  readonly title: string;
  readonly make: () => unknown;
}

/** Values of which none can be right, inside of lists and maps too. */
export function wrongValuesOf(shape: Shape): WrongValue[] {
  const own = Object.entries(VALUES)
    .filter(([title]) => !RIGHT[shape.kind].includes(title))
    .map(([title, make]) => ({ title, make }));
  if (shape.kind === 'list') {
    return [
      ...own,
      ...wrongValuesOf(shape.item).map(({ title, make }) => ({ title: `a list of ${title}`, make: () => [make()] })),
    ];
  }
  if (shape.kind === 'map') {
    return [
      ...own,
      ...wrongValuesOf(shape.item).map(({ title, make }) => ({
        title: `a map of ${title}`,
        make: () => ({ key: make() }),
      })),
    ];
  }
  return own;
}
