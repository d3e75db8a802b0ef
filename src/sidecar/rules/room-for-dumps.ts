import { quantityOf } from '../../kubernetes/quantity';
import type { ContainerJson } from '../../kubernetes/wire';

/**
 * A dump that does not fit into the spool is never taken.
 * @param size of the spool, in mebibytes
 * @param limit memory that the target may use, in mebibytes
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
 * The newest dump always stays in the store, so the next one needs room beside it. If a volume on the node's disk
 * exceeds its size, the kubelet evicts the pod with its application.
 * @param size of a store on the node's disk, in mebibytes
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
