import { ApiObject, App, resolve } from 'cdk8s';
import { mergeContribution, PodContribution } from './pod-contribution';
import { isPlain, JsonObject, PodTemplateJson } from './wire';

/** Shared by all copies of this library in one app. */
const POD_TEMPLATE = Symbol.for('cdk8s-procdump.PodTemplate');

/** Of an app without resolvers of its own: for Lazy, for tokens, for unions of number and string. */
const BUILT_IN_RESOLVERS = 3;

/** Where each kind of Kubernetes keeps its pod template. */
const TEMPLATE_PATHS: { [groupAndKind: string]: string } = {
  'core/Pod': '',
  'core/PodTemplate': 'template',
  'core/ReplicationController': 'spec.template',
  'apps/Deployment': 'spec.template',
  'apps/StatefulSet': 'spec.template',
  'apps/DaemonSet': 'spec.template',
  'apps/ReplicaSet': 'spec.template',
  'batch/Job': 'spec.template',
  'batch/CronJob': 'spec.jobTemplate.spec.template',
};

/** Where the kind of this object keeps its pod template; undefined for kinds that have none or are not known. */
export function podTemplatePathOf(object: ApiObject): string | undefined {
  return TEMPLATE_PATHS[`${object.apiGroup}/${object.kind}`];
}

/** A rendered pod and where it comes from. */
export interface Pod {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly template: PodTemplateJson;
}

/** One construct's part in one workload. */
export interface PodContributor {
  /** Path of the construct: its identity, and its place in the order of merging. */
  readonly path: string;
  /** The workload was named, not met in a tree. */
  readonly named: boolean;
  /** What was asked for; two different requests of one construct cannot both be met. */
  readonly request: string;
  /** Fields from the top of the object to its pod template, joined by dots. */
  readonly templatePath: string;
  /** Why this pod stays as it is; undefined to go on. */
  skips(pod: Pod, object: JsonObject): string | undefined;
  contribute(pod: Pod): PodContribution;
  /** The user's last word. */
  patch?(object: JsonObject): JsonObject;
  /** Looks at the finished pod and throws. */
  assert?(pod: Pod, before: Pod): void;
}

/**
 * The pod template inside an API object. Intercepts the rendering of that one object: its own renderer runs first, and what
 * constructs contribute is merged into its final JSON. Patches in front of the generated renderers would lose fields.
 */
export class PodTemplate {
  public static of(object: ApiObject): PodTemplate {
    const known = (object as unknown as { [POD_TEMPLATE]?: PodTemplate })[POD_TEMPLATE];
    return known ?? new PodTemplate(object);
  }

  /** The object as the user made it. */
  public readonly render: () => JsonObject;
  private readonly contributors = new Map<string, PodContributor>();

  private constructor(private readonly object: ApiObject) {
    this.render = object.toJson.bind(object);
    Object.defineProperty(object, POD_TEMPLATE, { value: this });
    Object.defineProperty(object, 'toJson', { value: () => this.weave(this.render()), configurable: true, writable: true });
  }

  /** The same construct again changes nothing; who names a workload overrules who met it in a tree. */
  public add(contributor: PodContributor): void {
    const known = this.contributors.get(contributor.path);
    if (known && known.named === contributor.named && known.request !== contributor.request) {
      throw new Error(`${contributor.path}: attached twice to ${this.title} with different options: ${known.request}, ${contributor.request}; `
        + 'attach it once, or use a second construct');
    }
    if (!known || contributor.named) this.contributors.set(contributor.path, contributor);
  }

  /** Whether this contributor is the one that counts for its construct. */
  public has(contributor: PodContributor): boolean {
    return this.contributors.get(contributor.path) === contributor;
  }

  private get title(): string {
    return `${this.object.kind} '${this.object.name}' (${this.object.node.path})`;
  }

  private weave(json: JsonObject): JsonObject {
    const woven = [...this.contributors.values()]
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .filter((contributor) => this.explain(contributor, () => contributor.skips(readPod(json, contributor.templatePath), json)) === undefined);
    let result = json;
    for (const contributor of woven) {
      result = this.explain(contributor, () => {
        const contribution = this.resolved(contributor.contribute(readPod(json, contributor.templatePath)));
        return replaceSpec(result, contributor.templatePath.split('.').filter(Boolean), contribution);
      });
    }
    for (const { patch } of woven) result = patch?.(result) ?? result;
    for (const contributor of woven) {
      this.explain(contributor, () => contributor.assert?.(readPod(result, contributor.templatePath), readPod(json, contributor.templatePath)));
    }
    return result;
  }

  /** cdk8s asks every resolver about every value. Plain values, about which its own have nothing to say, are spared that. */
  private resolved(contribution: PodContribution): PodContribution {
    const { resolvers } = App.of(this.object) as unknown as { resolvers?: unknown[] };
    if (resolvers?.length === BUILT_IN_RESOLVERS && isPlain(contribution)) return contribution;
    return resolve([], contribution, this.object) as PodContribution;
  }

  /** Every message names the construct that speaks and the workload that it speaks of. */
  private explain<T>(contributor: PodContributor, action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw new Error(`${contributor.path}: ${this.title}: ${error instanceof Error ? error.message : error}`);
    }
  }
}

export function readPod(json: JsonObject, templatePath: string): Pod {
  const template = templatePath.split('.').filter(Boolean).reduce<JsonObject | undefined>((value, field) => value?.[field], json);
  return { kind: json.kind, name: json.metadata?.name, namespace: json.metadata?.namespace, template: template ?? {} };
}

/** Copies only the objects on the way to the pod. */
function replaceSpec(json: JsonObject, path: string[], contribution: PodContribution): JsonObject {
  const [field, ...rest] = path;
  if (field === undefined) return { ...json, spec: mergeContribution(json.spec ?? {}, contribution) };
  return { ...json, [field]: replaceSpec(json[field] ?? {}, rest, contribution) };
}
