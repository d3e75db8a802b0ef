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
 * StorageClass parameters of the Azure Files CSI driver, `file.csi.azure.com`, under the driver's names.
 *
 * The driver refuses unknown parameters when it creates a volume; this library refuses them at synth. If a parameter
 * needs a driver version, older drivers refuse the class.
 *
 * @see https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/driver-parameters.md
 */
export interface AzureFilesParameters {
  /**
   * Type of the storage account, `skuName` of the driver.
   * @default - Standard_LRS for SMB, Premium_LRS for NFS; with `storageAccount`, the SKU of that account
   */
  readonly sku?: AzureFilesSku;
  /**
   * Name of an existing storage account.
   * @default - the driver uses a matching account, or creates one
   */
  readonly storageAccount?: string;
  /**
   * Existing resource group of the storage account.
   * @default - the cluster's node resource group
   */
  readonly resourceGroup?: string;
  /**
   * Subscription of the storage account; requires `resourceGroup`.
   * @default - that of the cluster
   */
  readonly subscriptionId?: string;
  /**
   * Azure region of a storage account that the driver creates.
   * @default - that of the cluster
   */
  readonly location?: string;
  /**
   * Name of a new or existing share. Can contain `${pvc.metadata.name}`, `${pvc.metadata.namespace}` and
   * `${pv.metadata.name}`. The driver refuses an existing share whose quota is smaller than the request.
   * @default - a generated name
   */
  readonly shareName?: string;
  /**
   * Prefix of generated share names: 1 to 20 lower-case letters, digits and hyphens. Not together with `shareName`.
   * @default - `pvc`
   */
  readonly shareNamePrefix?: string;
  /**
   * Folder on the share to mount, with `/` between levels. Can contain the placeholders of `shareName`.
   * @default - the root of the share
   */
  readonly folderName?: string;
  /**
   * Whether to create `folderName` if it does not exist. Works with the account key only. Needs driver 1.33.4 or newer.
   * @default - the mount fails if the folder does not exist
   */
  readonly createFolderIfNotExist?: boolean;
  /**
   * Host name of the file service. Keep the public name with private DNS too, because Kerberos needs it. Not together
   * with a private endpoint.
   * @default - `<account>.file.<suffix>`
   */
  readonly server?: string;
  /**
   * Domain of the storage service, such as `core.usgovcloudapi.net`.
   * @default - the suffix of the cluster's cloud
   */
  readonly storageEndpointSuffix?: string;
  /**
   * Protocol between nodes and share.
   * @default - SMB
   */
  readonly protocol?: AzureFilesProtocol;
  /**
   * Access tier of the share.
   * @default - chosen by the service, depending on the account
   */
  readonly shareAccessTier?: AzureFilesShareAccessTier;
  /**
   * Access tier of a storage account that the driver creates.
   * @default - chosen by the service, depending on the account
   */
  readonly accountAccessTier?: AzureFilesAccountAccessTier;
  /**
   * Whether pay-as-you-go standard accounts can have shares of more than 5 TiB; other accounts always can.
   * @default - the account's own setting
   */
  readonly enableLargeFileShares?: boolean;
  /**
   * Provisioned IOPS; v2 SKUs only: 3000 to 102400 for PremiumV2, 500 to 50000 for StandardV2. Needs driver 1.33.4 or
   * newer.
   * @default - depends on the size: 3000 + GiB for PremiumV2, 1000 + 0.2 × GiB for StandardV2
   */
  readonly provisionedIops?: number;
  /**
   * Provisioned throughput in MiB/s, shared by all writers of the share; v2 SKUs only: 100 to 10340 for PremiumV2, 60
   * to 5120 for StandardV2. Needs driver 1.33.4 or newer.
   * @default - depends on the size: 100 + 0.1 × GiB for PremiumV2, 60 + 0.02 × GiB for StandardV2
   */
  readonly provisionedBandwidth?: number;
  /**
   * Total size of shares in GB at which the driver chooses or creates another account; at least 100.
   * @default - 102400
   */
  readonly accountQuota?: number;
  /**
   * Tags of a storage account that the driver creates. A later change applies only to accounts of new volumes.
   * @default - only the tags that the driver sets itself
   */
  readonly tags?: { [key: string]: string };
  /**
   * Delimiter of tags, for tags that contain a comma. Needs driver 1.31.1 or newer.
   * @default - a comma
   */
  readonly tagValueDelimiter?: string;
  /**
   * Whether the driver uses only an account with these `tags`. Not together with `storageAccount`.
   * @default - the driver ignores tags when it selects an account
   */
  readonly matchTags?: boolean;
  /**
   * Whether the driver selects a matching account at random.
   * @default - the first match in alphabetical order
   */
  readonly selectRandomMatchingAccount?: boolean;
  /**
   * Whether to disable soft delete of shares in an account that the driver creates.
   * @default - soft delete stays enabled: a deleted share can be restored
   */
  readonly disableDeleteRetentionPolicy?: boolean;
  /**
   * Whether to allow public access to blobs of an account that the driver creates.
   * @default - not allowed
   */
  readonly allowBlobPublicAccess?: boolean;
  /**
   * Whether to encrypt data at rest a second time in an account that the driver creates.
   * @default - encrypted once
   */
  readonly requireInfraEncryption?: boolean;
  /**
   * Whether to allow replication to accounts of other tenants. Needs driver 1.35.2 or newer, which does not document
   * it.
   * @default - the account's own setting
   */
  readonly allowCrossTenantReplication?: boolean;
  /**
   * Whether an account that the driver creates accepts its account keys. If not, SMB needs a mount by identity. Needs
   * driver 1.30.4 or newer.
   * @default - true
   */
  readonly allowSharedKeyAccess?: boolean;
  /**
   * Access to the public endpoint of an account that the driver creates. Needs driver 1.32.2 or newer.
   * @default - chosen by the service
   */
  readonly publicNetworkAccess?: AzureFilesPublicNetworkAccess;
  /**
   * The Azure API that the driver uses to create, resize and delete shares. OAUTH needs driver 1.32.2 or newer.
   * @default - Azure Resource Manager
   */
  readonly useDataPlaneApi?: AzureFilesDataPlaneApi;

  /**
   * SMB: whether the driver writes the account key into a Secret, which it does not update after a key rotation. Not
   * together with a mount by identity.
   * @default - true for mounts by key, false for mounts by identity
   */
  readonly storeAccountKey?: boolean;
  /**
   * SMB: name of the Secret for the account key, or for `mountWithOAuthToken` the token (key `oauthtoken`).
   * @default - `azure-storage-account-<account>-secret`
   */
  readonly secretName?: string;
  /**
   * SMB: namespace of the Secret.
   * @default - the namespace of the claim
   */
  readonly secretNamespace?: string;
  /**
   * SMB: whether to use the newer of the two account keys; `getLatestAccountKey` of the driver.
   * @default - the first key
   */
  readonly latestAccountKey?: boolean;
  /**
   * SMB: whether to use several connections per mount; premium SKUs only. Combine it with the mount option
   * `max_channels=4`.
   * @default - one connection
   */
  readonly enableMultichannel?: boolean;
  /**
   * SMB: client id of the managed identity that mounts. Needs driver 1.33.4 or newer, or 1.32.6 within 1.32. Without a
   * `mountWith…` flag, nodes still mount with the account key, which the identity lists with the pod's token.
   * @default - the kubelet's identity
   */
  readonly clientId?: string;
  /**
   * SMB: tenant of `clientId`. Needs driver 1.35.0 or newer in a class, 1.32.6 in a volume; the driver does not
   * document it.
   * @default - that of the cluster
   */
  readonly tenantId?: string;
  /**
   * SMB: whether to mount with a managed identity of the node, without an account key. Needs driver 1.34.0 or newer, or
   * 1.34.1 if the driver creates the account.
   * @default - mounts with the account key
   * @see https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/managed-identity-mount.md
   */
  readonly mountWithManagedIdentity?: boolean;
  /**
   * SMB: whether to mount with the pod's workload identity, without an account key. Requires `clientId`. Needs driver
   * 1.35.0 or newer.
   * @default - mounts with the account key
   * @see https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/workload-identity-static-pv-mount.md
   */
  readonly mountWithWorkloadIdentityToken?: boolean;
  /**
   * SMB: whether to mount with an OAuth token from the Secret `secretName`. Needs driver 1.35.3 or newer.
   * @default - mounts with the account key
   */
  readonly mountWithOAuthToken?: boolean;

  /**
   * NFS: mapping of client users on the share.
   * @default - root stays root
   */
  readonly rootSquashType?: AzureFilesRootSquash;
  /**
   * NFS: mode of the mounted folder as octal text, such as `0770`; `0` leaves it unchanged.
   * @default - 0777
   */
  readonly mountPermissions?: string;
  /**
   * NFS: when the driver changes the group of files to the pod's `fsGroup`. The driver ignores the pod's own
   * `fsGroupChangePolicy`.
   * @default - if the root folder belongs to another group
   */
  readonly fsGroupChangePolicy?: AzureFilesFsGroupChangePolicy;
  /**
   * NFS: whether to use TLS between node and share. The account must still not require secure transfer. Needs driver
   * 1.33.0 or newer.
   * @default - not encrypted
   */
  readonly encryptInTransit?: boolean;

  /**
   * Network endpoint of an account that the driver creates.
   * @default - none for SMB, service endpoints for NFS
   */
  readonly networkEndpointType?: AzureFilesNetworkEndpoint;
  /**
   * Resource group of the private DNS zone; with a private endpoint only. Needs driver 1.35.2 or newer.
   * @default - that of the virtual network
   */
  readonly privateDnsZoneResourceGroup?: string;
  /**
   * Resource group of the virtual network.
   * @default - that of the cluster
   */
  readonly vnetResourceGroup?: string;
  /**
   * Virtual network of the endpoints.
   * @default - that of the cluster
   */
  readonly vnetName?: string;
  /**
   * Subnets of the endpoints; exactly one with a private endpoint.
   * @default - all subnets of the virtual network
   */
  readonly subnetNames?: string[];
  /**
   * Name of the link between virtual network and private DNS zone. Needs driver 1.32.2 or newer.
   * @default - `<virtual network>-vnetlink`
   */
  readonly vnetLinkName?: string;
}
