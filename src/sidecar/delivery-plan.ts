import type { SidecarConfig } from './config';
import type { DiskUse } from './overrides';
import type { Findings } from './rules/findings';
import { refuseLongFreeze } from './rules/freeze-budget';
import { findSmallCapacity, refuseSmallSpool, refuseSmallStore } from './rules/room-for-dumps';
import { quantityOf } from '../kubernetes/quantity';
import type { ContainerJson, PodSpecJson } from '../kubernetes/wire';
import type { RenderedBinding } from '../stores/store-binding';
import { memoryLimitOf } from '../weave/choose-container';
import { gracePeriodOf } from '../weave/pod-contribution';

/** MiB for the dumps of a target without a memory limit, and the smallest store on the node's disk. */
const UNKNOWN_DUMPS = 4096;
/** MiB. A full dump of an idle .NET process is already larger than its resident memory: 270 MiB. */
const LEAST_SPOOL = 512;
/** MiB/s that publishing reaches on any ordinary share. */
const PUBLISHING_RATE = 40;
/** Seconds in addition to copying: for a dump that is still being written, and for a slow store. */
const DRAIN_OVERHEAD = 30;
/** Seconds. The cluster autoscaler waits at most this long for the pods of a node that it removes. */
const LONGEST_DEFAULT_DRAIN = 600;
/** Seconds for the agent to stop ProcDump and to report the remaining dumps. */
const GRACE_RESERVE = 10;
/** MiB for the container's log: the kubelet keeps five files of 10Mi. */
const LOG_RESERVE = 64;

/** How the dumps of one pod reach the store. Sizes in mebibytes. */
export interface DeliveryPlan {
  readonly store: RenderedBinding;
  /** Undefined if ProcDump writes directly into the store. */
  readonly spool?: SpoolPlan;
  /** Size of the store on the node's disk that ProcDump writes to without a spool. */
  readonly directSize?: number;
  /** Disk space on the node that the sidecar may use. */
  readonly disk?: DiskUse;
}

export interface SpoolPlan {
  readonly size: number;
  readonly drainSeconds: number;
  /** Size of a store on the node's disk. The kubelet evicts a pod that exceeds it. */
  readonly storeSize?: number;
}

/** The default store, which exists as long as the pod. */
const NODE_DISK: RenderedBinding = { volume: { emptyDir: {} }, nodeDisk: {}, shared: false };

/** Sets the size of a store on the node's disk if it has none, with room for two full dumps. */
export function sized(store: RenderedBinding = NODE_DISK, target: ContainerJson): RenderedBinding {
  const { emptyDir } = store.volume;
  if (!emptyDir || emptyDir.sizeLimit !== undefined || store.nodeDisk?.mebibytes !== undefined) return store;
  const mebibytes = Math.max(UNKNOWN_DUMPS, 2 * (memoryLimitOf(target) ?? 0));
  return {
    ...store,
    volume: { ...store.volume, emptyDir: { ...emptyDir, sizeLimit: quantityOf(mebibytes) } },
    nodeDisk: { mebibytes },
  };
}

/** @throws if a dump of this target does not fit, or takes longer than its liveness probe allows */
export function planDelivery(
  config: SidecarConfig,
  target: ContainerJson,
  spec: PodSpecJson,
  store: RenderedBinding,
  findings: Findings,
): DeliveryPlan {
  const limit = memoryLimitOf(target);
  const storeSize = store.nodeDisk?.mebibytes ?? 0;
  findings.refuse('PD003', () => refuseLongFreeze(target, limit, config.delivery._direct && !store.nodeDisk));
  const retained = config.delivery._direct ? undefined : config.retention.mebibytes;
  if (store.capacity !== undefined) findSmallCapacity(findings, store.capacity, { limit, retained, target });
  if (config.delivery._direct) {
    if (storeSize > 0) findings.refuse('PD004', () => refuseSmallStore(storeSize, limit, 1, target));
    return { store, disk: diskUse(storeSize, spec), ...(storeSize > 0 ? { directSize: storeSize } : {}) };
  }
  const size = config.delivery._sizeLimit ?? (limit === undefined ? UNKNOWN_DUMPS : Math.max(LEAST_SPOOL, 2 * limit));
  findings.refuse('PD004', () => {
    refuseSmallSpool(size, limit, target);
    if (storeSize > 0) refuseSmallStore(storeSize, limit, config.limits.dumpsPerPod, target);
  });
  return {
    store,
    disk: diskUse(size + storeSize, spec),
    spool: {
      size,
      drainSeconds:
        config.drainSeconds ?? Math.min(LONGEST_DEFAULT_DRAIN, Math.ceil(size / PUBLISHING_RATE) + DRAIN_OVERHEAD),
      ...(storeSize > 0 ? { storeSize } : {}),
    },
  };
}

/**
 * Returns the seconds that the pod needs after SIGTERM. An ordinary container gets SIGTERM together with the
 * application. A native sidecar gets it after the application has ended and has the rest of the same period.
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
 */
export function graceFor({ drainSeconds }: SpoolPlan, native: boolean, spec: PodSpecJson): number {
  return drainSeconds + GRACE_RESERVE + (native ? gracePeriodOf(spec) : 0);
}

/**
 * Sets a request, so that the scheduler counts the spool. Sets a limit only if the pod already has one: the kubelet
 * adds up the limits of all containers and evicts the pod when its containers and volumes use more than the sum.
 */
function diskUse(volumes: number, { containers = [], initContainers = [] }: PodSpecJson): DiskUse | undefined {
  if (volumes === 0) return undefined;
  const limited = [...containers, ...initContainers].some(
    ({ resources }) => resources?.limits?.['ephemeral-storage'] !== undefined,
  );
  return { quantity: quantityOf(volumes + LOG_RESERVE), limited };
}
