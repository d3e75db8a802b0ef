import { AZURE_CALLS, AZURE_STRUCTS } from './azure-recipes';
import { CORE_CALLS, CORE_STRUCTS } from './core-recipes';
import { Input, readPublicApi } from './public-api';
import { wrongValuesOf } from './wrong-values';

/*
 * Nothing that a user writes is ignored. The structs, props and parameters come from the public types, so that a new
 * one cannot be forgotten: without a recipe it fails here.
 */

const STRUCTS = { ...CORE_STRUCTS, ...AZURE_STRUCTS };
const CALLABLES = { ...CORE_CALLS, ...AZURE_CALLS };
/** Structs that the library returns. */
const RETURNED = ['WorkloadAttachment', 'DumpTeam'];
/** Methods that the library or cdk8s calls. */
const CALLED_BY_OTHERS = /\.(bindDumpStore|resolve|asVolume)$/;

const { structs, callables } = readPublicApi();
const structNames = [...structs.keys()].filter((name) => !RETURNED.includes(name));
const calls = callables.filter(({ name }) => !CALLED_BY_OTHERS.test(name));

/** Messages that speak of the library's own code instead of the user's. */
const INTERNAL =
  /is not a function|Cannot read|Cannot convert|Maximum call stack|circular structure|is not iterable|undefined \(reading|\[object Object\]/;

/** What an input leads to: undefined where it is refused as it should be. */
function problemOf(what: string, action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    const { message } = error as Error;
    if (
      !(error instanceof Error) ||
      error instanceof TypeError ||
      error instanceof RangeError ||
      INTERNAL.test(message)
    ) {
      return `internal: ${error}`;
    }
    return message.includes(what) ? undefined : `does not name ${what}: ${message}`;
  }
  return 'silent';
}

/** All wrong values for one input at once: a test for each would be thousands. */
function problemsOf({ name, shape }: Input, pass: (value: unknown) => unknown): string[] {
  return wrongValuesOf(shape).flatMap(({ title, make }) => {
    const problem = problemOf(name, () => pass(make()));
    return problem === undefined ? [] : [`${title}: ${problem}`];
  });
}

test('each struct, constructor, factory and method of the public types has a recipe', () => {
  expect(structNames.sort()).toEqual(Object.keys(STRUCTS).sort());
  expect(calls.map(({ name }) => name).sort()).toEqual(Object.keys(CALLABLES).sort());
});

describe.each(structNames)('%s', (name) => {
  const { valid, use } = STRUCTS[name];

  test('is accepted as the recipe has it', () => {
    expect(() => use(valid() as never)).not.toThrow();
  });

  test('refuses an unknown prop, and names the nearest', () => {
    const [{ name: prop }] = structs.get(name)!;
    expect(
      problemOf(`there is no prop '${prop}x'; expected one of `, () => use({ ...valid(), [`${prop}x`]: 1 } as never)),
    ).toBeUndefined();
    expect(problemOf(`did you mean '${prop}'?`, () => use({ ...valid(), [`${prop}x`]: 1 } as never))).toBeUndefined();
  });

  test.each(structs.get(name)!.map((input): [string, Input] => [input.name, input]))(
    'refuses values of a wrong type for %s',
    (prop, input) => {
      expect(problemsOf(input, (value) => use({ ...valid(), [prop]: value } as never))).toEqual([]);
    },
  );
});

describe.each(calls)('$name', ({ name, parameters }) => {
  const { valid, call } = CALLABLES[name];
  // scope.test.ts has what constructors and factories take first.
  const own = name.endsWith('.attachTo')
    ? parameters
    : parameters.filter((parameter) => !['scope', 'id'].includes(parameter.name));

  test('is accepted as the recipe has it', () => {
    expect(() => call(...(valid() as never[]))).not.toThrow();
  });

  if (own.length === 0) return;

  test.each(own.map((input, index): [string, Input, number] => [input.name, input, index]))(
    'refuses values of a wrong type for %s',
    (_, input, index) => {
      const shape = input.rest && input.shape.kind === 'list' ? input.shape.item : input.shape;
      const pass = (value: unknown) => {
        const args = valid();
        args[index] = value;
        return call(...(args as never[]));
      };
      expect(problemsOf({ ...input, shape }, pass)).toEqual([]);
    },
  );
});
