import { ApiObject, App, resolve } from 'cdk8s';
import { Conflict, mergeContribution, PodContribution } from './pod-contribution';
import { refuseEmptyItems } from '../kubernetes/empty-items';
import { refuseUnresolvedTokens } from '../kubernetes/token';
import { isPlain, JsonObject, PodSpecJson, PodTemplateJson } from '../kubernetes/wire';

/** Shared by all copies of this library in one app. */
const POD_TEMPLATE = Symbol.for('cdk8s-procdump.PodTemplate');

/** Of an app without resolvers of its own: for Lazy, for tokens, for unions of number and string. */
export const BUILT_IN_RESOLVERS = 3;

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

/** With their API groups, and without. */
export const KNOWN_KINDS = Object.keys(TEMPLATE_PATHS).flatMap((kind) => [kind, kind.split('/')[1]]);

/** Where the kind of this object keeps its pod template; undefined for kinds that have none or are not known. */
export function podTemplatePathOf(object: ApiObject): string | undefined {
  return TEMPLATE_PATHS[`${object.apiGroup}/${object.kind}`];
}

/** A rendered pod and where it comes from. */
export interface Pod {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly template: PodTemplateJson;
}

/** One construct's part in one workload. */
export interface PodContributor {
  /** Path of the construct: its identity, and its place in the order of merging within a phase. */
  readonly path: string;
  /** Constructs of a lower one come first, whatever their paths: those of a higher one adopt what is there. */
  readonly phase: number;
  /** The workload was named, not met in a tree. */
  readonly named: boolean;
  /** What was asked for; two different requests of one construct cannot both be met. */
  readonly request: string;
  /** Fields from the top of the object to its pod template, joined by dots. */
  readonly templatePath: string;
  /** Why this pod stays as it is; undefined to go on. */
  skips(pod: Pod, object: JsonObject): string | undefined;
  /** What is added to the user's pod, given what constructs before this one added to it. */
  contribute(pod: Pod, woven: PodSpecJson): PodContribution;
  /** The user's last word. */
  patch?(object: JsonObject): JsonObject;
  /** Looks at the finished pod and throws. */
  assert?(pod: Pod, before: Pod): void;
}

/** One step of weaving: what a contributor adds, and the object after it. */
interface Step { readonly contributor: PodContributor; readonly contribution: PodContribution; readonly result: JsonObject }

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
  private readonly contributors: PodContributor[] = [];

  private constructor(private readonly object: ApiObject) {
    this.render = object.toJson.bind(object);
    Object.defineProperty(object, POD_TEMPLATE, { value: this });
    Object.defineProperty(object, 'toJson', { value: () => this.weave(this.render()), configurable: true, writable: true });
  }

  public add(contributor: PodContributor): void {
    this.contributors.push(contributor);
  }

  /** What a construct adds, by the path of the pod template. */
  public contributionsOf(path: string, json: JsonObject): Map<string, PodContribution> {
    const own = this.steps(json).filter(({ contributor }) => contributor.path === path);
    return new Map(own.map(({ contributor, contribution }) => [contributor.templatePath, contribution]));
  }

  private weave(json: JsonObject): JsonObject {
    const steps = this.steps(json);
    const woven = steps.at(-1)?.result ?? json;
    let result = woven;
    // A patch is one of the whole object, of however many pod templates.
    const constructs = new Map(steps.map(({ contributor }) => [contributor.path, contributor]));
    for (const contributor of constructs.values()) result = this.explain(contributor, () => contributor.patch?.(result) ?? result);
    for (const { contributor } of steps) {
      this.explain(contributor, () => contributor.assert?.(readPod(result, contributor.templatePath), readPod(json, contributor.templatePath)));
    }
    // Contributions have been looked at. What the user wrote may hold a token, too: the name of the storage that Terraform makes.
    if (steps.length > 0) this.explain(steps[0].contributor, () => refuseUnresolvedTokens(result === woven ? json : result));
    return result;
  }

  private steps(json: JsonObject): Step[] {
    const steps: Step[] = [];
    for (const contributor of this.effective(json)) {
      const { templatePath } = contributor;
      const before = steps.at(-1)?.result ?? json;
      const others = steps.filter((step) => step.contributor.templatePath === templatePath);
      steps.push(this.explain(contributor, () => naming(others, () => {
        const pod = readPod(json, templatePath);
        refuseEmptyItems(pod.template.spec ?? {});
        const contribution = this.resolved(contributor.contribute(pod, readPod(before, templatePath).template.spec ?? {}));
        refuseTakenVolumes(json, contribution);
        refuseSecondWatcher(others, contribution);
        refuseSecondProfiler(others, contribution);
        refuseSecondDirectory(others, contribution);
        return { contributor, contribution, result: replaceSpec(before, fieldsOf(templatePath), contribution) };
      })));
    }
    return steps;
  }

  /** One for each construct and pod template, in the order of phases and paths: who names the workload overrules who met it in a tree. */
  private effective(json: JsonObject): PodContributor[] {
    const known = new Map<string, PodContributor>();
    for (const contributor of this.contributors) {
      if (this.explain(contributor, () => contributor.skips(readPod(json, contributor.templatePath), json)) !== undefined) continue;
      const key = `${contributor.path}\n${contributor.templatePath}`; // sorts like the path alone
      const other = known.get(key);
      if (other && other.named === contributor.named && other.request !== contributor.request) {
        throw new Error(`${contributor.path}: ${this.title}: attached twice with different options: ${other.request}, ${contributor.request}; attach it once, `
          + 'or use a second construct');
      }
      if (!other || (contributor.named && !other.named)) known.set(key, contributor);
    }
    if (known.size < 2) return [...known.values()];
    return [...known].sort(([a, one], [b, two]) => one.phase - two.phase || (a < b ? -1 : 1)).map(([, contributor]) => contributor);
  }

  private get title(): string {
    return `${this.object.kind} '${this.object.name}' (${this.object.node.path})`;
  }

  /** cdk8s asks every resolver about every value. Plain values, about which its own have nothing to say, are spared that. */
  private resolved(contribution: PodContribution): PodContribution {
    const { resolvers } = App.of(this.object) as unknown as { resolvers?: unknown[] };
    if (resolvers?.length === BUILT_IN_RESOLVERS && isPlain(contribution)) return contribution;
    return refuseUnresolvedTokens(resolve([], contribution, this.object) as PodContribution);
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

/** The controller of a StatefulSet puts the claim of a template in the place of any volume of the same name. */
function refuseTakenVolumes(json: JsonObject, { volumes = [] }: PodContribution): void {
  const templates: JsonObject[] = json.spec?.volumeClaimTemplates ?? [];
  const taken = volumes.find(({ name }) => templates.some((template) => template.metadata?.name === name));
  if (taken) {
    throw new Error(`volume '${taken.name}' is there already as a volumeClaimTemplate; rename yours, or give the construct another containerName or volumeName`);
  }
}

/** Of two native ProcDumps on one process one goes blind for good. */
function refuseSecondWatcher(steps: Step[], { watches }: PodContribution): void {
  const other = steps.find(({ contribution }) => watches !== undefined && contribution.watches === watches);
  if (other) {
    throw new Error(`container '${watches}' is watched by ${other.contributor.path} already, and a native process can be watched by one ProcDump only; give all `
      + 'triggers to one ProcDumpSidecar');
  }
}

/** ProcDump keeps its profiler at one path, and the runtime has one slot for it. */
function refuseSecondProfiler(steps: Step[], { profiles }: PodContribution): void {
  const other = steps.find(({ contribution }) => profiles !== undefined && contribution.profiles === profiles);
  if (other) {
    throw new Error(`container '${profiles}' has the profiler of ${other.contributor.path} already, and a .NET process takes one at a time; leave the exception or GC `
      + 'trigger out of one of the two sidecars');
  }
}

/** Who planned with the first directory would wait in it for sockets that are made in the second. */
function refuseSecondDirectory(steps: Step[], { diagnostics }: PodContribution): void {
  for (const { contributor, contribution } of steps) {
    const other = contribution.diagnostics;
    if (!diagnostics || !other || other.path === diagnostics.path) continue;
    const shared = diagnostics.containers.find((name) => other.containers.includes(name));
    if (shared !== undefined) {
      throw new Error(`the diagnostics directory of container '${shared}' is '${other.path}' to ${contributor.path}, and TMPDIR would move it to '${diagnostics.path}'; `
        + 'give both the same mountPath, or give the sidecar the DotnetDiagnosticsTmp as its diagnosticsTmp');
    }
  }
}

/** What is in the way may come from another construct, whose name the user needs then. */
function naming<T>(steps: Step[], action: () => T): T {
  try {
    return action();
  } catch (error) {
    // By its look, because the construct that speaks may be of another copy of this library.
    const { addedBy, between } = error as Partial<Conflict>;
    const other = addedBy && steps.find(({ contribution }) => addedBy(contribution));
    throw other && between ? new Error(between(other.contributor.path)) : error;
  }
}

export function readPod(json: JsonObject, templatePath: string): Pod {
  let template: JsonObject | undefined = json;
  for (const field of fieldsOf(templatePath)) template = template?.[field];
  return { apiVersion: json.apiVersion, kind: json.kind, name: json.metadata?.name, namespace: json.metadata?.namespace, template: template ?? {} };
}

const FIELDS = new Map<string, string[]>();

/** Of a pod template's path. Asked for each workload, and there are few paths. */
function fieldsOf(templatePath: string): string[] {
  const fields = FIELDS.get(templatePath) ?? templatePath.split('.').filter(Boolean);
  FIELDS.set(templatePath, fields);
  return fields;
}

/** Copies only the objects on the way to the pod. */
function replaceSpec(json: JsonObject, path: string[], contribution: PodContribution, depth = 0): JsonObject {
  const field = path[depth];
  if (Array.isArray(json)) throw new Error(`podTemplatePath leads through a list at '${field ?? 'its end'}', but can only name fields of objects; attach to each by hand`);
  if (field === undefined) return { ...json, spec: mergeContribution(json.spec ?? {}, contribution) };
  return { ...json, [field]: replaceSpec(json[field] ?? {}, path, contribution, depth + 1) };
}
