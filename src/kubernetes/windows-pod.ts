import type { JsonObject, PodSpecJson } from './wire';

const OS_LABELS = ['kubernetes.io/os', 'beta.kubernetes.io/os'];

/**
 * Returns whether the pod can run only on Windows nodes.
 *
 * @see https://kubernetes.io/docs/concepts/windows/user-guide/
 */
export function isWindowsPod({ os, nodeSelector, securityContext, affinity }: PodSpecJson): boolean {
  const terms: JsonObject[] =
    affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const onlyWindows = ({ key, operator, values }: JsonObject) =>
    OS_LABELS.includes(key) && operator === 'In' && values?.join() === 'windows';
  return (
    os?.name === 'windows' ||
    securityContext?.windowsOptions !== undefined ||
    (nodeSelector !== undefined && OS_LABELS.some((label) => nodeSelector?.[label] === 'windows')) ||
    (terms.length > 0 && terms.every(({ matchExpressions = [] }) => matchExpressions.some(onlyWindows)))
  );
}
