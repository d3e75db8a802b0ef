import type { ProcDumpTrigger, Spec, TriggerSpec } from './procdump-trigger';
import { canonical } from '../kubernetes/wire';

/** One dump is reserved in the limit, and others may follow. */
const REPEATED = { dumps: 1, repeats: true } as const;
/** ProcDump refuses a sixth -pc or -pcl. */
const COUNTERS_PER_WATCH = 5;

/** One ProcDump process for each target process, in the form of the agent's plan. */
export interface Watch {
  /** Name of the folder of its dumps, and of the watch in the agent's log. */
  readonly name: string;
  /** Whether ProcDump loads its profiler into the target. */
  readonly profiler?: true;
  /** Whether the user accepted that the target stays stopped after a dump. */
  readonly leavesTargetStopped?: true;
  readonly triggers: WatchTrigger[];
}

/** A trigger in the agent's plan. The agent converts it to ProcDump's switches. */
export type WatchTrigger = {
  /** Dumps that are reserved in `limits.dumpsPerProcess`: one for each threshold. */
  readonly dumps: number;
  /** Whether it may take further dumps while the limit has room that is not reserved for other triggers. */
  readonly repeats?: true;
} & TriggerConditions;

type TriggerConditions =
  | { readonly kind: 'cpu' | 'averageCpu'; readonly below?: true; readonly percent: number }
  | { readonly kind: 'memory'; readonly below?: true; readonly thresholdsMebibytes: number[] }
  | { readonly kind: 'memory'; readonly below?: true; readonly thresholdsPercentOfLimit: number[] }
  | { readonly kind: 'threads' | 'fileDescriptors'; readonly count: number }
  | { readonly kind: 'counter'; readonly below?: true; readonly counter: string; readonly threshold: number }
  | { readonly kind: 'timer'; readonly intervalSeconds: number }
  | { readonly kind: 'gcHeap'; readonly heap?: string; readonly thresholdsMebibytes: number[] }
  | { readonly kind: 'gcGeneration'; readonly generation: number }
  | { readonly kind: 'exception'; readonly exceptions?: string[] }
  | { readonly kind: 'signal'; readonly signals: number[] };

type Polling = Spec<'averageCpu' | 'memory' | 'threads' | 'fileDescriptors' | 'cpu' | 'counter'>;

/** Triggers that query the .NET runtime; ProcDump does not support them for other processes. */
const DOTNET_ONLY = ['cpu', 'counter', 'gcHeap', 'gcGeneration', 'exception'];

/**
 * Returns the fewest ProcDump processes that watch all triggers. Triggers are alternatives: their order does not
 * matter, and duplicates are merged.
 *
 * @throws if ProcDump cannot watch them together, with the triggers that exclude each other
 */
export function planWatches(triggers: ProcDumpTrigger[], runtime: 'dotnet' | 'native'): Watch[] {
  const distinct = new Map(triggers.map((trigger) => [canonical(trigger._spec), trigger]));
  const sorted = [...distinct.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, trigger]) => trigger);
  refuseWrongRuntime(sorted, runtime);
  const specs = sorted.map((trigger) => trigger._spec);
  const watches = numbered([
    ...pollingWatches(specs),
    ...profilerWatches(specs),
    ...of(specs, 'timer').map(timerWatch),
    ...signalWatches(specs),
  ]);
  if (runtime === 'native' && watches.length > 1) {
    throw new Error(
      `triggers ${names(sorted)} need ${watches.length} ProcDump processes ` +
        `(${watches.map(({ name }) => name).join(', ')}), but a native process can be watched by one only: if two ` +
        'fire together, one of them never fires again; keep triggers that fit one command line: at most one each of ' +
        'average CPU, memory, threads and file descriptors, or every() alone, or signal() alone',
    );
  }
  return watches;
}

function refuseWrongRuntime(triggers: ProcDumpTrigger[], runtime: 'dotnet' | 'native'): void {
  for (const { _name, _spec } of triggers) {
    if (runtime === 'native' && DOTNET_ONLY.includes(_spec.kind)) {
      throw new Error(
        `trigger ${_name} asks the .NET runtime and cannot watch a native process; use ProcDumpTarget.dotnet() ` +
          'for a .NET process, or a trigger that reads the process from outside, such as memoryAbove or ' +
          'averageCpuAbove',
      );
    }
    if (runtime === 'dotnet' && _spec.kind === 'signal') {
      throw new Error(
        'trigger signal deadlocks a .NET process: ProcDump stops it and then waits for the stopped runtime to ' +
          'write the dump; use ProcDumpTarget.dotnet({ crashDumps: true }) for crashes, or exception()',
      );
    }
  }
}

/**
 * Returns the watches of thresholds that ProcDump polls. A command line can contain one of each switch, and five
 * counters.
 */
function pollingWatches(specs: TriggerSpec[]): Watch[] {
  const counters = [...of(specs, 'cpu'), ...of(specs, 'counter')];
  const switches = [
    of(specs, 'averageCpu'),
    mergeMemory(of(specs, 'memory')),
    of(specs, 'threads'),
    of(specs, 'fileDescriptors'),
  ];
  const count = Math.max(...switches.map((list) => list.length), Math.ceil(counters.length / COUNTERS_PER_WATCH));
  return Array.from({ length: count }, (_, i) => ({
    name: 'polling',
    triggers: [
      ...switches.flatMap((list): Polling[] => list.slice(i, i + 1)),
      ...counters.slice(i * COUNTERS_PER_WATCH, (i + 1) * COUNTERS_PER_WATCH),
    ].map(pollingTrigger),
  }));
}

/** Merges thresholds with the same direction and unit into one list: ProcDump takes one dump for each. */
function mergeMemory(specs: Spec<'memory'>[]): Spec<'memory'>[] {
  const merged = new Map<string, Spec<'memory'>>();
  for (const spec of specs) {
    const key = `${spec.below} ${spec.ofLimit}`;
    const thresholds = [...(merged.get(key)?.thresholds ?? []), ...spec.thresholds].sort((a, b) =>
      spec.below ? b - a : a - b,
    );
    merged.set(key, { ...spec, thresholds });
  }
  return [...merged.values()];
}

function pollingTrigger(spec: Polling): WatchTrigger {
  switch (spec.kind) {
    case 'threads':
    case 'fileDescriptors':
      return { kind: spec.kind, ...REPEATED, count: spec.count };
    case 'cpu':
    case 'averageCpu':
      return { kind: spec.kind, ...REPEATED, ...direction(spec), percent: spec.percent };
    case 'counter':
      return { kind: spec.kind, ...REPEATED, ...direction(spec), counter: spec.counter, threshold: spec.threshold };
    case 'memory':
      return {
        kind: spec.kind,
        dumps: spec.thresholds.length,
        ...direction(spec),
        ...(spec.ofLimit
          ? { thresholdsPercentOfLimit: [...spec.thresholds] }
          : { thresholdsMebibytes: [...spec.thresholds] }),
      };
  }
}

function direction({ below }: { readonly below: boolean }): { below?: true } {
  return below ? { below } : {};
}

/** The runtime has one slot for a profiler, and ProcDump refuses to share it. */
function profilerWatches(specs: TriggerSpec[]): Watch[] {
  const watches = [
    ...exceptionWatches(of(specs, 'exception')),
    ...mergeGcHeap(of(specs, 'gcHeap')).map(gcHeapWatch),
    ...of(specs, 'gcGeneration').map(gcGenerationWatch),
  ];
  if (watches.length > 1) {
    throw new Error(
      `triggers need ${watches.length} ProcDump processes with its profiler ` +
        `(${watches.flatMap(({ triggers }) => triggers.map(shownTrigger)).join('; ')}), but a .NET process takes one ` +
        'at a time; keep one of exception, gcHeapAbove and gcGeneration, or watch memory with memoryAbove or a counter',
    );
  }
  return watches;
}

function exceptionWatches(specs: Spec<'exception'>[]): Watch[] {
  if (specs.length === 0) return [];
  const every = specs.some(({ include }) => include.length === 0);
  const exceptions = [...new Set(specs.flatMap(({ include }) => include))].sort();
  return [
    {
      name: 'exception',
      profiler: true,
      triggers: [{ kind: 'exception', ...REPEATED, ...(every ? {} : { exceptions }) }],
    },
  ];
}

/** Merges the thresholds of each part of the heap into one list. */
function mergeGcHeap(specs: Spec<'gcHeap'>[]): Spec<'gcHeap'>[] {
  return [...new Set(specs.map(({ heap }) => heap))].map((heap) => ({
    kind: 'gcHeap',
    heap,
    thresholds: specs
      .filter((spec) => spec.heap === heap)
      .flatMap(({ thresholds }) => thresholds)
      .sort((a, b) => a - b),
  }));
}

function gcHeapWatch({ heap, thresholds }: Spec<'gcHeap'>): Watch {
  return {
    name: 'gc-heap',
    profiler: true,
    triggers: [
      {
        kind: 'gcHeap',
        dumps: thresholds.length,
        ...(heap === undefined ? {} : { heap }),
        thresholdsMebibytes: thresholds,
      },
    ],
  };
}

/** Two dumps: at the start and at the end of a collection. */
function gcGenerationWatch({ generation }: Spec<'gcGeneration'>): Watch {
  return { name: 'gc-generation', profiler: true, triggers: [{ kind: 'gcGeneration', dumps: 2, generation }] };
}

function timerWatch({ seconds, count }: Spec<'timer'>): Watch {
  const dumps = count === undefined ? REPEATED : { dumps: count };
  return { name: 'timer', triggers: [{ kind: 'timer', ...dumps, intervalSeconds: seconds }] };
}

function signalWatches(specs: TriggerSpec[]): Watch[] {
  const signals = [...new Set(of(specs, 'signal').flatMap((spec) => spec.numbers))].sort((a, b) => a - b);
  if (signals.length === 0) return [];
  return [{ name: 'signal', leavesTargetStopped: true, triggers: [{ kind: 'signal', ...REPEATED, signals }] }];
}

/** Returns the dumps that are reserved in `limits.dumpsPerProcess`, by trigger. */
export function dumpsOf(watches: readonly Watch[]): { readonly trigger: string; readonly dumps: number }[] {
  return watches.flatMap(({ triggers }) =>
    triggers.map((trigger) => ({ trigger: shownTrigger(trigger), dumps: trigger.dumps })),
  );
}

/** Returns the trigger with the name of its factory, for messages. */
function shownTrigger(trigger: WatchTrigger): string {
  const { kind, dumps: _, repeats: __, ...values } = trigger;
  const shown = Object.entries(values)
    .filter(([name]) => name !== 'below')
    .map(([, value]) => (Array.isArray(value) ? value.join(', ') : `${value}`));
  return [factoryOf(trigger), ...shown].join(' ');
}

function factoryOf(trigger: WatchTrigger): string {
  switch (trigger.kind) {
    case 'timer':
      return 'every';
    case 'exception':
    case 'gcGeneration':
    case 'signal':
      return trigger.kind;
    case 'memory':
      if ('thresholdsPercentOfLimit' in trigger) return 'memoryAboveLimit';
  }
  return `${trigger.kind}${'below' in trigger && trigger.below ? 'Below' : 'Above'}`;
}

/** Numbers watches with the same name (polling, polling-2), because each name is a folder. */
function numbered(watches: Watch[]): Watch[] {
  const seen = new Map<string, number>();
  return watches.map((watch) => {
    const number = (seen.get(watch.name) ?? 0) + 1;
    seen.set(watch.name, number);
    return number === 1 ? watch : { ...watch, name: `${watch.name}-${number}` };
  });
}

function of<K extends TriggerSpec['kind']>(specs: TriggerSpec[], kind: K): Spec<K>[] {
  return specs.filter((spec): spec is Spec<K> => spec.kind === kind);
}

function names(triggers: ProcDumpTrigger[]): string {
  return triggers.map(({ _name }) => _name).join(', ');
}
