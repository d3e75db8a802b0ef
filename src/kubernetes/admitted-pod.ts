import { effectiveResources, EffectiveResources } from './limit-range';
import { parseQuantity } from './quantity';
import type { ContainerJson, JsonObject, PodSpecJson } from './wire';

/** Amounts by resource. */
export interface Amounts {
  readonly [resource: string]: number;
}

/** A pod with its resources after admission. */
export interface AdmittedPod {
  readonly spec: PodSpecJson;
  /** All containers, including init containers. */
  readonly containers: readonly { readonly name: string; readonly resources: EffectiveResources }[];
  readonly requests: Amounts;
  readonly limits: Amounts;
  /**
   * Whether the pod is of QoS class BestEffort. If the pod has the field `resources`, even an empty one, that field
   * alone determines the class.
   */
  readonly bestEffort: boolean;
}

/** Resources that a pod can define for all its containers together. */
const POD_LEVEL = ['cpu', 'memory'];

/**
 * Returns the pod with its totals: the sum of its long-running containers, or an init container that needs more.
 * @param items `spec.limits` of all LimitRanges of the namespace
 * @see https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers
 */
export function admitted(spec: PodSpecJson, items: readonly JsonObject[]): AdmittedPod {
  const withResources = (container: ContainerJson) => ({
    ...container,
    resources: effectiveResources(container, items),
  });
  const containers = (spec.containers ?? []).map(withResources);
  const initContainers = (spec.initContainers ?? []).map(withResources);
  const total = (list: keyof EffectiveResources) => totalOf(list, containers, initContainers);
  const { requests: podRequests, limits: podLimits } = podLevel(spec);
  const all = [...containers, ...initContainers];
  return {
    spec,
    containers: all,
    requests: { ...podLimits, ...total('requests'), ...podRequests },
    limits: { ...total('limits'), ...podLimits },
    bestEffort: spec.resources
      ? !hasComputeResources({ requests: podRequests, limits: podLimits })
      : !all.some(({ resources }) => hasComputeResources(resources)),
  };
}

/**
 * Returns whether the pod has pod-level resources. A quota then requires none of its containers to have resources.
 * @see https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/component-helpers/resource/helpers.go IsPodLevelResourcesSet
 */
export function hasPodLevel({ resources }: PodSpecJson): boolean {
  return Object.keys({ ...resources?.requests, ...resources?.limits }).some(
    (resource) => POD_LEVEL.includes(resource) || resource.startsWith('hugepages-'),
  );
}

/** Returns the amounts of `spec.resources`, which replace those of the containers. */
function podLevel({ resources }: PodSpecJson): { requests: Amounts; limits: Amounts } {
  const amounts = (quantities: EffectiveResources['requests'] = {}) =>
    Object.fromEntries(
      POD_LEVEL.filter((resource) => quantities[resource] !== undefined).map((resource) => [
        resource,
        amountOf(quantities[resource]),
      ]),
    );
  return { requests: amounts(resources?.requests), limits: amounts(resources?.limits) };
}

/** @see https://github.com/kubernetes/kubernetes/blob/master/plugin/pkg/admission/limitranger/admission.go podRequests */
function totalOf(
  list: keyof EffectiveResources,
  containers: readonly { resources: EffectiveResources }[],
  initContainers: readonly (ContainerJson & { resources: EffectiveResources })[],
): Amounts {
  const total: { [resource: string]: number } = {};
  const largest: { [resource: string]: number } = {};
  const sidecars: { [resource: string]: number } = {};
  const add = (sum: { [resource: string]: number }, { resources }: { resources: EffectiveResources }) => {
    for (const [name, quantity] of Object.entries(resources[list])) sum[name] = (sum[name] ?? 0) + amountOf(quantity);
  };
  for (const container of containers) add(total, container);
  for (const container of initContainers) {
    if (container.restartPolicy === 'Always') {
      add(total, container);
      add(sidecars, container);
      continue;
    }
    const needed = { ...sidecars };
    add(needed, container);
    for (const name of Object.keys(needed)) largest[name] = Math.max(largest[name] ?? 0, needed[name]);
  }
  for (const name of Object.keys(largest)) total[name] = Math.max(total[name] ?? 0, largest[name]);
  return total;
}

function amountOf(quantity: string | number | undefined): number {
  return parseQuantity(quantity) ?? 0;
}

/** @see https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/v1/helper/qos/qos.go */
function hasComputeResources({
  requests,
  limits,
}: EffectiveResources | { requests: Amounts; limits: Amounts }): boolean {
  return POD_LEVEL.some((resource) => amountOf(requests[resource]) > 0 || amountOf(limits[resource]) > 0);
}
