import type { Size } from 'cdk8s';

/**
 * A part of the managed heap of .NET.
 *
 * @see https://learn.microsoft.com/dotnet/standard/garbage-collection/fundamentals
 */
export enum GcHeap {
  /** Generation 0. */
  GEN0 = '0',
  /** Generation 1. */
  GEN1 = '1',
  /** Generation 2. */
  GEN2 = '2',
  /** Large object heap. */
  LOH = 'LOH',
  /** Pinned object heap. */
  POH = 'POH',
}

/** Options of `ProcDumpTrigger.gcHeapAbove`. */
export interface GcHeapTriggerOptions {
  /**
   * The part of the heap to watch.
   * @default - the whole managed heap
   */
  readonly heap?: GcHeap;
  /** One dump for each threshold, in ascending order; whole mebibytes from 1 to 2047. Repeat one for repeated dumps. */
  readonly thresholds: Size[];
}

/** Options of `ProcDumpTrigger.exception`. */
export interface ExceptionTriggerOptions {
  /**
   * Which exceptions. Each element is compared, without case, with `<full type name>: <message>`; `*` is the only
   * wildcard, and an element matches anywhere in the text. It starts with a letter or `*` and holds no comma, colon or
   * semicolon.
   * @default - every first-chance exception, also those that the application handles: name some in production
   */
  readonly include?: string[];
}

/** Options of `ProcDumpTrigger.counterAbove` and `counterBelow`. */
export interface CounterTriggerOptions {
  /** Name of the EventSource or Meter, for example `System.Runtime`. */
  readonly provider: string;
  /** Name of the counter or instrument, for example `threadpool-queue-length`. */
  readonly counter: string;
  /** The value to compare with, in the counter's own unit. */
  readonly threshold: number;
  /**
   * For histograms: 50, 95 or 99, the percentiles that the runtime publishes.
   * @default - ProcDump's: 50 for histograms
   */
  readonly percentile?: number;
}

/** Options of `ProcDumpTrigger.every`. */
export interface EveryTriggerOptions {
  /**
   * How many dumps of one process.
   * @default - `limits.dumpsPerProcess`
   */
  readonly count?: number;
}

/** Options of `ProcDumpTrigger.signal`. */
export interface SignalTriggerOptions {
  /** Numbers of the signals, 1 to 64 but for 9 (SIGKILL), which nobody can intercept. */
  readonly numbers: number[];
  /**
   * Must be true. After its last dump ProcDump leaves the process stopped (state T) and the signal undelivered: the
   * process stands still until somebody sends SIGCONT.
   */
  readonly acceptStoppedTarget: boolean;
}
