import { Duration, Size } from 'cdk8s';
import { GcHeap, ProcDumpTrigger as T } from '../src/procdump-trigger';

const mib = (...sizes: number[]) => sizes.map((size) => Size.mebibytes(size));
const INT32 = 'must be a whole number from 1 to 2147483647';
const FILTER = 'must start with a letter or * and hold no comma, colon, semicolon or control character, which ProcDump takes for separators; write * in their place';
const NAMES = 'must be made of letters, digits and . _ / -, and start with a letter or digit, as in System.Runtime and cpu-usage';
const counter = { provider: 'System.Runtime', counter: 'cpu-usage', threshold: 50 };

describe('takes at the edge', () => {
  test.each([
    ['cpuAbove just above 0', T.cpuAbove(0.01), { below: false, percent: 0.01 }],
    ['cpuAbove(100)', T.cpuAbove(100), { below: false, percent: 100 }],
    ['cpuBelow just above 0', T.cpuBelow(0.01), { below: true, percent: 0.01 }],
    ['cpuBelow(100)', T.cpuBelow(100), { below: true, percent: 100 }],
    ['averageCpuAbove(1)', T.averageCpuAbove(1), { below: false, percent: 1 }],
    ['averageCpuAbove of more than one core', T.averageCpuAbove(800), { below: false, percent: 800 }],
    ['averageCpuBelow(1)', T.averageCpuBelow(1), { below: true, percent: 1 }],
    ['memoryAbove one mebibyte', T.memoryAbove(...mib(1)), { below: false, ofLimit: false, thresholds: [1] }],
    ['memoryAbove the largest number', T.memoryAbove(...mib(2147483647)), { thresholds: [2147483647] }],
    ['memoryAbove the same size repeated', T.memoryAbove(...mib(5, 5, 6)), { thresholds: [5, 5, 6] }],
    ['memoryAbove in other units', T.memoryAbove(Size.kibibytes(2048), Size.gibibytes(1.5)), { thresholds: [2, 1536] }],
    ['memoryBelow one mebibyte', T.memoryBelow(...mib(1)), { below: true, ofLimit: false, thresholds: [1] }],
    ['memoryBelow the same size repeated', T.memoryBelow(...mib(6, 5, 5)), { thresholds: [6, 5, 5] }],
    ['memoryAboveLimit(1, 99)', T.memoryAboveLimit(1, 99), { below: false, ofLimit: true, thresholds: [1, 99] }],
    ['memoryAboveLimit of a value repeated', T.memoryAboveLimit(75, 75), { thresholds: [75, 75] }],
    ['threadsAbove(1)', T.threadsAbove(1), { count: 1 }],
    ['threadsAbove the largest number', T.threadsAbove(2147483647), { count: 2147483647 }],
    ['fileDescriptorsAbove(1)', T.fileDescriptorsAbove(1), { count: 1 }],
    ['gcHeapAbove one mebibyte of the whole heap', T.gcHeapAbove({ thresholds: mib(1) }), { heap: undefined, thresholds: [1] }],
    ['gcHeapAbove the most that ProcDump counts', T.gcHeapAbove({ thresholds: mib(2047) }), { thresholds: [2047] }],
    ['gcHeapAbove of one heap', T.gcHeapAbove({ heap: GcHeap.POH, thresholds: mib(5, 5) }), { heap: 'POH', thresholds: [5, 5] }],
    ['gcGeneration(0)', T.gcGeneration(0), { generation: 0 }],
    ['gcGeneration(2)', T.gcGeneration(2), { generation: 2 }],
    ['exception of any type', T.exception(), { include: [] }],
    ['exception that starts with a small letter', T.exception({ include: ['a'] }), { include: ['a'] }],
    ['exception that starts with Z', T.exception({ include: ['Z'] }), { include: ['Z'] }],
    ['exception that starts with *', T.exception({ include: ['*'] }), { include: ['*'] }],
    ['exception with blanks, digits and other scripts', T.exception({ include: ['IO*größer als 5'] }), { include: ['IO*größer als 5'] }],
    ['counterAbove a negative value', T.counterAbove({ ...counter, threshold: -1.5 }), { below: false, threshold: -1.5 }],
    ['counterAbove the largest without an exponent', T.counterAbove({ ...counter, threshold: 1e20 }), { threshold: 1e20 }],
    ['counterAbove the smallest without an exponent', T.counterAbove({ ...counter, threshold: 1e-6 }), { threshold: 1e-6 }],
    ['counterBelow zero', T.counterBelow({ ...counter, threshold: 0 }), { below: true, threshold: 0 }],
    ['counterAbove without a percentile', T.counterAbove(counter), { counter: 'System.Runtime:cpu-usage' }],
    ['counterAbove the 50th percentile', T.counterAbove({ ...counter, percentile: 50 }), { counter: 'System.Runtime:cpu-usage[p50]' }],
    ['counterAbove the 95th percentile', T.counterAbove({ ...counter, percentile: 95 }), { counter: 'System.Runtime:cpu-usage[p95]' }],
    ['counterBelow the 99th percentile', T.counterBelow({ ...counter, percentile: 99 }), { counter: 'System.Runtime:cpu-usage[p99]' }],
    ['counterAbove with every kind of character', T.counterAbove({ provider: '3A.b_c/d-', counter: '9z.Y_/-', threshold: 1 }), { counter: '3A.b_c/d-:9z.Y_/-' }],
    ['every second', T.every(Duration.millis(1000)), { seconds: 1, count: undefined }],
    ['every 68 years', T.every(Duration.seconds(2147483647)), { seconds: 2147483647 }],
    ['every minute, once', T.every(Duration.minutes(1), { count: 1 }), { seconds: 60, count: 1 }],
    ['every minute, a hundred times', T.every(Duration.minutes(1), { count: 100 }), { count: 100 }],
    ['signal 1 and 64', T.signal({ numbers: [1, 64], acceptStoppedTarget: true }), { numbers: [1, 64] }],
    ['the signals beside SIGKILL', T.signal({ numbers: [8, 10], acceptStoppedTarget: true }), { numbers: [8, 10] }],
  ])('%s', (_, trigger, expected) => {
    expect(trigger._spec).toMatchObject(expected);
  });
});

const EMPTY = 'is empty; give at least one value';
const CPU = 'must be above 0 and at most 100, the share of all cores that the .NET runtime sees';
const PLAIN = "must be a number in the counter's own unit that can be written without an exponent";
const ASCENDING = 'must be ascending: ProcDump waits for one after the other; sort them';

describe('refuses', () => {
  test.each<[string, () => T, string]>([
    ['cpuAbove(0)', () => T.cpuAbove(0), `cpuAbove: percent (0) ${CPU}`],
    ['cpuAbove more than all cores', () => T.cpuAbove(100.1), `cpuAbove: percent (100.1) ${CPU}`],
    ['cpuAbove with an exponent', () => T.cpuAbove(1e-7), `cpuAbove: percent (1e-7) ${CPU}`],
    ['cpuAbove what is no number', () => T.cpuAbove(NaN), `cpuAbove: percent (NaN) ${CPU}`],
    ['cpuBelow(0)', () => T.cpuBelow(0), `cpuBelow: percent (0) ${CPU}`],
    ['cpuBelow more than all cores', () => T.cpuBelow(101), `cpuBelow: percent (101) ${CPU}`],
    ['averageCpuAbove(0)', () => T.averageCpuAbove(0), `averageCpuAbove: percent (0) ${INT32}`],
    ['averageCpuAbove of a fraction', () => T.averageCpuAbove(0.5), `averageCpuAbove: percent (0.5) ${INT32}`],
    ['averageCpuAbove beyond 32 bits', () => T.averageCpuAbove(2147483648), `averageCpuAbove: percent (2147483648) ${INT32}`],
    ['averageCpuBelow(0)', () => T.averageCpuBelow(0), `averageCpuBelow: percent (0) ${INT32}`],
    ['memoryAbove of nothing', () => T.memoryAbove(), `memoryAbove: the list of sizes ${EMPTY}`],
    ['memoryAbove 0', () => T.memoryAbove(...mib(0)), `memoryAbove: size in mebibytes (0) ${INT32}`],
    ['memoryAbove a part of a mebibyte', () => T.memoryAbove(Size.kibibytes(1536)), `memoryAbove: size in mebibytes (1.5) ${INT32}`],
    ['memoryAbove beyond 32 bits', () => T.memoryAbove(...mib(1, 2147483648)), `memoryAbove: size in mebibytes (2147483648) ${INT32}`],
    ['memoryAbove out of order', () => T.memoryAbove(...mib(1, 3, 2)), `memoryAbove: thresholds (1, 3, 2) ${ASCENDING}`],
    ['memoryBelow of nothing', () => T.memoryBelow(), `memoryBelow: the list of sizes ${EMPTY}`],
    ['memoryBelow 0', () => T.memoryBelow(...mib(0)), `memoryBelow: size in mebibytes (0) ${INT32}`],
    ['memoryBelow beyond 32 bits', () => T.memoryBelow(...mib(2147483648)), `memoryBelow: size in mebibytes (2147483648) ${INT32}`],
    ['memoryBelow out of order', () => T.memoryBelow(...mib(3, 1, 2)),
      'memoryBelow: thresholds (3, 1, 2) must be descending: ProcDump waits for one after the other; sort them'],
    ['memoryAboveLimit of nothing', () => T.memoryAboveLimit(), `memoryAboveLimit: percents ${EMPTY}`],
    ['memoryAboveLimit(0)', () => T.memoryAboveLimit(0), 'memoryAboveLimit: percent (0) must be a whole number from 1 to 99'],
    ['memoryAboveLimit(100), where the process is killed', () => T.memoryAboveLimit(75, 100),
      'memoryAboveLimit: percent (100) must be a whole number from 1 to 99'],
    ['memoryAboveLimit of a fraction', () => T.memoryAboveLimit(75.5), 'memoryAboveLimit: percent (75.5) must be a whole number from 1 to 99'],
    ['memoryAboveLimit out of order', () => T.memoryAboveLimit(90, 75), `memoryAboveLimit: thresholds (90, 75) ${ASCENDING}`],
    ['threadsAbove(0)', () => T.threadsAbove(0), `threadsAbove: count (0) ${INT32}`],
    ['threadsAbove beyond 32 bits', () => T.threadsAbove(2147483648), `threadsAbove: count (2147483648) ${INT32}`],
    ['fileDescriptorsAbove(0)', () => T.fileDescriptorsAbove(0), `fileDescriptorsAbove: count (0) ${INT32}`],
    ['gcHeapAbove of nothing', () => T.gcHeapAbove({ thresholds: [] }), `gcHeapAbove: the list of sizes ${EMPTY}`],
    ['gcHeapAbove 0', () => T.gcHeapAbove({ thresholds: mib(0) }), 'gcHeapAbove: size in mebibytes (0) must be a whole number from 1 to 2047'],
    ['gcHeapAbove what overflows', () => T.gcHeapAbove({ thresholds: mib(2048) }), 'gcHeapAbove: size in mebibytes (2048) must be a whole number from 1 to 2047'],
    ['gcHeapAbove out of order', () => T.gcHeapAbove({ thresholds: mib(2, 1) }), `gcHeapAbove: thresholds (2, 1) ${ASCENDING}`],
    ['gcGeneration(-1)', () => T.gcGeneration(-1), 'gcGeneration: generation (-1) must be a whole number from 0 to 2'],
    ['gcGeneration(3)', () => T.gcGeneration(3), 'gcGeneration: generation (3) must be a whole number from 0 to 2'],
    ['exception of none of a list', () => T.exception({ include: [] }), `exception: include ${EMPTY}`],
    ['exception of the empty text', () => T.exception({ include: [''] }), `exception: include '' ${FILTER}`],
    ['exception that starts with a digit', () => T.exception({ include: ['1A'] }), `exception: include '1A' ${FILTER}`],
    ['exception that starts with a blank', () => T.exception({ include: [' A'] }), `exception: include ' A' ${FILTER}`],
    ['exception that starts with a letter beyond ASCII', () => T.exception({ include: ['Äther'] }), `exception: include 'Äther' ${FILTER}`],
    ['exception with a comma', () => T.exception({ include: ['A,B'] }), `exception: include 'A,B' ${FILTER}`],
    ['exception with a colon', () => T.exception({ include: ['A: b'] }), `exception: include 'A: b' ${FILTER}`],
    ['exception with a semicolon', () => T.exception({ include: ['A;b'] }), `exception: include 'A;b' ${FILTER}`],
    ['exception with a control character', () => T.exception({ include: ['A\tb'] }), `exception: include 'A\tb' ${FILTER}`],
    ['exception whose second element is wrong', () => T.exception({ include: ['A', '5'] }), `exception: include '5' ${FILTER}`],
    ['counterAbove without a provider', () => T.counterAbove({ ...counter, provider: '' }), `counterAbove: provider '' and counter 'cpu-usage' ${NAMES}`],
    ['counterAbove of a provider with a colon', () => T.counterAbove({ ...counter, provider: 'a:b' }),
      `counterAbove: provider 'a:b' and counter 'cpu-usage' ${NAMES}`],
    ['counterBelow of a counter with brackets', () => T.counterBelow({ ...counter, counter: 'a[p50]' }),
      `counterBelow: provider 'System.Runtime' and counter 'a[p50]' ${NAMES}`],
    ['counterBelow of a counter that starts with a dash', () => T.counterBelow({ ...counter, counter: '-a' }),
      `counterBelow: provider 'System.Runtime' and counter '-a' ${NAMES}`],
    ['counterAbove what is no number', () => T.counterAbove({ ...counter, threshold: NaN }), `counterAbove: threshold (NaN) ${PLAIN}`],
    ['counterBelow infinity', () => T.counterBelow({ ...counter, threshold: Infinity }), `counterBelow: threshold (Infinity) ${PLAIN}`],
    ['counterAbove what is too large', () => T.counterAbove({ ...counter, threshold: 1e21 }), `counterAbove: threshold (1e+21) ${PLAIN}`],
    ['counterAbove what is too small', () => T.counterAbove({ ...counter, threshold: 1e-7 }), `counterAbove: threshold (1e-7) ${PLAIN}`],
    ['counterAbove a percentile that nobody publishes', () => T.counterAbove({ ...counter, percentile: 90 }),
      'counterAbove: percentile (90) must be 50, 95 or 99; the runtime publishes no other, and ProcDump would silently compare the median'],
    ['every 0 seconds', () => T.every(Duration.seconds(0)), `every: interval in seconds (0) ${INT32}`],
    ['every second and a half', () => T.every(Duration.millis(1500)), `every: interval in seconds (1.5) ${INT32}`],
    ['every longer than 32 bits', () => T.every(Duration.seconds(2147483648)), `every: interval in seconds (2147483648) ${INT32}`],
    ['every without a dump', () => T.every(Duration.hours(1), { count: 0 }), 'every: count (0) must be a whole number from 1 to 100'],
    ['every with more dumps than -n takes', () => T.every(Duration.hours(1), { count: 101 }), 'every: count (101) must be a whole number from 1 to 100'],
    ['signal of nothing', () => T.signal({ numbers: [], acceptStoppedTarget: true }), `signal: numbers ${EMPTY}`],
    ['signal 0', () => T.signal({ numbers: [0], acceptStoppedTarget: true }), 'signal: number (0) must be a whole number from 1 to 64'],
    ['signal 65', () => T.signal({ numbers: [65], acceptStoppedTarget: true }), 'signal: number (65) must be a whole number from 1 to 64'],
    ['SIGKILL', () => T.signal({ numbers: [15, 9], acceptStoppedTarget: true }),
      'signal: number (9) is SIGKILL, which cannot be intercepted; name another signal'],
    ['signal without consent', () => T.signal({ numbers: [15], acceptStoppedTarget: false }), 'signal: acceptStoppedTarget (false) must be true: after its last '
      + 'dump ProcDump leaves the process stopped until somebody sends SIGCONT; take another trigger, or set it to true'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(new Error(`ProcDumpTrigger.${message}`));
  });
});
