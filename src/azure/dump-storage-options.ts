import type { Size, Duration } from 'cdk8s';
import type { DumpStorageAccess } from './access';
import type { DumpAudit } from './audit';
import type { AzureCloud } from './cloud';
import type { DumpAlerts } from './dump-alerts';
import type { DumpBackup } from './dump-backup';
import type { DumpEncryptionKey } from './dump-encryption-key';
import type { DumpReader } from './dump-reader';
import type { DumpStorageNetwork } from './network';
import type { TrustedResource } from './trusted-resource';
import type { AzureFilesProtocol, AzureFilesShareAccessTier, AzureFilesSku } from '../stores/azure-files/enums';

/** What dump storage is made of. */
export interface DumpStorageOptions {
  /** Azure region, such as `westeurope`. Another one replaces the account, and the dumps in it are lost. */
  readonly location: string;
  /**
   * Name of the storage account, unique in the whole of Azure: 3 to 24 lower-case letters and digits. Another one
   * replaces the account.
   */
  readonly storageAccountName: string;
  /** Credential that nodes mount the share with. */
  readonly access: DumpStorageAccess;
  /**
   * Further teams by name, each of which mounts the share with an identity of its own: `team(name)` of the storage has
   * the share for its manifests. All of them can read and delete every dump, because the role is on the account.
   * @default - none: `access` alone
   */
  readonly teams?: { [name: string]: DumpStorageAccess };
  /** Where the account can be reached from. */
  readonly network: DumpStorageNetwork;
  /**
   * Name of the resource group that is made.
   * @default - `rg-<account>`
   */
  readonly resourceGroupName?: string;
  /**
   * Name of a resource group that exists, instead of one of its own.
   * @default - one is made
   */
  readonly existingResourceGroupName?: string;
  /**
   * Name of the share: 3 to 63 lower-case letters, digits and single dashes.
   * @default 'dumps'
   */
  readonly shareName?: string;
  /**
   * Price model, media and redundancy. Another price model or media, or a change between LRS or GRS and ZRS or GZRS,
   * makes Terraform replace the account, and the dumps in it are lost; see `preventDestroy`.
   * @default AzureFilesSku.PREMIUM_V2_LRS
   */
  readonly sku?: AzureFilesSku;
  /**
   * Size of the share in whole GiB; at least 1, 32 or 100, by SKU, and at most 102400, which is the limit of azurerm.
   * @default Size.gibibytes(100)
   */
  readonly capacity?: Size;
  /**
   * Price of space against price of transactions; pay-as-you-go SKUs only.
   * @default - Azure's: TRANSACTION_OPTIMIZED
   */
  readonly accessTier?: AzureFilesShareAccessTier;
  /**
   * Version of the CSI driver in the clusters, for example `1.35.0`. `share` carries it, so that synth of the manifests
   * fails for what the driver does not know.
   * @default - not checked, unless the store has a `driverVersion`
   */
  readonly driverVersion?: string;
  /**
   * How nodes talk to the share. NFS needs a premium SKU and `DumpStorageAccess.network()`.
   * @default AzureFilesProtocol.SMB
   */
  readonly protocol?: AzureFilesProtocol;
  /**
   * IOPS bought apart from the size; v2 SKUs only.
   * @default - by size
   */
  readonly provisionedIops?: number;
  /**
   * Throughput in MiB/s bought apart from the size; v2 SKUs only.
   * @default - by size: with 100 GiB, 110 on SSD and 62 on HDD
   */
  readonly provisionedBandwidth?: number;
  /**
   * Who may read dumps, apart from the pods that mount the share.
   * @default - nobody
   */
  readonly readers?: DumpReader[];
  /**
   * A key of yours that encrypts the account; not with StandardV2 SKUs.
   * @default - keys that Microsoft manages
   */
  readonly customerManagedKey?: DumpEncryptionKey;
  /**
   * Encrypts a second time, below the service. A change replaces the account, and the dumps in it are lost.
   * @default true
   */
  readonly infrastructureEncryption?: boolean;
  /**
   * Lets SMB fall back to AES-128-GCM, for nodes whose kernel does not offer AES-256-GCM.
   * @default false
   */
  readonly allowAes128?: boolean;
  /**
   * Lets trusted Azure services past the firewall: the CSI controller of AKS with `useDataPlaneApi: oauth`, Azure
   * Backup, Defender.
   * @default - only with `backup`
   */
  readonly allowTrustedServices?: boolean;
  /**
   * Single resources of Azure that the firewall admits by their managed identity.
   * @default - none
   * @see https://learn.microsoft.com/azure/storage/common/storage-network-security-resource-instances
   */
  readonly trustedResources?: TrustedResource[];
  /**
   * Where reads, writes and deletions of dumps are logged.
   * @default DumpAudit.newWorkspace()
   */
  readonly audit?: DumpAudit;
  /**
   * Alerts on reads of dumps and on a full share; with `DumpAudit.none()` only on a full share.
   * @default - none
   */
  readonly alerts?: DumpAlerts;
  /**
   * How long a deleted share can be brought back; from 1 to 365 days. Single files cannot.
   * @default Duration.days(7)
   */
  readonly softDelete?: Duration;
  /**
   * Whether Azure refuses to delete the account, the share, and the workspace of the log that is made. Azure then
   * refuses to take away roles on them as well. Terraform takes the lock away first where a plan replaces the account:
   * against that helps `preventDestroy`.
   * @default true
   */
  readonly lock?: boolean;
  /**
   * Whether Terraform refuses every plan that would delete the account or the share.
   * @default false
   */
  readonly preventDestroy?: boolean;
  /**
   * Daily snapshots of the share. They prolong the life of the personal data in dumps. Not with NFS.
   * @default - none
   */
  readonly backup?: DumpBackup;
  /**
   * The Azure cloud that the subscription is in.
   * @default AzureCloud.PUBLIC
   */
  readonly cloud?: AzureCloud;
  /**
   * Tags of every resource, such as owner, data classification and date of expiry.
   * @default - none
   */
  readonly tags?: { [name: string]: string };
}

/** Properties of `DumpStorage`. */
export interface DumpStorageProps extends DumpStorageOptions {
  /**
   * Id of the subscription, for nodes of clusters in other subscriptions and for azapi, where it is added.
   * @default - the cluster's; for azapi the subscription of the environment
   */
  readonly subscriptionId?: string;
}
