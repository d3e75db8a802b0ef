import type { PodSpecJson } from '../../kubernetes/wire';
import type { RenderedBinding } from '../../stores/store-binding';

/**
 * The kubelet mounts the volumes of such a pod with shifted user ids, which CIFS and NFS do not support: the pod would
 * never start.
 * @see https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/
 */
export function refuseUserNamespace({ idMappedMounts = true }: RenderedBinding, { hostUsers }: PodSpecJson): void {
  if (hostUsers !== false || idMappedMounts) return;
  throw new Error(
    'the pod has hostUsers: false, which needs ID-mapped mounts, but the file system of the dump store does not ' +
      'support them; remove hostUsers, or use another store, such as EphemeralDumpStore',
  );
}
