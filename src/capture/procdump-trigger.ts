import { Duration, Size } from 'cdk8s';
import {
  CounterTriggerOptions, EveryTriggerOptions, ExceptionTriggerOptions, GcHeap, GcHeapTriggerOptions, SignalTriggerOptions,
} from './trigger-options';
import { counter, cpuPercent, notEmpty, ordered, sizesInMib, whole } from './trigger-values';
import { checkDuration, checkFields, checkOneOf, checkText, INT32_MAX } from '../input/arguments';

/** ProcDump turns -gcm's megabytes into bytes in 32 bits: 2048 and more become a threshold that never or always fires. */
const GC_HEAP_MAX_MIB = 2047;

/** A switch of ProcDump that watches one measure; a list of dumps for each crossing where the switch takes a list. @internal */
export type TriggerSpec =
  | { readonly kind: 'cpu'; readonly below: boolean; readonly percent: number }
  | { readonly kind: 'averageCpu'; readonly below: boolean; readonly percent: number }
  | { readonly kind: 'memory'; readonly below: boolean; readonly ofLimit: boolean; readonly thresholds: number[] }
  | { readonly kind: 'threads'; readonly count: number }
  | { readonly kind: 'fileDescriptors'; readonly count: number }
  | { readonly kind: 'counter'; readonly below: boolean; readonly counter: string; readonly threshold: number }
  | { readonly kind: 'timer'; readonly seconds: number; readonly count?: number }
  | { readonly kind: 'gcHeap'; readonly heap?: GcHeap; readonly thresholds: number[] }
  | { readonly kind: 'gcGeneration'; readonly generation: number }
  | { readonly kind: 'exception'; readonly include: string[] }
  | { readonly kind: 'signal'; readonly numbers: number[] };

/** @internal */
export type Spec<K extends TriggerSpec['kind']> = Extract<TriggerSpec, { kind: K }>;

/**
 * When ProcDump takes a dump. A sidecar without triggers idles, ready for a dump on demand.
 *
 * @see https://github.com/microsoft/ProcDump-for-Linux
 */
export class ProcDumpTrigger {
  /**
   * CPU use of a .NET process now, in percent of the cores that the runtime sees (`System.Runtime:cpu-usage`).
   * The runtime rounds a CPU limit up to whole cores: at a limit of 500m the highest value is 50, and a threshold that
   * cannot be reached is an error.
   *
   * @param percent above 0, at most 100
   */
  public static cpuAbove(percent: number): ProcDumpTrigger {
    return new ProcDumpTrigger('cpuAbove', { kind: 'cpu', below: false, percent: cpuPercent('cpuAbove', percent) });
  }

  /**
   * CPU use of a .NET process now falls below this value; for processes that hang. In percent of the cores that the runtime sees.
   *
   * @param percent above 0, at most 100
   */
  public static cpuBelow(percent: number): ProcDumpTrigger {
    return new ProcDumpTrigger('cpuBelow', { kind: 'cpu', below: true, percent: cpuPercent('cpuBelow', percent) });
  }

  /**
   * ProcDump's own CPU measure (`-c`): the average since the process started, in percent of one core. It does not see a
   * spike of a process that has run for hours; for .NET take `cpuAbove`.
   *
   * @param percent whole number from 1; 100 is one core
   * @see https://github.com/microsoft/ProcDump-for-Linux/issues/240
   */
  public static averageCpuAbove(percent: number): ProcDumpTrigger {
    return new ProcDumpTrigger('averageCpuAbove', { kind: 'averageCpu', below: false, percent: whole('averageCpuAbove', 'percent', percent, 1) });
  }

  /**
   * ProcDump's own CPU measure (`-cl`): the average since the process started falls below this value, in percent of one core.
   *
   * @param percent whole number from 1; 100 is one core
   */
  public static averageCpuBelow(percent: number): ProcDumpTrigger {
    return new ProcDumpTrigger('averageCpuBelow', { kind: 'averageCpu', below: true, percent: whole('averageCpuBelow', 'percent', percent, 1) });
  }

  /**
   * Resident memory and swap of the process reach these values, one after the other: one dump for each. Repeat a value for
   * repeated dumps.
   *
   * @param sizes whole mebibytes, ascending
   */
  public static memoryAbove(...sizes: Size[]): ProcDumpTrigger {
    const thresholds = sizesInMib('memoryAbove', sizes, INT32_MAX);
    return new ProcDumpTrigger('memoryAbove', { kind: 'memory', below: false, ofLimit: false, thresholds: ordered('memoryAbove', thresholds, false) });
  }

  /**
   * Resident memory and swap of the process fall below these values, one after the other: one dump for each.
   *
   * @param sizes whole mebibytes, descending
   */
  public static memoryBelow(...sizes: Size[]): ProcDumpTrigger {
    const thresholds = sizesInMib('memoryBelow', sizes, INT32_MAX);
    return new ProcDumpTrigger('memoryBelow', { kind: 'memory', below: true, ofLimit: false, thresholds: ordered('memoryBelow', thresholds, true) });
  }

  /**
   * Memory of the process in percent of its container's own memory limit. The limit is read in the running pod, so that a
   * VerticalPodAutoscaler counts; a container without a memory limit in the manifest is an error.
   *
   * @param percents whole numbers from 1 to 99, ascending; one dump for each
   */
  public static memoryAboveLimit(...percents: number[]): ProcDumpTrigger {
    notEmpty('memoryAboveLimit', 'percents', percents);
    const thresholds = percents.map((percent) => whole('memoryAboveLimit', 'percent', percent, 1, 99));
    return new ProcDumpTrigger('memoryAboveLimit', { kind: 'memory', below: false, ofLimit: true, thresholds: ordered('memoryAboveLimit', thresholds, false) });
  }

  /**
   * Number of threads of the process.
   *
   * @param count whole number from 1
   */
  public static threadsAbove(count: number): ProcDumpTrigger {
    return new ProcDumpTrigger('threadsAbove', { kind: 'threads', count: whole('threadsAbove', 'count', count, 1) });
  }

  /**
   * Number of open file descriptors of the process.
   *
   * @param count whole number from 1
   */
  public static fileDescriptorsAbove(count: number): ProcDumpTrigger {
    return new ProcDumpTrigger('fileDescriptorsAbove', { kind: 'fileDescriptors', count: whole('fileDescriptorsAbove', 'count', count, 1) });
  }

  /**
   * Size of the managed heap, or of one part of it, after a garbage collection. .NET only. Loads ProcDump's profiler into the
   * process; while it is armed ProcDump itself uses 20 to 25 % of a core. Its directory is mounted over `/usr/local/bin` of the
   * application, which hides what the image has there: a container whose command, probes or hooks name a path in it is an error.
   */
  public static gcHeapAbove(options: GcHeapTriggerOptions): ProcDumpTrigger {
    checkFields('ProcDumpTrigger.gcHeapAbove: options', options, { heap: true, thresholds: true });
    checkOneOf('ProcDumpTrigger.gcHeapAbove: heap', options.heap, GcHeap);
    const thresholds = sizesInMib('gcHeapAbove', options.thresholds, GC_HEAP_MAX_MIB);
    return new ProcDumpTrigger('gcHeapAbove', { kind: 'gcHeap', heap: options.heap, thresholds: ordered('gcHeapAbove', thresholds, false) });
  }

  /**
   * Two dumps, at the start and at the end of the next garbage collection of this generation. .NET only. Loads ProcDump's
   * profiler into the process; while it is armed ProcDump itself uses 20 to 25 % of a core. Its directory is mounted over
   * `/usr/local/bin` of the application, which hides what the image has there: a container whose command, probes or hooks name a path
   * in it is an error.
   *
   * @param generation 0, 1 or 2
   */
  public static gcGeneration(generation: number): ProcDumpTrigger {
    return new ProcDumpTrigger('gcGeneration', { kind: 'gcGeneration', generation: whole('gcGeneration', 'generation', generation, 0, 2) });
  }

  /**
   * A first-chance exception of .NET. Loads ProcDump's profiler into the process; while it is armed ProcDump itself uses
   * 20 to 25 % of a core. Its directory is mounted over `/usr/local/bin` of the application, which hides what the image has there: a
   * container whose command, probes or hooks name a path in it is an error. For crashes alone take
   * `ProcDumpTarget.dotnet({ crashDumps: true })`, which costs nothing.
   */
  public static exception(options: ExceptionTriggerOptions = {}): ProcDumpTrigger {
    checkFields('ProcDumpTrigger.exception: options', options, { include: true });
    if (options.include !== undefined) notEmpty('exception', 'include', options.include);
    for (const element of options.include ?? []) {
      checkText('ProcDumpTrigger.exception: include', element);
      if (!/^[A-Za-z*][^,:;\p{Cc}]*$/u.test(element)) {
        throw new Error(`ProcDumpTrigger.exception: include '${element}' must start with a letter or * and hold no comma, colon, semicolon `
          + 'or control character, which ProcDump takes for separators; write * in their place');
      }
    }
    return new ProcDumpTrigger('exception', { kind: 'exception', include: [...options.include ?? []] });
  }

  /** A counter of an EventSource or Meter reaches the threshold. .NET only, no profiler, cheap. */
  public static counterAbove(options: CounterTriggerOptions): ProcDumpTrigger {
    return new ProcDumpTrigger('counterAbove', { kind: 'counter', below: false, ...counter('counterAbove', options) });
  }

  /** A counter of an EventSource or Meter falls below the threshold. .NET only, no profiler, cheap. */
  public static counterBelow(options: CounterTriggerOptions): ProcDumpTrigger {
    return new ProcDumpTrigger('counterBelow', { kind: 'counter', below: true, ...counter('counterBelow', options) });
  }

  /**
   * A dump as soon as the process is there, then one each interval.
   *
   * @param interval whole seconds, from 1
   */
  public static every(interval: Duration, options: EveryTriggerOptions = {}): ProcDumpTrigger {
    checkFields('ProcDumpTrigger.every: options', options, { count: true });
    const milliseconds = checkDuration('ProcDumpTrigger.every: interval', interval).toMilliseconds({ integral: false });
    const seconds = whole('every', 'interval in seconds', milliseconds / 1000, 1);
    const count = options.count === undefined ? undefined : whole('every', 'count', options.count, 1, 100);
    return new ProcDumpTrigger('every', { kind: 'timer', seconds, count });
  }

  /** A signal arrives at the process. Native processes only, and dangerous: read `acceptStoppedTarget` first. */
  public static signal(options: SignalTriggerOptions): ProcDumpTrigger {
    checkFields('ProcDumpTrigger.signal: options', options, { numbers: true, acceptStoppedTarget: true });
    notEmpty('signal', 'numbers', options.numbers);
    const numbers = options.numbers.map((number) => whole('signal', 'number', number, 1, 64));
    if (numbers.includes(9)) {
      throw new Error('ProcDumpTrigger.signal: number (9) is SIGKILL, which cannot be intercepted; name another signal');
    }
    if (options.acceptStoppedTarget !== true) {
      throw new Error(`ProcDumpTrigger.signal: acceptStoppedTarget (${options.acceptStoppedTarget}) must be true: after its last dump ProcDump leaves `
        + 'the process stopped until somebody sends SIGCONT; take another trigger, or set it to true');
    }
    return new ProcDumpTrigger('signal', { kind: 'signal', numbers });
  }

  private constructor(
    /** Name of the factory, for messages. @internal */
    public readonly _name: string,
    /** @internal */
    public readonly _spec: TriggerSpec,
  ) {}
}
