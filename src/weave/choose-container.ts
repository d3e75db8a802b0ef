import { UnsuitableWorkload } from './unsuitable-workload';
import { parseQuantity } from '../kubernetes/quantity';
import type { ContainerJson, PodTemplateJson } from '../kubernetes/wire';

const DEFAULT_CONTAINER_ANNOTATION = 'kubectl.kubernetes.io/default-container';

/** How the target container of a pod is chosen. */
export interface ContainerChoice {
  /** The container must have this name. */
  readonly name?: string;
  /** The first of these names that exists, if any. */
  readonly names?: readonly string[];
  /** Returns whether a container is a helper. If exactly one other container remains, it is the target. */
  readonly isHelper?: (container: ContainerJson) => boolean;
  /**
   * Returns the changes that select one of several containers.
   * @param names the names of the containers as code, for example `'web', 'cache'`
   */
  readonly remedies?: (names: string) => string[];
}

export interface ChosenContainer {
  readonly container: ContainerJson;
  /** Names of the helpers that make the choice uncertain. */
  readonly helpers: string[];
}

/**
 * Returns the target container: the one named, otherwise the default of `kubectl exec` by annotation, otherwise the
 * only one.
 * @throws if no container has the name, or if several containers exist and none is named
 */
export function chooseContainer(template: PodTemplateJson, choice: ContainerChoice = {}): ChosenContainer {
  const containers = template.spec?.containers ?? [];
  const listed = choice.name === undefined ? firstOf(containers, choice.names) : undefined;
  if (listed) return { container: listed, helpers: [] };
  const wanted = choice.name ?? (template.metadata?.annotations?.[DEFAULT_CONTAINER_ANNOTATION] || undefined);
  if (wanted !== undefined) return { container: byName(template, wanted, choice), helpers: [] };
  if (containers.length === 1) return { container: named(containers[0]), helpers: [] };
  const { isHelper = () => false } = choice;
  const [container, ...others] = containers.filter((candidate) => !isHelper(candidate));
  if (container && others.length === 0) {
    return { container: named(container), helpers: containers.filter(isHelper).map(({ name }) => name) };
  }
  throw new UnsuitableWorkload(
    `the pod has ${containers.length} containers (${containers.map(({ name }) => name).join(', ')}) and none is ` +
      'selected as the target',
    [
      ...remediesOf(choice, container ? [container, ...others] : containers),
      `set the annotation ${DEFAULT_CONTAINER_ANNOTATION}`,
    ].join('; or '),
  );
}

function remediesOf({ remedies = () => [] }: ContainerChoice, containers: ContainerJson[]): string[] {
  return remedies(containers.map(({ name }) => `'${name}'`).join(', '));
}

function firstOf(containers: ContainerJson[], names: readonly string[] = []): ContainerJson | undefined {
  for (const name of names) {
    const container = containers.find((candidate) => candidate.name === name);
    if (container) return container;
  }
  return undefined;
}

function byName({ spec }: PodTemplateJson, wanted: string, choice: ContainerChoice): ContainerJson {
  const containers = spec?.containers ?? [];
  const container = containers.find((candidate) => candidate.name === wanted);
  if (container) return container;
  const names = containers.map(({ name }) => name).join(', ');
  if (spec?.initContainers?.some((candidate) => candidate.name === wanted)) {
    throw new UnsuitableWorkload(
      `'${wanted}' is an init container, but the target must be one of the containers (${names})`,
      'move it there, or name another',
    );
  }
  const origin = choice.name === undefined ? `annotation ${DEFAULT_CONTAINER_ANNOTATION}` : 'named as the target';
  const [remedy] = remediesOf(choice, containers);
  throw new UnsuitableWorkload(
    `there is no container '${wanted}' (${origin}); the pod has ${names}`,
    `correct the name${remedy === undefined ? '' : `, or ${remedy}`}`,
  );
}

/** Some custom resources allow containers without a name, but mounts, limits and messages need one. */
function named(container: ContainerJson): ContainerJson {
  if (container.name) return container;
  throw new UnsuitableWorkload(
    `the container with image '${container.image}' has no name, so the sidecar cannot refer to it`,
    'give it one',
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
