import type { ParametersContext } from './checked-parameters';
import { behaviourProblem, ParametersOwner, versionProblem } from './driver-version';
import { CHECKS, withDefaults } from './parameter-checks';
import { PARAMETERS } from './parameter-table';
import type { AzureFilesParameters } from './parameters';

/** Values under the driver's parameter names, in alphabetical order. */
export interface RenderedParameters {
  readonly [key: string]: string;
}

/**
 * Renders the `parameters` of a StorageClass from individually checked values.
 *
 * @throws if they contradict each other, or need a newer driver
 */
export function renderAzureFilesParameters(
  props: AzureFilesParameters,
  context: ParametersContext,
): RenderedParameters {
  refuseMisfits(props, context);
  return rendered(withDefaults(props), context, 'StorageClass');
}

/**
 * Renders the `volumeAttributes` of a PersistentVolume, without the defaults of a new account.
 *
 * @throws as `renderAzureFilesParameters` does
 */
export function renderVolumeAttributes(props: AzureFilesParameters, context: ParametersContext): RenderedParameters {
  refuseMisfits(props, context);
  return rendered(props, context, 'PersistentVolume');
}

function refuseMisfits(props: AzureFilesParameters, context: ParametersContext): void {
  const chosen = withDefaults(props);
  const problem =
    PARAMETERS.map((parameter) => parameter.problem(props)).find((text) => text) ??
    CHECKS.map((check) => check(chosen, context)).find((text) => text);
  if (problem) throw new Error(problem);
}

function rendered(
  props: AzureFilesParameters,
  { driverVersion }: ParametersContext,
  owner: ParametersOwner,
): RenderedParameters {
  const parameters: { [key: string]: string } = {};
  for (const parameter of [...PARAMETERS].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const text = parameter.render(props);
    if (text === undefined) continue;
    const tooNew = versionProblem(parameter, text, owner, driverVersion);
    if (tooNew) throw new Error(tooNew);
    parameters[parameter.key] = text;
  }
  const misbehaviour = behaviourProblem(props, owner, driverVersion);
  if (misbehaviour) throw new Error(misbehaviour);
  return parameters;
}
