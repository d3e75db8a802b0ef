import type { ContainerJson, JsonObject } from './wire';

type Quantities = { readonly [resource: string]: string | number };

/** Resources of a container as the API server completes them. */
export interface EffectiveResources {
  readonly requests: Quantities;
  readonly limits: Quantities;
}

/**
 * Returns the resources that a container has after admission: the limit serves as the request, and a LimitRange fills
 * in what is missing. Its maximum is its default limit, its default limit its default request, as is its minimum.
 * @param items `spec.limits` of all LimitRanges of the namespace
 * @see https://kubernetes.io/docs/concepts/policy/limit-range/
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

/** Returns the items of a LimitRange. */
export function itemsOf({ spec }: JsonObject): JsonObject[] {
  return Array.isArray(spec?.limits) ? spec.limits : [];
}
