import { Watch, WatchTrigger } from '../../src/capture/watches';

/*
 * The agent's table of triggers and switches (image/agent/internal/procdump/switches.go) once more, so that tests
 * without Go can ask whether ProcDump takes what a plan becomes. `npm run e2e` compares the two.
 */

export interface SwitchOptions {
  readonly cooldownSeconds: number;
  readonly dumpMask?: string;
}

/** ProcDump's arguments without process id and folder. Percents of the limit stay as they are. */
export function switchesOf(watch: Watch, { cooldownSeconds, dumpMask }: SwitchOptions): string[] {
  const { name, dumps, profiler, triggers } = watch;
  const [first] = triggers;
  const ownCount = profiler ? first.kind !== 'exception' : triggers.some(({ kind }) => kind === 'memory');
  const pause = first.kind === 'timer' ? first.intervalSeconds : cooldownSeconds;
  return [
    ...(ownCount ? [] : ['-n', `${profiler ? 1 : dumps}`]),
    ...(profiler ? [] : ['-s', `${pause}`, ...(dumpMask === undefined ? [] : ['-mc', dumpMask])]),
    ...triggers.flatMap((trigger) => triggerSwitches(trigger, { name, dumps, triggers })),
  ];
}

function triggerSwitches(trigger: WatchTrigger, watch: Watch): string[] {
  switch (trigger.kind) {
    case 'cpu':
      return [trigger.below ? '-pcl' : '-pc', 'System.Runtime:cpu-usage', `${trigger.percent}`];
    case 'averageCpu':
      return [trigger.below ? '-cl' : '-c', `${trigger.percent}`];
    case 'memory':
      return [trigger.below ? '-ml' : '-m', padded(thresholdsOf(trigger), watch).join(',')];
    case 'threads':
      return ['-tc', `${trigger.count}`];
    case 'fileDescriptors':
      return ['-fc', `${trigger.count}`];
    case 'counter':
      return [trigger.below ? '-pcl' : '-pc', trigger.counter, `${trigger.threshold}`];
    case 'timer':
      return [];
    case 'gcHeap':
      return ['-gcm', `${trigger.heap === undefined ? '' : `${trigger.heap}:`}${trigger.thresholdsMebibytes[0]}`];
    case 'gcGeneration':
      return ['-gcgen', `${trigger.generation}`];
    case 'exception':
      return ['-e', ...(trigger.exceptions ? ['-f', trigger.exceptions.join(',')] : [])];
    case 'signal':
      return ['-sig', trigger.signals.join(',')];
  }
}

function thresholdsOf(trigger: Extract<WatchTrigger, { kind: 'memory' }>): string[] {
  return 'thresholdsMebibytes' in trigger
    ? trigger.thresholdsMebibytes.map((threshold) => `${threshold}`)
    : trigger.thresholdsPercentOfLimit.map((percent) => `${percent}%`);
}

function padded(list: string[], { dumps, triggers }: Watch): string[] {
  const missing = triggers.length > 1 ? Math.max(0, dumps - list.length) : 0;
  return [...list, ...Array<string>(missing).fill(list[list.length - 1])];
}
