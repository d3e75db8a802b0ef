import { parseQuantity } from './quantity';
import type { ContainerJson, PodSpecJson } from './wire';

/**
 * Returns whether a pod is of QoS class Guaranteed without one of its containers. Init containers count. If the pod has
 * the field `resources`, even an empty one, that field alone determines the class.
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/#guaranteed
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/v1/helper/qos/qos.go ComputePodQOS
 */
export function isGuaranteed(spec: PodSpecJson, without: string): boolean {
  if (spec.resources) return false;
  const { containers = [], initContainers = [] } = spec;
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
