import { isWindowsPod } from '../../kubernetes/windows-pod';
import type { PodSpecJson } from '../../kubernetes/wire';

/** Returns why ProcDump cannot work in this pod; undefined if it can. */
export function whyUnsupported(spec: PodSpecJson): string | undefined {
  if (isWindowsPod(spec)) return 'runs on Windows nodes, where ProcDump for Linux cannot run';
  if (spec.hostPID === true) {
    return 'has hostPID: true, which excludes the shared process namespace that ProcDump needs; remove hostPID';
  }
  return undefined;
}
