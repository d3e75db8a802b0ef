export type SwitchName =
  | 'n'
  | 's'
  | 'pf'
  | 'c'
  | 'cl'
  | 'm'
  | 'ml'
  | 'tc'
  | 'fc'
  | 'pc'
  | 'pcl'
  | 'gcm'
  | 'gcgen'
  | 'e'
  | 'f'
  | 'sig'
  | 'mc'
  | 'restrack'
  | 'sr'
  | 'fx'
  | 'log'
  | 'o'
  | 'usegcore'
  | 'w'
  | 'pgid';
export type Kind = 'flag' | 'nodump' | 'int' | 'ints' | 'hex' | 'heap' | 'counter' | 'filter' | 'stream' | 'text';

interface Switch {
  readonly kind: Kind;
  /** The largest integer; the smallest is always 0. */
  readonly max?: number;
  readonly repeats?: boolean;
  /** Refused together with these, in any order. */
  readonly excludes?: readonly SwitchName[];
  readonly neverLast?: boolean;
}

const POLLED: readonly SwitchName[] = ['c', 'cl', 'm', 'ml', 'tc', 'fc', 'pc', 'pcl', 'pf'];

export const SWITCHES: Readonly<Record<SwitchName, Switch>> = {
  n: { kind: 'int', max: 100 },
  s: { kind: 'int' },
  pf: { kind: 'int' },
  c: { kind: 'int', excludes: ['cl'] },
  cl: { kind: 'int' },
  m: { kind: 'ints', excludes: ['ml', 'gcm'] },
  ml: { kind: 'ints', excludes: ['gcm'] },
  tc: { kind: 'int' },
  fc: { kind: 'int' },
  pc: { kind: 'counter', repeats: true },
  pcl: { kind: 'counter', repeats: true },
  gcm: { kind: 'heap', excludes: ['gcgen', 'e'] },
  gcgen: { kind: 'int', max: 2, excludes: ['e'] },
  e: { kind: 'flag', excludes: POLLED, neverLast: true },
  f: { kind: 'filter' },
  sig: { kind: 'ints', excludes: [...POLLED, 'gcm'] },
  mc: { kind: 'hex' },
  restrack: { kind: 'nodump', repeats: true, neverLast: true },
  sr: { kind: 'int', repeats: true },
  fx: { kind: 'text' },
  log: { kind: 'stream', repeats: true },
  o: { kind: 'flag', repeats: true },
  usegcore: { kind: 'flag', repeats: true },
  w: { kind: 'flag', repeats: true },
  pgid: { kind: 'flag', repeats: true },
};
