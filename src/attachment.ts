import { ApiObject, App } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { checkList, checkText } from './checks/arguments';
import { BUILT_IN_RESOLVERS, Pod, PodContributor, PodTemplate, podTemplatePathOf, readPod } from './pod-template';
import { canonical, JsonObject } from './wire';

const ATTACHMENTS = Symbol.for('cdk8s-procdump.Attachments');
/** Set to "false" on a pod template, it keeps the pod as it is. */
const INJECT_ANNOTATION = 'cdk8s-procdump/inject';
/** Hooks come and go with an installation; a sidecar would keep them from ending. */
const HELM_HOOK_ANNOTATION = 'helm.sh/hook';

/** Which workloads at or below a construct are meant. */
export interface WorkloadSelection {
  /**
   * Where the pod template is in objects of kinds that this library does not know, for example `spec.template` for an Argo
   * `Rollout`. On a chart, an app or another tree it needs `kinds`.
   * @default - known for Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob, PodTemplate
   */
  readonly podTemplatePath?: string;
  /**
   * Only objects of these kinds: `Deployment`, or with the API group `argoproj.io/Rollout`.
   * @default - every kind with a pod template
   */
  readonly kinds?: string[];
  /**
   * Only pods that have all these labels.
   * @default - every pod
   */
  readonly labels?: { [key: string]: string };
}

/** What `attachTo` did to one workload. */
export interface WorkloadAttachment {
  /** Path of the API object in the tree of constructs. */
  readonly path: string;
  /** Kind of the object, for example `Deployment`. */
  readonly kind: string;
  /** Name of the object. */
  readonly name: string;
  /**
   * Namespace of the object.
   * @default - left to `kubectl`
   */
  readonly namespace?: string;
  /**
   * Why the workload stays as it is.
   * @default - it was changed
   */
  readonly skipped?: string;
  /** Names of the containers that were added. */
  readonly containers: string[];
  /** Names of the volumes that were added. */
  readonly volumes: string[];
  /** Names of the user's containers that got mounts or environment variables. */
  readonly changedContainers: string[];
}

/** What a construct does in the workloads that one `attachTo` finds. */
export interface AttachmentBehavior {
  /** Its place in the order of merging, before its path. */
  readonly phase: number;
  /** What was asked for, to tell one request from another. */
  readonly request: JsonObject;
  /** Defines the objects that pods of a namespace need; before anything is rendered. */
  readonly prepare?: (namespace: string | undefined) => void;
  readonly contribute: PodContributor['contribute'];
  readonly patch?: PodContributor['patch'];
  readonly assert?: PodContributor['assert'];
}

/** One call of `attachTo`: finds the workloads at or below a construct, also those that are added to it later. */
export class Attachment {
  private readonly contributors = new Map<ApiObject, PodContributor>();
  private readonly named?: ApiObject;
  private readonly prepared = new Set<string | undefined>();
  private readonly skipped = new Set<string>();

  constructor(
    private readonly owner: Construct,
    private readonly scope: IConstruct,
    private readonly selection: WorkloadSelection,
    private readonly behavior: AttachmentBehavior,
  ) {
    if (!Construct.isConstruct(scope)) {
      throw new Error(`${owner.node.path}: attachTo needs a construct: a workload, an Include, a chart or an app; got ${scope}`);
    }
    if (selection.kinds !== undefined) checkList(`${owner.node.path}: kinds`, selection.kinds);
    if (selection.podTemplatePath !== undefined) checkText(`${owner.node.path}: podTemplatePath`, selection.podTemplatePath);
    if (owner.node.root !== scope.node.root) {
      throw new Error(`${owner.node.path}: cannot attach to '${scope.node.path}', which belongs to another app; define both in one app`);
    }
    this.named = namedWorkload(scope, selection);
    if (!this.named && selection.podTemplatePath !== undefined && !selection.kinds) {
      throw new Error(`${owner.node.path}: podTemplatePath '${selection.podTemplatePath}' on '${scope.node.path}', which is no single workload, `
        + "needs kinds: name the kinds that it is meant for, for example kinds: ['argoproj.io/Rollout']");
    }
    this.discover();
    Attachments.of(owner).add(this);
  }

  /** Takes every workload at or below the scope that was not seen before. */
  public discover(): void {
    for (const object of this.scope.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct))) {
      const templatePath = this.templatePathOf(object);
      if (templatePath === undefined || this.contributors.has(object)) continue;
      const contributor: PodContributor = {
        path: this.owner.node.path,
        phase: this.behavior.phase,
        named: object === this.named,
        request: canonical(this.behavior.request),
        templatePath,
        skips: (pod, json) => this.skips(pod, json, object === this.named),
        contribute: (pod, woven) => this.behavior.contribute(pod, woven),
        patch: this.behavior.patch,
        assert: this.behavior.assert,
      };
      this.contributors.set(object, contributor);
      PodTemplate.of(object).add(contributor);
    }
  }

  /** Renders no more than one workload of each namespace that goes ahead: rendering is what synthesis spends its time on. */
  public prepare(): void {
    this.discover();
    this.skipped.clear();
    for (const [object, contributor] of this.contributors) {
      if (this.prepared.has(object.metadata.namespace) && rendersItsNamespace(object)) continue;
      const json = PodTemplate.of(object).render();
      const pod = readPod(json, contributor.templatePath);
      const reason = this.skips(pod, json, false);
      // What is wrong with a workload that was named is said when it is rendered.
      if (reason === undefined || (object === this.named && unsupported(pod.template.spec, this.selection.podTemplatePath) !== undefined)) {
        if (!this.prepared.has(pod.namespace)) this.behavior.prepare?.(pod.namespace);
        this.prepared.add(pod.namespace);
      } else {
        this.skipped.add(`${object.kind} '${object.name}' ${reason}`);
      }
    }
  }

  /** What becomes of each workload that was found, as the tree is now. */
  public describe(): WorkloadAttachment[] {
    this.discover();
    return [...this.contributors].flatMap(([object, contributor]) => {
      const json = PodTemplate.of(object).render();
      const skipped = contributor.skips(readPod(json, contributor.templatePath), json);
      const contribution = PodTemplate.of(object).contributionOf(contributor, json);
      if (skipped === undefined && contribution === undefined) return [];
      const { containers = [], initContainers = [], volumes = [], additions = [] } = contribution ?? {};
      return {
        path: object.node.path,
        kind: object.kind,
        name: object.name,
        namespace: object.metadata.namespace,
        skipped,
        containers: [...containers, ...initContainers].map(({ name }) => name),
        volumes: volumes.map(({ name }) => name),
        changedContainers: additions.filter(({ env, volumeMounts }) => env?.length || volumeMounts?.length).map(({ container }) => container),
      };
    });
  }

  /** An attachment that changes nothing is a mistake that would be found in the night of the incident. */
  public problems(): string[] {
    if (this.prepared.size > 0) return [];
    const kinds = this.selection.kinds ? ` of kinds ${this.selection.kinds.join(', ')}` : '';
    return [`attachTo('${this.scope.node.path}') found no pod${kinds} to attach to: ${this.foundInstead()}; attach to a workload, to a construct that contains `
      + 'one, or give podTemplatePath and kinds for kinds that this library does not know'];
  }

  private foundInstead(): string {
    const objects = this.scope.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
    const others = objects.filter((object) => !this.contributors.has(object)).map(describeOther);
    return [...this.skipped, ...new Set(others)].join('; ') || 'there is no API object at or below it';
  }

  private templatePathOf(object: ApiObject): string | undefined {
    const { kinds, podTemplatePath } = this.selection;
    if (kinds && !kinds.some((kind) => kind === object.kind || kind === `${object.apiGroup}/${object.kind}`)) return undefined;
    if (podTemplatePath !== undefined && (kinds || object === this.named)) return podTemplatePath.replace(/\//g, '.').replace(/^\./, '');
    return podTemplatePathOf(object);
  }

  private skips({ template }: Pod, json: JsonObject, named: boolean): string | undefined {
    if (json.metadata?.annotations?.[HELM_HOOK_ANNOTATION] !== undefined) return 'is a Helm hook';
    if (`${template.metadata?.annotations?.[INJECT_ANNOTATION]}` === 'false') return `has the annotation ${INJECT_ANNOTATION}: "false"`;
    const missing = Object.entries(this.selection.labels ?? {}).find(([key, value]) => template.metadata?.labels?.[key] !== value);
    if (missing) return `has no label ${missing.join('=')} on its pods`;
    const reason = unsupported(template.spec, this.selection.podTemplatePath);
    if (reason && named) throw new Error(reason);
    return reason;
  }
}

/** The workload that a construct stands for: an API object, or the default child of a construct of a higher level. */
function namedWorkload(scope: IConstruct, selection: WorkloadSelection): ApiObject | undefined {
  for (let construct: IConstruct | undefined = scope; construct; construct = construct.node.defaultChild) {
    if (ApiObject.isApiObject(construct)) {
      return podTemplatePathOf(construct) !== undefined || selection.podTemplatePath !== undefined ? construct : undefined;
    }
  }
  return undefined;
}

function unsupported(spec: JsonObject | undefined, podTemplatePath: string | undefined): string | undefined {
  if (!spec?.containers?.length) {
    return `has no pod with containers${podTemplatePath === undefined ? '' : ` at podTemplatePath '${podTemplatePath}'; give the path of the object that has metadata and spec`}`;
  }
  if (isWindows(spec)) {
    return 'runs on Windows nodes, where ProcDump for Linux cannot run; leave this workload out';
  }
  if (spec.hostPID === true) {
    return 'has hostPID: true, which excludes the shared process namespace that ProcDump needs; remove hostPID, or leave this workload out';
  }
  return undefined;
}

const OS_LABELS = ['kubernetes.io/os', 'beta.kubernetes.io/os'];

function isWindows({ os, nodeSelector, securityContext, affinity }: JsonObject): boolean {
  const terms: JsonObject[] = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const onlyWindows = ({ key, operator, values }: JsonObject) => OS_LABELS.includes(key) && operator === 'In' && values?.join() === 'windows';
  return os?.name === 'windows' || securityContext?.windowsOptions !== undefined
    || OS_LABELS.some((label) => nodeSelector?.[label] === 'windows')
    || (terms.length > 0 && terms.every(({ matchExpressions = [] }) => matchExpressions.some(onlyWindows)));
}

/** Whether the namespace in the manifest is sure to be the one that the object was made with. */
function rendersItsNamespace(object: ApiObject): boolean {
  const { resolvers } = App.of(object) as unknown as { resolvers?: unknown[] };
  const { patches } = object as unknown as { patches?: unknown[] };
  return typeof (object.metadata.namespace ?? '') === 'string' && patches?.length === 0 && resolvers?.length === BUILT_IN_RESOLVERS;
}

function describeOther(object: ApiObject): string {
  return object.kind === 'List'
    ? `List '${object.name}' hides its objects from cdk8s; write its items as documents of their own, separated by ---`
    : `${object.kind} is there`;
}

/** All attachments of an app. What one of them prepares may be what another construct waits for, whatever their order. */
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

/** Lets an app be synthesized only when each `attachTo` of this construct found something. */
export function validateAttachments(owner: Construct, attachments: Attachment[]): void {
  owner.node.addValidation({
    validate: () => {
      for (const attachment of attachments) attachment.prepare();
      return attachments.flatMap((attachment) => attachment.problems());
    },
  });
}
