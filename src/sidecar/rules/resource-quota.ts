import { limitsFor } from './limit-range';
import { effectiveResources, EffectiveResources } from '../../kubernetes/limit-range';
import { parseQuantity, rounded } from '../../kubernetes/quantity';
import type { ContainerJson, JsonObject, PodSpecJson } from '../../kubernetes/wire';
import type { AppObject, AppObjects } from '../../weave/app-objects';
import type { Pod } from '../../weave/pod';

/** What quotas count. `cpu` is `requests.cpu`. */
const COUNTED = /^(requests\.|limits\.|)(cpu|memory|ephemeral-storage)$/;
/** What each container must name as soon as a quota counts it. */
const DEMANDED = ['cpu', 'memory'];
/** A limit of CPU makes dumps stop the target for longer. */
const ENOUGH = { cpu: '1', memory: '256Mi' };

/**
 * A quota that counts a resource demands it of every container, and a pod that needs more than the quota never starts.
 * Quotas with scopes are left out, because they may be about other pods.
 * @throws with the numbers and the resources to write
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
 */
export function refuseByQuota(pod: Pod, woven: PodSpecJson, sidecar: ContainerJson, neighbours: AppObjects): void {
  const quotas = neighbours.inNamespace('core/ResourceQuota', pod.namespace).filter(({ json }) => isForAll(json));
  if (quotas.length === 0) return;
  const items = limitsFor(pod, neighbours);
  const own = effectiveResources(sidecar, items);
  const others = lasting(woven, sidecar).map((container) => effectiveResources(container, items));
  for (const quota of quotas) {
    for (const [key, hard] of Object.entries<string | number>(quota.json.spec?.hard ?? {})) {
      const [, prefix, resource] = COUNTED.exec(key) ?? [];
      if (resource === undefined) continue;
      refuseKey(quota, { key, hard, list: prefix === 'limits.' ? 'limits' : 'requests', resource }, own, others);
    }
  }
}

interface QuotaKey {
  readonly key: string;
  readonly hard: string | number;
  readonly list: keyof EffectiveResources;
  readonly resource: string;
}

function refuseKey(
  { json, path }: AppObject,
  { key, hard, list, resource }: QuotaKey,
  own: EffectiveResources,
  others: EffectiveResources[],
): void {
  const name = `ResourceQuota '${json.metadata?.name}' (${path})`;
  const amount = own[list][resource];
  if (amount === undefined && DEMANDED.includes(resource)) {
    throw new Error(
      `${name} counts ${key}, so that every container must have it, but the sidecar has none; set resources: { ` +
        `${list}: { ${resource}: '${ENOUGH[resource as keyof typeof ENOUGH]}' } }`,
    );
  }
  const before = others.reduce((sum, container) => sum + (parseQuantity(container[list][resource]) ?? 0), 0);
  const most = parseQuantity(hard) ?? Infinity;
  // A workload that does not fit without the sidecar is the user's own affair.
  if (before <= most && rounded(before + (parseQuantity(amount) ?? 0)) > most) {
    throw new Error(
      `${name} allows ${key} of ${hard}, but one pod needs ${shown(before, resource)} and the sidecar ${amount}; ` +
        `raise the quota, or set a lower resources.${list} of the sidecar`,
    );
  }
}

function isForAll({ spec }: JsonObject): boolean {
  return !spec?.scopes?.length && spec?.scopeSelector === undefined;
}

/** Other init containers have ended when these run. */
function lasting({ containers = [], initContainers = [] }: PodSpecJson, { name }: ContainerJson): ContainerJson[] {
  return [...containers, ...initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always')].filter(
    (container) => container.name !== name,
  );
}

function shown(amount: number, resource: string): string {
  return resource === 'cpu' ? `${rounded(amount * 1000)}m` : `${Math.ceil(amount / 2 ** 20)}Mi`;
}
