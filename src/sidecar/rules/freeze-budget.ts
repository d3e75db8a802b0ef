import type { ContainerJson } from '../../kubernetes/wire';

/**
 * MiB/s that ordinary shares accept from one writer.
 * @see https://learn.microsoft.com/azure/storage/files/understand-performance
 */
const STORE_RATE = 60;
/** MiB/s of page cache and disk of a node. Dumps of 600 MiB were written at 1.3 GB/s. */
const NODE_RATE = 500;

/**
 * A process is stopped while its dump is written. A liveness probe that fails meanwhile restarts it in the middle of
 * the dump. The first probe may fail right after the process is stopped, so the shortest time until a restart is all
 * periods but one plus one timeout.
 * @param limit memory that the target may use, in mebibytes
 * @param direct whether ProcDump writes directly into a network store
 * @throws with the calculation
 * @see https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
 */
export function refuseLongFreeze(
  { name, livenessProbe }: ContainerJson,
  limit: number | undefined,
  direct: boolean,
): void {
  if (!livenessProbe || limit === undefined) return;
  // Kubernetes treats zero as the default.
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
