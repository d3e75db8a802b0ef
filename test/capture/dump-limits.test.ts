import { Duration } from 'cdk8s';
import { DUMP_LIMITS, DumpLimits, dumpLimitsOf } from '../../src/capture/dump-limits';
import { checkOptional } from '../../src/input/check';
import { struct } from '../../src/input/struct';
import { messageOf } from '../pods';

const limitsOf = (limits?: DumpLimits, places: Parameters<typeof dumpLimitsOf>[1] = []) =>
  dumpLimitsOf(checkOptional('limits', limits, struct(DUMP_LIMITS)), places);

const DEFAULTS = { dumpsPerProcess: 2, dumpsPerPod: 5, cooldownSeconds: 600 };

test('without limits: 2 dumps of a process, 5 of a pod, 10 minutes between them', () => {
  expect(limitsOf()).toEqual(DEFAULTS);
});

describe('takes at the edge', () => {
  test.each([
    ['one dump of a process', { dumpsPerProcess: 1 }, { ...DEFAULTS, dumpsPerProcess: 1 }],
    [
      '100 dumps of a process',
      { dumpsPerProcess: 100, dumpsPerPod: 100 },
      { ...DEFAULTS, dumpsPerProcess: 100, dumpsPerPod: 100 },
    ],
    [
      'as many dumps of a pod as of a process',
      { dumpsPerProcess: 3, dumpsPerPod: 3 },
      { ...DEFAULTS, dumpsPerProcess: 3, dumpsPerPod: 3 },
    ],
    ['1000 dumps of a pod', { dumpsPerPod: 1000 }, { ...DEFAULTS, dumpsPerPod: 1000 }],
    ['a second between dumps', { cooldown: Duration.millis(1000) }, { ...DEFAULTS, cooldownSeconds: 1 }],
    [
      'the longest pause that fits into 32 bits',
      { cooldown: Duration.seconds(2147483647) },
      { ...DEFAULTS, cooldownSeconds: 2147483647 },
    ],
  ])('%s', (_, limits, expected) => {
    expect(limitsOf(limits)).toEqual(expected);
  });
});

describe('the place of each trigger', () => {
  const places = [
    { trigger: 'memoryAbove 100, 150, 200', dumps: 3 },
    { trigger: 'threadsAbove 20', dumps: 1 },
  ];

  test.each([
    ['one dump each, at least 2', [{ trigger: 'cpuAbove 80', dumps: 1 }], 2],
    ['one for each threshold and trigger', places, 4],
    ['100 at most', [{ trigger: 'every 60', dumps: 100 }], 100],
  ])('the default is %s', (_, given, expected) => {
    expect(limitsOf({}, given).dumpsPerProcess).toBe(expected);
  });

  test('an explicit number may be as large as they need', () => {
    expect(limitsOf({ dumpsPerProcess: 4 }, places).dumpsPerProcess).toBe(4);
  });

  test('a smaller one is an error with the arithmetic', () => {
    expect(messageOf(() => limitsOf({ dumpsPerProcess: 3 }, places))).toBe(
      'limits.dumpsPerProcess is 3, expected at least 4 (3 for memoryAbove 100, 150, 200 + 1 for threadsAbove 20), ' +
        'so that each trigger can take its dumps; raise it to 4, or name fewer thresholds or triggers',
    );
  });

  test('more than 100 are an error', () => {
    expect(messageOf(() => limitsOf({}, [...places, { trigger: 'every 60', dumps: 97 }]))).toBe(
      'triggers need 101 dumps of a process (3 for memoryAbove 100, 150, 200 + 1 for threadsAbove 20 + 97 for every ' +
        '60), expected at most 100; name fewer thresholds or triggers',
    );
  });
});

describe('the default of dumpsPerPod', () => {
  test.each([
    [5, 5],
    [6, 6],
    [100, 100],
  ])('is right for %i dumps of a process: %i', (dumpsPerProcess, expected) => {
    expect(limitsOf({ dumpsPerProcess }).dumpsPerPod).toBe(expected);
  });
});

describe('refuses', () => {
  test.each([
    [{ dumpsPerProcess: 0 }, 'limits.dumpsPerProcess must be a whole number from 1 to 100, got 0'],
    [{ dumpsPerProcess: 101 }, 'limits.dumpsPerProcess must be a whole number from 1 to 100, got 101'],
    [{ dumpsPerProcess: 1.5 }, 'limits.dumpsPerProcess must be a whole number from 1 to 100, got 1.5'],
    [{ dumpsPerPod: 1 }, 'limits.dumpsPerPod must be a whole number from 2 to 1000, got 1'],
    [{ dumpsPerProcess: 10, dumpsPerPod: 9 }, 'limits.dumpsPerPod must be a whole number from 10 to 1000, got 9'],
    [{ dumpsPerPod: 1001 }, 'limits.dumpsPerPod must be a whole number from 1 to 1000, got 1001'],
    [{ dumpsPerPod: 5.5 }, 'limits.dumpsPerPod must be a whole number from 1 to 1000, got 5.5'],
    [
      { cooldown: Duration.seconds(0) },
      'limits.cooldown in seconds must be a whole number from 1 to 2147483647, got 0',
    ],
    [
      { cooldown: Duration.millis(1500) },
      'limits.cooldown in seconds must be a whole number from 1 to 2147483647, got 1.5',
    ],
    [
      { cooldown: Duration.seconds(2147483648) },
      'limits.cooldown in seconds must be a whole number from 1 to 2147483647, got 2147483648',
    ],
  ])('%j', (limits, message) => {
    expect(messageOf(() => limitsOf(limits))).toBe(message);
  });
});
