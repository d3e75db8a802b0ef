import { parseQuantity } from './quantity';
import type { ContainerJson, PodSpecJson } from './wire';

/**
 * Whether a pod is of QoS class Guaranteed without one of its containers. Init containers count. A pod with resources
 * of its own has its class by those, whatever its containers request.
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/#guaranteed
 */
export function isGuaranteed(
  { resources, containers = [], initContainers = [] }: PodSpecJson,
  without: string,
): boolean {
  if (resources?.requests !== undefined || resources?.limits !== undefined) return false;
  const others = [...containers, ...initContainers].filter(({ name }) => name !== without);
  return others.length > 0 && others.every(hasEqualResources);
}

/** Kubernetes uses the limit as the request if there is no request, and treats a limit of zero as none. */
function hasEqualResources({ resources }: ContainerJson): boolean {
  return ['cpu', 'memory'].every((resource) => {
    const limit = parseQuantity(resources?.limits?.[resource]);
    const request = resources?.requests?.[resource];
    return !!limit && (request === undefined || parseQuantity(request) === limit);
  });
}
