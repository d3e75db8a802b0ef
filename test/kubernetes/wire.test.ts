import { canonical, copyJson, normalizePath, sameJson, unexpanded } from '../../src/kubernetes/wire';

describe('sameJson', () => {
  test.each([
    ['objects whose keys are in another order', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['nested objects whose keys are in another order', { x: { a: 1, b: 2 } }, { x: { b: 2, a: 1 } }],
    ['objects in a list whose keys are in another order', [{ a: 1, b: 2 }], [{ b: 2, a: 1 }]],
    ['a missing key and an undefined one', { a: 1 }, { a: 1, b: undefined }],
    ['two missing values', undefined, undefined],
  ])('same: %s', (_, a, b) => {
    expect(sameJson(a, b)).toBe(true);
  });

  test.each([
    ['lists in another order', [1, 2], [2, 1]],
    ['a number and its text', { a: 1 }, { a: '1' }],
    ['a missing key and null', {}, { a: null }],
    ['an empty list and an empty object', [], {}],
    ['a list and an object with its indices', ['a'], { 0: 'a' }],
    ['nested objects with different values', { x: { a: 1 } }, { x: { a: 2 } }],
    ['a value and nothing', {}, undefined],
  ])('different: %s', (_, a, b) => {
    expect(sameJson(a, b)).toBe(false);
  });
});

test('canonical text has sorted keys on every level, and lists as they are', () => {
  expect(canonical({ z: [{ b: 1, a: null }, 3, 2], a: { d: 'x', c: undefined } })).toBe(
    '{"a":{"d":"x"},"z":[{"a":null,"b":1},3,2]}',
  );
});

test('canonical text leaves the value as it is', () => {
  const value = { b: { d: 1, c: 2 }, a: 3 };
  canonical(value);
  expect(JSON.stringify(value)).toBe('{"b":{"d":1,"c":2},"a":3}');
});

describe('normalizePath', () => {
  test.each([
    ['/tmp', '/tmp'],
    ['/tmp/', '/tmp'],
    ['/tmp///', '/tmp'],
    ['//var///dumps/', '/var/dumps'],
    ['/', '/'],
    ['//', '/'],
  ])('%s is %s', (path, expected) => {
    expect(normalizePath(path)).toBe(expected);
  });
});

test.each([
  ['a$(B)c', 'a$$(B)c'],
  ['$(A)$(B)', '$$(A)$$(B)'],
  ['$A (B) $', '$A (B) $'],
])('%s is handed over by Kubernetes when it is written %s', (text, written) => {
  expect(unexpanded(text)).toBe(written);
});

test('a copy shares nothing with its original but what is no JSON', () => {
  class Later {}
  const later = new Later();
  const original = { list: [{ a: 1 }], later, nothing: null };
  const copy = copyJson(original);
  expect(copy).toEqual(original);
  expect(copy.list).not.toBe(original.list);
  expect(copy.list[0]).not.toBe(original.list[0]);
  expect(copy.later).toBe(later);
});
