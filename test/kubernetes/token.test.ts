import { Token } from 'cdktf';
import { refuseUnresolvedExpressions, refuseUnresolvedTokens } from '../../src/kubernetes/token';
import { messageOf } from '../pods';

const VALUE = '${var.x}';
const text = Token.asString({ resolve: () => VALUE });
const CURE =
  'but nothing in this app resolves it; give the App a resolver, such as azure.TerraformOutputResolver, or use the ' +
  'value itself';
const holds = (value: unknown, place?: string) =>
  place === undefined
    ? `'${value}' holds a value that Terraform knows only after apply, ${CURE}`
    : `${place} holds a value that Terraform knows only after apply ('${value}'), ${CURE}`;

describe.each([
  ['tokens', refuseUnresolvedTokens],
  ['expressions', refuseUnresolvedExpressions],
])('%s', (_, refuse) => {
  test.each<[string, unknown, unknown, string | undefined]>([
    ['a text', { spec: [{ name: 'a', value: `x-${text}` }] }, `x-${text}`, 'spec[0].value'],
    ['a text alone', text, text, undefined],
    ['a list', { args: Token.asList(VALUE) }, Token.asList(VALUE)[0], 'args[0]'],
    ['a map', { labels: Token.asStringMap(VALUE) }, Object.keys(Token.asStringMap(VALUE))[0], undefined],
    ['a field with a slash', { labels: { 'a/b': text } }, text, "labels['a/b']"],
    ['a number', { replicas: Token.asNumber(VALUE) }, Token.asNumber(VALUE), 'replicas'],
    ['a list of numbers', { ports: Token.asNumberList(VALUE) }, Token.asNumberList(VALUE)[0], 'ports[0]'],
  ])('%s', (_what, json, found, place) => {
    const message = messageOf(() => refuse(json));
    expect(message.replace(/TOKEN\.\d+|-[\d.]+e\+\d+/g, 'T')).toBe(
      holds(found, place).replace(/TOKEN\.\d+|-[\d.]+e\+\d+/g, 'T'),
    );
  });

  test('gives back what holds none, as it is', () => {
    const json = {
      a: [1, -1e288, -1.7e308, -Infinity, null, true, '$(x) #{x} TfToken['],
      b: { c: undefined, d: '${pvc.metadata.name}' },
    };
    expect(refuse(json)).toBe(json);
  });
});

test('an expression that the user wrote out is refused only where it cannot be anything else', () => {
  const json = { a: VALUE };
  expect(refuseUnresolvedTokens(json)).toBe(json);
  expect(messageOf(() => refuseUnresolvedExpressions(json))).toBe(holds(VALUE, 'a'));
  expect(messageOf(() => refuseUnresolvedExpressions(json, 'share'))).toBe(holds(VALUE, 'share.a'));
  expect(messageOf(() => refuseUnresolvedExpressions({ a: '${pvc.metadata.name}-${pvc.metadata.uid}' }))).toBe(
    holds('${pvc.metadata.name}-${pvc.metadata.uid}', 'a'),
  );
});
