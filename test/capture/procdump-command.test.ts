import { Duration, Size } from 'cdk8s';
import fc from 'fast-check';
import { planProcDumpCommands, ProcDumpCommand, ProcDumpCommandOptions } from '../../src/capture/procdump-command';
import { ProcDumpTrigger as T } from '../../src/capture/procdump-trigger';
import { GcHeap } from '../../src/capture/trigger-options';
import { messageOf } from '../pods';
import { misread, parse } from '../procdump-grammar';

const DOTNET: ProcDumpCommandOptions = { runtime: 'dotnet', dumpsPerProcess: 3, cooldownSeconds: 600 };
const NATIVE: ProcDumpCommandOptions = { ...DOTNET, runtime: 'native', dumpMask: '3f' };
const mib = (...sizes: number[]) => sizes.map((size) => Size.mebibytes(size));
const counter = (name: string, threshold = 1) => T.counterAbove({ provider: 'P', counter: name, threshold });
const signal = (...numbers: number[]) => T.signal({ numbers, acceptStoppedTarget: true });

/** `name: arguments`, with a star where the profiler is loaded. */
function plan(triggers: T[], options = DOTNET): string[] {
  return planProcDumpCommands(triggers, options).map(
    (command) => `${command.name}${command.profiler ? '*' : ''}: ${command.arguments.join(' ')}`,
  );
}

test('no triggers need no process', () => {
  expect(planProcDumpCommands([], DOTNET)).toEqual([]);
});

test('each argument is an element of its own, blanks and all', () => {
  expect(planProcDumpCommands([T.exception({ include: ['IO*too long'] })], DOTNET)).toEqual([
    { name: 'exception', profiler: true, arguments: ['-n', '3', '-e', '-f', 'IO*too long'] },
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
    ['gcHeapAbove', T.gcHeapAbove({ thresholds: mib(100, 200) }), 'gc-heap*: -gcm 100,200'],
    ['gcHeapAbove of one heap', T.gcHeapAbove({ heap: GcHeap.LOH, thresholds: mib(100) }), 'gc-heap*: -gcm LOH:100'],
    ['gcHeapAbove of a generation', T.gcHeapAbove({ heap: GcHeap.GEN0, thresholds: mib(100) }), 'gc-heap*: -gcm 0:100'],
    ['gcGeneration', T.gcGeneration(2), 'gc-generation*: -gcgen 2'],
    ['exception', T.exception(), 'exception*: -n 3 -e'],
    ['exception of some types', T.exception({ include: ['System.*', 'A'] }), 'exception*: -n 3 -e -f A,System.*'],
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
      ['gc-heap*: -gcm 100,200'],
    ],
    [
      'exceptions, each once',
      [T.exception({ include: ['B', 'C'] }), T.exception({ include: ['A', 'B'] })],
      ['exception*: -n 3 -e -f A,B,C'],
    ],
    ['any exception and some', [T.exception({ include: ['A'] }), T.exception()], ['exception*: -n 3 -e']],
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

describe('refuses', () => {
  const heap = T.gcHeapAbove({ thresholds: mib(100) });
  test.each<[string, T[], ProcDumpCommandOptions, string]>([
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
      `triggers need 2 ProcDump processes with its profiler (-n 3 -e; -gcm 100), ${PROFILER}`,
    ],
    [
      'two heaps',
      [heap, T.gcHeapAbove({ heap: GcHeap.LOH, thresholds: mib(100) })],
      DOTNET,
      `triggers need 2 ProcDump processes with its profiler (-gcm LOH:100; -gcm 100), ${PROFILER}`,
    ],
    [
      'two generations',
      [T.gcGeneration(1), T.gcGeneration(2)],
      DOTNET,
      `triggers need 2 ProcDump processes with its profiler (-gcgen 1; -gcgen 2), ${PROFILER}`,
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
    expect(messageOf(() => planProcDumpCommands(triggers, options))).toBe(message);
  });
});

describe('takes just as much as the limit allows', () => {
  test.each([
    ['sizes', [T.memoryAbove(...mib(1, 2, 3))], DOTNET, 'polling: -s 600 -m 1,2,3'],
    ['sizes of the heap', [T.gcHeapAbove({ thresholds: mib(1, 2, 3) })], DOTNET, 'gc-heap*: -gcm 1,2,3'],
    ['dumps of a timer', [T.every(Duration.minutes(1), { count: 3 })], DOTNET, 'timer: -n 3 -s 60'],
    ['dumps of a collection', [T.gcGeneration(1)], { ...DOTNET, dumpsPerProcess: 2 }, 'gc-generation*: -gcgen 1'],
  ])('%s', (_, triggers, options, expected) => {
    expect(plan(triggers, options)).toEqual([expected]);
  });
});

/* For every list of triggers. Small numbers come often, so that triggers meet on one switch. */
const whole = (max = 2147483647) =>
  fc.oneof(fc.integer({ min: 1, max: Math.min(max, 4) }), fc.integer({ min: 1, max }));
const ascending = (max?: number) =>
  fc.array(whole(max), { minLength: 1, maxLength: 3 }).map((list) => list.sort((a, b) => a - b));
const percent = fc.oneof(whole(100), fc.double({ min: 0.01, max: 100, noNaN: true }));
const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,5}$/);
const counterOptions = fc.record({
  provider: fc.oneof(fc.constant('P'), word),
  counter: fc.oneof(fc.constantFrom('a', 'b', 'c'), word),
  threshold: fc.oneof(
    fc.constant(1),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !`${value}`.includes('e')),
  ),
  percentile: fc.constantFrom(undefined, 50, 95, 99),
});
const include = fc
  .tuple(fc.constantFrom('A', 'z', '*'), fc.string())
  .map(([first, rest]) => first + rest.replace(/[,:;\p{Cc}]/gu, ''));

const averageCpu = fc.oneof(
  whole().map((value) => T.averageCpuAbove(value)),
  whole().map((value) => T.averageCpuBelow(value)),
);
const memoryAbove = ascending().map((sizes) => T.memoryAbove(...mib(...sizes)));
const memoryBelow = ascending().map((sizes) => T.memoryBelow(...mib(...sizes.reverse())));
const memory = fc.oneof(
  memoryAbove,
  memoryBelow,
  ascending(99).map((percents) => T.memoryAboveLimit(...percents)),
);
const threads = whole().map((count) => T.threadsAbove(count));
const fileDescriptors = whole().map((count) => T.fileDescriptorsAbove(count));
const counters = fc.oneof(
  percent.map((value) => T.cpuAbove(value)),
  percent.map((value) => T.cpuBelow(value)),
  counterOptions.map((options) => T.counterAbove(options)),
  counterOptions.map((options) => T.counterBelow(options)),
);
const polled = fc.oneof(averageCpu, memory, threads, fileDescriptors, counters);
const every = fc
  .tuple(whole(), fc.option(whole(100), { nil: undefined }))
  .map(([seconds, count]) => T.every(Duration.seconds(seconds), { count }));
const onSignal = fc
  .array(
    whole(64).filter((number) => number !== 9),
    { minLength: 1, maxLength: 3 },
  )
  .map((numbers) => signal(...numbers));
const onException = fc
  .option(fc.array(include, { minLength: 1, maxLength: 3 }), { nil: undefined })
  .map((list) => T.exception({ include: list }));
const onGcHeap = fc
  .tuple(fc.constantFrom(undefined, ...Object.values(GcHeap)), ascending(2047))
  .map(([heap, sizes]) => T.gcHeapAbove({ heap, thresholds: mib(...sizes) }));
const onGcGeneration = fc.integer({ min: 0, max: 2 }).map((generation) => T.gcGeneration(generation));

interface Wish {
  readonly triggers: T[];
  readonly options: ProcDumpCommandOptions;
}

/** Triggers that ProcDump can watch: one kind of profiler for .NET, one command line for native processes. */
const profiled = fc.oneof(fc.array(onException, { maxLength: 2 }), fc.tuple(onGcHeap), fc.tuple(onGcGeneration));
const dotnet = fc
  .tuple(
    fc.array(polled, { maxLength: 8 }),
    fc.array(counters, { maxLength: 12, size: 'max' }),
    profiled,
    fc.array(every, { maxLength: 3 }),
  )
  .map((lists) => lists.flat());
const optional = (trigger: fc.Arbitrary<T>) => fc.array(trigger, { maxLength: 1 });
const oneOfEach = fc
  .tuple(optional(averageCpu), optional(memory), optional(threads), optional(fileDescriptors))
  .map((lists) => lists.flat());
const native = fc.oneof(oneOfEach, fc.array(memoryAbove), fc.array(memoryBelow), fc.array(onSignal), optional(every));

function dumpsNeeded(triggers: T[]): number {
  const specs = triggers.map(({ _spec }) => _spec);
  const thresholds = specs.reduce((sum, spec) => sum + ('thresholds' in spec ? spec.thresholds.length : 0), 0);
  return Math.max(
    1,
    thresholds,
    ...specs.map((spec) => (spec.kind === 'timer' ? (spec.count ?? 1) : spec.kind === 'gcGeneration' ? 2 : 1)),
  );
}
const withLimits = (runtime: 'dotnet' | 'native', triggers: T[], min: number): fc.Arbitrary<Wish> =>
  fc.record({
    triggers: fc.constant(triggers),
    options: fc.record({
      runtime: fc.constant(runtime),
      dumpsPerProcess: fc.oneof(fc.constant(min), fc.integer({ min, max: 100 })),
      cooldownSeconds: whole(),
      dumpMask: fc.constantFrom(undefined, '0', '10', '7fffffff'),
    }),
  });
const possible = fc.oneof(
  dotnet.chain((triggers) => withLimits('dotnet', triggers, dumpsNeeded(triggers))),
  native.chain((triggers) => withLimits('native', triggers, dumpsNeeded(triggers))),
);
/** Whatever can be written, also what must be refused. */
const anything = fc
  .tuple(
    fc.constantFrom('dotnet' as const, 'native' as const),
    fc.array(fc.oneof(polled, every, onSignal, onException, onGcHeap, onGcGeneration), { maxLength: 10 }),
  )
  .chain(([runtime, triggers]) => withLimits(runtime, triggers, 1));

/** The commands, or why there are none. */
function outcome({ triggers, options }: Wish): { commands: ProcDumpCommand[]; refusal?: string } {
  try {
    return { commands: planProcDumpCommands(triggers, options) };
  } catch (error) {
    return { commands: [], refusal: (error as Error).message };
  }
}

/** As the agent completes it: with the memory that a percent of the limit stands for, the process and the folder. */
function completed({ arguments: args }: ProcDumpCommand): string[] {
  return [
    ...args.map((argument) => (/^\d+%(,\d+%)*$/.test(argument) ? argument.replace(/%/g, '') : argument)),
    '1234',
    '/dumps',
  ];
}

describe('for every list of triggers', () => {
  const holds = <A>(arbitrary: fc.Arbitrary<A>, predicate: (value: A) => void) =>
    fc.assert(fc.property(arbitrary, predicate), { numRuns: 200 });

  test('ProcDump accepts each command', () =>
    holds(possible, ({ triggers, options }) => {
      const answers = planProcDumpCommands(triggers, options).map((command) => parse(completed(command)));
      expect(answers.filter(({ accepted }) => !accepted)).toEqual([]);
    }));

  test('ProcDump misreads no command', () =>
    holds(possible, ({ triggers, options }) => {
      expect(planProcDumpCommands(triggers, options).flatMap((command) => misread(completed(command)))).toEqual([]);
    }));

  test('order and repetition say nothing, not even for a refusal', () => {
    const shuffled = fc
      .oneof(possible, anything)
      .chain((wish) =>
        fc.tuple(
          fc.constant(wish),
          fc.shuffledSubarray([...wish.triggers, ...wish.triggers], { minLength: 2 * wish.triggers.length }),
        ),
      );
    holds(shuffled, ([wish, triggers]) => expect(outcome({ ...wish, triggers })).toEqual(outcome(wish)));
  });

  test('at most one process has the profiler', () => {
    const profilers = fc.array(fc.oneof(onException, onGcHeap, onGcGeneration, threads), { maxLength: 4 });
    holds(
      profilers.chain((triggers) => withLimits('dotnet', triggers, dumpsNeeded(triggers))),
      (wish) => {
        expect(outcome(wish).commands.filter(({ profiler }) => profiler).length).toBeLessThanOrEqual(1);
      },
    );
  });

  test('a native process is watched by one process at most', () => {
    const natives = fc.array(fc.oneof(averageCpu, memory, threads, fileDescriptors, every, onSignal), { maxLength: 4 });
    holds(
      natives.chain((triggers) => withLimits('native', triggers, dumpsNeeded(triggers))),
      (wish) => {
        expect(outcome(wish).commands.length).toBeLessThanOrEqual(1);
      },
    );
  });

  test('each process has a folder of its own', () =>
    holds(possible, ({ triggers, options }) => {
      const folders = planProcDumpCommands(triggers, options).map(({ name }) => name);
      expect(folders).toEqual([...new Set(folders)]);
    }));

  test('there are no more polling processes than the switch that is needed most', () =>
    holds(possible, ({ triggers, options }) => {
      const wanted = [...new Set(triggers.map(({ _name, _spec }) => `${_name} ${JSON.stringify(_spec)}`))];
      const times = (factory: RegExp) => wanted.filter((trigger) => factory.test(trigger)).length;
      const lists = [/^memoryAbove /, /^memoryBelow /, /^memoryAboveLimit /].filter((factory) => times(factory) > 0);
      const needed = Math.max(
        times(/^averageCpu/),
        lists.length,
        times(/^threads/),
        times(/^fileDescriptors/),
        Math.ceil(times(/^(cpu|counter)/) / 5),
      );
      expect(planProcDumpCommands(triggers, options).filter(({ name }) => name.startsWith('polling'))).toHaveLength(
        needed,
      );
    }));
});
