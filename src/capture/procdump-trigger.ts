import { Duration, Size } from 'cdk8s';
import {
  CounterTriggerOptions,
  EveryTriggerOptions,
  ExceptionTriggerOptions,
  GcHeap,
  GcHeapTriggerOptions,
  SignalTriggerOptions,
} from './trigger-options';
import { checkNotEmpty, counter, cpuPercent, mebibytes, ordered, sizesOf, wholeOf } from './trigger-values';
import { argumentOf, FLAG, listOf, matching, oneOf, SIZE, whole } from '../input/checks';
import { located } from '../input/located-error';
import { checkProps, Checks, required } from '../input/struct';
import { secondsOf } from '../input/units';

/** ProcDump converts the megabytes of -gcm to bytes in 32 bits: from 2048 on the threshold never or always fires. */
const GC_HEAP_MAX_MIB = 2047;
const GC_HEAP_OPTIONS: Checks<GcHeapTriggerOptions> = { heap: oneOf(GcHeap), thresholds: required(listOf(SIZE)) };
const PERCENT_OF_LIMIT = argumentOf(['memoryAboveLimit', 'percents'], whole(1, 99));
/** ProcDump treats comma, colon, semicolon and control characters as separators. */
const EXCEPTION = matching({
  pattern: /^[A-Za-z*][^,:;\p{Cc}]*$/u,
  expected:
    'text that starts with a letter or * and contains no comma, colon, semicolon or control character; write * in ' +
    'their place',
});
const EXCEPTION_OPTIONS: Checks<ExceptionTriggerOptions> = { include: listOf(EXCEPTION) };
const SIGNAL_OPTIONS: Checks<SignalTriggerOptions> = {
  numbers: required(listOf(whole(1, 64))),
  acceptStoppedTarget: required(FLAG),
};

/**
 * The condition of one trigger. A list of thresholds means one dump for each.
 * @internal
 */
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
 * When ProcDump takes a dump. A sidecar without triggers takes dumps on demand only.
 *
 * @see https://github.com/microsoft/ProcDump-for-Linux
 */
export class ProcDumpTrigger {
  /**
   * Fires when the current CPU use of a .NET process is above a value, in percent of the cores that the runtime sees
   * (`System.Runtime:cpu-usage`).
   *
   * The runtime rounds a CPU limit up to whole cores: with a limit of 500m the highest value is 50. A threshold that
   * cannot be reached is an error.
   *
   * @param percent above 0, at most 100
   */
  public static cpuAbove(percent: number): ProcDumpTrigger {
    return ProcDumpTrigger.made('cpuAbove', () => ({ kind: 'cpu', below: false, percent: cpuPercent(percent) }));
  }

  /**
   * Fires when the current CPU use of a .NET process is below a value, in percent of the cores that the runtime sees;
   * for processes that hang.
   *
   * @param percent above 0, at most 100
   */
  public static cpuBelow(percent: number): ProcDumpTrigger {
    return ProcDumpTrigger.made('cpuBelow', () => ({ kind: 'cpu', below: true, percent: cpuPercent(percent) }));
  }

  /**
   * Fires when ProcDump's own CPU measure (`-c`) is above a value: the average since the process started, in percent of
   * one core. It misses a spike of a process that has run for hours; for .NET use `cpuAbove`.
   *
   * @param percent whole number from 1; 100 is one core
   * @see https://github.com/microsoft/ProcDump-for-Linux/issues/240
   */
  public static averageCpuAbove(percent: number): ProcDumpTrigger {
    return ProcDumpTrigger.made('averageCpuAbove', () => ({
      kind: 'averageCpu',
      below: false,
      percent: wholeOf('percent', percent, 1),
    }));
  }

  /**
   * Fires when ProcDump's own CPU measure (`-cl`) is below a value: the average since the process started, in percent
   * of one core.
   *
   * @param percent whole number from 1; 100 is one core
   */
  public static averageCpuBelow(percent: number): ProcDumpTrigger {
    return ProcDumpTrigger.made('averageCpuBelow', () => ({
      kind: 'averageCpu',
      below: true,
      percent: wholeOf('percent', percent, 1),
    }));
  }

  /**
   * Fires when resident memory and swap of the process reach a size. Several sizes are reached one after the other,
   * with one dump for each; repeat a size for repeated dumps.
   *
   * @param sizes whole mebibytes, ascending
   */
  public static memoryAbove(...sizes: Size[]): ProcDumpTrigger {
    return ProcDumpTrigger.made('memoryAbove', () => ({
      kind: 'memory',
      below: false,
      ofLimit: false,
      thresholds: ordered(sizesOf('memoryAbove', sizes), false),
    }));
  }

  /**
   * Fires when resident memory and swap of the process fall below a size. Several sizes are passed one after the other,
   * with one dump for each.
   *
   * @param sizes whole mebibytes, descending
   */
  public static memoryBelow(...sizes: Size[]): ProcDumpTrigger {
    return ProcDumpTrigger.made('memoryBelow', () => ({
      kind: 'memory',
      below: true,
      ofLimit: false,
      thresholds: ordered(sizesOf('memoryBelow', sizes), true),
    }));
  }

  /**
   * Fires when the memory of the process reaches a percentage of its container's memory limit. The threshold follows
   * the limit after an in-place resize or a change by a VerticalPodAutoscaler, within about a minute and without a
   * restart. A container without a memory limit in the manifest is an error.
   *
   * @param percents whole numbers from 1 to 99, ascending; one dump for each
   */
  public static memoryAboveLimit(...percents: number[]): ProcDumpTrigger {
    return ProcDumpTrigger.made('memoryAboveLimit', () => ({
      kind: 'memory',
      below: false,
      ofLimit: true,
      thresholds: ordered(checkNotEmpty('percents', percents, PERCENT_OF_LIMIT), false),
    }));
  }

  /**
   * Fires when the process has more threads than a number.
   *
   * @param count whole number from 1
   */
  public static threadsAbove(count: number): ProcDumpTrigger {
    return ProcDumpTrigger.made('threadsAbove', () => ({ kind: 'threads', count: wholeOf('count', count, 1) }));
  }

  /**
   * Fires when the process has more open file descriptors than a number.
   *
   * @param count whole number from 1
   */
  public static fileDescriptorsAbove(count: number): ProcDumpTrigger {
    return ProcDumpTrigger.made('fileDescriptorsAbove', () => ({
      kind: 'fileDescriptors',
      count: wholeOf('count', count, 1),
    }));
  }

  /**
   * Fires when the managed heap, or a part of it, reaches a size after a garbage collection. .NET only.
   *
   * Loads ProcDump's profiler into the process; while it is armed, ProcDump uses 20 to 25 % of a core. The profiler's
   * directory is mounted over `/usr/local/bin` of the application and hides the files that the image has there: a
   * container whose command, probes or hooks name a path in it is an error.
   */
  public static gcHeapAbove(options: GcHeapTriggerOptions): ProcDumpTrigger {
    return ProcDumpTrigger.made('gcHeapAbove', () => {
      const { heap, thresholds } = checkProps(options, GC_HEAP_OPTIONS, 'options');
      return { kind: 'gcHeap', heap, thresholds: ordered(mebibytes('thresholds', thresholds, GC_HEAP_MAX_MIB), false) };
    });
  }

  /**
   * Takes two dumps, at the start and at the end of the next garbage collection of a generation. Both count in
   * `limits.dumpsPerProcess`. .NET only.
   *
   * Loads ProcDump's profiler into the process; while it is armed, ProcDump uses 20 to 25 % of a core. The profiler's
   * directory is mounted over `/usr/local/bin` of the application and hides the files that the image has there: a
   * container whose command, probes or hooks name a path in it is an error.
   *
   * @param generation 0, 1 or 2
   */
  public static gcGeneration(generation: number): ProcDumpTrigger {
    return ProcDumpTrigger.made('gcGeneration', () => ({
      kind: 'gcGeneration',
      generation: wholeOf('generation', generation, 0, 2),
    }));
  }

  /**
   * Fires at a first-chance exception of .NET. For crashes alone, use `ProcDumpTarget.dotnet({ crashDumps: true })`,
   * which has no cost. After a dump, the trigger is armed again when the cool-down is over, but not before 10 seconds,
   * which the profiler needs to leave the process.
   *
   * Loads ProcDump's profiler into the process; while it is armed, ProcDump uses 20 to 25 % of a core. The profiler's
   * directory is mounted over `/usr/local/bin` of the application and hides the files that the image has there: a
   * container whose command, probes or hooks name a path in it is an error.
   */
  public static exception(options: ExceptionTriggerOptions = {}): ProcDumpTrigger {
    return ProcDumpTrigger.made('exception', () => {
      const { include } = checkProps(options, EXCEPTION_OPTIONS, 'options');
      return {
        kind: 'exception',
        include: include === undefined ? [] : [...checkNotEmpty('include', include, EXCEPTION)],
      };
    });
  }

  /** Fires when a counter of an EventSource or Meter reaches a threshold. .NET only; cheap, without a profiler. */
  public static counterAbove(options: CounterTriggerOptions): ProcDumpTrigger {
    return ProcDumpTrigger.made('counterAbove', () => ({ kind: 'counter', below: false, ...counter(options) }));
  }

  /** Fires when a counter of an EventSource or Meter falls below a threshold. .NET only; cheap, without a profiler. */
  public static counterBelow(options: CounterTriggerOptions): ProcDumpTrigger {
    return ProcDumpTrigger.made('counterBelow', () => ({ kind: 'counter', below: true, ...counter(options) }));
  }

  /**
   * Takes a dump as soon as the process exists, and one at each interval, regardless of `limits.cooldown`.
   *
   * @param interval whole seconds, from 1
   */
  public static every(interval: Duration, options: EveryTriggerOptions = {}): ProcDumpTrigger {
    return ProcDumpTrigger.made('every', () => {
      const seconds = secondsOf('interval', interval, 1);
      const { count } = checkProps(options, { count: whole(1, 100) }, 'options');
      return { kind: 'timer', seconds, count };
    });
  }

  /**
   * Fires when the process receives a signal. Native processes only, and dangerous: read `acceptStoppedTarget` first.
   */
  public static signal(options: SignalTriggerOptions): ProcDumpTrigger {
    return ProcDumpTrigger.made('signal', () => {
      const { numbers, acceptStoppedTarget } = checkProps(options, SIGNAL_OPTIONS, 'options');
      checkNotEmpty('numbers', numbers, whole(1, 64));
      if (numbers.includes(9)) {
        throw new Error('numbers holds 9 (SIGKILL), which cannot be intercepted; name another signal');
      }
      if (acceptStoppedTarget) return { kind: 'signal', numbers };
      throw new Error(
        'acceptStoppedTarget must be true, got false: after each dump ProcDump leaves the process stopped until ' +
          'it receives SIGCONT; use another trigger, or set it to true',
      );
    });
  }

  private static made(factory: string, spec: () => TriggerSpec): ProcDumpTrigger {
    return new ProcDumpTrigger(factory, located(`ProcDumpTrigger.${factory}`, spec));
  }

  private constructor(
    /** Name of the factory, for messages. @internal */
    public readonly _name: string,
    /** @internal */
    public readonly _spec: TriggerSpec,
  ) {}
}
