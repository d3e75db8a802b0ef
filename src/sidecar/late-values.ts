import type { SidecarConfig } from './config';
import { IMAGE } from './image';
import { checkResources } from './overrides';
import { check } from '../input/check';
import { isLate } from '../input/late-value';
import type { Pod } from '../weave/pod';

interface Quantities {
  readonly [resource: string]: string | number | undefined;
}

/*
 * Lazy values of the sidecar are known when the pod is finished, and are checked then.
 */

export function hasLateValues({ image, resources }: SidecarConfig): boolean {
  return [image, ...quantities(resources?.requests), ...quantities(resources?.limits)].some(isLate);
}

/** @throws naming the prop whose resolved value is invalid */
export function checkLateValues({ image, resources, containerName }: SidecarConfig, { template }: Pod): void {
  const { containers = [], initContainers = [] } = template.spec ?? {};
  const sidecar = [...containers, ...initContainers].find(({ name }) => name === containerName);
  if (isLate(image)) check('image', sidecar?.image, IMAGE);
  const { requests, limits } = sidecar?.resources ?? {};
  checkResources(resources, { requests: kept(resources?.requests, requests), limits: kept(resources?.limits, limits) });
}

/**
 * Keeps the names of resources whose Lazy value resolved to nothing: they are missing in the pod, but not in the props.
 */
function kept(given: Quantities = {}, finished: Quantities = {}): Quantities {
  return { ...Object.fromEntries(Object.keys(given).map((name) => [name, finished[name]])), ...finished };
}

function quantities(resources: Quantities = {}): unknown[] {
  return Object.values(resources);
}
