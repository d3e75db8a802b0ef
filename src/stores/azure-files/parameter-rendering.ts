import type { ParametersContext } from './checked-parameters';
import { accessProblem, behaviourProblem, ParametersOwner, versionProblem } from './driver-version';
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

function rendered(props: AzureFilesParameters, context: ParametersContext, owner: ParametersOwner): RenderedParameters {
  const rows = [...PARAMETERS]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .flatMap((parameter) => {
      const text = parameter.render(props);
      return text === undefined ? [] : [{ parameter, text }];
    });
  const problem =
    accessProblem(props, rows, owner, context) ??
    rows
      .map(({ parameter, text }) => versionProblem(parameter, text, owner, context.driverVersion))
      .find((found) => found) ??
    behaviourProblem(props, owner, context);
  if (problem) throw new Error(problem);
  return Object.fromEntries(rows.map(({ parameter, text }) => [parameter.key, text]));
}
