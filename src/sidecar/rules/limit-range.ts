import { effectiveResources, isOfContainers, itemsOf } from '../../kubernetes/limit-range';
import { parseQuantity, rounded } from '../../kubernetes/quantity';
import type { ContainerJson, JsonObject } from '../../kubernetes/wire';
import type { AppObjects } from '../../weave/app-objects';
import type { Pod } from '../../weave/pod';

const LIMIT_RANGE = 'core/LimitRange';
const DISK = 'ephemeral-storage';

/** Returns the items of all LimitRanges that apply to a pod. */
export function limitsFor(pod: Pod, neighbours: AppObjects): JsonObject[] {
  return neighbours.inNamespace(LIMIT_RANGE, pod.namespace).flatMap(({ json }) => itemsOf(json));
}

/**
 * The API server fills in defaults of a LimitRange and refuses what exceeds it.
 * @throws with the numbers and the resources to write
 * @see https://kubernetes.io/docs/concepts/policy/limit-range/
 */
export function refuseByLimitRange(pod: Pod, sidecar: ContainerJson, neighbours: AppObjects): void {
  const ranges = neighbours.inNamespace(LIMIT_RANGE, pod.namespace);
  if (ranges.length === 0) return;
  const { requests, limits } = effectiveResources(sidecar, limitsFor(pod, neighbours));
  for (const { json, path } of ranges) {
    const name = `LimitRange '${json.metadata?.name}' (${path})`;
    for (const { max, min, default: given, maxLimitRequestRatio } of itemsOf(json).filter(isOfContainers)) {
      const resources = Object.keys({ ...max, ...min, ...given, ...maxLimitRequestRatio });
      for (const resource of resources) {
        const problem = problemOf(resource, {
          request: requests[resource],
          limit: limits[resource],
          max: max?.[resource],
          min: min?.[resource],
          ratio: maxLimitRequestRatio?.[resource],
        });
        if (problem !== undefined) throw new Error(`${name} ${problem}`);
      }
    }
  }
}

type Quantity = string | number | undefined;

interface Range {
  readonly request: Quantity;
  readonly limit: Quantity;
  readonly max: Quantity;
  readonly min: Quantity;
  readonly ratio: Quantity;
}

function problemOf(resource: string, { request, limit, max, min, ratio }: Range): string | undefined {
  if (isAbove(request, max)) {
    return (
      `allows ${resource} of at most ${max} for a container, but the sidecar requests ${request}; raise its max to ` +
      `${request}, or ${lower(resource, max)}`
    );
  }
  if (isAbove(limit, max)) {
    return (
      `allows ${resource} of at most ${max} for a container, but the sidecar has a limit of ${limit}; raise its max, ` +
      `or set resources: { limits: ${entry(resource, max)} }`
    );
  }
  if (isAbove(request, limit)) {
    return (
      `gives the sidecar a default limit of ${resource} of ${limit}, but it requests ${request}; set resources: { ` +
      `limits: ${entry(resource, request)} }`
    );
  }
  if (isAbove(min, request)) {
    return (
      `demands ${resource} of at least ${min} for a container, but the sidecar requests ${request}; set resources: { ` +
      `requests: ${entry(resource, min)}${isAbove(min, limit) ? `, limits: ${entry(resource, min)}` : ''} }`
    );
  }
  const [asked, allowed, most] = [request, limit, ratio].map((quantity) => parseQuantity(quantity) ?? NaN);
  if (rounded(allowed / asked) > most) {
    return (
      `allows a limit of ${resource} of at most ${ratio} times the request, but the sidecar requests ${request} and ` +
      `has a limit of ${limit}; set resources: { requests: ${entry(resource, limit)} }`
    );
  }
  return undefined;
}

function isAbove(one: Quantity, other: Quantity): boolean {
  return (parseQuantity(one) ?? NaN) > (parseQuantity(other) ?? NaN);
}

function entry(resource: string, quantity: Quantity): string {
  return `{ ${resource === DISK ? `'${DISK}'` : resource}: '${quantity}' }`;
}

/** A smaller request alone would not make room for the dumps. */
function lower(resource: string, max: Quantity): string {
  return resource === DISK
    ? 'set a lower sizeLimit of DumpDelivery.spooled()'
    : `set resources: { requests: ${entry(resource, max)}, limits: ${entry(resource, max)} }`;
}
