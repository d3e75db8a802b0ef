import { gcHeapLimitOf } from './gc-heap-limit';
import type { ProcDumpTrigger, Spec } from '../../capture/procdump-trigger';
import { parseQuantity, rounded } from '../../kubernetes/quantity';
import type { ContainerJson, PodSpecJson } from '../../kubernetes/wire';
import { UnsuitableWorkload } from '../../weave/unsuitable-workload';

/**
 * A threshold above the container's limits never fires.
 * @throws with the calculation
 */
export function refuseUnreachableThresholds(
  triggers: ProcDumpTrigger[],
  container: ContainerJson,
  pod: PodSpecJson,
): void {
  // Kubernetes treats zero as no limit.
  const cores = parseQuantity(container.resources?.limits?.cpu) || undefined;
  for (const { _name, _spec: spec } of triggers) {
    if (spec.kind === 'cpu' && !spec.below) refuseCpu(_name, spec.percent, cores, container);
    if (spec.kind === 'averageCpu' && !spec.below) refuseAverageCpu(_name, spec.percent, cores, container);
    if (spec.kind === 'gcHeap' || (spec.kind === 'memory' && !spec.ofLimit)) refuseMemory(_name, spec, container, pod);
    if (spec.kind === 'gcHeap') refuseGcHeap(_name, spec, container);
  }
}

/** The sidecar would read the node's memory as the limit of a container without one. */
export function refuseMissingMemoryLimit(triggers: ProcDumpTrigger[], container: ContainerJson): void {
  if (bytesOf(container) !== undefined) return;
  for (const { _name: name, _spec: spec } of triggers) {
    if (spec.kind !== 'memory' || !spec.ofLimit) continue;
    throw new UnsuitableWorkload(
      `trigger ${name}(${spec.thresholds.join(', ')}) is in percent of the memory limit, but container ` +
        `'${container.name}' has none`,
      'set resources.limits.memory, or use memoryAbove with sizes',
    );
  }
}

function bytesOf({ resources }: ContainerJson | PodSpecJson): number | undefined {
  return parseQuantity(resources?.limits?.memory) || undefined;
}

/** The runtime divides by Environment.ProcessorCount, which rounds a CPU limit up to whole cores. */
function refuseCpu(name: string, percent: number, cores: number | undefined, container: ContainerJson): void {
  if (cores === undefined || percent <= rounded((100 * cores) / Math.ceil(cores))) return;
  throw new Error(
    `trigger ${name}(${percent}) can never fire: at a CPU limit of ${container.resources?.limits?.cpu} the ` +
      `runtime of container '${container.name}' counts ${Math.ceil(cores)} core(s), so the highest value is 100 × ` +
      `${rounded(cores)} / ${Math.ceil(cores)} = ${shown((100 * cores) / Math.ceil(cores))} %; lower the threshold, ` +
      'or raise the limit',
  );
}

function refuseAverageCpu(name: string, percent: number, cores: number | undefined, container: ContainerJson): void {
  if (cores === undefined || percent <= rounded(100 * cores)) return;
  throw new Error(
    `trigger ${name}(${percent}) can never fire: container '${container.name}' has a CPU limit of ` +
      `${container.resources?.limits?.cpu}, so the highest value is 100 × ${rounded(cores)} = ${shown(100 * cores)} ` +
      '% of one core; lower the threshold, or raise the limit',
  );
}

function refuseMemory(name: string, spec: Spec<'memory' | 'gcHeap'>, container: ContainerJson, pod: PodSpecJson): void {
  const limited = bytesOf(container) === undefined ? pod : container;
  const memory = bytesOf(limited);
  const below = spec.kind === 'memory' && spec.below;
  const highest = Math.max(...spec.thresholds);
  if (!below && memory !== undefined && highest * 2 ** 20 >= memory) {
    throw new Error(
      `trigger ${name}(${highest}Mi) can never fire: container '${container.name}' is killed at ` +
        `${limited === pod ? "the pod's" : 'its'} memory limit of ${limited.resources?.limits?.memory}; lower the ` +
        'threshold, or use memoryAboveLimit(75, 90)',
    );
  }
}

/** The runtime throws OutOfMemoryException when its heap has reached its limit. */
function refuseGcHeap(name: string, { thresholds }: Spec<'gcHeap'>, container: ContainerJson): void {
  const limit = gcHeapLimitOf(container);
  const highest = Math.max(...thresholds);
  if (limit === undefined || highest * 2 ** 20 <= limit.bytes) return;
  throw new Error(
    `trigger ${name}(${highest}Mi) can never fire: the managed heap of container '${container.name}' has at most ` +
      `${Math.floor(limit.bytes / 2 ** 20)}Mi (${limit.reason}); lower the threshold, or raise ${limit.cause}`,
  );
}

/** Returns two digits, rounded down: a threshold just above the maximum must not look equal to it. */
function shown(value: number): number {
  return Math.floor(rounded(value) * 100) / 100;
}
