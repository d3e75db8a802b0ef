import { Duration, Size } from 'cdk8s';
import fc from 'fast-check';
import { ProcDumpTrigger as T } from '../../src/capture/procdump-trigger';
import { GcHeap } from '../../src/capture/trigger-options';

const mib = (...sizes: number[]) => sizes.map((size) => Size.mebibytes(size));
const signal = (...numbers: number[]) => T.signal({ numbers, acceptStoppedTarget: true });

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

export const averageCpu = fc.oneof(
  whole().map((value) => T.averageCpuAbove(value)),
  whole().map((value) => T.averageCpuBelow(value)),
);
const memoryAbove = ascending().map((sizes) => T.memoryAbove(...mib(...sizes)));
const memoryBelow = ascending().map((sizes) => T.memoryBelow(...mib(...sizes.reverse())));
export const memory = fc.oneof(
  memoryAbove,
  memoryBelow,
  ascending(99).map((percents) => T.memoryAboveLimit(...percents)),
);
export const threads = whole().map((count) => T.threadsAbove(count));
export const fileDescriptors = whole().map((count) => T.fileDescriptorsAbove(count));
const counters = fc.oneof(
  percent.map((value) => T.cpuAbove(value)),
  percent.map((value) => T.cpuBelow(value)),
  counterOptions.map((options) => T.counterAbove(options)),
  counterOptions.map((options) => T.counterBelow(options)),
);
const polled = fc.oneof(averageCpu, memory, threads, fileDescriptors, counters);
export const every = fc
  .tuple(whole(), fc.option(whole(100), { nil: undefined }))
  .map(([seconds, count]) => T.every(Duration.seconds(seconds), { count }));
export const onSignal = fc
  .array(
    whole(64).filter((number) => number !== 9),
    { minLength: 1, maxLength: 3 },
  )
  .map((numbers) => signal(...numbers));
export const onException = fc
  .option(fc.array(include, { minLength: 1, maxLength: 3 }), { nil: undefined })
  .map((list) => T.exception({ include: list }));
export const onGcHeap = fc
  .tuple(fc.constantFrom(undefined, ...Object.values(GcHeap)), ascending(2047))
  .map(([heap, sizes]) => T.gcHeapAbove({ heap, thresholds: mib(...sizes) }));
export const onGcGeneration = fc.integer({ min: 0, max: 2 }).map((generation) => T.gcGeneration(generation));

export interface Wish {
  readonly triggers: T[];
  readonly runtime: 'dotnet' | 'native';
  readonly dumpMask?: string;
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

export const wish = (runtime: 'dotnet' | 'native', triggers: T[]): fc.Arbitrary<Wish> =>
  fc.record({
    triggers: fc.constant(triggers),
    runtime: fc.constant(runtime),
    dumpMask: fc.constantFrom(undefined, '0', '10', '7fffffff'),
  });
/** What ProcDump can watch. */
export const possible: fc.Arbitrary<Wish> = fc.oneof(
  dotnet.chain((triggers) => wish('dotnet', triggers)),
  native.chain((triggers) => wish('native', triggers)),
);
/** Whatever can be written, also what must be refused. */
export const anything: fc.Arbitrary<Wish> = fc
  .tuple(
    fc.constantFrom('dotnet' as const, 'native' as const),
    fc.array(fc.oneof(polled, every, onSignal, onException, onGcHeap, onGcGeneration), { maxLength: 10 }),
  )
  .chain(([runtime, triggers]) => wish(runtime, triggers));
