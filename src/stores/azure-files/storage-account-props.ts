import type { Size } from 'cdk8s';
import { AZURE_FILES_ACCESS, AzureFilesAccess } from './access';
import { GUID, RESOURCE_GROUP_NAME, STORAGE_ACCOUNT_NAME } from './azure-names';
import type { AzureFilesProtocol, AzureFilesSku } from './enums';
import { AzureFilesMountOptions, MOUNT_OPTIONS } from './mount-options';
import { PARAMETER_CHECKS } from './parameter-table';
import { computed, SIZE, TEXT } from '../../input/checks';
import { Checks, required } from '../../input/struct';

/** Properties of `AzureFilesDumpStore.fromStorageAccount`. */
export interface AzureFilesStorageAccountProps extends AzureFilesMountOptions {
  /** Name of the storage account. */
  readonly storageAccountName: string;
  /** Resource group of the storage account. */
  readonly resourceGroupName: string;
  /**
   * Subscription of the storage account.
   * @default - the cluster's
   */
  readonly subscriptionId?: string;
  /**
   * SKU of the storage account, whose sizes are then checked at synth.
   * @default - the driver reads it from the account, and raises a smaller request to the least size of the SKU
   */
  readonly sku?: AzureFilesSku;
  /**
   * How nodes talk to the share.
   * @default AzureFilesProtocol.SMB
   */
  readonly protocol?: AzureFilesProtocol;
  /**
   * Credential that nodes mount with; SMB only.
   * @default AzureFilesAccess.accountKey()
   */
  readonly access?: AzureFilesAccess;
  /**
   * Size of the share of each namespace. Plan for whole dumps: replicas × dumps of a pod × memory of the process.
   * @default - 5Gi, or the SKU's minimum where that is more
   */
  readonly capacity?: Size;
  /**
   * Start of the shares' names: 1 to 20 lower-case letters, digits and hyphens.
   * @default - `pvc`
   */
  readonly shareNamePrefix?: string;
  /**
   * Version of the CSI driver in the cluster, for example `1.35.0`: what it does not know yet is an error here.
   * @default - not checked
   */
  readonly driverVersion?: string;
}

export const ACCOUNT_PROPS: Checks<AzureFilesStorageAccountProps> = {
  ...MOUNT_OPTIONS,
  storageAccountName: required(computed(STORAGE_ACCOUNT_NAME)),
  resourceGroupName: required(computed(RESOURCE_GROUP_NAME)),
  subscriptionId: computed(GUID),
  sku: PARAMETER_CHECKS.sku,
  protocol: PARAMETER_CHECKS.protocol,
  access: AZURE_FILES_ACCESS,
  capacity: SIZE,
  shareNamePrefix: PARAMETER_CHECKS.shareNamePrefix,
  driverVersion: computed(TEXT),
};
