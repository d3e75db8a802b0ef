import { messageOf } from '../input/located-error';

/** How `attachTo` handles a workload that the construct cannot be added to. */
export enum UnsuitableWorkloads {
  /** Synth fails. The error lists all such workloads of the app. */
  ERROR = 'error',
  /** The workload stays unchanged, and `attachments` lists it with the reason. Synth fails if no workload is left. */
  SKIP = 'skip',
}

/** An error about a workload that a construct cannot be added to. The user may not own the workload. */
export class UnsuitableWorkload extends Error {
  /** The change to make, with its alternatives. Problems with the same remedy are reported together. */
  public readonly remedy: string;
  /** The reason why a skipped workload is unchanged, without alternatives that would leave it unchanged. */
  public readonly reason: string;

  /**
   * @param problem the problem with the workload
   * @param cure the change to make
   * @param alternatives other changes, after which the workload stays as it is
   */
  constructor(
    readonly problem: string,
    private readonly cure: string,
    private readonly alternatives: readonly string[] = [],
  ) {
    const remedy = [cure, ...alternatives].join(', ');
    super(`${problem}; ${remedy}`);
    this.remedy = remedy;
    this.reason = `${problem}; ${cure}`;
  }

  /** Returns the error with an alternative remedy. */
  public orElse(alternative: string): UnsuitableWorkload {
    return new UnsuitableWorkload(this.problem, this.cure, [...this.alternatives, alternative]);
  }
}

/** Returns why a workload is skipped. Checks the shape, because another copy of this library may throw the error. */
export function skipReasonOf(error: unknown): string {
  const { reason } = (error ?? {}) as { reason?: unknown };
  return typeof reason === 'string' ? reason : messageOf(error);
}
