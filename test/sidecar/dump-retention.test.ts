import { Duration, Size } from 'cdk8s';
import { DumpRetention } from '../../src';
import { checkOptional } from '../../src/input/check';
import { struct } from '../../src/input/struct';
import { DUMP_RETENTION, dumpRetentionOf } from '../../src/sidecar/dump-retention';
import { messageOf } from '../pods';

const retentionOf = (retention?: DumpRetention) =>
  dumpRetentionOf(checkOptional('retention', retention, struct(DUMP_RETENTION)));

const DEFAULTS = { ageSeconds: 1_209_600, count: undefined, mebibytes: undefined };

test('without bounds: the dumps of the last 14 days', () => {
  expect(retentionOf()).toEqual(DEFAULTS);
  expect(retentionOf({})).toEqual(DEFAULTS);
});

describe('takes at the edge', () => {
  test.each<[string, DumpRetention, object]>([
    ['a minute', { maxAge: Duration.minutes(1) }, { ...DEFAULTS, ageSeconds: 60 }],
    [
      'the longest age that fits into 32 bits',
      { maxAge: Duration.seconds(2147483647) },
      { ...DEFAULTS, ageSeconds: 2147483647 },
    ],
    ['one dump', { maxCount: 1 }, { ...DEFAULTS, count: 1 }],
    ['10000 dumps', { maxCount: 10_000 }, { ...DEFAULTS, count: 10_000 }],
    ['a mebibyte', { maxSize: Size.kibibytes(1024) }, { ...DEFAULTS, mebibytes: 1 }],
    [
      'all of them',
      { maxAge: Duration.days(1), maxCount: 3, maxSize: Size.gibibytes(2) },
      { ageSeconds: 86_400, count: 3, mebibytes: 2048 },
    ],
  ])('%s', (_, retention, expected) => expect(retentionOf(retention)).toEqual(expected));
});

describe('refuses', () => {
  test.each<[unknown, string]>([
    [
      { maxAge: Duration.seconds(59) },
      'retention.maxAge in seconds must be a whole number from 60 to 2147483647, got 59',
    ],
    [
      { maxAge: Duration.millis(60_500) },
      'retention.maxAge in seconds must be a whole number from 60 to 2147483647, got 60.5',
    ],
    [
      { maxAge: Duration.seconds(2147483648) },
      'retention.maxAge in seconds must be a whole number from 60 to 2147483647, got 2147483648',
    ],
    [{ maxAge: 14 }, 'retention.maxAge must be a Duration of cdk8s, for example Duration.minutes(10), got 14'],
    [{ maxCount: 0 }, 'retention.maxCount must be a whole number from 1 to 10000, got 0'],
    [{ maxCount: 10_001 }, 'retention.maxCount must be a whole number from 1 to 10000, got 10001'],
    [{ maxCount: 1.5 }, 'retention.maxCount must be a whole number from 1 to 10000, got 1.5'],
    [
      { maxSize: Size.mebibytes(0) },
      'retention.maxSize must be a size of whole mebibytes from 1Mi to 2147483647Mi, got Size.mebibytes(0)',
    ],
    [
      { maxSize: Size.kibibytes(1025) },
      'retention.maxSize must be a size of whole mebibytes from 1Mi to 2147483647Mi, got Size.kibibytes(1025)',
    ],
    [{ maxSize: '1Gi' }, 'retention.maxSize must be a Size of cdk8s, for example Size.mebibytes(500), got "1Gi"'],
    ['14d', 'retention must be an object of props, got "14d"'],
  ])('%j', (retention, message) => expect(messageOf(() => retentionOf(retention as DumpRetention))).toBe(message));
});
