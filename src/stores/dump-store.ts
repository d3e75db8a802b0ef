import type { Size } from 'cdk8s';

/** Who may write to a dump store, where not everybody may. */
export interface DumpStoreWriters {
  /**
   * User that may write.
   * @default - none but root
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
   * The volume as Kubernetes writes it, without its name, for example `{ persistentVolumeClaim: { claimName: 'dumps' }
   * }`.
   */
  readonly volume: { [key: string]: any };
  /**
   * How much the volume holds, where it is an `emptyDir` on the node's disk: the kubelet evicts a pod that writes more.
   * @default - its `sizeLimit`
   */
  readonly size?: Size;
  /**
   * Whether several workloads share the volume. Each then gets a folder of its own, `<namespace>/<kind>/<name>`, and
   * none can read the dumps of another.
   * @default true
   */
  readonly shared?: boolean;
  /**
   * Service account that a pod must run under to be let into the store: one that runs under another is an error.
   * @default - any
   */
  readonly serviceAccountName?: string;
  /**
   * Who may write to the volume besides root: a sidecar that runs as somebody else is an error.
   * @default - everybody
   */
  readonly writers?: DumpStoreWriters;
  /**
   * Whether the volume can be mounted with shifted user ids, as the kubelet does for pods with `hostUsers: false`:
   * where it cannot, such a pod is an error.
   * @default true
   */
  readonly idMappedMounts?: boolean;
}

/**
 * Where dumps end up. Every volume of a pod must mount before the pod starts: a store that is down keeps new pods from
 * starting, and running ones are not touched.
 *
 * A dump holds every secret of the process: who can read the store can read them all.
 */
export interface IDumpStore {
  /**
   * Called for each namespace with a workload that stores dumps here, before anything is rendered; defines what pods of
   * that namespace need, and for the same namespace gives the same answer.
   *
   * @param namespace undefined where the manifest leaves it to `kubectl`
   */
  bindDumpStore(namespace?: string): DumpStoreBinding;
}
