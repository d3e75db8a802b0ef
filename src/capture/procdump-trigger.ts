import { Duration, Size } from 'cdk8s';
import {
  CounterTriggerOptions,
  EveryTriggerOptions,
  ExceptionTriggerOptions,
  GcHeap,
  GcHeapTriggerOptions,
  SignalTriggerOptions,
} from './trigger-options';
import { checkNotEmpty, counter, cpuPercent, mebibytes, ordered, wholeOf } from './trigger-values';
import { FLAG, INT32_MAX, listOf, matching, oneOf, SIZE, whole } from '../input/checks';
import { located } from '../input/located-error';
import { checkProps, Checks, required } from '../input/struct';
import { secondsOf } from '../input/units';

/**
 * ProcDump turns -gcm's megabytes into bytes in 32 bits: 2048 and more become a threshold that never or always fires.
 */
const GC_HEAP_MAX_MIB = 2047;
const GC_HEAP_OPTIONS: Checks<GcHeapTriggerOptions> = { heap: oneOf(GcHeap), thresholds: required(listOf(SIZE)) };
/** ProcDump takes comma, colon, semicolon and control characters for separators. */
const EXCEPTION = matching({
  pattern: /^[A-Za-z*][^,:;\p{Cc}]*$/u,
  expected:
    'text that starts with a letter or * and holds no comma, colon, semicolon or control character; write * in their ' +
    'place',
});
const EXCEPTION_OPTIONS: Checks<ExceptionTriggerOptions> = { include: listOf(EXCEPTION) };
const SIGNAL_OPTIONS: Checks<SignalTriggerOptions> = {
  numbers: required(listOf(whole(1, 64))),
  acceptStoppedTarget: required(FLAG),
};

/**
 * A switch of ProcDump that watches one measure; a list of dumps for each crossing where the switch takes a list.
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
    return ProcDumpTrigger.made('cpuAbove', () => ({ kind: 'cpu', below: false, percent: cpuPercent(percent) }));
  }

  /**
   * CPU use of a .NET process now falls below this value; for processes that hang. In percent of the cores that the
   * runtime sees.
   *
   * @param percent above 0, at most 100
   */
  public static cpuBelow(percent: number): ProcDumpTrigger {
    return ProcDumpTrigger.made('cpuBelow', () => ({ kind: 'cpu', below: true, percent: cpuPercent(percent) }));
  }

  /**
   * ProcDump's own CPU measure (`-c`): the average since the process started, in percent of one core. It does not see a
   * spike of a process that has run for hours; for .NET take `cpuAbove`.
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
   * ProcDump's own CPU measure (`-cl`): the average since the process started falls below this value, in percent of one
   * core.
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
   * Resident memory and swap of the process reach these values, one after the other: one dump for each. Repeat a value
   * for repeated dumps.
   *
   * @param sizes whole mebibytes, ascending
   */
  public static memoryAbove(...sizes: Size[]): ProcDumpTrigger {
    return ProcDumpTrigger.made('memoryAbove', () => ({
      kind: 'memory',
      below: false,
      ofLimit: false,
      thresholds: ordered(mebibytes(sizes, INT32_MAX), false),
    }));
  }

  /**
   * Resident memory and swap of the process fall below these values, one after the other: one dump for each.
   *
   * @param sizes whole mebibytes, descending
   */
  public static memoryBelow(...sizes: Size[]): ProcDumpTrigger {
    return ProcDumpTrigger.made('memoryBelow', () => ({
      kind: 'memory',
      below: true,
      ofLimit: false,
      thresholds: ordered(mebibytes(sizes, INT32_MAX), true),
    }));
  }

  /**
   * Memory of the process in percent of its container's own memory limit. The limit is read in the running pod, so that
   * a VerticalPodAutoscaler counts; a container without a memory limit in the manifest is an error.
   *
   * @param percents whole numbers from 1 to 99, ascending; one dump for each
   */
  public static memoryAboveLimit(...percents: number[]): ProcDumpTrigger {
    return ProcDumpTrigger.made('memoryAboveLimit', () => ({
      kind: 'memory',
      below: false,
      ofLimit: true,
      thresholds: ordered(checkNotEmpty('percents', percents, whole(1, 99)), false),
    }));
  }

  /**
   * Number of threads of the process.
   *
   * @param count whole number from 1
   */
  public static threadsAbove(count: number): ProcDumpTrigger {
    return ProcDumpTrigger.made('threadsAbove', () => ({ kind: 'threads', count: wholeOf('count', count, 1) }));
  }

  /**
   * Number of open file descriptors of the process.
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
   * Size of the managed heap, or of one part of it, after a garbage collection. .NET only. Loads ProcDump's profiler
   * into the process; while it is armed ProcDump itself uses 20 to 25 % of a core. Its directory is mounted over
   * `/usr/local/bin` of the application, which hides what the image has there: a container whose command, probes or
   * hooks name a path in it is an error.
   */
  public static gcHeapAbove(options: GcHeapTriggerOptions): ProcDumpTrigger {
    return ProcDumpTrigger.made('gcHeapAbove', () => {
      const { heap, thresholds } = checkProps(options, GC_HEAP_OPTIONS, 'options');
      return { kind: 'gcHeap', heap, thresholds: ordered(mebibytes(thresholds, GC_HEAP_MAX_MIB), false) };
    });
  }

  /**
   * Two dumps, at the start and at the end of the next garbage collection of this generation. .NET only. Loads
   * ProcDump's profiler into the process; while it is armed ProcDump itself uses 20 to 25 % of a core. Its directory is
   * mounted over `/usr/local/bin` of the application, which hides what the image has there: a container whose command,
   * probes or hooks name a path in it is an error.
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
   * A first-chance exception of .NET. Loads ProcDump's profiler into the process; while it is armed ProcDump itself
   * uses 20 to 25 % of a core. Its directory is mounted over `/usr/local/bin` of the application, which hides what the
   * image has there: a container whose command, probes or hooks name a path in it is an error. For crashes alone take
   * `ProcDumpTarget.dotnet({ crashDumps: true })`, which costs nothing.
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

  /** A counter of an EventSource or Meter reaches the threshold. .NET only, no profiler, cheap. */
  public static counterAbove(options: CounterTriggerOptions): ProcDumpTrigger {
    return ProcDumpTrigger.made('counterAbove', () => ({ kind: 'counter', below: false, ...counter(options) }));
  }

  /** A counter of an EventSource or Meter falls below the threshold. .NET only, no profiler, cheap. */
  public static counterBelow(options: CounterTriggerOptions): ProcDumpTrigger {
    return ProcDumpTrigger.made('counterBelow', () => ({ kind: 'counter', below: true, ...counter(options) }));
  }

  /**
   * A dump as soon as the process is there, then one each interval.
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

  /** A signal arrives at the process. Native processes only, and dangerous: read `acceptStoppedTarget` first. */
  public static signal(options: SignalTriggerOptions): ProcDumpTrigger {
    return ProcDumpTrigger.made('signal', () => {
      const { numbers, acceptStoppedTarget } = checkProps(options, SIGNAL_OPTIONS, 'options');
      checkNotEmpty('numbers', numbers, whole(1, 64));
      if (numbers.includes(9)) {
        throw new Error('numbers holds 9 (SIGKILL), which cannot be intercepted; name another signal');
      }
      if (acceptStoppedTarget) return { kind: 'signal', numbers };
      throw new Error(
        'acceptStoppedTarget must be true, got false: after its last dump ProcDump leaves the process stopped until ' +
          'somebody sends SIGCONT; ' +
          'use another trigger, or set it to true',
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
