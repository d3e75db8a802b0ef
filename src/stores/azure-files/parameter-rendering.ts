import { CHECKS, ParametersContext, versionProblem, withDefaults } from './parameter-checks';
import { PARAMETERS } from './parameter-table';
import type { AzureFilesParameters } from './parameters';

/**
 * The `parameters` of a StorageClass, in alphabetical order, of values that are checked one by one.
 *
 * @throws where they do not fit each other, or the driver's version
 */
export function renderAzureFilesParameters(props: AzureFilesParameters, context: ParametersContext): { [key: string]: string } {
  const chosen = withDefaults(props);
  const problem = PARAMETERS.map((parameter) => parameter.problem(props)).find((text) => text)
    ?? CHECKS.map((check) => check(chosen, context)).find((text) => text);
  if (problem) throw new Error(problem);

  const rendered: { [key: string]: string } = {};
  for (const parameter of [...PARAMETERS].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const text = parameter.render(chosen);
    if (text === undefined) continue;
    const tooNew = versionProblem(parameter, text, context.driverVersion);
    if (tooNew) throw new Error(tooNew);
    rendered[parameter.key] = text;
  }
  return rendered;
}
