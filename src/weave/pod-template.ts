import { ApiObject, resolve } from 'cdk8s';
import { hasBuiltInResolversOnly } from './cdk8s-internals';
import { Conflict } from './conflict';
import { EarlierClaims, refuseContestedClaims } from './exclusive-claim';
import { mergeContribution } from './merge-contribution';
import { readPod, replacePodSpec } from './pod';
import type { PodContribution } from './pod-contribution';
import type { PodContributor } from './pod-contributor';
import { located } from '../input/located-error';
import { refuseEmptyItems } from '../kubernetes/empty-items';
import { refuseUnresolvedTokens } from '../kubernetes/token';
import { isPlain, JsonObject, PodSpecJson } from '../kubernetes/wire';

/** Shared by all copies of this library in one app. */
const POD_TEMPLATE = Symbol.for('cdk8s-procdump.PodTemplate');

/** One step of weaving: what a contributor adds, and the object after it. */
interface Step {
  readonly contributor: PodContributor;
  readonly contribution: PodContribution;
  readonly result: JsonObject;
}

/**
 * The pod template inside an API object. Intercepts the rendering of that one object: its own renderer runs first, then
 * the contributions of constructs are merged into the final JSON. Patches ahead of the generated renderers would lose
 * fields.
 */
export class PodTemplate {
  public static of(object: ApiObject): PodTemplate {
    const known = (object as unknown as { [POD_TEMPLATE]?: PodTemplate })[POD_TEMPLATE];
    return known ?? new PodTemplate(object);
  }

  /** Renders the object without contributions. */
  public readonly render: () => JsonObject;
  private readonly contributors: PodContributor[] = [];

  private constructor(private readonly object: ApiObject) {
    this.render = object.toJson.bind(object);
    Object.defineProperty(object, POD_TEMPLATE, { value: this });
    Object.defineProperty(object, 'toJson', {
      value: () => this.weave(this.render()),
      configurable: true,
      writable: true,
    });
  }

  public add(contributor: PodContributor): void {
    this.contributors.push(contributor);
  }

  /** Returns what a construct adds, by the path of the pod template. */
  public contributionsOf(path: string, json: JsonObject): Map<string, PodContribution> {
    const own = this.steps(json).filter(({ contributor }) => contributor.path === path);
    return new Map(own.map(({ contributor, contribution }) => [contributor.templatePath, contribution]));
  }

  private weave(json: JsonObject): JsonObject {
    const steps = this.steps(json);
    const woven = steps.at(-1)?.result ?? json;
    let result = woven;
    // A patch applies to the whole object with all its pod templates.
    const constructs = new Map(steps.map(({ contributor }) => [contributor.path, contributor]));
    for (const contributor of constructs.values()) {
      result = this.explain(contributor, () => contributor.patch?.(result) ?? result);
    }
    for (const { contributor } of steps) {
      this.explain(contributor, () =>
        contributor.assert?.(readPod(result, contributor.templatePath), readPod(json, contributor.templatePath)),
      );
    }
    // Contributions have been checked. The user's own values may hold a token, such as the name of storage that
    // Terraform creates.
    if (steps.length > 0) {
      this.explain(steps[0].contributor, () => refuseUnresolvedTokens(result === woven ? json : result));
    }
    return result;
  }

  private steps(json: JsonObject): Step[] {
    const steps: Step[] = [];
    for (const contributor of this.effective(json)) {
      const { templatePath } = contributor;
      const before = steps.at(-1)?.result ?? json;
      const others = steps.filter((step) => step.contributor.templatePath === templatePath);
      steps.push(
        this.explain(contributor, () =>
          naming(others, () => {
            const pod = readPod(json, templatePath);
            refuseEmptyItems(pod.template.spec ?? {});
            const contribution = this.resolved(
              contributor.contribute(pod, readPod(before, templatePath).template.spec ?? {}),
            );
            refuseTakenVolumes(json, contribution, contributor);
            refuseContestedClaims(contribution.claims ?? [], others.map(claimsOf));
            const merge = (spec: PodSpecJson) => mergeContribution(spec, contribution, contributor.remedies);
            return { contributor, contribution, result: replacePodSpec(before, templatePath, merge) };
          }),
        ),
      );
    }
    return steps;
  }

  /**
   * Returns one contributor for each construct and pod template, sorted by phase and path. A request that names the
   * workload overrules one that found it in a tree.
   */
  private effective(json: JsonObject): PodContributor[] {
    const known = new Map<string, PodContributor>();
    for (const contributor of this.contributors) {
      if (
        this.explain(contributor, () => contributor.skips(readPod(json, contributor.templatePath), json)) !== undefined
      ) {
        continue;
      }
      const key = `${contributor.path}\n${contributor.templatePath}`; // sorts like the path alone
      const other = known.get(key);
      if (other && other.named === contributor.named && other.request !== contributor.request) {
        throw new Error(
          `${contributor.path}: ${this.title}: attached twice with different options: ${other.request}, ` +
            `${contributor.request}; attach it once, or use a second construct`,
        );
      }
      if (!other || (contributor.named && !other.named)) known.set(key, contributor);
    }
    if (known.size < 2) return [...known.values()];
    return [...known]
      .sort(([a, one], [b, two]) => one.phase - two.phase || (a < b ? -1 : 1))
      .map(([, contributor]) => contributor);
  }

  private get title(): string {
    return `${this.object.kind} '${this.object.name}' (${this.object.node.path})`;
  }

  /**
   * cdk8s asks every resolver about every value. Plain values skip that, because the built-in resolvers leave them
   * unchanged.
   */
  private resolved(contribution: PodContribution): PodContribution {
    if (hasBuiltInResolversOnly(this.object) && isPlain(contribution)) return contribution;
    return refuseUnresolvedTokens(resolve([], contribution, this.object) as PodContribution);
  }

  /** Adds the paths of construct and workload to messages. */
  private explain<T>(contributor: PodContributor, action: () => T): T {
    return located(`${contributor.path}: ${this.title}`, action);
  }
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
    // By its shape, not by instanceof: another copy of this library may have thrown it.
    const { addedBy, between } = error as Partial<Conflict>;
    const other = addedBy && steps.find(({ contribution }) => addedBy(contribution));
    throw other && between ? new Error(between(other.contributor.path)) : error;
  }
}
