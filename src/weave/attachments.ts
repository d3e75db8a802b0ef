import type { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { AppObjects } from './app-objects';
import { Attachment, AttachmentBehavior } from './attachment';
import { together, WeavingProblem } from './weaving-problem';
import type { WorkloadSelection } from './workload-selection';
import { WovenObject, WovenObjects } from './woven-object';

/** Key of the attachments, shared by all copies of this library in an app. */
const ATTACHMENTS = Symbol.for('cdk8s-procdump.Attachments');

/** All attachments of an app. They may prepare objects that others need, in any order. */
export class Attachments implements WovenObjects {
  public static of(construct: IConstruct): Attachments {
    const root = construct.node.root as unknown as { [ATTACHMENTS]?: Attachments };
    if (!root[ATTACHMENTS]) Object.defineProperty(root, ATTACHMENTS, { value: new Attachments(construct.node.root) });
    return root[ATTACHMENTS]!;
  }

  private readonly attachments: Attachment[] = [];
  private index: AppObjects;

  private constructor(private readonly root: IConstruct) {
    this.index = new AppObjects(root);
  }

  /** The objects of the app at the last `refresh`. */
  public get objects(): AppObjects {
    return this.index;
  }

  /** Updates `objects`, at each synthesis and each read of `attachments`. */
  public refresh(): void {
    this.index = new AppObjects(this.root);
  }

  public add(attachment: Attachment): void {
    this.attachments.push(attachment);
  }

  public prepare(): void {
    for (const attachment of this.attachments) attachment.prepare();
  }

  public woven(): WovenObject[] {
    const objects = new Set<ApiObject>(this.attachments.flatMap((attachment) => attachment.workloads()));
    return [...objects].map((object) => WovenObject.of(object, this));
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
    const app = Attachments.of(this.owner);
    const attachment = new Attachment(this.owner, scope, selection, behavior, app);
    app.add(attachment);
    this.attachments.push(attachment);
  }

  /** Returns the objects with pods that the calls found, in the order of the tree. */
  public workloads(): WovenObject[] {
    Attachments.of(this.owner).refresh();
    const objects = new Set<ApiObject>(this.attachments.flatMap((attachment) => attachment.workloads()));
    return [...objects].map((object) => WovenObject.of(object, Attachments.of(this.owner)));
  }

  /** Records that another construct uses this one, so that it needs no attachment of its own. */
  public markUsed(): void {
    this.used = true;
  }

  /** The other objects of the app, at the time of rendering. */
  public get neighbours(): AppObjects {
    return Attachments.of(this.owner).objects;
  }

  private problems(): string[] {
    const app = Attachments.of(this.owner);
    app.refresh();
    const problems = this.findProblems();
    // Attachments and stores have defined objects since.
    app.refresh();
    return problems;
  }

  private findProblems(): string[] {
    if (this.attachments.length === 0 && !this.used) {
      return ['is attached to nothing; call attachTo with a workload, a chart or an app, or remove it'];
    }
    const problems = this.attachments.map((attachment) => ({ attachment, found: attachment.prepare() }));
    const failed = problems.filter(({ found }) => found.length > 0);
    if (failed.length === 0) return [];
    // Synth ends here, so the problems of other workloads would be reported only by the next synth.
    const others = this.attachments.filter((attachment) => !failed.some((one) => one.attachment === attachment));
    return [...failed.flatMap(({ found }) => found), ...this.problemsOfWorkloads(others)];
  }

  private problemsOfWorkloads(attachments: Attachment[]): string[] {
    const objects = new Set(attachments.flatMap((attachment) => attachment.workloads()));
    const app = Attachments.of(this.owner);
    const problems = [...objects].flatMap((object): WeavingProblem[] => WovenObject.of(object, app).problems());
    return problems.length > 0 ? [together(problems).message] : [];
  }
}
