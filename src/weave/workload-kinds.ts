import type { ApiObject } from 'cdk8s';

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

/** The kinds that are found without being named, with their API groups and without. */
export const KNOWN_KINDS = Object.keys(TEMPLATE_PATHS).flatMap((kind) => [kind, kind.split('/')[1]]);

/** Where the kind of this object keeps its pod template; undefined for kinds that have none or are not known. */
export function podTemplatePathOf(object: ApiObject): string | undefined {
  return TEMPLATE_PATHS[`${object.apiGroup}/${object.kind}`];
}
