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
   * @default - that of the cluster
   */
  readonly subscriptionId?: string;
  /**
   * SKU of the storage account. If set, synth checks the sizes of shares.
   * @default - the driver reads it from the account, and raises a smaller request to the minimum of the SKU
   */
  readonly sku?: AzureFilesSku;
  /**
   * Protocol between nodes and share.
   * @default AzureFilesProtocol.SMB
   */
  readonly protocol?: AzureFilesProtocol;
  /**
   * Credential that nodes mount with; SMB only.
   * @default AzureFilesAccess.accountKey()
   */
  readonly access?: AzureFilesAccess;
  /**
   * Size of the share in each namespace. Plan for whole dumps: replicas × dumps per pod × memory of the process.
   * @default - 5Gi or the minimum of the SKU, whichever is larger
   */
  readonly capacity?: Size;
  /**
   * Prefix of the names of shares: 1 to 20 lower-case letters, digits and hyphens.
   * @default - `pvc`
   */
  readonly shareNamePrefix?: string;
  /**
   * Version of the CSI driver in the cluster, for example `1.35.0`. Synth fails for features that this version does not
   * support.
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
