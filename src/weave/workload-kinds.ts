import type { ApiObject } from 'cdk8s';

/** Path of the pod template in each Kubernetes kind. */
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

/** The kinds that are found by default, with and without API group. */
export const KNOWN_KINDS = Object.keys(TEMPLATE_PATHS).flatMap((kind) => [kind, kind.split('/')[1]]);

/** Returns the path of the pod template for the kind of this object; undefined for other kinds. */
export function podTemplatePathOf(object: ApiObject): string | undefined {
  return TEMPLATE_PATHS[`${object.apiGroup}/${object.kind}`];
}
