import type { ApiObject } from 'cdk8s';
import type { Attachment } from './attachment';
import { readPod } from './pod';
import { gracePeriodOf, PodContribution } from './pod-contribution';
import { PodTemplate } from './pod-template';
import { podTemplatePathOf } from './workload-kinds';
import { whyOverlooked } from './workload-selection';
import type { JsonObject } from '../kubernetes/wire';

/** What the `attachTo` calls of one construct changed in one pod template. */
export interface WorkloadAttachment {
  /** Construct path of the API object. */
  readonly path: string;
  /** Kind of the object, for example `Deployment`. */
  readonly kind: string;
  /** Name of the object, as it is rendered. */
  readonly name: string;
  /**
   * Namespace of the object, as it is rendered.
   * @default - left to `kubectl`
   */
  readonly namespace?: string;
  /**
   * Path of the pod template in the object.
   * @default - where objects of this kind have it
   */
  readonly podTemplatePath?: string;
  /**
   * Why the workload is unchanged.
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
   * The raised grace period, in seconds.
   * @default - the grace period is unchanged
   */
  readonly terminationGracePeriodSeconds?: number;
}

/**
 * Returns one entry for each pod template. A template that one attachment changes is not listed as skipped by another.
 */
export function describeAttachments(owner: string, attachments: Attachment[]): WorkloadAttachment[] {
  const found = new Set(attachments.flatMap((attachment) => attachment.workloads()));
  const overlooked = new Set(
    attachments.flatMap((attachment) => attachment.overlooked()).filter((object) => !found.has(object)),
  );
  return [
    ...[...found].flatMap((object) => describeWorkload(owner, object, attachments)),
    ...[...overlooked].flatMap(describeOverlooked),
  ];
}

function describeWorkload(owner: string, object: ApiObject, attachments: Attachment[]): WorkloadAttachment[] {
  const json = PodTemplate.of(object).render();
  const woven = PodTemplate.of(object).contributionsOf(owner, json);
  const reasons = new Map<string, Set<string>>();
  for (const { templatePath, reason } of attachments.flatMap((attachment) => attachment.skips(object, json))) {
    if (!woven.has(templatePath)) reasons.set(templatePath, (reasons.get(templatePath) ?? new Set()).add(reason));
  }
  return [
    ...[...woven].map(([templatePath, contribution]) => ({
      ...head(object, json, templatePath),
      ...added(contribution, json, templatePath),
    })),
    ...[...reasons].map(([templatePath, all]) => ({
      ...head(object, json, templatePath),
      ...nothing([...all].join('; ')),
    })),
  ];
}

function describeOverlooked(object: ApiObject): WorkloadAttachment[] {
  const json = object.toJson();
  const reason = whyOverlooked(json);
  return reason === undefined ? [] : [{ ...head(object, json), ...nothing(reason) }];
}

function head(
  object: ApiObject,
  { kind, metadata }: JsonObject,
  templatePath?: string,
): Pick<WorkloadAttachment, 'path' | 'kind' | 'name' | 'namespace' | 'podTemplatePath'> {
  return {
    path: object.node.path,
    kind,
    name: metadata?.name,
    namespace: metadata?.namespace,
    ...(templatePath === undefined || templatePath === podTemplatePathOf(object)
      ? {}
      : { podTemplatePath: templatePath }),
  };
}

function nothing(
  skipped: string,
): Pick<WorkloadAttachment, 'skipped' | 'containers' | 'volumes' | 'changedContainers'> {
  return { skipped, containers: [], volumes: [], changedContainers: [] };
}

function added(
  contribution: PodContribution,
  json: JsonObject,
  templatePath: string,
): Omit<WorkloadAttachment, 'path' | 'kind' | 'name'> {
  const {
    containers = [],
    initContainers = [],
    volumes = [],
    additions = [],
    terminationGracePeriodSeconds = 0,
  } = contribution;
  const variables = additions
    .filter(({ env }) => env?.length)
    .map(({ container, env = [] }) => [container, env.map(({ name }) => name)]);
  return {
    containers: [...containers, ...initContainers].map(({ name }) => name),
    volumes: volumes.map(({ name }) => name),
    changedContainers: additions
      .filter(({ env, volumeMounts }) => env?.length || volumeMounts?.length)
      .map(({ container }) => container),
    ...(variables.length > 0 ? { environment: Object.fromEntries(variables) } : {}),
    ...(terminationGracePeriodSeconds > gracePeriodOf(readPod(json, templatePath).template.spec ?? {})
      ? { terminationGracePeriodSeconds }
      : {}),
  };
}
