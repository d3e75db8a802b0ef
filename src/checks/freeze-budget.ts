import type { ContainerJson } from '../wire';

/** What ordinary shares take of one writer, in MiB/s. @see https://learn.microsoft.com/azure/storage/files/understand-performance */
const STORE_RATE = 60;

/**
 * A process stands still while its dump is written, and a liveness probe that fails meanwhile ends it in the middle.
 *
 * @param limit memory that the target may take, in mebibytes
 * @throws with the arithmetic
 * @see https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
 */
export function refuseLongFreeze({ name, livenessProbe }: ContainerJson, limit: number | undefined): void {
  if (!livenessProbe || limit === undefined) return;
  // Zero is the default to Kubernetes, too.
  const { periodSeconds, failureThreshold, timeoutSeconds } = livenessProbe;
  const [period, threshold, timeout] = [periodSeconds || 10, failureThreshold || 3, timeoutSeconds || 1].map(Number);
  const freeze = Math.ceil(limit / STORE_RATE);
  if (!(freeze > period * threshold + timeout)) return;
  throw new Error(`a full dump of container '${name}' would stop it for ${freeze} s (memory limit of ${limit}Mi at ${STORE_RATE} MiB/s into the store), but its `
    + `liveness probe restarts it after ${period * threshold + timeout} s (${period} s × ${threshold} + ${timeout} s); use DumpDelivery.spooled(), which writes to `
    + `the node's disk first, or raise failureThreshold to ${Math.ceil((freeze - timeout) / period)}`);
}
