import type { Size } from 'cdk8s';
import type { AzureFilesProtocol } from './enums';
import type { AzureFilesParameters } from './parameters';

/** What is known besides the parameters. */
export interface ParametersContext {
  /** Version of the driver in the cluster, such as `1.35.2`; without one every parameter is taken to be known. */
  readonly driverVersion?: string;
  /** Size that the claim asks for. */
  readonly capacity?: Size;
}

/** Parameters of which the protocol is settled, and the SKU too unless it is that of an account that exists. */
export interface ChosenParameters extends AzureFilesParameters {
  readonly protocol: AzureFilesProtocol;
}

/** Says why the driver, or the file service behind it, would refuse the parameters. */
export type ParametersCheck = (props: ChosenParameters, context: ParametersContext) => string | undefined;
