import type { ProcDumpTrigger, Spec, TriggerSpec } from './procdump-trigger';
import { canonical } from '../kubernetes/wire';

/** ProcDump refuses a sixth -pc or -pcl. */
const COUNTERS_PER_COMMAND = 5;

/** One process of ProcDump. The agent appends the process id and the folder to its arguments. */
export interface ProcDumpCommand {
  /** Name of the monitor in the agent's log and in the folder of its dumps. */
  readonly name: string;
  /** Arguments in an order that ProcDump does not misread. The agent replaces `75%` in a list of -m. */
  readonly arguments: string[];
  /** Whether ProcDump loads its profiler into the target. */
  readonly profiler: boolean;
}

export interface ProcDumpCommandOptions {
  readonly runtime: 'dotnet' | 'native';
  readonly dumpsPerProcess: number;
  readonly cooldownSeconds: number;
  /** Mappings in a native dump, in ProcDump's hex. */
  readonly dumpMask?: string;
}

type Polling = Spec<'averageCpu' | 'memory' | 'threads' | 'fileDescriptors' | 'counter'>;

/** Triggers that ask the .NET runtime; ProcDump has none of them for other processes. */
const DOTNET_ONLY = ['cpu', 'counter', 'gcHeap', 'gcGeneration', 'exception'];

/**
 * Returns the fewest ProcDump processes that watch all triggers. Triggers are alternatives: their order does not
 * matter, and duplicates are merged.
 *
 * @throws where ProcDump cannot watch them together, with the triggers that exclude each other
 */
export function planProcDumpCommands(triggers: ProcDumpTrigger[], options: ProcDumpCommandOptions): ProcDumpCommand[] {
  const distinct = new Map(triggers.map((trigger) => [canonical(trigger._spec), trigger]));
  const sorted = [...distinct.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, trigger]) => trigger);
  refuseWrongRuntime(sorted, options);
  const specs = sorted.map((trigger) => trigger._spec);
  const commands = numbered([
    ...pollingCommands(specs, options),
    ...profilerCommands(specs, options),
    ...of(specs, 'timer').map((timer) => timerCommand(timer, options)),
    ...signalCommands(specs, options),
  ]);
  if (options.runtime === 'native' && commands.length > 1) {
    throw new Error(
      `triggers ${names(sorted)} need ${commands.length} ProcDump processes ` +
        `(${commands.map(({ name }) => name).join(', ')}), but a native process can be watched by one only: if two ` +
        'fire together, one of them never fires again; keep triggers that fit one command line: at most one each of ' +
        'average CPU, memory, threads and file descriptors, or every() alone, or signal() alone',
    );
  }
  return commands;
}

function refuseWrongRuntime(triggers: ProcDumpTrigger[], { runtime }: ProcDumpCommandOptions): void {
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

/** Thresholds that ProcDump reads at each poll. A command line holds one of each switch, and five counters. */
function pollingCommands(specs: TriggerSpec[], options: ProcDumpCommandOptions): ProcDumpCommand[] {
  const counters: Spec<'counter'>[] = [
    ...of(specs, 'cpu').map(({ below, percent }) => ({
      kind: 'counter' as const,
      below,
      counter: 'System.Runtime:cpu-usage',
      threshold: percent,
    })),
    ...of(specs, 'counter'),
  ];
  const switches = [
    of(specs, 'averageCpu'),
    mergeMemory(of(specs, 'memory')),
    of(specs, 'threads'),
    of(specs, 'fileDescriptors'),
  ];
  const count = Math.max(...switches.map((list) => list.length), Math.ceil(counters.length / COUNTERS_PER_COMMAND));
  return Array.from({ length: count }, (_, i) =>
    pollingCommand(
      [
        ...switches.flatMap((list): Polling[] => list.slice(i, i + 1)),
        ...counters.slice(i * COUNTERS_PER_COMMAND, (i + 1) * COUNTERS_PER_COMMAND),
      ],
      options,
    ),
  );
}

/** Thresholds with one direction and unit form one list: ProcDump takes one dump for each. */
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

function pollingCommand(specs: Polling[], options: ProcDumpCommandOptions): ProcDumpCommand {
  const memory = specs.find((spec): spec is Spec<'memory'> => spec.kind === 'memory');
  const lonely = specs.length === 1;
  return {
    name: 'polling',
    profiler: false,
    arguments: [
      ...(memory ? [] : ['-n', `${options.dumpsPerProcess}`]),
      '-s',
      `${options.cooldownSeconds}`,
      ...maskArguments(options),
      ...specs.flatMap((spec) =>
        spec.kind === 'memory' ? memoryArguments(spec, lonely, options) : thresholdArguments(spec),
      ),
    ],
  };
}

function thresholdArguments(spec: Exclude<Polling, Spec<'memory'>>): string[] {
  switch (spec.kind) {
    case 'averageCpu':
      return [spec.below ? '-cl' : '-c', `${spec.percent}`];
    case 'threads':
      return ['-tc', `${spec.count}`];
    case 'fileDescriptors':
      return ['-fc', `${spec.count}`];
    case 'counter':
      return [spec.below ? '-pcl' : '-pc', spec.counter, `${spec.threshold}`];
  }
}

/**
 * The length of the list is the number of dumps of the whole command line: ProcDump refuses -n beside it, or reads past
 * the end of the list. Where other triggers share the command line, the last threshold is therefore repeated up to the
 * number of dumps.
 */
function memoryArguments(spec: Spec<'memory'>, lonely: boolean, options: ProcDumpCommandOptions): string[] {
  const { thresholds, below, ofLimit } = spec;
  refuseLongList('memory', thresholds.length, options);
  const padding = lonely
    ? []
    : Array<number>(options.dumpsPerProcess - thresholds.length).fill(thresholds[thresholds.length - 1]);
  return [
    below ? '-ml' : '-m',
    [...thresholds, ...padding].map((threshold) => `${threshold}${ofLimit ? '%' : ''}`).join(','),
  ];
}

function refuseLongList(what: string, length: number, { dumpsPerProcess }: ProcDumpCommandOptions): void {
  if (length > dumpsPerProcess) {
    throw new Error(
      `${what} triggers name ${length} thresholds, one dump each, but limits.dumpsPerProcess (${dumpsPerProcess}) ` +
        `stops before the last; raise limits.dumpsPerProcess to ${length}, or name fewer thresholds`,
    );
  }
}

/** The runtime has one slot for a profiler, and ProcDump refuses to share it. */
function profilerCommands(specs: TriggerSpec[], options: ProcDumpCommandOptions): ProcDumpCommand[] {
  const commands = [
    ...exceptionCommands(of(specs, 'exception'), options),
    ...mergeGcHeap(of(specs, 'gcHeap')).map((spec) => gcHeapCommand(spec, options)),
    ...of(specs, 'gcGeneration').map((spec) => gcGenerationCommand(spec, options)),
  ];
  if (commands.length > 1) {
    throw new Error(
      `triggers need ${commands.length} ProcDump processes with its profiler ` +
        `(${commands.map((command) => command.arguments.join(' ')).join('; ')}), but a .NET process takes one at a ` +
        'time; keep one of exception, gcHeapAbove and gcGeneration, or watch memory with memoryAbove or a counter',
    );
  }
  return commands;
}

function exceptionCommands(specs: Spec<'exception'>[], options: ProcDumpCommandOptions): ProcDumpCommand[] {
  if (specs.length === 0) return [];
  const every = specs.some(({ include }) => include.length === 0);
  const filter = every ? [] : ['-f', [...new Set(specs.flatMap(({ include }) => include))].sort().join(',')];
  return [{ name: 'exception', profiler: true, arguments: ['-n', `${options.dumpsPerProcess}`, '-e', ...filter] }];
}

/** Thresholds of one part of the heap form one list. */
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

function gcHeapCommand({ heap, thresholds }: Spec<'gcHeap'>, options: ProcDumpCommandOptions): ProcDumpCommand {
  refuseLongList('gcHeapAbove', thresholds.length, options);
  return {
    name: 'gc-heap',
    profiler: true,
    arguments: ['-gcm', `${heap === undefined ? '' : `${heap}:`}${thresholds.join(',')}`],
  };
}

function gcGenerationCommand(
  { generation }: Spec<'gcGeneration'>,
  { dumpsPerProcess }: ProcDumpCommandOptions,
): ProcDumpCommand {
  if (dumpsPerProcess < 2) {
    throw new Error(
      'trigger gcGeneration takes two dumps, at the start and at the end of a collection, but ' +
        `limits.dumpsPerProcess is ${dumpsPerProcess}; raise it to 2`,
    );
  }
  return { name: 'gc-generation', profiler: true, arguments: ['-gcgen', `${generation}`] };
}

function timerCommand({ seconds, count }: Spec<'timer'>, options: ProcDumpCommandOptions): ProcDumpCommand {
  if (count !== undefined && count > options.dumpsPerProcess) {
    throw new Error(
      `trigger every has count ${count}, but limits.dumpsPerProcess (${options.dumpsPerProcess}) stops before it; ` +
        `raise limits.dumpsPerProcess to ${count}, or lower the count`,
    );
  }
  return {
    name: 'timer',
    profiler: false,
    arguments: ['-n', `${count ?? options.dumpsPerProcess}`, '-s', `${seconds}`, ...maskArguments(options)],
  };
}

function signalCommands(specs: TriggerSpec[], options: ProcDumpCommandOptions): ProcDumpCommand[] {
  const numbers = [...new Set(of(specs, 'signal').flatMap((spec) => spec.numbers))].sort((a, b) => a - b);
  if (numbers.length === 0) return [];
  return [
    {
      name: 'signal',
      profiler: false,
      arguments: [
        '-n',
        `${options.dumpsPerProcess}`,
        '-s',
        `${options.cooldownSeconds}`,
        ...maskArguments(options),
        '-sig',
        numbers.join(','),
      ],
    },
  ];
}

function maskArguments({ dumpMask }: ProcDumpCommandOptions): string[] {
  return dumpMask === undefined ? [] : ['-mc', dumpMask];
}

/** Numbers commands with the same name (polling, polling-2), because each name is a folder. */
function numbered(commands: ProcDumpCommand[]): ProcDumpCommand[] {
  const seen = new Map<string, number>();
  return commands.map((command) => {
    const number = (seen.get(command.name) ?? 0) + 1;
    seen.set(command.name, number);
    return number === 1 ? command : { ...command, name: `${command.name}-${number}` };
  });
}

function of<K extends TriggerSpec['kind']>(specs: TriggerSpec[], kind: K): Spec<K>[] {
  return specs.filter((spec): spec is Spec<K> => spec.kind === kind);
}

function names(triggers: ProcDumpTrigger[]): string {
  return triggers.map(({ _name }) => _name).join(', ');
}
