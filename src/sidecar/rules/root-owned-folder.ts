import type { Findings } from './findings';
import type { SidecarUser } from './target-user';
import type { RenderedBinding } from '../../stores/store-binding';
import type { AppObjects } from '../../weave/app-objects';
import { AZURE_FILES_DRIVER, driverOf } from '../../weave/claimed-storage';
import type { Pod } from '../../weave/pod';

/** Drivers of volumes whose owners and modes come from the mount or the server, not from fsGroup. */
const NETWORK_DRIVERS = [AZURE_FILES_DRIVER, 'smb.csi.k8s.io', 'nfs.csi.k8s.io', 'efs.csi.aws.com'];

/**
 * Without an fsGroup in the pod, root owns the folders on a disk, including those that the kubelet creates for a
 * subPath. Another user then cannot store a dump, although the pod is Ready.
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#configure-volume-permission-and-ownership-change-policy-for-pods
 */
export function findRootOwnedFolder(
  findings: Findings,
  { volume, writers, idMappedMounts = true }: RenderedBinding,
  { uid, gid }: SidecarUser,
  pod: Pod,
  neighbours: AppObjects,
): void {
  const isClaim = volume.persistentVolumeClaim !== undefined || volume.ephemeral !== undefined;
  // A cluster that assigns users assigns an fsGroup too. A store with writers has its own rule.
  if (!isClaim || uid === 0 || uid === undefined || writers !== undefined || !idMappedMounts) return;
  if (pod.template.spec?.securityContext?.fsGroup !== undefined) return;
  const driver = driverOf(volume, pod, neighbours);
  if (driver !== undefined && NETWORK_DRIVERS.includes(driver)) return;
  const remedy = `set securityContext.fsGroup of the pod, for example to ${gid}`;
  const name = volume.persistentVolumeClaim ? `claim '${volume.persistentVolumeClaim.claimName}'` : 'the store';
  if (driver === undefined) {
    findings.hint(
      'PD011',
      `if ${name} is on a disk, root owns its folders, and the sidecar, which runs as user ${uid}, can store no ` +
        `dump; ${remedy}`,
    );
    return;
  }
  findings.refuse('PD011', () => {
    throw new Error(
      `${name} is on a disk (${driver}), where root owns the folders, so that the sidecar, which runs as user ` +
        `${uid}, can store no dump; ${remedy}`,
    );
  });
}
