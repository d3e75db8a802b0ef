import type { Findings } from './findings';
import type { PodSpecJson } from '../../kubernetes/wire';

/**
 * ProcDump finds the diagnostics socket of a process in /proc/net/unix. In the node's network, that file lists the
 * sockets of all such pods, and processes of two pods may have the same id.
 * @see https://github.com/dotnet/diagnostics/issues/3539
 */
export function findHostNetwork(findings: Findings, { hostNetwork }: PodSpecJson): void {
  if (hostNetwork !== true) return;
  findings.hint(
    'PD012',
    'the pod has hostNetwork: true, so that ProcDump sees the diagnostics sockets of all such pods of the node, and ' +
      'may miss or confuse those of processes with equal ids; remove hostNetwork, or run only one such .NET pod on a ' +
      'node',
  );
}
