import { admitted, AdmittedPod } from '../../kubernetes/admitted-pod';
import {
  effectiveResources,
  EffectiveResources,
  isOfContainers,
  isOfPods,
  itemsOf,
} from '../../kubernetes/limit-range';
import { amountText, parseQuantity, rounded } from '../../kubernetes/quantity';
import type { ContainerJson, JsonObject, PodSpecJson } from '../../kubernetes/wire';
import type { AppObjects } from '../../weave/app-objects';
import type { Pod } from '../../weave/pod';

const LIMIT_RANGE = 'core/LimitRange';
const DISK = 'ephemeral-storage';

/** Returns the items of all LimitRanges that apply to a pod. */
export function limitsFor(pod: Pod, neighbours: AppObjects): JsonObject[] {
  return neighbours.inNamespace(LIMIT_RANGE, pod.namespace).flatMap(({ json }) => itemsOf(json));
}

/** Returns the pod without and with the sidecar, as the API server admits it. */
export function admittedPods(
  { containers = [], initContainers, ...spec }: PodSpecJson,
  sidecar: ContainerJson,
  items: readonly JsonObject[],
): { before: AdmittedPod; after: AdmittedPod } {
  const isOther = ({ name }: ContainerJson) => name !== sidecar.name;
  const others = containers.filter(isOther);
  const otherInits = initContainers?.filter(isOther);
  return {
    before: admitted({ ...spec, containers: others, initContainers: otherInits }, items),
    after: admitted({ ...spec, containers: [...others, sidecar], initContainers: otherInits }, items),
  };
}

/**
 * The API server applies the defaults of a LimitRange and refuses pods that exceed it.
 * @throws with the numbers and the resources to write
 * @see https://github.com/kubernetes/kubernetes/blob/master/plugin/pkg/admission/limitranger/admission.go
 */
export function refuseByLimitRange(pod: Pod, woven: PodSpecJson, sidecar: ContainerJson, neighbours: AppObjects): void {
  const ranges = neighbours.inNamespace(LIMIT_RANGE, pod.namespace);
  if (ranges.length === 0) return;
  const items = limitsFor(pod, neighbours);
  const { requests, limits } = effectiveResources(sidecar, items);
  const pods = items.some(isOfPods) ? admittedPods(woven, sidecar, items) : undefined;
  for (const { json, path } of ranges) {
    const name = `LimitRange '${json.metadata?.name}' (${path})`;
    for (const item of pods ? itemsOf(json).filter(isOfPods) : []) refuseTotals(name, item, pods!);
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

/** Ignores a pod that the LimitRange refuses even without the sidecar. */
function refuseTotals(
  name: string,
  { max, min, maxLimitRequestRatio: ratio }: JsonObject,
  { before, after }: { before: AdmittedPod; after: AdmittedPod },
): void {
  for (const resource of Object.keys({ ...max, ...min, ...ratio })) {
    const range = { max: max?.[resource], min: min?.[resource], ratio: ratio?.[resource] };
    const problem = totalProblemOf(resource, range, after);
    if (problem !== undefined && totalProblemOf(resource, range, before) === undefined) {
      throw new Error(`${name} ${problem}`);
    }
  }
}

function totalProblemOf(
  resource: string,
  { max, min, ratio }: Omit<Range, 'request' | 'limit'>,
  { requests, limits }: AdmittedPod,
): string | undefined {
  const [request, limit] = [requests[resource], limits[resource]];
  const shown = (amount: number) => amountText(amount, resource);
  const [most, least, times] = [max, min, ratio].map(parseQuantity);
  if (most !== undefined && !(rounded(limit) <= most)) {
    return (
      `allows limits of ${resource} of at most ${max} for a pod, but with the sidecar they are ${shown(limit)}; ` +
      `raise its max to ${shown(limit)}, or set a lower ${settingOf('limits', resource)}`
    );
  }
  if (most !== undefined && rounded(request) > most) {
    return (
      `allows requests of ${resource} of at most ${max} for a pod, but with the sidecar they are ${shown(request)}; ` +
      `raise its max to ${shown(request)}, or set a lower ${settingOf('requests', resource)}`
    );
  }
  if (least !== undefined && (!(rounded(request) >= least) || rounded(limit) < least)) {
    return (
      `demands ${resource} of at least ${min} for a pod, but with the sidecar its limit is ${shown(limit)}, because ` +
      `the other containers have none; set resources: { limits: ${entry(resource, min)} }`
    );
  }
  if (times !== undefined && !(rounded(limit / request) <= times)) {
    return (
      `allows limits of ${resource} of at most ${ratio} times the requests of a pod, but with the sidecar they are ` +
      `${shown(limit)} and ${shown(request)}; set a higher resources.requests of the sidecar, or lower its limits`
    );
  }
  return undefined;
}

function settingOf(list: keyof EffectiveResources, resource: string): string {
  return resource === DISK ? 'sizeLimit of DumpDelivery.spooled()' : `resources.${list} of the sidecar`;
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
  if (most > 0 && asked > 0 && !(allowed > 0)) {
    return (
      `allows a limit of ${resource} of at most ${ratio} times the request, so that every container must have both, ` +
      `but the sidecar has no limit; set ${
        resource === 'cpu'
          ? `resources: { requests: { cpu: '${Math.ceil(rounded(1000 / most))}m' }, limits: { cpu: '1' } }`
          : `resources: { limits: ${entry(resource, request)} }`
      }`
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
