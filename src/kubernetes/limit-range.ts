import type { ContainerJson, JsonObject } from './wire';

/** Quantities by resource. */
export interface Quantities {
  readonly [resource: string]: string | number;
}

/** Resources of a container as the API server completes them. */
export interface EffectiveResources {
  readonly requests: Quantities;
  readonly limits: Quantities;
}

/**
 * Returns the resources of a container after admission. The limit serves as the request. A LimitRange sets missing
 * values: its maximum is the default limit, and the default request is its default limit, otherwise its minimum.
 * @param items `spec.limits` of all LimitRanges of the namespace
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/v1/defaults.go SetDefaults_LimitRangeItem
 * @see https://github.com/kubernetes/kubernetes/blob/master/plugin/pkg/admission/limitranger/admission.go
 */
export function effectiveResources({ resources }: ContainerJson, items: readonly JsonObject[]): EffectiveResources {
  let limits: Quantities = { ...resources?.limits };
  let requests: Quantities = { ...limits, ...resources?.requests };
  for (const { max, min, default: given, defaultRequest } of items.filter(isOfContainers)) {
    const limit: Quantities = { ...max, ...given };
    limits = { ...limit, ...limits };
    requests = { ...min, ...limit, ...defaultRequest, ...requests };
  }
  return { requests, limits };
}

export function isOfContainers({ type }: JsonObject): boolean {
  return type === 'Container';
}

/** Returns whether an item limits the total of all containers of a pod. Such an item has no defaults. */
export function isOfPods({ type }: JsonObject): boolean {
  return type === 'Pod';
}

/** Returns the items of a LimitRange. */
export function itemsOf({ spec }: JsonObject): JsonObject[] {
  return Array.isArray(spec?.limits) ? spec.limits : [];
}
