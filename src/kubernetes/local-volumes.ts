import type { PodTemplateJson, VolumeJson } from './wire';

/** Annotation that lists the volumes that do not prevent the cluster autoscaler from removing the node. */
export const EVICTABLE_VOLUMES = 'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes';

/**
 * Returns the added volumes to list, so that they do not prevent the removal of the node. A pod whose own local volumes
 * prevent it is unchanged.
 * @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md#what-types-of-pods-can-prevent-ca-from-removing-a-node
 */
export function volumesToEvict({ metadata, spec }: PodTemplateJson, added: readonly VolumeJson[]): string[] {
  const listed = metadata?.annotations?.[EVICTABLE_VOLUMES] !== undefined;
  if (!listed && (spec?.volumes ?? []).some(isLocal)) return [];
  return added.filter(isLocal).map(({ name }) => name);
}

/** @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/utils/drain/drain.go */
function isLocal({ hostPath, emptyDir }: VolumeJson): boolean {
  return Boolean(hostPath) || (Boolean(emptyDir) && emptyDir.medium !== 'Memory');
}
