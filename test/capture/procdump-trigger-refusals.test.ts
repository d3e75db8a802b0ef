import { Duration, Size } from 'cdk8s';
import { ProcDumpTrigger as T } from '../../src/capture/procdump-trigger';
import { messageOf } from '../pods';

const mib = (...sizes: number[]) => sizes.map((size) => Size.mebibytes(size));
const INT32 = 'must be a whole number from 1 to 2147483647';
const FILTER =
  'must be text that starts with a letter or * and contains no comma, colon, semicolon or control character; write ' +
  '* in their place';
const NAMES = 'must be letters, digits and . _ / - with a letter or digit first, as in System.Runtime and cpu-usage';
const counter = { provider: 'System.Runtime', counter: 'cpu-usage', threshold: 50 };

const EMPTY = 'is empty; give at least one value';
const CPU = 'must be a number above 0 and at most 100, the share of all cores that the .NET runtime sees';
const MEBIBYTES = 'must be a size of whole mebibytes from 1Mi to 2147483647Mi';
const PLAIN = "must be a number in the counter's own unit that can be written without an exponent";
const ASCENDING = 'must be ascending: ProcDump waits for them one after the other; sort them';

describe('refuses', () => {
  test.each<[string, () => T, string]>([
    ['cpuAbove(0)', () => T.cpuAbove(0), `cpuAbove: percent ${CPU}, got 0`],
    ['cpuAbove more than all cores', () => T.cpuAbove(100.1), `cpuAbove: percent ${CPU}, got 100.1`],
    ['cpuAbove with an exponent', () => T.cpuAbove(1e-7), `cpuAbove: percent ${CPU}, got 1e-7`],
    ['cpuAbove what is no number', () => T.cpuAbove(NaN), `cpuAbove: percent ${CPU}, got NaN`],
    ['cpuBelow(0)', () => T.cpuBelow(0), `cpuBelow: percent ${CPU}, got 0`],
    ['cpuBelow more than all cores', () => T.cpuBelow(101), `cpuBelow: percent ${CPU}, got 101`],
    ['averageCpuAbove(0)', () => T.averageCpuAbove(0), `averageCpuAbove: percent ${INT32}, got 0`],
    ['averageCpuAbove of a fraction', () => T.averageCpuAbove(0.5), `averageCpuAbove: percent ${INT32}, got 0.5`],
    [
      'averageCpuAbove beyond 32 bits',
      () => T.averageCpuAbove(2147483648),
      `averageCpuAbove: percent ${INT32}, got 2147483648`,
    ],
    ['averageCpuBelow(0)', () => T.averageCpuBelow(0), `averageCpuBelow: percent ${INT32}, got 0`],
    ['memoryAbove of nothing', () => T.memoryAbove(), `memoryAbove: sizes ${EMPTY}`],
    [
      'memoryAbove of one list',
      () => T.memoryAbove([Size.mebibytes(75), Size.gibibytes(1)] as never),
      'memoryAbove: sizes[0] must be a Size of cdk8s, for example Size.mebibytes(500), got ["Size.mebibytes(75)",' +
        '"Size.gibibytes(1)"]; write memoryAbove(Size.mebibytes(75), Size.gibibytes(1))',
    ],
    [
      'memoryBelow of one list',
      () => T.memoryBelow([Size.kibibytes(2048)] as never),
      'memoryBelow: sizes[0] must be a Size of cdk8s, for example Size.mebibytes(500), got ["Size.kibibytes(2048)"]; ' +
        'write memoryBelow(Size.kibibytes(2048))',
    ],
    ['memoryAbove 0', () => T.memoryAbove(...mib(0)), `memoryAbove: sizes[0] ${MEBIBYTES}, got Size.mebibytes(0)`],
    [
      'memoryAbove a part of a mebibyte',
      () => T.memoryAbove(Size.kibibytes(1536)),
      `memoryAbove: sizes[0] ${MEBIBYTES}, got Size.kibibytes(1536)`,
    ],
    [
      'memoryAbove beyond 32 bits',
      () => T.memoryAbove(...mib(1, 2147483648)),
      `memoryAbove: sizes[1] ${MEBIBYTES}, got Size.mebibytes(2147483648)`,
    ],
    [
      'memoryAbove out of order',
      () => T.memoryAbove(...mib(1, 3, 2)),
      `memoryAbove: thresholds (1, 3, 2) ${ASCENDING}`,
    ],
    ['memoryBelow of nothing', () => T.memoryBelow(), `memoryBelow: sizes ${EMPTY}`],
    ['memoryBelow 0', () => T.memoryBelow(...mib(0)), `memoryBelow: sizes[0] ${MEBIBYTES}, got Size.mebibytes(0)`],
    [
      'memoryBelow beyond 32 bits',
      () => T.memoryBelow(...mib(2147483648)),
      `memoryBelow: sizes[0] ${MEBIBYTES}, got Size.mebibytes(2147483648)`,
    ],
    [
      'memoryBelow out of order',
      () => T.memoryBelow(...mib(3, 1, 2)),
      'memoryBelow: thresholds (3, 1, 2) must be descending: ProcDump waits for them one after the other; sort them',
    ],
    ['memoryAboveLimit of nothing', () => T.memoryAboveLimit(), `memoryAboveLimit: percents ${EMPTY}`],
    [
      'memoryAboveLimit of one list',
      () => T.memoryAboveLimit([75, 90] as never),
      'memoryAboveLimit: percents[0] must be a whole number from 1 to 99, got [75,90]; write memoryAboveLimit(75, 90)',
    ],
    [
      'memoryAboveLimit of an empty list',
      () => T.memoryAboveLimit([] as never),
      'memoryAboveLimit: percents[0] must be a whole number from 1 to 99, got []',
    ],
    [
      'memoryAboveLimit(0)',
      () => T.memoryAboveLimit(0),
      'memoryAboveLimit: percents[0] must be a whole number from 1 to 99, got 0',
    ],
    [
      'memoryAboveLimit(100), where the process is killed',
      () => T.memoryAboveLimit(75, 100),
      'memoryAboveLimit: percents[1] must be a whole number from 1 to 99, got 100',
    ],
    [
      'memoryAboveLimit of a fraction',
      () => T.memoryAboveLimit(75.5),
      'memoryAboveLimit: percents[0] must be a whole number from 1 to 99, got 75.5',
    ],
    [
      'memoryAboveLimit out of order',
      () => T.memoryAboveLimit(90, 75),
      `memoryAboveLimit: thresholds (90, 75) ${ASCENDING}`,
    ],
    ['threadsAbove(0)', () => T.threadsAbove(0), `threadsAbove: count ${INT32}, got 0`],
    ['threadsAbove beyond 32 bits', () => T.threadsAbove(2147483648), `threadsAbove: count ${INT32}, got 2147483648`],
    ['fileDescriptorsAbove(0)', () => T.fileDescriptorsAbove(0), `fileDescriptorsAbove: count ${INT32}, got 0`],
    [
      'memoryAbove of a number',
      () => T.memoryAbove(500 as never),
      'memoryAbove: sizes[0] must be a Size of cdk8s, for example Size.mebibytes(500), got 500',
    ],
    [
      'gcHeapAbove without options',
      () => T.gcHeapAbove(undefined as never),
      'gcHeapAbove: options is missing; expected an object of props',
    ],
    [
      'gcHeapAbove of a size',
      () => T.gcHeapAbove(Size.mebibytes(500) as never),
      'gcHeapAbove: options must be an object of props, got Size.mebibytes(500)',
    ],
    [
      'gcHeapAbove of one threshold',
      () => T.gcHeapAbove({ thresholds: Size.mebibytes(500) as never }),
      'gcHeapAbove: thresholds must be a list, got Size.mebibytes(500); write [Size.mebibytes(500)]',
    ],
    [
      'one exception',
      () => T.exception({ include: 'System.X' as never }),
      `exception: include must be a list, got "System.X"; write ['System.X']`,
    ],
    [
      'gcHeapAbove without thresholds',
      () => T.gcHeapAbove({} as never),
      'gcHeapAbove: thresholds is missing; expected a list',
    ],
    [
      'gcHeapAbove of an unknown heap',
      () => T.gcHeapAbove({ heap: '5' as never, thresholds: [Size.mebibytes(1)] }),
      'gcHeapAbove: heap must be one of 0, 1, 2, LOH, POH, got "5"',
    ],
    [
      'exception of what is no text',
      () => T.exception({ include: [undefined as never] }),
      `exception: include[0] is missing; expected ${FILTER.slice('must be '.length)}`,
    ],
    [
      'every without an interval',
      () => T.every(60 as never),
      'every: interval must be a Duration of cdk8s, for example Duration.minutes(10), got 60',
    ],
    ['signal without numbers', () => T.signal({} as never), 'signal: numbers is missing; expected a list'],
    [
      'counterAbove without options',
      () => T.counterAbove(undefined as never),
      'counterAbove: options is missing; expected an object of props',
    ],
    ['gcHeapAbove of nothing', () => T.gcHeapAbove({ thresholds: [] }), `gcHeapAbove: thresholds ${EMPTY}`],
    [
      'gcHeapAbove 0',
      () => T.gcHeapAbove({ thresholds: mib(0) }),
      'gcHeapAbove: thresholds[0] must be a size of whole mebibytes from 1Mi to 2047Mi, got Size.mebibytes(0)',
    ],
    [
      'gcHeapAbove what overflows',
      () => T.gcHeapAbove({ thresholds: mib(2048) }),
      'gcHeapAbove: thresholds[0] must be a size of whole mebibytes from 1Mi to 2047Mi, got Size.mebibytes(2048)',
    ],
    [
      'gcHeapAbove out of order',
      () => T.gcHeapAbove({ thresholds: mib(2, 1) }),
      `gcHeapAbove: thresholds (2, 1) ${ASCENDING}`,
    ],
    [
      'gcGeneration(-1)',
      () => T.gcGeneration(-1),
      'gcGeneration: generation must be a whole number from 0 to 2, got -1',
    ],
    ['gcGeneration(3)', () => T.gcGeneration(3), 'gcGeneration: generation must be a whole number from 0 to 2, got 3'],
    ['exception of none of a list', () => T.exception({ include: [] }), `exception: include ${EMPTY}`],
    ['exception of the empty text', () => T.exception({ include: [''] }), `exception: include[0] ${FILTER}, got ""`],
    [
      'exception that starts with a digit',
      () => T.exception({ include: ['1A'] }),
      `exception: include[0] ${FILTER}, got "1A"`,
    ],
    [
      'exception that starts with a blank',
      () => T.exception({ include: [' A'] }),
      `exception: include[0] ${FILTER}, got " A"`,
    ],
    [
      'exception that starts with a letter beyond ASCII',
      () => T.exception({ include: ['Äther'] }),
      `exception: include[0] ${FILTER}, got "Äther"`,
    ],
    ['exception with a comma', () => T.exception({ include: ['A,B'] }), `exception: include[0] ${FILTER}, got "A,B"`],
    ['exception with a colon', () => T.exception({ include: ['A: b'] }), `exception: include[0] ${FILTER}, got "A: b"`],
    [
      'exception with a semicolon',
      () => T.exception({ include: ['A;b'] }),
      `exception: include[0] ${FILTER}, got "A;b"`,
    ],
    [
      'exception with a control character',
      () => T.exception({ include: ['A\tb'] }),
      `exception: include[0] ${FILTER}, got "A\\tb"`,
    ],
    [
      'exception whose second element is wrong',
      () => T.exception({ include: ['A', '5'] }),
      `exception: include[1] ${FILTER}, got "5"`,
    ],
    [
      'counterAbove without a provider',
      () => T.counterAbove({ ...counter, provider: '' }),
      `counterAbove: provider ${NAMES}, got ""`,
    ],
    [
      'counterAbove of a provider with a colon',
      () => T.counterAbove({ ...counter, provider: 'a:b' }),
      `counterAbove: provider ${NAMES}, got "a:b"`,
    ],
    [
      'counterBelow of a counter with brackets',
      () => T.counterBelow({ ...counter, counter: 'a[p50]' }),
      `counterBelow: counter ${NAMES}, got "a[p50]"`,
    ],
    [
      'counterBelow of a counter that starts with a dash',
      () => T.counterBelow({ ...counter, counter: '-a' }),
      `counterBelow: counter ${NAMES}, got "-a"`,
    ],
    [
      'counterAbove what is no number',
      () => T.counterAbove({ ...counter, threshold: NaN }),
      `counterAbove: threshold ${PLAIN}, got NaN`,
    ],
    [
      'counterBelow infinity',
      () => T.counterBelow({ ...counter, threshold: Infinity }),
      `counterBelow: threshold ${PLAIN}, got Infinity`,
    ],
    [
      'counterAbove what is too large',
      () => T.counterAbove({ ...counter, threshold: 1e21 }),
      `counterAbove: threshold ${PLAIN}, got 1e+21`,
    ],
    [
      'counterAbove what is too small',
      () => T.counterAbove({ ...counter, threshold: 1e-7 }),
      `counterAbove: threshold ${PLAIN}, got 1e-7`,
    ],
    [
      'counterAbove a percentile that nobody publishes',
      () => T.counterAbove({ ...counter, percentile: 90 }),
      'counterAbove: percentile must be one of 50, 95, 99, got 90',
    ],
    ['every 0 seconds', () => T.every(Duration.seconds(0)), `every: interval in seconds ${INT32}, got 0`],
    ['every second and a half', () => T.every(Duration.millis(1500)), `every: interval in seconds ${INT32}, got 1.5`],
    [
      'every longer than 32 bits',
      () => T.every(Duration.seconds(2147483648)),
      `every: interval in seconds ${INT32}, got 2147483648`,
    ],
    [
      'every without a dump',
      () => T.every(Duration.hours(1), { count: 0 }),
      'every: count must be a whole number from 1 to 100, got 0',
    ],
    [
      'every with more dumps than -n takes',
      () => T.every(Duration.hours(1), { count: 101 }),
      'every: count must be a whole number from 1 to 100, got 101',
    ],
    ['signal of nothing', () => T.signal({ numbers: [], acceptStoppedTarget: true }), `signal: numbers ${EMPTY}`],
    [
      'signal 0',
      () => T.signal({ numbers: [0], acceptStoppedTarget: true }),
      'signal: numbers[0] must be a whole number from 1 to 64, got 0',
    ],
    [
      'signal 65',
      () => T.signal({ numbers: [65], acceptStoppedTarget: true }),
      'signal: numbers[0] must be a whole number from 1 to 64, got 65',
    ],
    [
      'SIGKILL',
      () => T.signal({ numbers: [15, 9], acceptStoppedTarget: true }),
      'signal: numbers holds 9 (SIGKILL), which cannot be intercepted; name another signal',
    ],
    [
      'signal without consent',
      () => T.signal({ numbers: [15], acceptStoppedTarget: false }),
      'signal: acceptStoppedTarget must be true, got false: after each dump ProcDump leaves the process stopped ' +
        'until it receives SIGCONT; use another trigger, or set it to true',
    ],
  ])('%s', (_, make, message) => {
    expect(messageOf(make)).toBe(`ProcDumpTrigger.${message}`);
  });
});
