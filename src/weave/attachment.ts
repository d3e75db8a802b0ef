import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { hasBuiltInResolversOnly, hasNoPatch } from './cdk8s-internals';
import { locatePods, mayHavePods } from './locate-pods';
import { Pod, readPod } from './pod';
import type { PodContribution } from './pod-contribution';
import type { LocatedPods, PodContributor } from './pod-contributor';
import { normalizePattern } from './template-path';
import { unknownKindWithPods } from './unknown-kinds';
import { UnsuitableWorkloads } from './unsuitable-workload';
import { workloadAt } from './weaving';
import { groupAndKind, hasNoPods, isList, whyClosed, workloadKindOf } from './workload-kinds';
import { misspelledKinds, whyLeftOut, WorkloadSelection } from './workload-selection';
import { WovenObject, WovenObjects } from './woven-object';
import { Check, check } from '../input/check';
import { CONSTRUCT } from '../input/checks';
import { located } from '../input/located-error';
import { canonical, JsonObject, PodSpecJson } from '../kubernetes/wire';

const SCOPE: Check = { ...CONSTRUCT, expected: 'a construct: a workload, an Include, a chart or an app' };

/** Behavior of a construct in the workloads that one `attachTo` call finds. */
export interface AttachmentBehavior {
  /** Merge phase: sorts before the path. */
  readonly phase: number;
  /** The options of the request, to compare it with other requests. */
  readonly request: JsonObject;
  /** The id that accepts workloads of unknown kinds, and whether the user accepted it; if not, they are an error. */
  readonly unknownKinds?: { readonly id: string; readonly accepted: boolean };
  /** Returns whether the construct defined an object itself. */
  readonly isOwn?: (object: ApiObject) => boolean;
  /** Defines the objects that pods of a namespace need, before anything is rendered. */
  readonly prepare?: (namespace: string | undefined) => void;
  /** Returns why the construct cannot work in a pod: an error for a named workload, a reason to skip others. */
  readonly unsuitable: (spec: PodSpecJson) => string | undefined;
  readonly remedies: PodContributor['remedies'];
  /** @param named whether the workload was named, not found in a tree */
  readonly contribute: (pod: Pod, woven: PodSpecJson, named: boolean) => PodContribution;
  readonly patch?: PodContributor['patch'];
  readonly assert?: PodContributor['assert'];
}

/** One call of `attachTo`. Finds the workloads at or below a construct, also those that are added later. */
export class Attachment {
  private readonly contributors = new Map<ApiObject, PodContributor>();
  /** Objects of unknown kinds, which are inspected but not changed. */
  private readonly watched = new Set<ApiObject>();
  private readonly request: string;
  private readonly named?: ApiObject;

  constructor(
    private readonly owner: Construct,
    private readonly scope: IConstruct,
    private readonly selection: WorkloadSelection,
    private readonly behavior: AttachmentBehavior,
    private readonly app: WovenObjects,
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
          "['example.com/Worker']",
      );
    }
    this.request = canonical(behavior.request);
    this.discover();
  }

  /** Adds the workloads at or below the scope that are new since the last call. */
  public discover(): ApiObject[] {
    const objects = this.objects();
    for (const object of objects) {
      const named = object === this.named;
      if (this.contributors.has(object) || !mayHavePods(this.selection, object, named)) continue;
      const contributor = this.contributorFor(named);
      this.contributors.set(object, contributor);
      if (this.isUnknown(object)) this.watched.add(object);
      WovenObject.of(object, this.app).add(contributor);
    }
    return objects;
  }

  private contributorFor(named: boolean): PodContributor {
    return {
      path: this.owner.node.path,
      phase: this.behavior.phase,
      named,
      scope: this.scope.node.path,
      request: this.request,
      remedies: this.behavior.remedies,
      skipsUnsuitable: this.selection.unsuitable === UnsuitableWorkloads.SKIP,
      locate: (json) => this.locate(json, named),
      skips: (pod, workload) => this.whySkipped(pod, workload, named),
      contribute: (pod, woven) => this.behavior.contribute(pod, woven, named),
      patch: this.behavior.patch,
      assert: this.behavior.assert,
    };
  }

  private locate(json: JsonObject, named: boolean): LocatedPods {
    const found = locatePods(json, this.selection, named);
    const { id, accepted } = this.behavior.unknownKinds ?? {};
    if (id === undefined) return found;
    if (!accepted) {
      const remedy = `or accept this with acknowledge: ['${id}']`;
      const problems = found.problems.map(({ owner, error }) => ({ owner, error: error.orElse(remedy) }));
      return { ...found, problems };
    }
    const closed = found.problems.map(({ owner, error: { reason } }) => ({
      owner,
      reason,
      acknowledged: `${id}: ${reason}`,
    }));
    return { ...found, closed: [...found.closed, ...closed], problems: [] };
  }

  /**
   * Prepares each namespace once. Renders only one workload of each, because rendering dominates the time of synthesis.
   * @returns the problems of the call as a whole, because a call without effect would go unnoticed until a dump is
   * needed
   */
  public prepare(): string[] {
    const objects = this.discover();
    const misspelled = misspelledKinds(this.selection, () => objects);
    if (misspelled.length > 0) return misspelled.map((problem) => `attachTo('${this.scope.node.path}'): ${problem}`);
    const prepared = new Set<string | undefined>();
    const skipped: string[] = [];
    const others: ApiObject[] = [];
    for (const object of objects) {
      const contributor = this.contributors.get(object);
      if (!contributor || this.watched.has(object)) {
        others.push(object);
        continue;
      }
      if (prepared.has(object.metadata.namespace) && rendersItsNamespace(object)) continue;
      const verdicts = this.verdicts(object, contributor);
      if (verdicts.length === 0) others.push(object);
      for (const { pod, reason } of verdicts) {
        if (reason !== undefined) {
          skipped.push(`${pod.kind} '${pod.name}' ${reason}`);
        } else if (!prepared.has(pod.namespace)) {
          this.behavior.prepare?.(pod.namespace);
          prepared.add(pod.namespace);
        }
      }
    }
    return prepared.size > 0 ? [] : [this.foundNone(others, skipped)];
  }

  /** Returns each pod of an object, with the reason if it stays unchanged. */
  private verdicts(object: ApiObject, contributor: PodContributor): { pod: Pod; reason?: string }[] {
    const woven = WovenObject.of(object, this.app);
    const json = woven.render();
    const { locations } = contributor.locate(json);
    if (contributor.skipsUnsuitable) {
      const { skips } = woven.weave(json);
      return locations.map((at) => ({
        pod: readPod(json, at),
        reason: skips.find((skip) => skip.contributor === contributor && skip.location.path === at.path)?.reason,
      }));
    }
    return locations.map((at) => {
      const pod = readPod(json, at);
      // Errors of a named workload are thrown when it is rendered.
      const named = object === this.named && whyLeftOut(this.selection, pod, workloadAt(json, at)) === undefined;
      return { pod, reason: named ? undefined : this.whySkipped(pod, workloadAt(json, at), false) };
    });
  }

  /** Returns the objects found in the current tree. */
  public workloads(): ApiObject[] {
    return this.discover().filter((object) => this.contributors.has(object));
  }

  private foundNone(others: ApiObject[], skipped: string[]): string {
    const kinds = this.selection.kinds ? ` of kinds ${this.selection.kinds.join(', ')}` : '';
    const foreign = others.filter((object) => !this.behavior.isOwn?.(object));
    const reasons = foreign.map((object) => ({ object, reason: this.whyNoPod(object) }));
    const described = reasons.map(({ object, reason }) => reason ?? `${object.apiVersion} ${object.kind} is there`);
    const instead = [...new Set([...skipped, ...described])].join('; ') || 'there is no API object at or below it';
    const found = `attachTo('${this.scope.node.path}') found no pod${kinds} to attach to: ${instead}`;
    if (skipped.length > 0 || reasons.some(({ reason }) => reason !== undefined)) return found;
    return foreign.every((object) => !workloadKindOf(object) && hasNoPods(object))
      ? `${found}; attach to a workload, or to a construct that contains one`
      : `${found}; attach to a workload, to a construct that contains one, or give podTemplatePath and kinds for ` +
          'kinds that this library does not know';
  }

  /** Returns why an object has no pod to attach to, if it may have pods. */
  private whyNoPod(object: ApiObject): string | undefined {
    const { kind, name } = object;
    const closed = whyClosed(object);
    if (closed !== undefined) return `${kind} '${name}' ${closed}`;
    const unknown = hasNoPods(object) ? undefined : unknownKindWithPods(WovenObject.of(object, this.app).render());
    return unknown && `${kind} '${name}' ${unknown.problem}; ${unknown.remedy}`;
  }

  /** Returns whether neither the library nor the user defines the path of the object's pods. */
  private isUnknown(object: ApiObject): boolean {
    if (object === this.named || isList(object) || workloadKindOf(object)) return false;
    return this.selection.podTemplatePath === undefined || !this.selection.kinds;
  }

  private objects(): ApiObject[] {
    return this.scope.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
  }

  private whySkipped(pod: Pod, workload: JsonObject, named: boolean): string | undefined {
    const choice = whyLeftOut(this.selection, pod, workload);
    if (choice !== undefined) return choice;
    const { spec } = pod.template;
    const hasContainers = spec?.containers?.length;
    const reason = hasContainers ? this.behavior.unsuitable(spec) : this.whyWithoutContainers(workload);
    if (reason === undefined || !named || this.selection.unsuitable === UnsuitableWorkloads.SKIP) return reason;
    if (!hasContainers) throw new Error(reason);
    throw new Error(`${reason}${reason.includes('; ') ? ', or' : ';'} leave this workload out`);
  }

  private whyWithoutContainers(workload: JsonObject): string {
    const { podTemplatePath } = this.selection;
    const known = workloadKindOf(groupAndKind(workload));
    const given = podTemplatePath !== undefined && !known?.paths.includes(normalizePattern(podTemplatePath));
    return `has no pod with containers${
      given
        ? ` at podTemplatePath '${podTemplatePath}'; give the path of the object that has metadata and spec, with [] ` +
          'after a list'
        : known?.remedy === undefined
          ? ''
          : `; ${known.remedy}`
    }`;
  }
}

/**
 * Returns the workload that a construct represents: an API object, or the default child of a higher-level construct.
 */
function namedWorkload(scope: IConstruct, selection: WorkloadSelection): ApiObject | undefined {
  for (let construct: IConstruct | undefined = scope; construct; construct = construct.node.defaultChild) {
    if (ApiObject.isApiObject(construct)) {
      return workloadKindOf(construct) !== undefined || selection.podTemplatePath !== undefined ? construct : undefined;
    }
  }
  return undefined;
}

/** Returns whether the rendered namespace is certain to be the object's own. */
function rendersItsNamespace(object: ApiObject): boolean {
  return (
    !isList(object) &&
    typeof (object.metadata.namespace ?? '') === 'string' &&
    hasNoPatch(object) &&
    hasBuiltInResolversOnly(object)
  );
}
