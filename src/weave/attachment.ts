import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { hasBuiltInResolversOnly, hasNoPatch } from './cdk8s-internals';
import { Pod, readPod } from './pod';
import type { PodContribution } from './pod-contribution';
import type { PodContributor } from './pod-contributor';
import { PodTemplate } from './pod-template';
import { podTemplatePathOf } from './workload-kinds';
import {
  HIDDEN_IN_LIST,
  INJECT_ANNOTATION,
  isList,
  misspelledKinds,
  selectedTemplatePath,
  whyLeftOut,
  WorkloadSelection,
} from './workload-selection';
import { Check, check } from '../input/check';
import { CONSTRUCT } from '../input/checks';
import { located } from '../input/located-error';
import { canonical, JsonObject, PodSpecJson } from '../kubernetes/wire';

/** An error about a workload that the user may not own. In a tree, the message offers to leave the workload out. */
export class UnsuitableWorkload extends Error {}

const SCOPE: Check = { ...CONSTRUCT, expected: 'a construct: a workload, an Include, a chart or an app' };

/** What a construct does in the workloads that one `attachTo` call finds. */
export interface AttachmentBehavior {
  /** Merge phase: sorts before the path. */
  readonly phase: number;
  /** The options of the request, to compare it with other requests. */
  readonly request: JsonObject;
  /** Defines the objects that pods of a namespace need, before anything is rendered. */
  readonly prepare?: (namespace: string | undefined) => void;
  /** Returns why the construct cannot work in a pod: an error for a named workload, a reason to skip others. */
  readonly unsuitable: (spec: PodSpecJson) => string | undefined;
  readonly remedies: PodContributor['remedies'];
  readonly contribute: PodContributor['contribute'];
  readonly patch?: PodContributor['patch'];
  readonly assert?: PodContributor['assert'];
}

/** One call of `attachTo`. Finds the workloads at or below a construct, also those that are added later. */
export class Attachment {
  private readonly contributors = new Map<ApiObject, PodContributor>();
  private readonly request: string;
  private readonly named?: ApiObject;
  private readonly prepared = new Set<string | undefined>();
  private readonly skipped = new Set<string>();

  constructor(
    private readonly owner: Construct,
    private readonly scope: IConstruct,
    private readonly selection: WorkloadSelection,
    private readonly behavior: AttachmentBehavior,
  ) {
    located(`${owner.node.path}: attachTo`, () => check('scope', scope, SCOPE));
    if (owner.node.root !== scope.node.root) {
      throw new Error(
        `${owner.node.path}: cannot attach to '${scope.node.path}', which belongs to another app; define both in ` +
          'one app',
      );
    }
    this.named = namedWorkload(scope, selection);
    if (!this.named && selection.podTemplatePath !== undefined && !selection.kinds) {
      throw new Error(
        `${owner.node.path}: podTemplatePath '${selection.podTemplatePath}' on '${scope.node.path}', which is not a ` +
          'single workload, needs kinds; name the kinds that have this path, for example kinds: ' +
          "['argoproj.io/Rollout']",
      );
    }
    this.request = canonical(behavior.request);
    this.discover();
  }

  /** Takes every workload at or below the scope that it has not seen before. */
  public discover(): void {
    const { path } = this.owner.node;
    for (const object of this.objects()) {
      const named = object === this.named;
      const templatePath = selectedTemplatePath(this.selection, object, named);
      if (templatePath === undefined || this.contributors.has(object)) continue;
      const contributor: PodContributor = {
        path,
        phase: this.behavior.phase,
        named,
        request: this.request,
        templatePath,
        remedies: this.behavior.remedies,
        skips: (pod, json) => this.whySkipped(object, pod, json, named),
        contribute: (pod, woven) => this.contribute(pod, woven, named),
        patch: this.behavior.patch,
        assert: this.behavior.assert,
      };
      this.contributors.set(object, contributor);
      PodTemplate.of(object).add(contributor);
    }
  }

  /**
   * Prepares each namespace once. Renders only one workload of each, because rendering dominates the time of synthesis.
   */
  public prepare(): void {
    this.discover();
    this.skipped.clear();
    for (const [object, contributor] of this.contributors) {
      if (this.prepared.has(object.metadata.namespace) && rendersItsNamespace(object)) continue;
      const json = PodTemplate.of(object).render();
      const pod = readPod(json, contributor.templatePath);
      const reason = this.whySkipped(object, pod, json, false);
      // Errors of a named workload are thrown when it is rendered.
      if (reason === undefined || (object === this.named && this.whyUnsupported(object, pod) !== undefined)) {
        if (!this.prepared.has(pod.namespace)) this.behavior.prepare?.(pod.namespace);
        this.prepared.add(pod.namespace);
      } else {
        this.skipped.add(`${object.kind} '${pod.name}' ${reason}`);
      }
    }
  }

  /** Returns the objects found in the current tree. */
  public workloads(): ApiObject[] {
    this.discover();
    return [...this.contributors.keys()];
  }

  /** Returns the objects without a pod that no option excludes. */
  public overlooked(): ApiObject[] {
    return this.selection.kinds ? [] : this.objects().filter((object) => !this.contributors.has(object));
  }

  /** Returns why the pod template of an object stays unchanged. */
  public skips(object: ApiObject, json: JsonObject): { templatePath: string; reason: string }[] {
    const { templatePath } = this.contributors.get(object) ?? {};
    if (templatePath === undefined) return [];
    const reason = this.whySkipped(object, readPod(json, templatePath), json, false);
    return reason === undefined ? [] : [{ templatePath, reason }];
  }

  /** An attachment that changes nothing is an error: otherwise it would be noticed only when a dump is needed. */
  public problems(): string[] {
    const misspelled = misspelledKinds(this.selection, () => this.objects());
    if (misspelled.length > 0) return misspelled.map((problem) => `attachTo('${this.scope.node.path}'): ${problem}`);
    if (this.prepared.size > 0) return [];
    const kinds = this.selection.kinds ? ` of kinds ${this.selection.kinds.join(', ')}` : '';
    return [
      `attachTo('${this.scope.node.path}') found no pod${kinds} to attach to: ${this.foundInstead()}; attach to a ` +
        'workload, to a construct that contains one, or give podTemplatePath and kinds for kinds that this library ' +
        'does not know',
    ];
  }

  private foundInstead(): string {
    const others = this.objects()
      .filter((object) => !this.contributors.has(object))
      .map(describeOther);
    return [...this.skipped, ...new Set(others)].join('; ') || 'there is no API object at or below it';
  }

  private objects(): ApiObject[] {
    return this.scope.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
  }

  private whySkipped(object: ApiObject, pod: Pod, json: JsonObject, named: boolean): string | undefined {
    const choice = whyLeftOut(this.selection, pod, json);
    if (choice !== undefined) return choice;
    const reason = this.whyUnsupported(object, pod);
    if (reason !== undefined && named) throw new Error(reason);
    return reason;
  }

  private whyUnsupported(object: ApiObject, { template: { spec } }: Pod): string | undefined {
    if (spec?.containers?.length) return this.behavior.unsuitable(spec);
    const { podTemplatePath } = this.selection;
    const given =
      podTemplatePath !== undefined && this.contributors.get(object)?.templatePath !== podTemplatePathOf(object);
    return `has no pod with containers${
      given ? ` at podTemplatePath '${podTemplatePath}'; give the path of the object that has metadata and spec` : ''
    }`;
  }

  private contribute(pod: Pod, woven: PodSpecJson, named: boolean): PodContribution {
    try {
      return this.behavior.contribute(pod, woven);
    } catch (error) {
      if (named || !(error instanceof UnsuitableWorkload)) throw error;
      throw new Error(
        `${error.message}; or leave this workload out of '${this.scope.node.path}': choose by labels or kinds, or ` +
          `give it the annotation ${INJECT_ANNOTATION}: "false"`,
      );
    }
  }
}

/**
 * Returns the workload that a construct represents: an API object, or the default child of a higher-level construct.
 */
function namedWorkload(scope: IConstruct, selection: WorkloadSelection): ApiObject | undefined {
  for (let construct: IConstruct | undefined = scope; construct; construct = construct.node.defaultChild) {
    if (ApiObject.isApiObject(construct)) {
      return podTemplatePathOf(construct) !== undefined || selection.podTemplatePath !== undefined
        ? construct
        : undefined;
    }
  }
  return undefined;
}

/** Whether the rendered namespace is certain to be the object's own. */
function rendersItsNamespace(object: ApiObject): boolean {
  return typeof (object.metadata.namespace ?? '') === 'string' && hasNoPatch(object) && hasBuiltInResolversOnly(object);
}

function describeOther(object: ApiObject): string {
  return isList(object) ? `${object.kind} '${object.name}' ${HIDDEN_IN_LIST}` : `${object.kind} is there`;
}
