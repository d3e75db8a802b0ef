import type { Findings } from './findings';
import { quantityOf } from '../../kubernetes/quantity';
import type { ContainerJson } from '../../kubernetes/wire';

/**
 * A dump that does not fit into the spool is never taken.
 * @param size the size of the spool, in mebibytes
 * @param limit the memory that the target may use, in mebibytes
 * @throws with the calculation
 */
export function refuseSmallSpool(size: number, limit: number | undefined, { name }: ContainerJson): void {
  if (limit === undefined || size >= limit) return;
  throw new Error(
    `the spool of ${quantityOf(size)} cannot hold one full dump of container '${name}', whose memory limit is ` +
      `${quantityOf(limit)} (${size} MiB < ${limit} MiB); raise sizeLimit of DumpDelivery.spooled() to ` +
      `${quantityOf(limit)} or more, better ${quantityOf(2 * limit)}, or leave it out`,
  );
}

/**
 * The newest dump always stays in the store, so the next one needs additional room. If a volume on the node's disk
 * exceeds its size, the kubelet evicts the pod with its application.
 * @param size the size of a store on the node's disk, in mebibytes
 * @throws with the calculation
 */
export function refuseSmallStore(
  size: number,
  limit: number | undefined,
  dumpsPerPod: number,
  { name }: ContainerJson,
): void {
  const dumps = Math.min(2, dumpsPerPod);
  if (limit === undefined || size >= dumps * limit) return;
  throw new Error(
    `the store of ${quantityOf(size)} on the node's disk cannot hold ${dumps} full dump(s) of container ` +
      `'${name}', whose memory limit is ${quantityOf(limit)} (${size} MiB < ${dumps} × ${limit} MiB), and the pod ` +
      `would be evicted; raise sizeLimit of the store to ${quantityOf(dumps * limit)} or more`,
  );
}

/** Dumps that a store must hold. Sizes in mebibytes. */
interface StoredDumps {
  /** Memory that the target may use. */
  readonly limit?: number;
  /** Total size of the dumps that are kept. */
  readonly retained?: number;
  readonly target: ContainerJson;
}

/**
 * A dump that does not fit into the store is never published. Until the second one fits, the first one must be moved.
 * @param capacity the capacity of a store that is not on the node's disk, in mebibytes
 */
export function findSmallCapacity(
  findings: Findings,
  capacity: number,
  { limit = 0, retained = 0, target }: StoredDumps,
): void {
  const dumps =
    `full dump(s) of container '${target.name}', whose memory limit is ${quantityOf(limit)}` + ` (${capacity} MiB < `;
  const remedy = `raise the capacity of the store to ${quantityOf(2 * limit)} or more`;
  findings.refuse('PD004', () => {
    if (capacity < limit) {
      throw new Error(`the store of ${quantityOf(capacity)} cannot hold 1 ${dumps}${limit} MiB); ${remedy}`);
    }
    if (capacity < retained) {
      throw new Error(
        `retention.maxSize of ${quantityOf(retained)} is above the capacity of the store of ${quantityOf(capacity)}, ` +
          `which is full before dumps are deleted; lower maxSize, or raise the capacity of the store to ` +
          `${quantityOf(retained)} or more`,
      );
    }
  });
  if (capacity >= limit && capacity < 2 * limit) {
    findings.hint('PD004', `the store of ${quantityOf(capacity)} cannot hold 2 ${dumps}2 × ${limit} MiB); ${remedy}`);
  }
}
