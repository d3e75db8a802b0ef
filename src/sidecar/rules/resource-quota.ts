import { admittedPods, limitsFor } from './limit-range';
import { AdmittedPod, hasPodLevel } from '../../kubernetes/admitted-pod';
import { effectiveResources, EffectiveResources } from '../../kubernetes/limit-range';
import { amountText, parseQuantity, rounded } from '../../kubernetes/quantity';
import { isCounted } from '../../kubernetes/quota-scopes';
import type { ContainerJson, PodSpecJson } from '../../kubernetes/wire';
import type { AppObject, AppObjects } from '../../weave/app-objects';
import type { Pod } from '../../weave/pod';

/** Resources that quotas count. `cpu` is `requests.cpu`. */
const COUNTED = /^(requests\.|limits\.|)(cpu|memory|ephemeral-storage)$/;
/** Resources that each container must specify if a quota counts them. */
const DEMANDED = ['cpu', 'memory'];
/** With a CPU limit, dumps stop the target for longer. */
const ENOUGH = { cpu: '1', memory: '256Mi' };

/**
 * A quota that counts a resource requires it of every container, and a pod that needs more than the quota never starts.
 * The sidecar changes the QoS class of a BestEffort pod, and different quotas then count it.
 * @throws with the numbers and the resources to write
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/quota/v1/evaluator/core/pods.go
 */
export function refuseByQuota(pod: Pod, woven: PodSpecJson, sidecar: ContainerJson, neighbours: AppObjects): void {
  const quotas = neighbours.inNamespace('core/ResourceQuota', pod.namespace);
  if (quotas.length === 0) return;
  const items = limitsFor(pod, neighbours);
  const { before, after } = admittedPods(woven, sidecar, items);
  const own = { name: sidecar.name, resources: effectiveResources(sidecar, items) };
  for (const quota of quotas) {
    const { spec } = quota.json;
    if (!isCounted(spec, after)) continue;
    const alone = isCounted(spec, before) ? before : undefined;
    for (const [key, hard] of Object.entries<string | number>(spec?.hard ?? {})) {
      const [, prefix, resource] = COUNTED.exec(key) ?? [];
      if (resource === undefined) continue;
      const counted: QuotaKey = { key, hard, list: prefix === 'limits.' ? 'limits' : 'requests', resource };
      refuseMissing(quota, counted, own, alone, after);
      refuseExcess(quota, counted, own, alone, after);
    }
  }
}

interface QuotaKey {
  readonly key: string;
  readonly hard: string | number;
  readonly list: keyof EffectiveResources;
  readonly resource: string;
}

type Container = AdmittedPod['containers'][number];

/** @param alone the pod without the sidecar, if the quota counts it */
function refuseMissing(
  quota: AppObject,
  { key, list, resource }: QuotaKey,
  sidecar: Container,
  alone: AdmittedPod | undefined,
  pod: AdmittedPod,
): void {
  if (!DEMANDED.includes(resource) || hasPodLevel(pod.spec)) return;
  const lacks = ({ resources }: Container) => resources[list][resource] === undefined;
  if (lacks(sidecar)) {
    throw new Error(
      `${nameOf(quota)} counts ${key}, so that every container must have it, but the sidecar has none; set ` +
        `resources: { ${list}: { ${resource}: '${ENOUGH[resource as keyof typeof ENOUGH]}' } }`,
    );
  }
  const other = alone ? undefined : pod.containers.find(lacks);
  if (other) {
    throw new Error(
      `${nameOf(quota)} counts ${key} of pods that are not BestEffort, as this one is with the sidecar, so that ` +
        `every container must have it, but container '${other.name}' has none; set resources.${list}.${resource} of ` +
        `container '${other.name}'`,
    );
  }
}

/** Ignores a workload that does not fit even without the sidecar. */
function refuseExcess(
  quota: AppObject,
  { key, hard, list, resource }: QuotaKey,
  sidecar: Container,
  alone: AdmittedPod | undefined,
  pod: AdmittedPod,
): void {
  const most = parseQuantity(hard) ?? Infinity;
  const overhead = parseQuantity(pod.spec.overhead?.[resource]) ?? 0;
  // Kubernetes adds the overhead of a runtime class only to existing limits.
  const needed = ({ [list]: { [resource]: amount = 0 } }: AdmittedPod) =>
    list === 'limits' && amount === 0 ? 0 : rounded(amount + overhead);
  const total = needed(pod);
  if (total <= most || (alone && needed(alone) > most)) return;
  const amount = sidecar.resources[list][resource] ?? 0;
  throw new Error(
    `${nameOf(quota)} allows ${key} of ${hard}, but one pod needs ` +
      `${amountText(total - (parseQuantity(amount) ?? 0), resource)} and the sidecar ${amount}; raise the quota, or ` +
      `set a lower resources.${list} of the sidecar`,
  );
}

function nameOf({ json, path }: AppObject): string {
  return `ResourceQuota '${json.metadata?.name}' (${path})`;
}
