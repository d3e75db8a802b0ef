import type { AdmittedPod } from './admitted-pod';
import type { JsonObject, PodSpecJson } from './wire';

/**
 * Returns whether a ResourceQuota counts a pod: all its scopes must match.
 * @param spec the spec of the quota
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes
 */
export function isCounted(spec: JsonObject | undefined, pod: AdmittedPod): boolean {
  const scopes: unknown[] = Array.isArray(spec?.scopes) ? spec.scopes : [];
  const selectors: JsonObject[] = Array.isArray(spec?.scopeSelector?.matchExpressions)
    ? spec.scopeSelector.matchExpressions
    : [];
  return [...scopes.map((scopeName) => ({ scopeName, operator: 'Exists' })), ...selectors].every((selector) =>
    matches(selector, pod),
  );
}

/** @see https://github.com/kubernetes/kubernetes/blob/master/pkg/quota/v1/evaluator/core/pods.go podMatchesScopeFunc */
function matches({ scopeName, operator, values }: JsonObject, { spec, bestEffort }: AdmittedPod): boolean {
  switch (scopeName) {
    case 'Terminating':
      return isTerminating(spec);
    case 'NotTerminating':
      return !isTerminating(spec);
    case 'BestEffort':
      return bestEffort;
    case 'NotBestEffort':
      return !bestEffort;
    case 'PriorityClass':
      return matchesPriority(spec.priorityClassName, operator, Array.isArray(values) ? values : []);
    case 'CrossNamespacePodAffinity':
      return namesOtherNamespaces(spec);
    default:
      return false;
  }
}

/** Only the field of the pod counts, not that of its Job. */
function isTerminating({ activeDeadlineSeconds }: PodSpecJson): boolean {
  return activeDeadlineSeconds !== undefined && activeDeadlineSeconds !== null;
}

/** Uses the class in the manifest, although the cluster may add its default class. */
function matchesPriority(name: string | undefined, operator: string, values: unknown[]): boolean {
  const isListed = Boolean(name) && values.includes(name);
  switch (operator) {
    case 'Exists':
      return Boolean(name);
    case 'DoesNotExist':
      return !name;
    case 'In':
      return isListed;
    case 'NotIn':
      return !isListed;
    default:
      return false;
  }
}

function namesOtherNamespaces({ affinity }: PodSpecJson): boolean {
  return [affinity?.podAffinity, affinity?.podAntiAffinity].some((rules: JsonObject | undefined) =>
    [
      ...(rules?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(rules?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
        ({ podAffinityTerm }: JsonObject) => podAffinityTerm,
      ),
    ].some((term: JsonObject) => term?.namespaces?.length > 0 || Boolean(term?.namespaceSelector)),
  );
}
