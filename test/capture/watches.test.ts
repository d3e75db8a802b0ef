import { Duration, Size } from 'cdk8s';
import { SwitchOptions, switchesOf } from './switches';
import { ProcDumpTrigger as T } from '../../src/capture/procdump-trigger';
import { GcHeap } from '../../src/capture/trigger-options';
import { planWatches, WatchOptions } from '../../src/capture/watches';

type Options = WatchOptions & SwitchOptions;

const DOTNET: Options = { runtime: 'dotnet', dumpsPerProcess: 3, cooldownSeconds: 600 };
const NATIVE: Options = { ...DOTNET, runtime: 'native', dumpMask: '3f' };
const mib = (...sizes: number[]) => sizes.map((size) => Size.mebibytes(size));
const counter = (name: string, threshold = 1) => T.counterAbove({ provider: 'P', counter: name, threshold });
const signal = (...numbers: number[]) => T.signal({ numbers, acceptStoppedTarget: true });

/** `name: arguments`, with a star where the profiler is loaded. */
function plan(triggers: T[], options = DOTNET): string[] {
  return planWatches(triggers, options).map(
    (watch) => `${watch.name}${watch.profiler ? '*' : ''}: ${switchesOf(watch, options).join(' ')}`,
  );
}

test('no triggers need no process', () => {
  expect(planWatches([], DOTNET)).toEqual([]);
});

test('each argument is an element of its own, blanks and all', () => {
  expect(planWatches([T.exception({ include: ['IO*too long'] })], DOTNET)).toEqual([
    {
      name: 'exception',
      dumps: 3,
      profiler: true,
      triggers: [{ kind: 'exception', exceptions: ['IO*too long'] }],
    },
  ]);
});

describe('each trigger of a .NET process', () => {
  test.each([
    ['cpuAbove', T.cpuAbove(80.5), 'polling: -n 3 -s 600 -pc System.Runtime:cpu-usage 80.5'],
    ['cpuBelow', T.cpuBelow(5), 'polling: -n 3 -s 600 -pcl System.Runtime:cpu-usage 5'],
    ['averageCpuAbove', T.averageCpuAbove(90), 'polling: -n 3 -s 600 -c 90'],
    ['averageCpuBelow', T.averageCpuBelow(10), 'polling: -n 3 -s 600 -cl 10'],
    ['memoryAbove', T.memoryAbove(...mib(100, 200)), 'polling: -s 600 -m 100,200'],
    ['memoryBelow', T.memoryBelow(...mib(200, 100)), 'polling: -s 600 -ml 200,100'],
    ['memoryAboveLimit', T.memoryAboveLimit(75, 90), 'polling: -s 600 -m 75%,90%'],
    ['threadsAbove', T.threadsAbove(50), 'polling: -n 3 -s 600 -tc 50'],
    ['fileDescriptorsAbove', T.fileDescriptorsAbove(60), 'polling: -n 3 -s 600 -fc 60'],
    [
      'counterAbove',
      T.counterAbove({ provider: 'P', counter: 'a', threshold: -1.5, percentile: 95 }),
      'polling: -n 3 -s 600 -pc P:a[p95] -1.5',
    ],
    ['counterBelow', T.counterBelow({ provider: 'P', counter: 'a', threshold: 0 }), 'polling: -n 3 -s 600 -pcl P:a 0'],
    ['every', T.every(Duration.minutes(1)), 'timer: -n 3 -s 60'],
    ['every with a count', T.every(Duration.minutes(1), { count: 2 }), 'timer: -n 2 -s 60'],
    ['gcHeapAbove', T.gcHeapAbove({ thresholds: mib(100, 200) }), 'gc-heap*: -gcm 100'],
    ['gcHeapAbove of one heap', T.gcHeapAbove({ heap: GcHeap.LOH, thresholds: mib(100) }), 'gc-heap*: -gcm LOH:100'],
    ['gcHeapAbove of a generation', T.gcHeapAbove({ heap: GcHeap.GEN0, thresholds: mib(100) }), 'gc-heap*: -gcm 0:100'],
    ['gcGeneration', T.gcGeneration(2), 'gc-generation*: -gcgen 2'],
    ['exception', T.exception(), 'exception*: -n 1 -e'],
    ['exception of some types', T.exception({ include: ['System.*', 'A'] }), 'exception*: -n 1 -e -f A,System.*'],
  ])('%s', (_, trigger, expected) => {
    expect(plan([trigger])).toEqual([expected]);
  });
});

describe('a native process', () => {
  test.each([
    ['is polled', [T.threadsAbove(50)], 'polling: -n 3 -s 600 -mc 3f -tc 50'],
    ['is dumped by the clock', [T.every(Duration.minutes(1))], 'timer: -n 3 -s 60 -mc 3f'],
    ['is watched for signals', [signal(15, 6)], 'signal: -n 3 -s 600 -mc 3f -sig 6,15'],
    [
      'is polled for one of each',
      [T.averageCpuAbove(1), T.memoryAbove(...mib(2)), T.threadsAbove(3), T.fileDescriptorsAbove(4)],
      'polling: -s 600 -mc 3f -c 1 -m 2,2,2 -tc 3 -fc 4',
    ],
    [
      'takes signals of several triggers, each number once',
      [signal(15, 6), signal(10, 6)],
      'signal: -n 3 -s 600 -mc 3f -sig 6,10,15',
    ],
  ])('%s', (_, triggers, expected) => {
    expect(plan(triggers, NATIVE)).toEqual([expected]);
  });

  test('without a mask leaves the choice to ProcDump', () => {
    expect(plan([T.threadsAbove(50)], { ...NATIVE, dumpMask: undefined })).toEqual(['polling: -n 3 -s 600 -tc 50']);
  });
});

describe('what one command line cannot take goes to the next', () => {
  const five = ['a', 'b', 'c', 'd', 'e'].map((name) => counter(name));
  const FIVE = '-pc P:a 1 -pc P:b 1 -pc P:c 1 -pc P:d 1 -pc P:e 1';
  test.each([
    [
      'a second number of threads',
      [T.threadsAbove(5), T.threadsAbove(6)],
      ['polling: -n 3 -s 600 -tc 5', 'polling-2: -n 3 -s 600 -tc 6'],
    ],
    [
      'a second number of descriptors',
      [T.fileDescriptorsAbove(5), T.fileDescriptorsAbove(6)],
      ['polling: -n 3 -s 600 -fc 5', 'polling-2: -n 3 -s 600 -fc 6'],
    ],
    [
      'average CPU above beside below',
      [T.averageCpuBelow(5), T.averageCpuAbove(9)],
      ['polling: -n 3 -s 600 -c 9', 'polling-2: -n 3 -s 600 -cl 5'],
    ],
    [
      'memory above beside below',
      [T.memoryBelow(...mib(5)), T.memoryAbove(...mib(9))],
      ['polling: -s 600 -m 9', 'polling-2: -s 600 -ml 5'],
    ],
    [
      'memory in percent beside mebibytes',
      [T.memoryAboveLimit(90), T.memoryAbove(...mib(9))],
      ['polling: -s 600 -m 9', 'polling-2: -s 600 -m 90%'],
    ],
    ['no fifth counter', five, [`polling: -n 3 -s 600 ${FIVE}`]],
    ['a sixth counter', [...five, counter('f')], [`polling: -n 3 -s 600 ${FIVE}`, 'polling-2: -n 3 -s 600 -pc P:f 1']],
    [
      'CPU, a counter too',
      [...five, T.cpuAbove(50)],
      [
        'polling: -n 3 -s 600 -pc System.Runtime:cpu-usage 50 -pc P:a 1 -pc P:b 1 -pc P:c 1 -pc P:d 1',
        'polling-2: -n 3 -s 600 -pc P:e 1',
      ],
    ],
    [
      'the timer',
      [T.every(Duration.minutes(1)), T.threadsAbove(5)],
      ['polling: -n 3 -s 600 -tc 5', 'timer: -n 3 -s 60'],
    ],
    [
      'a second timer',
      [T.every(Duration.minutes(2)), T.every(Duration.minutes(1))],
      ['timer: -n 3 -s 120', 'timer-2: -n 3 -s 60'],
    ],
    [
      'a trigger that needs the profiler',
      [T.gcGeneration(1), T.threadsAbove(5)],
      ['polling: -n 3 -s 600 -tc 5', 'gc-generation*: -gcgen 1'],
    ],
    [
      'only what must: the rest stays together',
      [T.threadsAbove(5), T.threadsAbove(6), T.fileDescriptorsAbove(7), counter('a')],
      ['polling: -n 3 -s 600 -tc 5 -fc 7 -pc P:a 1', 'polling-2: -n 3 -s 600 -tc 6'],
    ],
  ])('%s', (_, triggers, expected) => {
    expect(plan(triggers)).toEqual(expected);
  });
});

describe('what belongs together is one', () => {
  test.each([
    [
      'sizes of memoryAbove, ascending',
      [T.memoryAbove(...mib(30, 200)), T.memoryAbove(...mib(100))],
      ['polling: -s 600 -m 30,100,200'],
    ],
    [
      'sizes of memoryBelow, descending',
      [T.memoryBelow(...mib(100)), T.memoryBelow(...mib(200, 30))],
      ['polling: -s 600 -ml 200,100,30'],
    ],
    [
      'percents of memoryAboveLimit, ascending',
      [T.memoryAboveLimit(90), T.memoryAboveLimit(9, 95)],
      ['polling: -s 600 -m 9%,90%,95%'],
    ],
    [
      'sizes of one part of the heap, ascending',
      [T.gcHeapAbove({ thresholds: mib(200) }), T.gcHeapAbove({ thresholds: mib(100) })],
      ['gc-heap*: -gcm 100'],
    ],
    [
      'exceptions, each once',
      [T.exception({ include: ['B', 'C'] }), T.exception({ include: ['A', 'B'] })],
      ['exception*: -n 1 -e -f A,B,C'],
    ],
    ['any exception and some', [T.exception({ include: ['A'] }), T.exception()], ['exception*: -n 1 -e']],
    [
      'the same trigger written twice',
      [T.every(Duration.minutes(1)), T.every(Duration.seconds(60))],
      ['timer: -n 3 -s 60'],
    ],
  ])('%s', (_, triggers, expected) => {
    expect(plan(triggers)).toEqual(expected);
  });
});

describe('a list of memory is the number of dumps of its command line', () => {
  test.each([
    ['alone it stays as it is', [T.memoryAbove(...mib(100))], 'polling: -s 600 -m 100'],
    [
      'beside another trigger its last value is repeated',
      [T.memoryAbove(...mib(100, 200)), T.threadsAbove(5)],
      'polling: -s 600 -m 100,200,200 -tc 5',
    ],
    ['beside a counter too', [T.memoryAboveLimit(90), counter('a')], 'polling: -s 600 -m 90%,90%,90% -pc P:a 1'],
    [
      'as long as the limit it stays as it is',
      [T.memoryBelow(...mib(3, 2, 1)), T.threadsAbove(5)],
      'polling: -s 600 -ml 3,2,1 -tc 5',
    ],
  ])('%s', (_, triggers, expected) => {
    expect(plan(triggers)).toEqual([expected]);
  });
});

/* For every list of triggers. Small numbers come often, so that triggers meet on one switch. */
