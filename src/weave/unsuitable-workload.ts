/** How `attachTo` handles a workload that the construct cannot be added to. */
export enum UnsuitableWorkloads {
  /** Synth fails. The error lists all such workloads of the app. */
  ERROR = 'error',
  /** The workload stays unchanged, and `attachments` lists it with the reason. Synth fails if no workload is left. */
  SKIP = 'skip',
}

/** An error about a workload that a construct cannot be added to. The user may not own the workload. */
export class UnsuitableWorkload extends Error {
  /**
   * @param problem the problem with the workload
   * @param remedy the change to make. Problems with the same remedy are reported together.
   */
  constructor(
    readonly problem: string,
    readonly remedy: string,
  ) {
    super(`${problem}; ${remedy}`);
  }

  /** Returns the error with an alternative remedy. */
  public orElse(remedy: string): UnsuitableWorkload {
    return new UnsuitableWorkload(this.problem, `${this.remedy}, ${remedy}`);
  }
}
