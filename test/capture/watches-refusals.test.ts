import { Duration, Size } from 'cdk8s';
import { SwitchOptions, switchesOf } from './switches';
import { ProcDumpTrigger as T } from '../../src/capture/procdump-trigger';
import { GcHeap } from '../../src/capture/trigger-options';
import { planWatches, WatchOptions } from '../../src/capture/watches';
import { messageOf } from '../pods';

type Options = WatchOptions & SwitchOptions;

const DOTNET: Options = { runtime: 'dotnet', dumpsPerProcess: 3, cooldownSeconds: 600 };
const NATIVE: Options = { ...DOTNET, runtime: 'native', dumpMask: '3f' };
const mib = (...sizes: number[]) => sizes.map((size) => Size.mebibytes(size));
const signal = (...numbers: number[]) => T.signal({ numbers, acceptStoppedTarget: true });

/** `name: arguments`, with a star where the profiler is loaded. */
function plan(triggers: T[], options = DOTNET): string[] {
  return planWatches(triggers, options).map(
    (watch) => `${watch.name}${watch.profiler ? '*' : ''}: ${switchesOf(watch, options).join(' ')}`,
  );
}

const NATIVE_ONLY_ONE =
  'but a native process can be watched by one only: if two fire together, one of them never fires again; keep ' +
  'triggers that fit one command line: at most one each of average CPU, memory, threads and file descriptors, or ' +
  'every() alone, or signal() alone';
const PROFILER =
  'but a .NET process takes one at a time; keep one of exception, gcHeapAbove and gcGeneration, or watch memory ' +
  'with memoryAbove or a counter';
const NOT_NATIVE =
  'asks the .NET runtime and cannot watch a native process; use ProcDumpTarget.dotnet() for a .NET process, or a ' +
  'trigger that reads the process from outside, such as memoryAbove or averageCpuAbove';

/* For every list of triggers. Small numbers come often, so that triggers meet on one switch. */

describe('refuses', () => {
  const heap = T.gcHeapAbove({ thresholds: mib(100) });
  test.each<[string, T[], Options, string]>([
    ['cpuAbove of a native process', [T.cpuAbove(5)], NATIVE, `trigger cpuAbove ${NOT_NATIVE}`],
    [
      'counterBelow of a native process',
      [T.counterBelow({ provider: 'P', counter: 'a', threshold: 1 })],
      NATIVE,
      `trigger counterBelow ${NOT_NATIVE}`,
    ],
    ['gcHeapAbove of a native process', [heap], NATIVE, `trigger gcHeapAbove ${NOT_NATIVE}`],
    ['gcGeneration of a native process', [T.gcGeneration(0)], NATIVE, `trigger gcGeneration ${NOT_NATIVE}`],
    ['exception of a native process', [T.threadsAbove(1), T.exception()], NATIVE, `trigger exception ${NOT_NATIVE}`],
    [
      'two of one switch for a native process',
      [T.threadsAbove(1), T.threadsAbove(2)],
      NATIVE,
      `triggers threadsAbove, threadsAbove need 2 ProcDump processes (polling, polling-2), ${NATIVE_ONLY_ONE}`,
    ],
    [
      'all three ways to watch a native process',
      [signal(6), T.every(Duration.minutes(1)), T.fileDescriptorsAbove(1)],
      NATIVE,
      'triggers fileDescriptorsAbove, signal, every need 3 ProcDump processes (polling, timer, signal), ' +
        `${NATIVE_ONLY_ONE}`,
    ],
    [
      'signal of a .NET process',
      [T.threadsAbove(1), signal(6)],
      DOTNET,
      'trigger signal deadlocks a .NET process: ProcDump stops it and then waits for the stopped runtime to write ' +
        'the dump; use ProcDumpTarget.dotnet({ crashDumps: true }) for crashes, or exception()',
    ],
    [
      'two kinds that need the profiler',
      [heap, T.exception()],
      DOTNET,
      `triggers need 2 ProcDump processes with its profiler (exception; gcHeap 100), ${PROFILER}`,
    ],
    [
      'two heaps',
      [heap, T.gcHeapAbove({ heap: GcHeap.LOH, thresholds: mib(100) })],
      DOTNET,
      `triggers need 2 ProcDump processes with its profiler (gcHeap LOH 100; gcHeap 100), ${PROFILER}`,
    ],
    [
      'two generations',
      [T.gcGeneration(1), T.gcGeneration(2)],
      DOTNET,
      `triggers need 2 ProcDump processes with its profiler (gcGeneration 1; gcGeneration 2), ${PROFILER}`,
    ],
    [
      'more sizes than dumps',
      [T.memoryAbove(...mib(1, 2, 3, 4))],
      DOTNET,
      'memory triggers name 4 thresholds, one dump each, but limits.dumpsPerProcess (3) stops before the last; ' +
        'raise limits.dumpsPerProcess to 4, or name fewer thresholds',
    ],
    [
      'more sizes of several triggers than dumps',
      [T.memoryAbove(...mib(1, 2)), T.memoryAbove(...mib(3, 4))],
      DOTNET,
      'memory triggers name 4 thresholds, one dump each, but limits.dumpsPerProcess (3) stops before the last; ' +
        'raise limits.dumpsPerProcess to 4, or name fewer thresholds',
    ],
    [
      'more sizes of the heap than dumps',
      [T.gcHeapAbove({ thresholds: mib(1, 2, 3, 4) })],
      DOTNET,
      'gcHeapAbove triggers name 4 thresholds, one dump each, but limits.dumpsPerProcess (3) stops before the ' +
        'last; raise limits.dumpsPerProcess to 4, or name fewer thresholds',
    ],
    [
      'gcGeneration where only one dump is allowed',
      [T.gcGeneration(1)],
      { ...DOTNET, dumpsPerProcess: 1 },
      'trigger gcGeneration takes two dumps, at the start and at the end of a collection, but ' +
        'limits.dumpsPerProcess is 1; raise it to 2',
    ],
    [
      'a count above the limit',
      [T.every(Duration.minutes(1), { count: 4 })],
      DOTNET,
      'trigger every has count 4, but limits.dumpsPerProcess (3) stops before it; raise limits.dumpsPerProcess to ' +
        '4, or lower the count',
    ],
  ])('%s', (_, triggers, options, message) => {
    expect(messageOf(() => planWatches(triggers, options))).toBe(message);
  });
});

describe('takes just as much as the limit allows', () => {
  test.each([
    ['sizes', [T.memoryAbove(...mib(1, 2, 3))], DOTNET, 'polling: -s 600 -m 1,2,3'],
    ['sizes of the heap', [T.gcHeapAbove({ thresholds: mib(1, 2, 3) })], DOTNET, 'gc-heap*: -gcm 1'],
    ['dumps of a timer', [T.every(Duration.minutes(1), { count: 3 })], DOTNET, 'timer: -n 3 -s 60'],
    ['dumps of a collection', [T.gcGeneration(1)], { ...DOTNET, dumpsPerProcess: 2 }, 'gc-generation*: -gcgen 1'],
  ])('%s', (_, triggers, options, expected) => {
    expect(plan(triggers, options)).toEqual([expected]);
  });
});
