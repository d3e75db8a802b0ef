import { App, Chart, Duration, Lazy, Size } from 'cdk8s';
import { Token } from 'cdktf';
import { check, shown } from '../../src/input/check';
import { computed, late, TEXT, whole } from '../../src/input/checks';
import { located } from '../../src/input/located-error';
import { checkProps, Checks, required } from '../../src/input/struct';
import { messageOf } from '../pods';

describe('a value in a message', () => {
  const recursive: { [name: string]: unknown } = { scope: new Chart(new App(), 'chart') };

  test.each<[unknown, string]>([
    ['1654', '"1654"'],
    [1654, '1654'],
    [null, 'null'],
    [[1, 'a'], '[1,"a"]'],
    [{ a: 1 }, '{"a":1}'],
    [Size.mebibytes(5), 'Size.mebibytes(5)'],
    [Size.pebibyte(1.5), 'Size.pebibyte(1.5)'],
    [Lazy.any({ produce: () => 1 }), 'a Lazy'],
    [Duration.minutes(5), '5 minutes'],
    [new Chart(new App(), 'chart'), "the construct 'chart'"],
    [new App(), 'the root construct of class App'],
    [recursive, '{"scope":"the construct \'chart\'"}'],
    [new Map(), 'an object of class Map'],
    [() => 0, 'a function'],
    [Size, 'the function or class Size'],
    ['x'.repeat(300), `"${'x'.repeat(199)}…`],
  ])('is shown as written: %#', (value, text) => {
    expect(shown(value)).toBe(text);
  });
});

describe('a value that is known later', () => {
  test.each([
    Lazy.any({ produce: () => 1 }),
    Token.asString({ a: 1 }),
    Token.asNumber('${var.count}'),
    '${TfToken[TOKEN.0]}',
  ])('passes where it may: %#', (value) => {
    expect(() => check('count', value, late(whole(1, 2)))).not.toThrow();
    expect(() => check('count', value, whole(1, 2))).toThrow('count must be a whole number from 1 to 2, got ');
  });

  test('passes inside other text where Terraform computes it', () => {
    expect(() => check('name', '${var.name}', computed(whole(1, 2)))).not.toThrow();
    expect(messageOf(() => check('name', '${var.name}', late(whole(1, 2))))).toBe(
      'name must be a whole number from 1 to 2, got "${var.name}"',
    );
    expect(messageOf(() => check('name', '${pvc.metadata.name}', computed(whole(1, 2))))).toBe(
      'name must be a whole number from 1 to 2, got "${pvc.metadata.name}"',
    );
  });
});

describe('a struct', () => {
  interface Props {
    readonly name: string;
    readonly count?: number;
  }
  const PROPS: Checks<Props> = { name: required(TEXT), count: whole(1, 2) };

  test('may leave out what is not required', () => {
    expect(checkProps({ name: 'a', count: undefined }, PROPS)).toEqual({ name: 'a' });
  });

  test.each<[unknown, string]>([
    [{}, 'name is missing; expected text that is not empty'],
    [{ name: 'a', count: null }, 'count must be a whole number from 1 to 2, got null'],
    [{ nam: 'a' }, "there is no prop 'nam'; expected one of name, count; did you mean 'name'?"],
    [{ name: 'a', unlike: 1 }, "there is no prop 'unlike'; expected one of name, count; correct or remove it"],
    [undefined, 'props is missing; expected an object of props'],
  ])('refuses %j', (props, message) => {
    expect(messageOf(() => checkProps(props as Props, PROPS))).toBe(message);
  });
});

describe('an error with a place', () => {
  const thrown = (action: () => unknown): { message: string; cause?: unknown } => {
    try {
      located('chart/A', action);
    } catch (error) {
      return error as Error;
    }
    throw new Error('nothing was thrown');
  };
  const raise = (error: Error) => () => {
    throw error;
  };

  test('keeps an unexpected one as its cause, through further places', () => {
    for (const cause of [new Error('wrong'), new TypeError('wrong')]) {
      expect(thrown(raise(cause))).toMatchObject({ message: 'chart/A: wrong', cause });
      const outer = thrown(() => located('inner', raise(cause)));
      expect(outer).toMatchObject({ message: 'chart/A: inner: wrong', cause });
    }
  });

  test('does not keep that of a check, whose stack would follow the message', () => {
    expect(thrown(() => check('count', 5, TEXT))).not.toHaveProperty('cause');
    const ofOtherCopy = new Error('wrong');
    ofOtherCopy.stack = 'Error: wrong\n    at check (/app/node_modules/cdk8s-procdump/lib/input/check.js:1:1)';
    expect(thrown(raise(ofOtherCopy))).not.toHaveProperty('cause');
    const ofOtherLibrary = new Error('wrong');
    ofOtherLibrary.stack = 'Error: wrong\n    at x (/app/node_modules/cdk8s/lib/x.js:1:1)';
    expect(thrown(raise(ofOtherLibrary))).toHaveProperty('cause', ofOtherLibrary);
  });
});
