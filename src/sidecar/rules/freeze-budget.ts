import type { ContainerJson } from '../../kubernetes/wire';

/**
 * What ordinary shares take of one writer, in MiB/s.
 *
 * @see https://learn.microsoft.com/azure/storage/files/understand-performance
 */
const STORE_RATE = 60;
/** What a node takes into its page cache and disk; dumps of 600 MiB were written at 1.3 GB/s. */
const NODE_RATE = 500;

/**
 * A process stands still while its dump is written, and a liveness probe that fails meanwhile ends it in the middle.
 * The first failure may come as soon as it stands still: then the last one that counts ends after all periods but one,
 * and its own timeout.
 *
 * @param limit memory that the target may take, in mebibytes
 * @param direct whether ProcDump writes into a store on the network
 * @throws with the arithmetic
 * @see https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
 */
export function refuseLongFreeze(
  { name, livenessProbe }: ContainerJson,
  limit: number | undefined,
  direct: boolean,
): void {
  if (!livenessProbe || limit === undefined) return;
  // Zero is the default to Kubernetes, too.
  const { periodSeconds, failureThreshold, timeoutSeconds } = livenessProbe;
  const [period, threshold, timeout] = [periodSeconds || 10, failureThreshold || 3, timeoutSeconds || 1].map(Number);
  const rate = direct ? STORE_RATE : NODE_RATE;
  const freeze = limit / rate;
  const patience = period * (threshold - 1) + timeout;
  if (!(freeze >= patience)) return;
  const remedy = direct ? "use DumpDelivery.spooled(), which writes to the node's disk first, or " : '';
  throw new Error(
    `a full dump of container '${name}' would stop it for ${Math.ceil(freeze)} s (memory limit of ${limit}Mi at ` +
      `${rate} MiB/s ${direct ? 'into the store' : "to the node's disk"}), but its liveness probe may restart it ` +
      `after ${patience} s (${period} s × (${threshold} - 1) + ${timeout} s); ${remedy}raise failureThreshold to ` +
      `${Math.floor((freeze - timeout) / period) + 2}, or lower the memory limit`,
  );
}
