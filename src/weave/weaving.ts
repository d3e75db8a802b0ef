import { ApiObject, resolve } from 'cdk8s';
import { hasBuiltInResolversOnly } from './cdk8s-internals';
import { Conflict } from './conflict';
import { EarlierClaims, refuseContestedClaims } from './exclusive-claim';
import { mergeTemplate } from './merge-contribution';
import { Pod, PodLocation, readPod, replacePodTemplate } from './pod';
import type { PodContribution } from './pod-contribution';
import type { PodContributor } from './pod-contributor';
import { valueAt } from './template-path';
import { skipReasonOf } from './unsuitable-workload';
import { Place, WeavingProblem } from './weaving-problem';
import { refuseEmptyItems } from '../kubernetes/empty-items';
import { refuseUnresolvedTokens } from '../kubernetes/token';
import { isPlain, JsonObject } from '../kubernetes/wire';

/** The contribution of one contributor to one pod template. */
export interface Step {
  readonly contributor: PodContributor;
  readonly location: PodLocation;
  /** The pod without any contribution. */
  readonly pod: Pod;
  readonly contribution: PodContribution;
}

/** A workload that a contributor leaves unchanged. */
export interface Skip {
  readonly contributor: PodContributor;
  /** Without a path if the workload has no pod template that can be changed. */
  readonly location: Partial<PodLocation> & Pick<PodLocation, 'owner'>;
  readonly reason: string;
  /** The refusal that the user has accepted. */
  readonly acknowledged?: string;
  /** Whether to print the reason, because this kind of workload cannot have a sidecar. */
  readonly hint?: boolean;
}

/** One pod template and its contributors. */
interface Template {
  readonly location: PodLocation;
  readonly pod: Pod;
  readonly contributors: PodContributor[];
}

/** Sorts item 10 after item 9. */
const NUMERIC: Intl.CollatorOptions = { numeric: true };

/**
 * Merges the contributions of all constructs into one rendered object. Collects problems instead of stopping at the
 * first: each workload has at most one.
 */
export class Weaving {
  public static of(object: ApiObject, json: JsonObject, contributors: readonly PodContributor[]): Weaving {
    const refused: Skip[] = [];
    for (;;) {
      const weaving = new Weaving(object, json, contributors, refused);
      if (weaving.refusedAtLast === undefined) return weaving;
      refused.push(weaving.refusedAtLast);
    }
  }

  public result: JsonObject;
  public readonly steps: Step[] = [];
  public readonly skips: Skip[] = [];
  public readonly problems: WeavingProblem[] = [];
  /** The contributor whose finished pod was refused. The object is woven again without it. */
  private refusedAtLast?: Skip;
  /** Number of pod templates in each workload. */
  private readonly templatesOf = new Map<string, number>();

  /** @param refused the skips that earlier attempts found */
  private constructor(
    private readonly object: ApiObject,
    private readonly json: JsonObject,
    contributors: readonly PodContributor[],
    private readonly refused: readonly Skip[],
  ) {
    this.result = json;
    for (const template of this.locate(contributors)) this.weave(template);
    this.finish();
  }

  /** Finds the pod templates, each with one contributor of each construct. */
  private locate(contributors: readonly PodContributor[]): Template[] {
    const found = contributors.map((contributor) => ({ contributor, ...contributor.locate(this.json) }));
    const templates = new Map<string, Template>();
    for (const location of found.flatMap(({ locations }) => locations)) {
      if (templates.has(location.path)) continue;
      templates.set(location.path, { location, pod: readPod(this.json, location), contributors: [] });
      this.templatesOf.set(location.owner, (this.templatesOf.get(location.owner) ?? 0) + 1);
    }
    for (const { contributor, locations } of found) {
      for (const { path } of locations) this.offer(contributor, templates.get(path)!);
    }
    for (const { contributor, closed, problems } of found) {
      if (closed.length === 0 && problems.length === 0) continue;
      // Another call of the same construct may define the path of this workload's pods.
      const isOpen = (owner: string) =>
        found.some(
          (other) => other.contributor.path === contributor.path && other.locations.some((at) => at.owner === owner),
        );
      for (const { owner, reason, acknowledged } of closed) {
        if (isOpen(owner)) continue;
        this.skips.push({ contributor, location: { owner }, reason, acknowledged, hint: acknowledged === undefined });
      }
      for (const { owner, error } of problems) {
        if (!isOpen(owner)) this.refuse(contributor, { owner }, error);
      }
    }
    const all = [...templates.values()];
    // The result must not depend on the order of attaching.
    return all.length < 2
      ? all
      : all.sort((one, two) => one.location.path.localeCompare(two.location.path, 'en', NUMERIC));
  }

  private offer(contributor: PodContributor, template: Template): void {
    const { location, pod } = template;
    try {
      const reason = contributor.skips(pod, workloadAt(this.json, location));
      if (reason === undefined) this.add(contributor, template);
      else this.skips.push({ contributor, location, reason });
    } catch (error) {
      this.refuse(contributor, location, error);
    }
  }

  /**
   * Adds one contributor per construct. A request that names the workload overrides one that found it in a tree. Other
   * requests must not contradict each other.
   */
  private add(contributor: PodContributor, { location, contributors }: Template): void {
    const at = contributors.findIndex(({ path }) => path === contributor.path);
    const other = contributors[at];
    if (other === undefined) {
      contributors.push(contributor);
    } else if (other.named !== contributor.named) {
      if (contributor.named) contributors[at] = contributor;
    } else if (other.request !== contributor.request) {
      const error = new Error(
        `attached twice with different options: ${other.request}, ${contributor.request}; attach it once, or use a ` +
          'second construct',
      );
      this.fail(contributor, location, error);
    }
  }

  /** Merges by phase and path. A contributor that fails is skipped, or is a problem of the whole template. */
  private weave({ location, pod, contributors }: Template): void {
    if (contributors.length > 1) {
      contributors.sort((one, two) => one.phase - two.phase || (one.path < two.path ? -1 : 1));
    }
    const before = this.result;
    const steps: Step[] = [];
    for (const contributor of contributors) {
      const earlier = this.refused.find((skip) => skip.contributor === contributor && isAt(skip, location));
      if (earlier) {
        this.skips.push(earlier);
        continue;
      }
      try {
        const { contribution, result } = naming(steps, () => this.merge(contributor, location, pod, steps));
        steps.push({ contributor, location, pod, contribution });
        this.result = result;
      } catch (error) {
        if (this.refuse(contributor, location, error)) continue;
        this.result = before;
        return;
      }
    }
    this.steps.push(...steps);
  }

  private merge(
    contributor: PodContributor,
    location: PodLocation,
    pod: Pod,
    others: Step[],
  ): { contribution: PodContribution; result: JsonObject } {
    refuseEmptyItems(pod.template.spec ?? {});
    const current = this.result === this.json ? pod : readPod(this.result, location);
    const contribution = this.resolved(contributor.contribute(pod, current.template.spec ?? {}));
    refuseTakenVolumes(workloadAt(this.json, location), contribution, contributor);
    refuseContestedClaims(contribution.claims ?? [], others.map(claimsOf));
    const template = mergeTemplate(current.template, contribution, contributor.remedies);
    return { contribution, result: replacePodTemplate(this.result, location, template) };
  }

  /** Applies the user's patches, each to the whole object with all its pod templates, and checks the finished pods. */
  private finish(): void {
    const woven = this.result;
    const constructs = new Map(this.steps.map((step) => [step.contributor.path, step]));
    for (const step of constructs.values()) {
      const { patch } = step.contributor;
      if (patch) this.settle(step, () => (this.result = patch(this.result)));
    }
    for (const step of this.steps) {
      const { assert } = step.contributor;
      if (!assert) continue;
      this.settle(step, () => assert(step.pod, () => readPod(this.result, step.location)));
    }
    // Contributions have been checked. The user's own values may hold a token, such as the name of storage that
    // Terraform creates.
    if (this.steps.length > 0) {
      this.settle(this.steps[0], () => refuseUnresolvedTokens(this.result === woven ? this.json : this.result));
    }
  }

  private settle({ contributor, location }: Step, action: () => void): void {
    try {
      action();
    } catch (error) {
      if (contributor.skipsUnsuitable) this.refusedAtLast ??= { contributor, location, reason: skipReasonOf(error) };
      else this.fail(contributor, location, error);
    }
  }

  /** @returns whether the contributor skips the workload */
  private refuse(contributor: PodContributor, location: Skip['location'], error: unknown): boolean {
    if (contributor.skipsUnsuitable) this.skips.push({ contributor, location, reason: skipReasonOf(error) });
    else this.fail(contributor, location, error);
    return contributor.skipsUnsuitable;
  }

  private fail(contributor: PodContributor, location: Skip['location'], error: unknown): void {
    const problem = new WeavingProblem(this.placeOf(contributor, location), error);
    const isKnown = ({ place }: WeavingProblem) =>
      place.construct === problem.place.construct && place.workload === problem.place.workload;
    if (!this.problems.some(isKnown)) this.problems.push(problem);
  }

  /** Returns construct and workload for messages. */
  public placeOf({ path, named, scope }: PodContributor, { owner, path: templatePath }: Skip['location']): Place {
    const { kind, metadata } = workloadAt(this.json, { owner });
    const isOne = templatePath === undefined || (owner === '' && this.templatesOf.get(owner) === 1);
    const name = owner === '' ? this.object.name : metadata?.name;
    return {
      construct: path,
      workload: `${kind} '${name}' (${this.object.node.path}${isOne ? '' : `, ${templatePath}`})`,
      ...(named ? {} : { tree: scope }),
    };
  }

  /**
   * cdk8s passes every value to every resolver. Plain values skip that, because the built-in resolvers leave them
   * unchanged.
   */
  private resolved(contribution: PodContribution): PodContribution {
    if (hasBuiltInResolversOnly(this.object) && isPlain(contribution)) return contribution;
    return refuseUnresolvedTokens(resolve([], contribution, this.object) as PodContribution);
  }
}

function isAt({ location }: Skip, { path }: PodLocation): boolean {
  return location.path === path;
}

/** Returns the object itself, or the item of a List. */
export function workloadAt(json: JsonObject, { owner }: Pick<PodLocation, 'owner'>): JsonObject {
  return owner === '' ? json : valueAt(json, owner);
}

function claimsOf({ contributor, contribution }: Step): EarlierClaims {
  return { construct: contributor.path, claims: contribution.claims ?? [] };
}

/** The StatefulSet controller replaces a volume by the claim template of the same name. */
function refuseTakenVolumes(json: JsonObject, { volumes = [] }: PodContribution, { remedies }: PodContributor): void {
  const templates: JsonObject[] = json.spec?.volumeClaimTemplates ?? [];
  const taken = volumes.find(({ name }) => templates.some((template) => template.metadata?.name === name));
  if (taken) {
    throw new Error(
      `volume '${taken.name}' already exists as a volumeClaimTemplate; rename yours, or give the construct ` +
        `another ${remedies.name}`,
    );
  }
}

/** Adds the path of the other construct if the conflicting item is from one. */
function naming<T>(steps: Step[], action: () => T): T {
  try {
    return action();
  } catch (error) {
    // Checks the shape instead of using instanceof, because another copy of this library may have thrown it.
    const { addedBy, between } = error as Partial<Conflict>;
    const other = addedBy && steps.find(({ contribution }) => addedBy(contribution));
    throw other && between ? new Error(between(other.contributor.path)) : error;
  }
}
