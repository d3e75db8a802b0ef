import {
  at,
  Check,
  elements,
  isUnset,
  PodSecurityViolation,
  Scope,
  violation,
  violationsOf,
} from './pod-security-scope';
import { parseQuantity } from './quantity';

/*
 * The rules of AKS Deployment Safeguards that a pod alone can violate, in addition to Pod Security level baseline.
 * Rules about replicas, Services and StorageClasses are not checked here.
 *
 * https://learn.microsoft.com/azure/aks/deployment-safeguards
 */

/** Minimum requests. The level Enforce raises lower requests, which the manifest then does not show. */
const LEAST_REQUESTS = { cpu: '100m', memory: '100Mi' };
const RESERVED_LABELS = 'kubernetes.azure.com/';

const requests: Check = ({ containers }) =>
  containers.flatMap((container) =>
    Object.entries(LEAST_REQUESTS).flatMap(([resource, least]) => refuseSmallRequest(container, resource, least)),
  );

/** Kubernetes uses the limit as the request if there is no request. */
function refuseSmallRequest(container: Scope, resource: string, least: string): PodSecurityViolation[] {
  const field = `resources.requests.${resource}`;
  const request = at(container.wire, field) ?? at(container.wire, `resources.limits.${resource}`);
  const amount = parseQuantity(request as string | number | undefined) ?? 0;
  return amount < parseQuantity(least)! ? [violation(container, field, request, `at least ${least}`)] : [];
}

/** The policy lists both probes. Init containers may have none. */
const probes: Check = ({ pod }) =>
  ['containers', 'ephemeralContainers']
    .flatMap((list) => elements(pod, list))
    .flatMap((container) =>
      ['livenessProbe', 'readinessProbe'].flatMap((probe) =>
        violationsOf([container], probe, (value) => !isUnset(value), 'set'),
      ),
    );

const images: Check = ({ containers }) =>
  violationsOf(containers, 'image', (image) => hasFixedTag(`${image ?? ''}`), 'an image with a tag other than latest');

function hasFixedTag(image: string): boolean {
  const [name] = image.split('@');
  const tag = /:([\w.-]+)$/.exec(name)?.[1];
  return tag !== undefined && tag !== 'latest';
}

const labels: Check = ({ labels: given }) =>
  Object.keys(given)
    .sort()
    .filter((key) => key.startsWith(RESERVED_LABELS))
    .map((key) => ({ field: `metadata.labels[${key}]`, value: given[key], expected: 'unset' }));

export const SAFEGUARDS: readonly Check[] = [requests, probes, images, labels];
