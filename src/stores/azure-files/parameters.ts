import {
  AzureFilesAccountAccessTier,
  AzureFilesDataPlaneApi,
  AzureFilesFsGroupChangePolicy,
  AzureFilesNetworkEndpoint,
  AzureFilesProtocol,
  AzureFilesPublicNetworkAccess,
  AzureFilesRootSquash,
  AzureFilesShareAccessTier,
  AzureFilesSku,
} from './enums';

/**
 * Parameters of a StorageClass of the Azure Files CSI driver, `file.csi.azure.com`, under the driver's own names.
 *
 * The driver refuses what it does not know when it makes a volume; here it is refused at synth. Where a driver version
 * is named, older drivers refuse the class.
 *
 * @see https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/driver-parameters.md
 */
export interface AzureFilesParameters {
  /**
   * Type of the storage account, `skuName` of the driver.
   * @default - Standard_LRS for SMB, Premium_LRS for NFS; with `storageAccount` the driver reads that account's
   */
  readonly sku?: AzureFilesSku;
  /**
   * Name of an existing storage account.
   * @default - the driver takes an account that fits, or creates one
   */
  readonly storageAccount?: string;
  /**
   * Existing resource group of the storage account.
   * @default - the cluster's node resource group
   */
  readonly resourceGroup?: string;
  /**
   * Subscription of the storage account. Requires `resourceGroup`.
   * @default - the cluster's
   */
  readonly subscriptionId?: string;
  /**
   * Azure region of a storage account that the driver creates.
   * @default - the cluster's
   */
  readonly location?: string;
  /**
   * Name of the share, existing or new. May hold `${pvc.metadata.name}`, `${pvc.metadata.namespace}` and
   * `${pv.metadata.name}`. An existing share whose quota is below the request is refused by the driver.
   * @default - a generated name
   */
  readonly shareName?: string;
  /**
   * Start of generated share names: 1 to 20 lower-case letters, digits and hyphens. Not together with `shareName`.
   * @default - `pvc`
   */
  readonly shareNamePrefix?: string;
  /**
   * Folder of the share to mount, `/` between levels; the placeholders of `shareName` work here too.
   * @default - the root of the share
   */
  readonly folderName?: string;
  /**
   * Creates `folderName`, which is given too, where it is missing. Works with the account key only. Driver 1.33.4 or
   * newer.
   * @default - a missing folder makes the mount fail
   */
  readonly createFolderIfNotExist?: boolean;
  /**
   * Host name of the file service. Keep the public name also with private DNS: Kerberos needs it. Not together with a
   * private endpoint.
   * @default - `<account>.file.<suffix>`
   */
  readonly server?: string;
  /**
   * Domain of the storage service, such as `core.usgovcloudapi.net`.
   * @default - the suffix of the cluster's cloud
   */
  readonly storageEndpointSuffix?: string;
  /**
   * How nodes talk to the share.
   * @default - SMB
   */
  readonly protocol?: AzureFilesProtocol;
  /**
   * Access tier of the share.
   * @default - the service chooses by account
   */
  readonly shareAccessTier?: AzureFilesShareAccessTier;
  /**
   * Access tier of a storage account that the driver creates.
   * @default - the service chooses by account
   */
  readonly accountAccessTier?: AzureFilesAccountAccessTier;
  /**
   * Shares of more than 5 TiB on pay-as-you-go standard accounts; others have them always.
   * @default - the account's own setting
   */
  readonly enableLargeFileShares?: boolean;
  /**
   * Operations per second to pay for; v2 SKUs only: 3000 to 102400 of PremiumV2, 500 to 50000 of StandardV2. Driver
   * 1.33.4 or newer.
   * @default - by size: 3000 + GiB for PremiumV2, 1000 + 0.2 × GiB for StandardV2
   */
  readonly provisionedIops?: number;
  /**
   * Throughput to pay for in MiB/s, of all writers of the share together; v2 SKUs only: 100 to 10340 of
   * PremiumV2, 60 to 5120 of StandardV2. Driver 1.33.4 or newer.
   * @default - by size: 100 + 0.1 × GiB for PremiumV2, 60 + 0.02 × GiB for StandardV2
   */
  readonly provisionedBandwidth?: number;
  /**
   * GB of shares after which the driver chooses or creates another account, at least 100.
   * @default - 102400
   */
  readonly accountQuota?: number;
  /**
   * Tags of a storage account that the driver creates. A later change reaches accounts of new volumes only.
   * @default - only those the driver sets itself
   */
  readonly tags?: { [key: string]: string };
  /**
   * The character between two tags, for tags that hold a comma. Driver 1.31.1 or newer.
   * @default - a comma
   */
  readonly tagValueDelimiter?: string;
  /**
   * Takes only an account that bears `tags`. Not together with `storageAccount`.
   * @default - tags do not count when the driver looks for an account
   */
  readonly matchTags?: boolean;
  /**
   * Takes any of the accounts that fit.
   * @default - the first that fits in alphabetical order
   */
  readonly selectRandomMatchingAccount?: boolean;
  /**
   * Switches off soft delete of shares in an account that the driver creates.
   * @default - soft delete stays on: a deleted share can be brought back
   */
  readonly disableDeleteRetentionPolicy?: boolean;
  /**
   * Allows public access to blobs of an account that the driver creates.
   * @default - not allowed
   */
  readonly allowBlobPublicAccess?: boolean;
  /**
   * Encrypts data at rest a second time in an account that the driver creates.
   * @default - encrypted once
   */
  readonly requireInfraEncryption?: boolean;
  /**
   * Allows replication to accounts of other tenants. Driver 1.35.2 or newer; in its code, not in its documentation.
   * @default - the account's own setting
   */
  readonly allowCrossTenantReplication?: boolean;
  /**
   * Whether an account that the driver creates accepts its account keys. Without them SMB needs an identity mount.
   * Driver 1.30.4 or newer.
   * @default - it does
   */
  readonly allowSharedKeyAccess?: boolean;
  /**
   * Whether an account that the driver creates answers on its public address. Driver 1.32.2 or newer.
   * @default - the service chooses
   */
  readonly publicNetworkAccess?: AzureFilesPublicNetworkAccess;
  /**
   * The Azure API by which the driver makes, resizes and deletes shares. OAUTH needs driver 1.32.2 or newer.
   * @default - Azure Resource Manager
   */
  readonly useDataPlaneApi?: AzureFilesDataPlaneApi;

  /**
   * SMB: writes the account key into a Secret, which a rotated key never reaches. Not together with an identity mount.
   * @default - written for mounts by key, not written for identity mounts
   */
  readonly storeAccountKey?: boolean;
  /**
   * SMB: Secret that keeps the account key, or for `mountWithOAuthToken` holds the token (key `oauthtoken`).
   * @default - `azure-storage-account-<account>-secret`
   */
  readonly secretName?: string;
  /**
   * SMB: namespace of the Secret.
   * @default - the claim's
   */
  readonly secretNamespace?: string;
  /**
   * SMB: takes the younger of the two account keys, `getLatestAccountKey` of the driver.
   * @default - the first
   */
  readonly latestAccountKey?: boolean;
  /**
   * SMB: several connections per mount, premium SKUs only. Goes with the mount option `max_channels=4`.
   * @default - one connection
   */
  readonly enableMultichannel?: boolean;
  /**
   * SMB: client id of the managed identity that mounts. Driver 1.33.4, or 1.32.6 of the line 1.32.
   * Without one of the `mountWith…` flags it still mounts by account key, which it lists with the pod's token.
   * @default - the kubelet's identity
   */
  readonly clientId?: string;
  /**
   * SMB: tenant of `clientId`. Driver 1.35.0 or newer in a class, 1.32.6 in a volume; in its code, not in its
   * documentation.
   * @default - the cluster's
   */
  readonly tenantId?: string;
  /**
   * SMB: mounts as a managed identity of the node, without an account key. Driver 1.34.0 or newer, 1.34.1
   * where the driver creates the account.
   * @default - mounts by account key
   * @see https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/managed-identity-mount.md
   */
  readonly mountWithManagedIdentity?: boolean;
  /**
   * SMB: mounts as the pod's workload identity, without an account key. Requires `clientId`. Driver 1.35.0 or newer.
   * @default - mounts by account key
   * @see https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/workload-identity-static-pv-mount.md
   */
  readonly mountWithWorkloadIdentityToken?: boolean;
  /**
   * SMB: mounts with an OAuth token out of the Secret `secretName`. Driver 1.35.3 or newer.
   * @default - mounts by account key
   */
  readonly mountWithOAuthToken?: boolean;

  /**
   * NFS: what the share makes of users of its clients.
   * @default - root stays root
   */
  readonly rootSquashType?: AzureFilesRootSquash;
  /**
   * NFS: mode of the mounted folder as octal text, such as `0770`; `0` leaves it as it is.
   * @default - 0777
   */
  readonly mountPermissions?: string;
  /**
   * NFS: when files are given to the pod's `fsGroup`. The pod's own `fsGroupChangePolicy` is ignored by the driver.
   * @default - when the root folder belongs to another group
   */
  readonly fsGroupChangePolicy?: AzureFilesFsGroupChangePolicy;
  /**
   * NFS: TLS between node and share. The account's secure-transfer flag still has to be off. Driver 1.33.0 or newer.
   * @default - not encrypted
   */
  readonly encryptInTransit?: boolean;

  /**
   * Network endpoint of an account that the driver creates.
   * @default - none for SMB, service endpoints for NFS
   */
  readonly networkEndpointType?: AzureFilesNetworkEndpoint;
  /**
   * Resource group of the private DNS zone; with a private endpoint only. Driver 1.35.2 or newer.
   * @default - the virtual network's
   */
  readonly privateDnsZoneResourceGroup?: string;
  /**
   * Resource group of the virtual network.
   * @default - the cluster's
   */
  readonly vnetResourceGroup?: string;
  /**
   * Virtual network of the endpoints.
   * @default - the cluster's
   */
  readonly vnetName?: string;
  /**
   * Subnets of the endpoints; exactly one with a private endpoint.
   * @default - all subnets of the virtual network
   */
  readonly subnetNames?: string[];
  /**
   * Name of the link between virtual network and private DNS zone. Driver 1.32.2 or newer.
   * @default - `<virtual network>-vnetlink`
   */
  readonly vnetLinkName?: string;
}
