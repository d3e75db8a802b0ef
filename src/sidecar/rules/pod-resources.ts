import { parseQuantity, rounded } from '../../kubernetes/quantity';
import type { ContainerJson, PodSpecJson } from '../../kubernetes/wire';

type Resource = 'cpu' | 'memory';

/**
 * A pod may have pod-level resources, which all its containers share. The API server refuses a pod whose containers
 * request more in total, or in which one container has a higher limit.
 * @throws if the sidecar exceeds the resources of the pod
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/assign-pod-level-resources/
 */
export function refuseTightPodResources(
  { resources, containers = [], initContainers = [] }: PodSpecJson,
  sidecar: ContainerJson,
): void {
  if (!resources) return;
  // Other init containers have ended when these run.
  const lasting = [...containers, ...initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always')].filter(
    ({ name }) => name !== sidecar.name,
  );
  for (const resource of ['cpu', 'memory'] as Resource[]) {
    const added = requestOf(sidecar, resource);
    const asked = lasting.reduce((sum, container) => sum + requestOf(container, resource), added);
    const ofPod = resources.requests?.[resource] ?? resources.limits?.[resource];
    if (asked > (amountOf(ofPod, resource) ?? Infinity)) {
      throw new Error(
        `the pod requests ${resource} ${ofPod} for all its containers, but with the ${shown(added, resource)} of ` +
          `the sidecar they request ${shown(asked, resource)}; raise spec.resources of the pod, or set a lower ` +
          `resources.requests.${resource} of the sidecar`,
      );
    }
    const limit = sidecar.resources?.limits?.[resource];
    const limitOfPod = resources.limits?.[resource];
    if ((amountOf(limit, resource) ?? 0) > (amountOf(limitOfPod, resource) ?? Infinity)) {
      throw new Error(
        `the pod limits ${resource} to ${limitOfPod} for all its containers, but the sidecar alone has a limit of ` +
          `${limit}; raise spec.resources of the pod, or set a lower resources.limits.${resource} of the sidecar`,
      );
    }
  }
}

/** Kubernetes uses the limit as the request if there is no request. */
function requestOf({ resources }: ContainerJson, resource: Resource): number {
  return amountOf(resources?.requests?.[resource] ?? resources?.limits?.[resource], resource) ?? 0;
}

/** Returns whole bytes or millicores, so that sums are exact. */
function amountOf(quantity: string | number | undefined, resource: Resource): number | undefined {
  const amount = parseQuantity(quantity);
  return amount === undefined || resource === 'memory' ? amount : Math.ceil(rounded(amount * 1000));
}

function shown(amount: number, resource: Resource): string {
  return resource === 'memory' ? `${Math.ceil(amount / 2 ** 20)}Mi` : `${amount}m`;
}
