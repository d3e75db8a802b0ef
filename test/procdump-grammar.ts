/**
 * The command line of ProcDump for Linux 3.5.2, for tests: what it accepts (`parse`), and what it accepts but does not
 * do (`misread`). A table of switches and two tables of rules, made from recorded runs of the binary
 * (`fixtures/procdump-cli-cases.json`), not from its parser. Stricter than the binary in three corners: a hexadecimal
 * counter threshold, -m, -ml or -sig beside a -gcm without numbers, an empty target with -w.
 */
import { dirname } from 'node:path/posix';
import { Kind, SwitchName, SWITCHES } from './procdump-switches';

/** The words after each switch, as they were given; a flag has none. */
export type Options = Partial<Record<SwitchName, string[]>>;
export interface CommandLine {
  readonly options: Options;
  readonly target?: string;
  readonly path?: string;
}
export type Parsed =
  ({ readonly accepted: true } & CommandLine) | { readonly accepted: false; readonly reason: string };

const INT_MAX = 2147483647;
const ALL_GENERATIONS = 2008; // an internal mark, but not refused from outside either

/**
 * An int: '' is 0, leading blanks and a sign are fine, what does not fit into 32 bits is cut off. NaN where refused.
 */
function int32(text: string): number {
  return /^([ \t-\r]*[+-]?\d+)?$/.test(text) ? Number(BigInt.asIntN(32, BigInt(text))) : NaN;
}

const ints = (list: string) =>
  list
    .split(',')
    .filter((element) => element !== '')
    .map(int32); // '100,,200' are two

/** `[generation:]megabytes[,…]`. One bad number empties the list of thresholds, and that is not refused. */
function heap(text: string): { generation: number; thresholds: number[] } {
  const [generation = '?', megabytes = '-1'] = text.includes(':')
    ? text.split(':').filter((part) => part !== '')
    : [`${ALL_GENERATIONS}`, text];
  const thresholds = ints(megabytes);
  const named = ['loh', 'poh'].indexOf(generation.toLowerCase());
  return {
    generation: named < 0 ? int32(generation) : named + 3,
    thresholds: thresholds.some(Number.isNaN) ? [] : thresholds,
  };
}
const natural = (value: number, max = INT_MAX) => value >= 0 && value <= max;

const TAKES: Readonly<Record<Kind, (value: string, second: string, max?: number) => boolean>> = {
  flag: () => true,
  nodump: () => true,
  int: (value, _, max) => natural(int32(value), max),
  ints: (value) => ints(value).length > 0 && ints(value).every((element) => natural(element)),
  hex: (value) => /^[\da-f]*$/i.test(value) && BigInt.asIntN(32, BigInt(`0x0${value}`)) >= 0n,
  heap: (value) =>
    (natural(heap(value).generation, 4) || heap(value).generation === ALL_GENERATIONS) &&
    heap(value).thresholds.every((threshold) => natural(threshold)),
  counter: (value, second) =>
    /^[^:]+:./.test(value) &&
    /^([ \t-\r]*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?)?$/i.test(second) &&
    isFinite(Number(second)),
  filter: (value) => /^[a-z*]/i.test(value),
  stream: (value) => /^(stdout|syslog)$/i.test(value),
  text: () => true,
};

/** How many words a switch takes, whatever they look like. */
function words(kind: Kind, next = ''): number {
  if (kind === 'nodump') return next.toLowerCase() === 'nodump' ? 1 : 0;
  return { flag: 0, counter: 2 }[kind as string] ?? 1;
}

/** Any case, `-` or `/`; the late-comer -usegcore has the dash only. What is not found here is a target or a path. */
function switchName(word: string): SwitchName | undefined {
  const name = word.slice(1).toLowerCase();
  const spelt = /^[-/]/.test(word) && word.toLowerCase() !== '/usegcore';
  return spelt && Object.hasOwn(SWITCHES, name) ? (name as SwitchName) : undefined;
}

const thresholds = ({ m, ml, gcm }: Options) => [
  ...(m ?? ml ?? []).flatMap(ints),
  ...(gcm ?? []).flatMap((text) => heap(text).thresholds),
];
const given = (options: Options) => Object.keys(options) as SwitchName[];
const isNumber = (target?: string) => target !== undefined && /^\d*$/.test(target);
type Rule<T> = readonly [reason: string, applies: (line: T) => boolean];

const REFUSED: ReadonlyArray<Rule<CommandLine & { file: boolean; group: boolean }>> = [
  [
    'several thresholds are a number of dumps already, -n or -gcgen give another',
    ({ options: o }) => thresholds(o).length > 1 && !!(o.n ?? o.gcgen),
  ],
  ['-f needs -e', ({ options: o }) => !!o.f && !o.e],
  ['-sr above 0 needs -restrack', ({ options: o }) => !!o.sr && int32(o.sr[o.sr.length - 1]) > 0 && !o.restrack],
  ['-fx needs -restrack', ({ options: o }) => !!o.fx && !o.restrack],
  ['-w needs a name, not a PID', ({ options: o, target, group }) => !!o.w && isNumber(target) && !group],
  ['-w without a name crashes', ({ options: o, target }) => !!o.w && target === undefined && !o.pgid],
  ['-w and -pgid take a folder, not a file', ({ options: o, file }) => !!(o.w ?? o.pgid) && file],
];

/** @param isFolder which folders exist; by default those of the machine on which the cases were recorded */
export function parse(
  args: readonly string[],
  isFolder = (folder: string) => ['/', '.', '/dumps'].includes(folder),
): Parsed {
  const refused = (reason: string): Parsed => ({ accepted: false, reason });
  if (args.length === 0) return refused('usage: nothing given');
  const options: Options = {};
  const places: string[] = [];
  let group = false;
  for (let at = 0; at < args.length; at++) {
    const name = switchName(args[at]);
    if (/^[-/]\?$/.test(args[at])) return refused('usage: help wanted');
    if (name) {
      const { kind, max, repeats, neverLast } = SWITCHES[name];
      const count = words(kind, args[at + 1]);
      const values = args.slice(at + 1, at + 1 + count);
      if (values.length < count || (neverLast && at + 1 === args.length)) {
        return refused(`-${name} has nothing after it`);
      }
      if (options[name] && !repeats) return refused(`-${name} is given twice`);
      // the other order is let through
      if (name === 'n' && options.gcgen) return refused('-n after -gcgen, which sets it to 2');
      if (!TAKES[kind](values[0], values[1], max)) return refused(`-${name} does not take '${values.join(' ')}'`);
      options[name] = [...(options[name] ?? []), ...values];
      at += count;
    } else {
      if (places.length === 0) group = !!options.pgid && isNumber(args[at]); // after the number -pgid comes too late
      if (places.push(args[at]) > 2) return refused('a third word besides target and path');
    }
  }
  const [target, path] = places;
  const file = path !== undefined && !path.endsWith('/') && !isFolder(path);
  const folder = file ? dirname(path) : path?.replace(/(?<=.)\/+$/, '');
  if (folder !== undefined && !isFolder(folder)) return refused(`no folder ${folder}`);
  if ([...(options.pc ?? []), ...(options.pcl ?? [])].length > 5 * 2) return refused('-pc and -pcl: five in all');
  for (const name of given(options)) {
    const other = SWITCHES[name].excludes?.find((excluded) => options[excluded]);
    if (other) return refused(`-${name} with -${other}`);
  }
  const broken = REFUSED.find(([, applies]) => applies({ options, target, path, file, group }));
  return broken ? refused(broken[0]) : { accepted: true, options, target, path };
}

const first = (values?: string[]) => values && int32(values[0]);
const dumps = (options: Options) => (options.gcgen ? 2 : (first(options.n) ?? thresholds(options).length));
const isPlain = (text: string) => /^(0|[1-9]\d{0,9})$/.test(text) && Number(text) <= INT_MAX;
/** @param part 0 for the names of the counters, 1 for their thresholds */
const counters = ({ pc, pcl }: Options, part: number) =>
  [...(pc ?? []), ...(pcl ?? [])].filter((_, index) => index % 2 === part);
const integers = ({ options, target = '-' }: CommandLine) =>
  given(options)
    .filter((name) => ['int', 'ints'].includes(SWITCHES[name].kind))
    .flatMap((name) => options[name] ?? [])
    .flatMap((list) => list.split(','))
    .concat(isNumber(target) ? target : []);

const MISREAD: ReadonlyArray<Rule<CommandLine>> = [
  [
    'more dumps than -m or -ml thresholds read past the end of the list',
    ({ options: o }) => !!(o.m ?? o.ml) && dumps(o) > thresholds(o).length,
  ],
  [
    'more dumps than -gcm thresholds are waited for without end',
    ({ options: o }) => !!o.gcm && dumps(o) > thresholds(o).length,
  ],
  [
    '-gcm of 2048 MB or more overflows',
    ({ options: o }) => !!o.gcm && thresholds(o).some((threshold) => threshold > 2047),
  ],
  [
    '-gcm with a bad number has no threshold',
    ({ options: o }) =>
      !!o.gcm &&
      !o.gcm[0]
        .replace(/^[^:]*:/, '')
        .split(',')
        .every(isPlain),
  ],
  [
    '-gcm knows 0 to 4, LOH and POH: 2008 is an internal mark',
    ({ options: o }) => !!o.gcm && !/^(([0-4]|loh|poh):|[^:]*$)/i.test(o.gcm[0]),
  ],
  ['-gcgen makes two dumps whatever -n says', ({ options: o }) => !!o.gcgen && !!o.n],
  [
    '-f is a list of a letter or *, then no : and no ;',
    ({ options: { f = ['*'] } }) => !f[0].split(',').every((part) => /^[a-z*][^:;]*$/i.test(part)),
  ],
  ['-sig makes no sense with -e or -gcgen', ({ options: o }) => !!o.sig && !!(o.e ?? o.gcgen)],
  ['-pc makes no sense with -gcm', ({ options: o }) => !!(o.pc ?? o.pcl) && !!o.gcm],
  ['-n 0 ends without a dump', ({ options: o }) => first(o.n) === 0],
  [
    'a threshold of 0 fires at once or never',
    ({ options: o }) => [...thresholds(o), first(o.c ?? o.cl), first(o.tc), first(o.fc)].includes(0),
  ],
  ['-s 0 names two dumps alike', ({ options: o }) => first(o.s) === 0 && dumps(o) > 1],
  ['-pf below 1000 with -w is a busy loop', ({ options: o }) => !!o.w && (first(o.pf) ?? 1000) < 1000],
  [
    '-sig outside 1..64 never arrives',
    ({ options: o }) => !!o.sig && ints(o.sig[0]).some((signal) => signal < 1 || signal > 64),
  ],
  [
    'a percentile is p50, p95 or p99',
    ({ options: o }) => !counters(o, 0).every((name) => /^[^[]+(\[p(50|95|99)\])?$/.test(name)),
  ],
  [
    'a counter threshold is a plain number',
    ({ options: o }) => !counters(o, 1).every((text) => /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text)),
  ],
  ['-mc is 1 to 8 hexadecimal digits', ({ options: o }) => !!o.mc && !/^[\da-f]{1,8}$/i.test(o.mc[0])],
  ['an integer is 0..2147483647 in plain digits', (line) => !integers(line).every(isPlain)],
  ['no target', ({ target }) => target === undefined],
  ['an unknown switch is taken for the name of a process', ({ target = '' }) => /^[-/]/.test(target)],
  ['the dump folder is missing or not absolute', ({ path = '' }) => !path.startsWith('/')],
  ['the dump folder may have A-Z a-z 0-9 / . _ - and blanks only', ({ path = '' }) => !/^[\w/. -]*$/.test(path)],
  // The dump's name counts too; that of the process, which it begins with, comes on top.
  [
    'a dump path of 1024 bytes or more is cut off',
    ({ path = '' }) => Buffer.byteLength(`${path}/_perfcounter_261122_205151`) >= 1024,
  ],
  ['-w takes every process of that name, a supervisor too: give a PID', ({ options: o }) => !!o.w],
  ['-pgid: a group id cannot be known in a pod', ({ options: o }) => !!o.pgid],
  ['-restrack finds no leaks in a sidecar', ({ options: o }) => !!(o.restrack ?? o.sr ?? o.fx)],
  ['-o overwrites dumps', ({ options: o }) => !!o.o],
];

/**
 * Why ProcDump would refuse the line, or accept it and do something else; empty where it is safe to emit. Its folder is
 * taken to exist.
 */
export function misread(args: readonly string[]): string[] {
  const line = parse(args, () => true);
  return line.accepted
    ? MISREAD.filter(([, applies]) => applies(line)).map(([reason]) => reason)
    : [`refused: ${line.reason}`];
}
