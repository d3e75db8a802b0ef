import { Construct, IConstruct } from 'constructs';
import { Attachment, AttachmentBehavior } from './attachment';
import type { WorkloadSelection } from './workload-selection';

/** Shared by all copies of this library in one app. */
const ATTACHMENTS = Symbol.for('cdk8s-procdump.Attachments');

/** All attachments of an app. Any of them may prepare what another one needs, in any order. */
export class Attachments {
  public static of(construct: IConstruct): Attachments {
    const root = construct.node.root as unknown as { [ATTACHMENTS]?: Attachments };
    if (!root[ATTACHMENTS]) Object.defineProperty(root, ATTACHMENTS, { value: new Attachments() });
    return root[ATTACHMENTS]!;
  }

  private readonly attachments: Attachment[] = [];

  public add(attachment: Attachment): void {
    this.attachments.push(attachment);
  }

  public prepare(): void {
    for (const attachment of this.attachments) attachment.prepare();
  }
}

/** The `attachTo` calls of one construct. Synth fails unless there is at least one and each finds a pod. */
export class ConstructAttachments {
  private readonly attachments: Attachment[] = [];
  private used = false;

  constructor(private readonly owner: Construct) {
    owner.node.addValidation({ validate: () => this.problems() });
  }

  public add(scope: IConstruct, selection: WorkloadSelection, behavior: AttachmentBehavior): void {
    const attachment = new Attachment(this.owner, scope, selection, behavior);
    Attachments.of(this.owner).add(attachment);
    this.attachments.push(attachment);
  }

  public get all(): Attachment[] {
    return this.attachments;
  }

  /** Records that another construct uses this one, so that it needs no attachment of its own. */
  public markUsed(): void {
    this.used = true;
  }

  private problems(): string[] {
    if (this.attachments.length === 0 && !this.used) {
      return ['is attached to nothing; call attachTo with a workload, a chart or an app, or remove it'];
    }
    for (const attachment of this.attachments) attachment.prepare();
    return this.attachments.flatMap((attachment) => attachment.problems());
  }
}
