import { Token } from 'cdktf';
import { refuseUnresolvedExpressions, refuseUnresolvedTokens } from '../../src/kubernetes/token';
import { messageOf } from '../pods';

const VALUE = '${var.x}';
const text = Token.asString({ resolve: () => VALUE });
const holds = (value: unknown) =>
  `'${value}' holds a value that Terraform knows only after apply, but nothing in this app resolves it; give the ` +
  'App a resolver, such as azure.TerraformOutputResolver, or use the value itself';

describe.each([
  ['tokens', refuseUnresolvedTokens],
  ['expressions', refuseUnresolvedExpressions],
])('%s', (_, refuse) => {
  test.each<[string, unknown, unknown]>([
    ['a text', { spec: [{ name: 'a', value: `x-${text}` }] }, `x-${text}`],
    ['a list', { args: Token.asList(VALUE) }, Token.asList(VALUE)[0]],
    ['a map', { labels: Token.asStringMap(VALUE) }, Object.keys(Token.asStringMap(VALUE))[0]],
    ['a number', { replicas: Token.asNumber(VALUE) }, Token.asNumber(VALUE)],
    ['a list of numbers', { ports: Token.asNumberList(VALUE) }, Token.asNumberList(VALUE)[0]],
  ])('%s', (_what, json, found) => {
    const message = messageOf(() => refuse(json));
    expect(message.replace(/TOKEN\.\d+|-[\d.]+e\+\d+/g, 'T')).toBe(
      holds(found).replace(/TOKEN\.\d+|-[\d.]+e\+\d+/g, 'T'),
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
  expect(messageOf(() => refuseUnresolvedExpressions(json))).toBe(holds(VALUE));
  expect(messageOf(() => refuseUnresolvedExpressions({ a: '${pvc.metadata.name}-${pvc.metadata.uid}' }))).toBe(
    holds('${pvc.metadata.name}-${pvc.metadata.uid}'),
  );
});
