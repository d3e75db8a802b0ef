import { messageOf } from '../../input/located-error';

/**
 * Refusals and hints that rest on inference, not on a rule of Kubernetes or ProcDump. The user can accept each by its
 * id. An id never changes its meaning.
 */
export const INFERENCES = {
  PD001: 'an object of unknown kind has pods',
  PD002: 'helper containers are not the target',
  PD003: 'a dump stops the target for longer than its liveness probe allows',
  PD004: 'a full dump does not fit into the spool or the store',
  PD005: 'a threshold is out of reach',
  PD006: "the profiler's directory hides programs of the image",
  PD007: 'the sidecar cannot write to the store',
  PD008: 'the file system of the store does not support user namespaces',
  PD009: 'the pods need settings of the cluster',
  PD010: 'an autoscaler counts the CPU or memory of the sidecar',
  PD011: 'root owns the folder of the store',
  PD012: "sockets of other pods share the node's network",
  PD013: 'a volume hides the working directory or a program of the image',
} as const;

export type InferenceId = keyof typeof INFERENCES;

/** Findings of the rules in one pod, other than errors. */
export class Findings {
  public readonly assumptions: string[] = [];
  public readonly hints: string[] = [];
  public readonly acknowledged: string[] = [];

  /** @param accepted the ids that the user accepts */
  constructor(private readonly accepted: readonly string[]) {}

  /** Runs a rule that may throw. Its error explains how to accept it. */
  public refuse(id: InferenceId, rule: () => void): void {
    try {
      rule();
    } catch (error) {
      if (!this.accepted.includes(id)) {
        throw new Error(`${messageOf(error)}; or accept this with acknowledge: ['${id}']`);
      }
      this.acknowledged.push(`${id}: ${messageOf(error)}`);
    }
  }

  public hint(id: InferenceId, text: string): void {
    (this.accepted.includes(id) ? this.acknowledged : this.hints).push(`${id}: ${text}`);
  }

  public assume(text: string): void {
    this.assumptions.push(text);
  }
}
