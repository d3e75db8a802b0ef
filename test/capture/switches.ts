import { Watch, WatchTrigger } from '../../src/capture/watches';

/*
 * The agent's table of triggers and switches (image/agent/internal/procdump/switches.go) once more, so that tests
 * without Go can ask whether ProcDump takes what a plan becomes. `npm run e2e` compares the two.
 */

/**
 * ProcDump's arguments for the first dump, without process id and folder. Percents of the limit stay as they are.
 * @param dumpMask that of the target
 */
export function switchesOf({ profiler, triggers }: Watch, dumpMask?: string): string[] {
  return [
    ...(triggers[0].kind === 'gcGeneration' ? [] : ['-n', '1']),
    ...(profiler || dumpMask === undefined ? [] : ['-mc', dumpMask]),
    ...triggers.flatMap(triggerSwitches),
  ];
}

function triggerSwitches(trigger: WatchTrigger): string[] {
  switch (trigger.kind) {
    case 'cpu':
      return [trigger.below ? '-pcl' : '-pc', 'System.Runtime:cpu-usage', `${trigger.percent}`];
    case 'averageCpu':
      return [trigger.below ? '-cl' : '-c', `${trigger.percent}`];
    case 'memory':
      return [trigger.below ? '-ml' : '-m', firstThreshold(trigger)];
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

function firstThreshold(trigger: Extract<WatchTrigger, { kind: 'memory' }>): string {
  return 'thresholdsMebibytes' in trigger
    ? `${trigger.thresholdsMebibytes[0]}`
    : `${trigger.thresholdsPercentOfLimit[0]}%`;
}
