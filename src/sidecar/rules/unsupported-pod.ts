import type { JsonObject } from '../../kubernetes/wire';

const OS_LABELS = ['kubernetes.io/os', 'beta.kubernetes.io/os'];

/**
 * What keeps ProcDump out of a pod: an error where the workload was named, a reason to skip it where it was met in a tree.
 *
 * @param givenPath the user's podTemplatePath, where it is what led here
 */
export function unsupportedPod(spec: JsonObject | undefined, givenPath: () => string | undefined): string | undefined {
  if (!spec?.containers?.length) {
    const podTemplatePath = givenPath();
    return `has no pod with containers${podTemplatePath === undefined ? '' : ` at podTemplatePath '${podTemplatePath}'; give the path of the object that has metadata and spec`}`;
  }
  if (isWindows(spec)) {
    return 'runs on Windows nodes, where ProcDump for Linux cannot run; leave this workload out';
  }
  if (spec.hostPID === true) {
    return 'has hostPID: true, which excludes the shared process namespace that ProcDump needs; remove hostPID, or leave this workload out';
  }
  return undefined;
}

function isWindows({ os, nodeSelector, securityContext, affinity }: JsonObject): boolean {
  const terms: JsonObject[] = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const onlyWindows = ({ key, operator, values }: JsonObject) => OS_LABELS.includes(key) && operator === 'In' && values?.join() === 'windows';
  return os?.name === 'windows' || securityContext?.windowsOptions !== undefined
    || (nodeSelector !== undefined && OS_LABELS.some((label) => nodeSelector?.[label] === 'windows'))
    || (terms.length > 0 && terms.every(({ matchExpressions = [] }) => matchExpressions.some(onlyWindows)));
}
