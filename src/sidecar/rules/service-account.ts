import type { PodSpecJson } from '../../kubernetes/wire';
import type { RenderedBinding } from '../../stores/store-binding';

/**
 * Nodes mount the store with an identity that trusts one service account. The volume of a pod with another service
 * account never mounts.
 */
export function refuseOtherServiceAccount({ serviceAccountName: trusted }: RenderedBinding, spec: PodSpecJson): void {
  const actual = spec.serviceAccountName ?? spec.serviceAccount ?? 'default';
  if (trusted === undefined || actual === trusted) return;
  throw new Error(
    `the pod runs under service account '${actual}', but the workload identity of the dump store trusts only ` +
      `'${trusted}'; set serviceAccountName '${trusted}' in the pod, or give AzureFilesAccess.workloadIdentity the ` +
      "pod's own service account",
  );
}
