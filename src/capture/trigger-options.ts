import type { Size } from 'cdk8s';

/**
 * Parts of the managed heap of .NET.
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
  /** Sizes with one dump each, ascending; whole mebibytes from 1 to 2047. Repeat a size for repeated dumps. */
  readonly thresholds: Size[];
}

/** Options of `ProcDumpTrigger.exception`. */
export interface ExceptionTriggerOptions {
  /**
   * Exceptions that fire the trigger. Each item is compared with `<full type name>: <message>`, ignores case, and
   * matches anywhere in the text; `*` is the only wildcard. An item starts with a letter or `*` and contains no comma,
   * colon or semicolon.
   * @default - every first-chance exception, including those that the application handles; name exceptions in
   * production
   */
  readonly include?: string[];
}

/** Options of `ProcDumpTrigger.counterAbove` and `counterBelow`. */
export interface CounterTriggerOptions {
  /** Name of the EventSource or Meter, for example `System.Runtime`. */
  readonly provider: string;
  /** Name of the counter or instrument, for example `threadpool-queue-length`. */
  readonly counter: string;
  /** The value to compare with, in the unit of the counter. */
  readonly threshold: number;
  /**
   * Percentile of a histogram: 50, 95 or 99, the percentiles that the runtime publishes.
   * @default - 50 for histograms, the default of ProcDump
   */
  readonly percentile?: number;
}

/** Options of `ProcDumpTrigger.every`. */
export interface EveryTriggerOptions {
  /**
   * Number of dumps per process.
   * @default - as many as `limits.dumpsPerProcess` allows
   */
  readonly count?: number;
}

/** Options of `ProcDumpTrigger.signal`. */
export interface SignalTriggerOptions {
  /** Numbers of the signals, from 1 to 64, except 9 (SIGKILL), which cannot be intercepted. */
  readonly numbers: number[];
  /**
   * Must be true. After each dump ProcDump leaves the process stopped (state T) and the signal undelivered. The process
   * does not run again until it receives SIGCONT, and the trigger is not armed again before that.
   */
  readonly acceptStoppedTarget: boolean;
}
