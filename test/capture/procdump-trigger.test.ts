import { Duration, Size } from 'cdk8s';
import { ProcDumpTrigger as T } from '../../src/capture/procdump-trigger';
import { GcHeap } from '../../src/capture/trigger-options';

const mib = (...sizes: number[]) => sizes.map((size) => Size.mebibytes(size));
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
    [
      'gcHeapAbove one mebibyte of the whole heap',
      T.gcHeapAbove({ thresholds: mib(1) }),
      { heap: undefined, thresholds: [1] },
    ],
    ['gcHeapAbove the most that ProcDump counts', T.gcHeapAbove({ thresholds: mib(2047) }), { thresholds: [2047] }],
    [
      'gcHeapAbove of one heap',
      T.gcHeapAbove({ heap: GcHeap.POH, thresholds: mib(5, 5) }),
      { heap: 'POH', thresholds: [5, 5] },
    ],
    ['gcGeneration(0)', T.gcGeneration(0), { generation: 0 }],
    ['gcGeneration(2)', T.gcGeneration(2), { generation: 2 }],
    ['exception of any type', T.exception(), { include: [] }],
    ['exception that starts with a small letter', T.exception({ include: ['a'] }), { include: ['a'] }],
    ['exception that starts with Z', T.exception({ include: ['Z'] }), { include: ['Z'] }],
    ['exception that starts with *', T.exception({ include: ['*'] }), { include: ['*'] }],
    [
      'exception with blanks, digits and other scripts',
      T.exception({ include: ['IO*größer als 5'] }),
      { include: ['IO*größer als 5'] },
    ],
    [
      'counterAbove a negative value',
      T.counterAbove({ ...counter, threshold: -1.5 }),
      { below: false, threshold: -1.5 },
    ],
    [
      'counterAbove the largest without an exponent',
      T.counterAbove({ ...counter, threshold: 1e20 }),
      { threshold: 1e20 },
    ],
    [
      'counterAbove the smallest without an exponent',
      T.counterAbove({ ...counter, threshold: 1e-6 }),
      { threshold: 1e-6 },
    ],
    ['counterBelow zero', T.counterBelow({ ...counter, threshold: 0 }), { below: true, threshold: 0 }],
    ['counterAbove without a percentile', T.counterAbove(counter), { counter: 'System.Runtime:cpu-usage' }],
    [
      'counterAbove the 50th percentile',
      T.counterAbove({ ...counter, percentile: 50 }),
      { counter: 'System.Runtime:cpu-usage[p50]' },
    ],
    [
      'counterAbove the 95th percentile',
      T.counterAbove({ ...counter, percentile: 95 }),
      { counter: 'System.Runtime:cpu-usage[p95]' },
    ],
    [
      'counterBelow the 99th percentile',
      T.counterBelow({ ...counter, percentile: 99 }),
      { counter: 'System.Runtime:cpu-usage[p99]' },
    ],
    [
      'counterAbove with every kind of character',
      T.counterAbove({ provider: '3A.b_c/d-', counter: '9z.Y_/-', threshold: 1 }),
      { counter: '3A.b_c/d-:9z.Y_/-' },
    ],
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
