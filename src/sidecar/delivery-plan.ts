import type { SidecarConfig } from './config';
import type { DiskUse } from './overrides';
import { refuseLongFreeze } from './rules/freeze-budget';
import { refuseSmallSpool, refuseSmallStore } from './rules/room-for-dumps';
import { quantityOf } from '../kubernetes/quantity';
import type { ContainerJson, PodSpecJson } from '../kubernetes/wire';
import type { RenderedBinding } from '../stores/store-binding';
import { memoryLimitOf } from '../weave/choose-container';
import { gracePeriodOf } from '../weave/pod-contribution';

/** Of a target without a memory limit; also the least size of a store on the node's disk. */
const UNKNOWN_DUMPS = 4096;
/**
 * A full dump of a small .NET process is larger than its resident memory: 270 MiB of an application that does nothing.
 */
const LEAST_SPOOL = 512;
/** What publishing to an ordinary share is sure to reach, in MiB/s. */
const PUBLISHING_RATE = 40;
/** Beside the copying: to finish a dump that is being written, and to wait for a store that is slow to answer. */
const DRAIN_OVERHEAD = 30;
/** The cluster autoscaler waits no longer for the pods of a node that it removes. */
const LONGEST_DEFAULT_DRAIN = 600;
/** For the agent to end ProcDump and to say what is left. */
const GRACE_RESERVE = 10;
/** The container's log: the kubelet keeps five files of 10Mi. */
const LOG_RESERVE = 64;

/** How the dumps of one pod get to the store. Sizes in mebibytes. */
export interface DeliveryPlan {
  readonly store: RenderedBinding;
  /** Undefined where ProcDump writes into the store itself. */
  readonly spool?: SpoolPlan;
  /** Size of the node's disk that ProcDump writes to without a spool. */
  readonly directSize?: number;
  /** What the sidecar may take on the node's disk. */
  readonly disk?: DiskUse;
}

export interface SpoolPlan {
  readonly size: number;
  readonly drainSeconds: number;
  /** Of a store on the node's disk: the kubelet evicts a pod that overruns it. */
  readonly storeSize?: number;
}

/** Where the user names no store: on the node's disk for as long as the pod lives, with room for two full dumps. */
export function nodeDiskStore(target: ContainerJson): RenderedBinding {
  const mebibytes = Math.max(UNKNOWN_DUMPS, 2 * (memoryLimitOf(target) ?? 0));
  return { volume: { emptyDir: { sizeLimit: quantityOf(mebibytes) } }, nodeDisk: { mebibytes }, shared: false };
}

/** @throws where a dump of this target does not fit, or takes longer than its probes allow */
export function planDelivery(
  config: SidecarConfig,
  target: ContainerJson,
  spec: PodSpecJson,
  store: RenderedBinding,
): DeliveryPlan {
  const limit = memoryLimitOf(target);
  const storeSize = store.nodeDisk?.mebibytes ?? 0;
  refuseLongFreeze(target, limit, config.delivery._direct && !store.nodeDisk);
  if (config.delivery._direct) {
    if (storeSize > 0) refuseSmallStore(storeSize, limit, 1, target);
    return { store, disk: diskUse(storeSize, spec), ...(storeSize > 0 ? { directSize: storeSize } : {}) };
  }
  const size = config.delivery._sizeLimit ?? (limit === undefined ? UNKNOWN_DUMPS : Math.max(LEAST_SPOOL, 2 * limit));
  refuseSmallSpool(size, limit, target);
  if (storeSize > 0) refuseSmallStore(storeSize, limit, config.limits.dumpsPerPod, target);
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
 * What the pod needs after SIGTERM. A container gets the signal together with the application; a native sidecar after
 * the application has ended, and has what is left of the same period.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
 */
export function graceFor({ drainSeconds }: SpoolPlan, native: boolean, spec: PodSpecJson): number {
  return drainSeconds + GRACE_RESERVE + (native ? gracePeriodOf(spec) : 0);
}

/**
 * A request, so that the scheduler counts it. A limit only where the pod has one already: the kubelet adds up the
 * limits of the containers, and evicts the pod when its containers and volumes together take more.
 */
function diskUse(volumes: number, { containers = [], initContainers = [] }: PodSpecJson): DiskUse | undefined {
  if (volumes === 0) return undefined;
  const limited = [...containers, ...initContainers].some(
    ({ resources }) => resources?.limits?.['ephemeral-storage'] !== undefined,
  );
  return { quantity: quantityOf(volumes + LOG_RESERVE), limited };
}
