import type { ApiObject } from 'cdk8s';
import { newItems } from './merge-contribution';
import { PodLocation, readPod } from './pod';
import { gracePeriodOf, PodContribution } from './pod-contribution';
import { Skip, Weaving, workloadAt } from './weaving';
import { together } from './weaving-problem';
import { groupAndKind, workloadKindOf } from './workload-kinds';
import type { WovenObject } from './woven-object';
import type { JsonObject } from '../kubernetes/wire';

/** Changes of one construct's `attachTo` calls to one pod template. */
export interface WorkloadAttachment {
  /** Construct path of the API object. */
  readonly path: string;
  /** Kind of the object, for example `Deployment`. */
  readonly kind: string;
  /** Rendered name of the object. */
  readonly name: string;
  /**
   * Rendered namespace of the object.
   * @default - determined by `kubectl`
   */
  readonly namespace?: string;
  /**
   * Path of the pod template in the object, for example `spec.replicatedJobs[0].template.spec.template`.
   * @default - the usual path for this kind
   */
  readonly podTemplatePath?: string;
  /**
   * Reason why the workload is unchanged.
   * @default - the workload was changed
   */
  readonly skipped?: string;
  /** Names of the containers that were added. */
  readonly containers: string[];
  /** Names of the volumes that were added. */
  readonly volumes: string[];
  /** Names of the user's containers that got mounts or environment variables. */
  readonly changedContainers: string[];
  /**
   * Names of the added environment variables, by the user's container.
   * @default - none
   */
  readonly environment?: { [container: string]: string[] };
  /**
   * Items that were added to annotations of the pod, by annotation.
   * @default - none
   */
  readonly annotations?: { [annotation: string]: string[] };
  /**
   * Names of the image pull Secrets that were added.
   * @default - none
   */
  readonly imagePullSecrets?: string[];
  /**
   * The raised grace period, in seconds.
   * @default - the grace period is unchanged
   */
  readonly terminationGracePeriodSeconds?: number;
  /**
   * Assumptions that the manifest does not confirm, for example the user of an image.
   * @default - none
   */
  readonly assumptions?: string[];
  /**
   * Information that is not an error. Synth also writes it to standard error, for the first of the workloads that share
   * it.
   * @default - none
   */
  readonly hints?: string[];
  /**
   * Refusals and hints that `acknowledge` accepts.
   * @default - none
   */
  readonly acknowledged?: string[];
}

/**
 * Returns one entry for each pod template. A template that one attachment changes is not listed as skipped by another.
 * @throws if a workload has a problem, with the problems of all workloads
 */
export function describeAttachments(construct: string, workloads: WovenObject[]): WorkloadAttachment[] {
  const woven = workloads
    .map((workload) => ({ workload, json: workload.render() }))
    .map(({ workload, json }) => ({ workload, json, weaving: workload.weave(json) }));
  const problems = woven
    .flatMap(({ weaving }) => weaving.problems)
    .filter(({ place }) => place.construct === construct);
  if (problems.length > 0) throw together(problems);
  return woven.flatMap(({ workload, json, weaving }) => describeWorkload(construct, workload, json, weaving));
}

function describeWorkload(
  construct: string,
  { object }: WovenObject,
  json: JsonObject,
  { steps, skips }: Weaving,
): WorkloadAttachment[] {
  const own = steps.filter(({ contributor }) => contributor.path === construct);
  const changed = new Set(own.map(({ location }) => location.path));
  const unchanged = new Map<string, { location: Skip['location']; reasons: Set<string>; acknowledged?: string }>();
  for (const { contributor, location, reason, acknowledged } of skips) {
    if (contributor.path !== construct || (location.path !== undefined && changed.has(location.path))) continue;
    const key = `${location.owner} ${location.path}`;
    const known = unchanged.get(key) ?? { location, reasons: new Set(), acknowledged };
    unchanged.set(key, { ...known, reasons: known.reasons.add(reason) });
  }
  return [
    ...own.map(({ location, contribution }) => ({
      ...head(object, json, location),
      ...added(contribution, json, location),
    })),
    ...[...unchanged.values()].map(({ location, reasons, acknowledged }) => ({
      ...head(object, json, location),
      skipped: [...reasons].join('; '),
      containers: [],
      volumes: [],
      changedContainers: [],
      ...(acknowledged === undefined ? {} : { acknowledged: [acknowledged] }),
    })),
  ];
}

function head(
  object: ApiObject,
  json: JsonObject,
  { owner, path }: Skip['location'],
): Pick<WorkloadAttachment, 'path' | 'kind' | 'name' | 'namespace' | 'podTemplatePath'> {
  const workload = workloadAt(json, { owner });
  const { kind, metadata } = workload;
  const usual = workloadKindOf(groupAndKind(workload))?.paths;
  return {
    path: object.node.path,
    kind,
    name: metadata?.name,
    namespace: metadata?.namespace,
    ...(path === undefined || (owner === '' && usual?.length === 1 && usual[0] === path)
      ? {}
      : { podTemplatePath: path }),
  };
}

function added(
  contribution: PodContribution,
  json: JsonObject,
  location: PodLocation,
): Omit<WorkloadAttachment, 'path' | 'kind' | 'name'> {
  const {
    containers = [],
    initContainers = [],
    volumes = [],
    additions = [],
    annotations = [],
    imagePullSecrets = [],
    terminationGracePeriodSeconds = 0,
    assumptions = [],
    hints = [],
    acknowledged = [],
  } = contribution;
  const { metadata, spec = {} } = readPod(json, location).template;
  const variables = additions
    .filter(({ env }) => env?.length)
    .map(({ container, env = [] }) => [container, env.map(({ name }) => name)]);
  const items = annotations
    .map((annotation) => [annotation.name, newItems(annotation, metadata?.annotations?.[annotation.name])] as const)
    .filter(([, list]) => list.length > 0);
  const ownSecrets: JsonObject[] = spec.imagePullSecrets ?? [];
  const secrets = imagePullSecrets
    .map(({ name }) => name)
    .filter((name) => !ownSecrets.some((secret) => secret.name === name));
  return {
    containers: [...containers, ...initContainers].map(({ name }) => name),
    volumes: volumes.map(({ name }) => name),
    changedContainers: additions
      .filter(({ env, volumeMounts }) => env?.length || volumeMounts?.length)
      .map(({ container }) => container),
    ...(variables.length > 0 ? { environment: Object.fromEntries(variables) } : {}),
    ...(items.length > 0 ? { annotations: Object.fromEntries(items) } : {}),
    ...(secrets.length > 0 ? { imagePullSecrets: secrets } : {}),
    ...(terminationGracePeriodSeconds > gracePeriodOf(spec) ? { terminationGracePeriodSeconds } : {}),
    ...(assumptions.length > 0 ? { assumptions } : {}),
    ...(hints.length > 0 ? { hints } : {}),
    ...(acknowledged.length > 0 ? { acknowledged } : {}),
  };
}
