import { Duration, Size } from 'cdk8s';
import { ProcDumpTrigger as T } from '../../src/capture/procdump-trigger';
import { GcHeap } from '../../src/capture/trigger-options';
import { planWatches } from '../../src/capture/watches';
import { messageOf } from '../pods';

const mib = (...sizes: number[]) => sizes.map((size) => Size.mebibytes(size));
const signal = (...numbers: number[]) => T.signal({ numbers, acceptStoppedTarget: true });

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
  test.each<[string, T[], 'dotnet' | 'native', string]>([
    ['cpuAbove of a native process', [T.cpuAbove(5)], 'native', `trigger cpuAbove ${NOT_NATIVE}`],
    [
      'counterBelow of a native process',
      [T.counterBelow({ provider: 'P', counter: 'a', threshold: 1 })],
      'native',
      `trigger counterBelow ${NOT_NATIVE}`,
    ],
    ['gcHeapAbove of a native process', [heap], 'native', `trigger gcHeapAbove ${NOT_NATIVE}`],
    ['gcGeneration of a native process', [T.gcGeneration(0)], 'native', `trigger gcGeneration ${NOT_NATIVE}`],
    ['exception of a native process', [T.threadsAbove(1), T.exception()], 'native', `trigger exception ${NOT_NATIVE}`],
    [
      'two of one switch for a native process',
      [T.threadsAbove(1), T.threadsAbove(2)],
      'native',
      `triggers threadsAbove, threadsAbove need 2 ProcDump processes (polling, polling-2), ${NATIVE_ONLY_ONE}`,
    ],
    [
      'all three ways to watch a native process',
      [signal(6), T.every(Duration.minutes(1)), T.fileDescriptorsAbove(1)],
      'native',
      'triggers fileDescriptorsAbove, signal, every need 3 ProcDump processes (polling, timer, signal), ' +
        `${NATIVE_ONLY_ONE}`,
    ],
    [
      'signal of a .NET process',
      [T.threadsAbove(1), signal(6)],
      'dotnet',
      'trigger signal deadlocks a .NET process: ProcDump stops it and then waits for the stopped runtime to write ' +
        'the dump; use ProcDumpTarget.dotnet({ crashDumps: true }) for crashes, or exception()',
    ],
    [
      'two kinds that need the profiler',
      [heap, T.exception()],
      'dotnet',
      `triggers need 2 ProcDump processes with its profiler (exception; gcHeapAbove 100), ${PROFILER}`,
    ],
    [
      'two heaps',
      [heap, T.gcHeapAbove({ heap: GcHeap.LOH, thresholds: mib(100) })],
      'dotnet',
      `triggers need 2 ProcDump processes with its profiler (gcHeapAbove LOH 100; gcHeapAbove 100), ${PROFILER}`,
    ],
    [
      'two generations',
      [T.gcGeneration(1), T.gcGeneration(2)],
      'dotnet',
      `triggers need 2 ProcDump processes with its profiler (gcGeneration 1; gcGeneration 2), ${PROFILER}`,
    ],
  ])('%s', (_, triggers, runtime, message) => {
    expect(messageOf(() => planWatches(triggers, runtime))).toBe(message);
  });
});
