import { Duration, Size } from 'cdk8s';
import { DumpRetention } from '../../src';
import { checkDumpRetention } from '../../src/sidecar/dump-retention';

const DEFAULTS = { ageSeconds: 1_209_600, count: undefined, mebibytes: undefined };

test('without bounds: the dumps of the last 14 days', () => {
  expect(checkDumpRetention()).toEqual(DEFAULTS);
  expect(checkDumpRetention({})).toEqual(DEFAULTS);
});

describe('takes at the edge', () => {
  test.each<[string, DumpRetention, object]>([
    ['a minute', { maxAge: Duration.minutes(1) }, { ...DEFAULTS, ageSeconds: 60 }],
    ['the longest age that fits into 32 bits', { maxAge: Duration.seconds(2147483647) }, { ...DEFAULTS, ageSeconds: 2147483647 }],
    ['one dump', { maxCount: 1 }, { ...DEFAULTS, count: 1 }],
    ['10000 dumps', { maxCount: 10_000 }, { ...DEFAULTS, count: 10_000 }],
    ['a mebibyte', { maxSize: Size.kibibytes(1024) }, { ...DEFAULTS, mebibytes: 1 }],
    ['all of them', { maxAge: Duration.days(1), maxCount: 3, maxSize: Size.gibibytes(2) }, { ageSeconds: 86_400, count: 3, mebibytes: 2048 }],
  ])('%s', (_, retention, expected) => expect(checkDumpRetention(retention)).toEqual(expected));
});

describe('refuses', () => {
  test.each<[unknown, string]>([
    [{ maxAge: Duration.seconds(59) }, 'retention.maxAge in seconds (59) must be a whole number from 60 to 2147483647'],
    [{ maxAge: Duration.millis(60_500) }, 'retention.maxAge in seconds (60.5) must be a whole number from 60 to 2147483647'],
    [{ maxAge: Duration.seconds(2147483648) }, 'retention.maxAge in seconds (2147483648) must be a whole number from 60 to 2147483647'],
    [{ maxAge: 14 }, 'retention.maxAge (14) must be a Duration of cdk8s, for example Duration.minutes(10)'],
    [{ maxCount: 0 }, 'retention.maxCount (0) must be a whole number from 1 to 10000'],
    [{ maxCount: 10_001 }, 'retention.maxCount (10001) must be a whole number from 1 to 10000'],
    [{ maxCount: 1.5 }, 'retention.maxCount (1.5) must be a whole number from 1 to 10000'],
    [{ maxSize: Size.mebibytes(0) }, 'retention.maxSize (0Mi) must be a size of whole mebibytes, from 1Mi'],
    [{ maxSize: Size.kibibytes(1025) }, 'retention.maxSize (1025Ki) must be a size of whole mebibytes, from 1Mi'],
    [{ maxSize: '1Gi' }, 'retention.maxSize (1Gi) must be a Size of cdk8s, for example Size.mebibytes(500)'],
    ['14d', 'retention (14d) must be an object'],
  ])('%j', (retention, message) => expect(() => checkDumpRetention(retention as DumpRetention)).toThrow(new Error(message)));
});
