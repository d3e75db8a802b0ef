import { parseQuantity } from '../kubernetes/quantity';
import type { ContainerJson, PodTemplateJson } from '../kubernetes/wire';

const DEFAULT_CONTAINER_ANNOTATION = 'kubectl.kubernetes.io/default-container';

/**
 * Returns the target container: the one named, otherwise the default of `kubectl exec` by annotation, otherwise the
 * only one.
 * @throws if no container has the name, or if several containers exist and none is named
 */
export function chooseContainer({ metadata, spec }: PodTemplateJson, name?: string): ContainerJson {
  const containers = spec?.containers ?? [];
  const names = containers.map((container) => container.name).join(', ');
  const wanted = name ?? (metadata?.annotations?.[DEFAULT_CONTAINER_ANNOTATION] || undefined);
  if (wanted === undefined) {
    if (containers.length === 1) return named(containers[0]);
    throw new Error(
      `the pod has ${containers.length} containers (${names}) and none is selected as the target; name one, for ` +
        `example container: '${containers[0]?.name}', or set the annotation ${DEFAULT_CONTAINER_ANNOTATION}`,
    );
  }
  const container = containers.find((candidate) => candidate.name === wanted);
  if (container) return container;
  if (spec?.initContainers?.some((candidate) => candidate.name === wanted)) {
    throw new Error(
      `'${wanted}' is an init container, but the target must be one of the containers (${names}); move it there, or ` +
        'name another',
    );
  }
  const origin = name === undefined ? `annotation ${DEFAULT_CONTAINER_ANNOTATION}` : 'named as the target';
  throw new Error(`there is no container '${wanted}' (${origin}); the pod has ${names}; correct the name`);
}

/** Some custom resources allow containers without a name, but mounts, limits and messages need one. */
function named(container: ContainerJson): ContainerJson {
  if (container.name) return container;
  throw new Error(
    `the container with image '${container.image}' has no name, so the sidecar cannot refer to it; give it one`,
  );
}

/**
 * Returns the memory limit of a container in mebibytes, rounded up.
 * @returns undefined without a limit; Kubernetes treats zero as no limit
 */
export function memoryLimitOf({ resources }: ContainerJson): number | undefined {
  const bytes = parseQuantity(resources?.limits?.memory) ?? 0;
  return bytes > 0 ? Math.ceil(bytes / 2 ** 20) : undefined;
}
