import type { SidecarConfig } from './config';
import { EVICTABLE_VOLUMES, volumesToEvict } from '../kubernetes/local-volumes';
import type { ContainerJson, PodTemplateJson, VolumeJson } from '../kubernetes/wire';
import type { RenderedBinding } from '../stores/store-binding';
import type { ListAnnotation } from '../weave/pod-contribution';

/**
 * AppArmor profile of a container before Kubernetes 1.30.
 * @see https://kubernetes.io/docs/tutorials/security/apparmor/
 */
const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';
const WORKLOAD_IDENTITY = 'azure.workload.identity/use';
const SKIPPED_CONTAINERS = 'azure.workload.identity/skip-containers';

/** Input for the annotations of the pod. */
export interface AnnotatedPod {
  readonly template: PodTemplateJson;
  readonly target: ContainerJson;
  readonly volumes: readonly VolumeJson[];
  readonly store: RenderedBinding;
}

/** Returns the annotations that concern sidecar or volumes. */
export function annotationsOf(config: SidecarConfig, pod: AnnotatedPod): ListAnnotation[] {
  return [
    listing(EVICTABLE_VOLUMES, ',', volumesToEvict(pod.template, pod.volumes)),
    listing(SKIPPED_CONTAINERS, ';', withoutIdentity(config, pod)),
    listing(`${APPARMOR}${config.containerName}`, ',', appArmorProfile(config, pod)),
  ].filter(({ items }) => items.length > 0);
}

function listing(name: string, separator: string, items: string[]): ListAnnotation {
  return { name, separator, items };
}

/**
 * The webhook adds an identity token to each container that is not listed. The sidecar needs none, unless its store
 * trusts the service account.
 * @see https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html#pod
 */
function withoutIdentity({ containerName }: SidecarConfig, { template, store }: AnnotatedPod): string[] {
  const isMutated = `${template.metadata?.labels?.[WORKLOAD_IDENTITY]}` === 'true';
  return isMutated && store.serviceAccountName === undefined ? [containerName] : [];
}

/**
 * AppArmor allows access only to processes with the same profile. A profile in a field is copied with the security
 * context.
 */
function appArmorProfile({ containerName, securityContext }: SidecarConfig, { template, target }: AnnotatedPod) {
  const annotations = template.metadata?.annotations;
  if (!annotations) return [];
  const profile = annotations[APPARMOR + target.name];
  const isSet = securityContext?.appArmorProfile !== undefined || annotations[APPARMOR + containerName] !== undefined;
  return profile === undefined || isSet ? [] : [`${profile}`];
}
