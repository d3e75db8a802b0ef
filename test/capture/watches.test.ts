import { Duration, Size } from 'cdk8s';
import { switchesOf } from './switches';
import { ProcDumpTrigger as T } from '../../src/capture/procdump-trigger';
import { GcHeap } from '../../src/capture/trigger-options';
import { planWatches } from '../../src/capture/watches';

const mib = (...sizes: number[]) => sizes.map((size) => Size.mebibytes(size));
const counter = (name: string, threshold = 1) => T.counterAbove({ provider: 'P', counter: name, threshold });
const signal = (...numbers: number[]) => T.signal({ numbers, acceptStoppedTarget: true });

/** `name: arguments`, with a star where the profiler is loaded. */
function plan(triggers: T[], runtime: 'dotnet' | 'native' = 'dotnet', dumpMask?: string): string[] {
  return planWatches(triggers, runtime).map(
    (watch) => `${watch.name}${watch.profiler ? '*' : ''}: ${switchesOf(watch, dumpMask).join(' ')}`,
  );
}

test('no triggers need no process', () => {
  expect(planWatches([], 'dotnet')).toEqual([]);
});

test('each argument is an element of its own, blanks and all', () => {
  expect(planWatches([T.exception({ include: ['IO*too long'] })], 'dotnet')).toEqual([
    {
      name: 'exception',
      profiler: true,
      triggers: [{ kind: 'exception', dumps: 1, repeats: true, exceptions: ['IO*too long'] }],
    },
  ]);
});

describe('each trigger of a .NET process', () => {
  test.each([
    ['cpuAbove', T.cpuAbove(80.5), 'polling: -n 1 -pc System.Runtime:cpu-usage 80.5'],
    ['cpuBelow', T.cpuBelow(5), 'polling: -n 1 -pcl System.Runtime:cpu-usage 5'],
    ['averageCpuAbove', T.averageCpuAbove(90), 'polling: -n 1 -c 90'],
    ['averageCpuBelow', T.averageCpuBelow(10), 'polling: -n 1 -cl 10'],
    ['memoryAbove', T.memoryAbove(...mib(100, 200)), 'polling: -n 1 -m 100'],
    ['memoryBelow', T.memoryBelow(...mib(200, 100)), 'polling: -n 1 -ml 200'],
    ['memoryAboveLimit', T.memoryAboveLimit(75, 90), 'polling: -n 1 -m 75%'],
    ['threadsAbove', T.threadsAbove(50), 'polling: -n 1 -tc 50'],
    ['fileDescriptorsAbove', T.fileDescriptorsAbove(60), 'polling: -n 1 -fc 60'],
    [
      'counterAbove',
      T.counterAbove({ provider: 'P', counter: 'a', threshold: -1.5, percentile: 95 }),
      'polling: -n 1 -pc P:a[p95] -1.5',
    ],
    ['counterBelow', T.counterBelow({ provider: 'P', counter: 'a', threshold: 0 }), 'polling: -n 1 -pcl P:a 0'],
    ['every', T.every(Duration.minutes(1)), 'timer: -n 1'],
    ['every with a count', T.every(Duration.minutes(1), { count: 2 }), 'timer: -n 1'],
    ['gcHeapAbove', T.gcHeapAbove({ thresholds: mib(100, 200) }), 'gc-heap*: -n 1 -gcm 100'],
    [
      'gcHeapAbove of one heap',
      T.gcHeapAbove({ heap: GcHeap.LOH, thresholds: mib(100) }),
      'gc-heap*: -n 1 -gcm LOH:100',
    ],
    [
      'gcHeapAbove of a generation',
      T.gcHeapAbove({ heap: GcHeap.GEN0, thresholds: mib(100) }),
      'gc-heap*: -n 1 -gcm 0:100',
    ],
    ['gcGeneration', T.gcGeneration(2), 'gc-generation*: -gcgen 2'],
    ['exception', T.exception(), 'exception*: -n 1 -e'],
    ['exception of some types', T.exception({ include: ['System.*', 'A'] }), 'exception*: -n 1 -e -f A,System.*'],
  ])('%s', (_, trigger, expected) => {
    expect(plan([trigger])).toEqual([expected]);
  });
});

describe('a native process', () => {
  test.each([
    ['is polled', [T.threadsAbove(50)], 'polling: -n 1 -mc 3f -tc 50'],
    ['is dumped by the clock', [T.every(Duration.minutes(1))], 'timer: -n 1 -mc 3f'],
    ['is watched for signals', [signal(15, 6)], 'signal: -n 1 -mc 3f -sig 6,15'],
    [
      'is polled for one of each',
      [T.averageCpuAbove(1), T.memoryAbove(...mib(2)), T.threadsAbove(3), T.fileDescriptorsAbove(4)],
      'polling: -n 1 -mc 3f -c 1 -m 2 -tc 3 -fc 4',
    ],
    [
      'takes signals of several triggers, each number once',
      [signal(15, 6), signal(10, 6)],
      'signal: -n 1 -mc 3f -sig 6,10,15',
    ],
  ])('%s', (_, triggers, expected) => {
    expect(plan(triggers, 'native', '3f')).toEqual([expected]);
  });

  test('without a mask leaves the choice to ProcDump', () => {
    expect(plan([T.threadsAbove(50)], 'native')).toEqual(['polling: -n 1 -tc 50']);
  });
});

describe('what one command line cannot take goes to the next', () => {
  const five = ['a', 'b', 'c', 'd', 'e'].map((name) => counter(name));
  const FIVE = '-pc P:a 1 -pc P:b 1 -pc P:c 1 -pc P:d 1 -pc P:e 1';
  test.each([
    [
      'a second number of threads',
      [T.threadsAbove(5), T.threadsAbove(6)],
      ['polling: -n 1 -tc 5', 'polling-2: -n 1 -tc 6'],
    ],
    [
      'a second number of descriptors',
      [T.fileDescriptorsAbove(5), T.fileDescriptorsAbove(6)],
      ['polling: -n 1 -fc 5', 'polling-2: -n 1 -fc 6'],
    ],
    [
      'average CPU above beside below',
      [T.averageCpuBelow(5), T.averageCpuAbove(9)],
      ['polling: -n 1 -c 9', 'polling-2: -n 1 -cl 5'],
    ],
    [
      'memory above beside below',
      [T.memoryBelow(...mib(5)), T.memoryAbove(...mib(9))],
      ['polling: -n 1 -m 9', 'polling-2: -n 1 -ml 5'],
    ],
    [
      'memory in percent beside mebibytes',
      [T.memoryAboveLimit(90), T.memoryAbove(...mib(9))],
      ['polling: -n 1 -m 9', 'polling-2: -n 1 -m 90%'],
    ],
    ['no fifth counter', five, [`polling: -n 1 ${FIVE}`]],
    ['a sixth counter', [...five, counter('f')], [`polling: -n 1 ${FIVE}`, 'polling-2: -n 1 -pc P:f 1']],
    [
      'CPU, a counter too',
      [...five, T.cpuAbove(50)],
      [
        'polling: -n 1 -pc System.Runtime:cpu-usage 50 -pc P:a 1 -pc P:b 1 -pc P:c 1 -pc P:d 1',
        'polling-2: -n 1 -pc P:e 1',
      ],
    ],
    ['the timer', [T.every(Duration.minutes(1)), T.threadsAbove(5)], ['polling: -n 1 -tc 5', 'timer: -n 1']],
    ['a second timer', [T.every(Duration.minutes(2)), T.every(Duration.minutes(1))], ['timer: -n 1', 'timer-2: -n 1']],
    [
      'a trigger that needs the profiler',
      [T.gcGeneration(1), T.threadsAbove(5)],
      ['polling: -n 1 -tc 5', 'gc-generation*: -gcgen 1'],
    ],
    [
      'only what must: the rest stays together',
      [T.threadsAbove(5), T.threadsAbove(6), T.fileDescriptorsAbove(7), counter('a')],
      ['polling: -n 1 -tc 5 -fc 7 -pc P:a 1', 'polling-2: -n 1 -tc 6'],
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
      ['polling: -n 1 -m 30'],
    ],
    [
      'sizes of memoryBelow, descending',
      [T.memoryBelow(...mib(100)), T.memoryBelow(...mib(200, 30))],
      ['polling: -n 1 -ml 200'],
    ],
    [
      'percents of memoryAboveLimit, ascending',
      [T.memoryAboveLimit(90), T.memoryAboveLimit(9, 95)],
      ['polling: -n 1 -m 9%'],
    ],
    [
      'sizes of one part of the heap, ascending',
      [T.gcHeapAbove({ thresholds: mib(200) }), T.gcHeapAbove({ thresholds: mib(100) })],
      ['gc-heap*: -n 1 -gcm 100'],
    ],
    [
      'exceptions, each once',
      [T.exception({ include: ['B', 'C'] }), T.exception({ include: ['A', 'B'] })],
      ['exception*: -n 1 -e -f A,B,C'],
    ],
    ['any exception and some', [T.exception({ include: ['A'] }), T.exception()], ['exception*: -n 1 -e']],
    ['the same trigger written twice', [T.every(Duration.minutes(1)), T.every(Duration.seconds(60))], ['timer: -n 1']],
  ])('%s', (_, triggers, expected) => {
    expect(plan(triggers)).toEqual(expected);
  });
});

describe('each trigger has its place in the limit, and one that can fire again repeats', () => {
  test.each<[string, T, object]>([
    ['cpuAbove', T.cpuAbove(80), { dumps: 1, repeats: true }],
    ['averageCpuBelow', T.averageCpuBelow(80), { dumps: 1, repeats: true }],
    ['memoryAbove: each size', T.memoryAbove(...mib(100, 200, 200)), { dumps: 3 }],
    ['memoryAboveLimit: each percent', T.memoryAboveLimit(75, 90), { dumps: 2 }],
    ['threadsAbove', T.threadsAbove(5), { dumps: 1, repeats: true }],
    ['fileDescriptorsAbove', T.fileDescriptorsAbove(5), { dumps: 1, repeats: true }],
    ['counterAbove', counter('a'), { dumps: 1, repeats: true }],
    ['every', T.every(Duration.minutes(1)), { dumps: 1, repeats: true }],
    ['every with a count', T.every(Duration.minutes(1), { count: 3 }), { dumps: 3 }],
    ['gcHeapAbove: each size', T.gcHeapAbove({ thresholds: mib(100, 200) }), { dumps: 2 }],
    ['gcGeneration: start and end', T.gcGeneration(1), { dumps: 2 }],
    ['exception', T.exception(), { dumps: 1, repeats: true }],
  ])('%s', (_, trigger, expected) => {
    const [{ dumps, repeats }] = planWatches([trigger], 'dotnet')[0].triggers;
    expect({ dumps, ...(repeats && { repeats }) }).toEqual(expected);
  });

  test('signal', () => {
    expect(planWatches([signal(6)], 'native')[0].triggers).toEqual([
      { kind: 'signal', dumps: 1, repeats: true, signals: [6] },
    ]);
  });
});
