import type { Size } from 'cdk8s';

/** The users that may write to a dump store with restricted access. */
export interface DumpStoreWriters {
  /**
   * User that may write.
   * @default - only root
   */
  readonly uid?: number;
  /**
   * Group whose members may write.
   * @default - none
   */
  readonly gid?: number;
}

/** How a pod mounts a dump store. */
export interface DumpStoreBinding {
  /**
   * The volume in Kubernetes JSON, without its name, for example `{ persistentVolumeClaim: { claimName: 'dumps' } }`.
   */
  readonly volume: { [key: string]: any };
  /**
   * Capacity of the volume. Synth fails if one full dump of the target does not fit. The kubelet evicts a pod that
   * writes more to an `emptyDir` on the node's disk.
   * @default - for an `emptyDir`, its `sizeLimit`, otherwise 4Gi or twice the memory limit of the target, whichever is
   * larger; for other volumes, not checked
   */
  readonly size?: Size;
  /**
   * Whether several workloads share the volume. Each workload then gets its own folder, `<namespace>/<kind>/<name>`,
   * and cannot read the dumps of others.
   * @default true
   */
  readonly shared?: boolean;
  /**
   * Service account that the store trusts. Synth fails for a pod with another service account.
   * @default - any
   */
  readonly serviceAccountName?: string;
  /**
   * Users that may write to the volume besides root. Synth fails if the sidecar runs as another user.
   * @default - every user
   */
  readonly writers?: DumpStoreWriters;
  /**
   * Whether the volume supports ID-mapped mounts, which pods with `hostUsers: false` need. If not, synth fails for such
   * a pod.
   * @default true
   */
  readonly idMappedMounts?: boolean;
}

/**
 * Storage for dumps. All volumes of a pod must mount before it starts: an unreachable store prevents new pods from
 * starting, but does not affect running pods.
 *
 * A dump contains every secret of the process: anyone who can read the store can read them all.
 */
export interface IDumpStore {
  /**
   * Returns how pods in a namespace mount the store, and defines the objects that they need. Called before rendering,
   * for each namespace with a workload that uses the store. Must return the same binding for the same namespace.
   * @param namespace undefined if the manifest sets no namespace
   */
  bindDumpStore(namespace?: string): DumpStoreBinding;
}
