import type { Size } from 'cdk8s';
import type { AzureFilesProtocol } from './enums';
import type { AzureFilesParameters } from './parameters';

/** An access that sets parameters of the driver. */
export interface ParametersAccess {
  /** The access in messages, for example `access by workload identity`. */
  readonly title: string;
  readonly sets: readonly (keyof AzureFilesParameters)[];
}

/** Context for checking and rendering the parameters. */
export interface ParametersContext {
  /**
   * Version of the driver in the cluster, such as `1.35.2`; if undefined, every parameter is assumed to be supported.
   */
  readonly driverVersion?: string;
  /** What sets some of the parameters; undefined if the user wrote them all. */
  readonly access?: ParametersAccess;
  /** Size that the claim requests. */
  readonly capacity?: Size;
}

/** Parameters with a protocol and, unless an existing account determines it, a SKU. */
export interface ChosenParameters extends AzureFilesParameters {
  readonly protocol: AzureFilesProtocol;
}

/** Returns why the driver, or the file service behind it, would refuse the parameters. */
export type ParametersCheck = (props: ChosenParameters, context: ParametersContext) => string | undefined;
