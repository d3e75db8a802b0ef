/** How the sidecar runs in the pod. */
export enum SidecarPlacement {
  /**
   * A native sidecar in pods that run to completion (Job, CronJob, restartPolicy other than Always), otherwise an
   * ordinary container.
   */
  AUTO = 'auto',
  /**
   * An init container that keeps running (`restartPolicy: Always`). Needs Kubernetes 1.29: older API servers drop the
   * field, and the pod never starts.
   * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
   */
  NATIVE = 'native',
  /** An ordinary container. */
  CONTAINER = 'container',
}
