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

/** Options of `DumpStorage` and `DumpStorageStack`. */
export interface DumpStorageOptions {
  /** Azure region, such as `westeurope`. A change replaces the account, and its dumps are lost. */
  readonly location: string;
  /**
   * Name of the storage account, unique in all of Azure: 3 to 24 lower-case letters and digits. A change replaces the
   * account, and its dumps are lost.
   */
  readonly storageAccountName: string;
  /** Credential that nodes mount the share with. */
  readonly access: DumpStorageAccess;
  /**
   * Additional teams by name. Each mounts the share with its own identity; `team(name)` of the storage returns the
   * share for its manifests. Every team can read and delete all dumps, because the role is assigned on the account.
   * @default - none; only `access`
   */
  readonly teams?: { [name: string]: DumpStorageAccess };
  /** Network access to the account. */
  readonly network: DumpStorageNetwork;
  /**
   * Name of the new resource group.
   * @default - `rg-<account>`
   */
  readonly resourceGroupName?: string;
  /**
   * Name of an existing resource group to use instead of a new one.
   * @default - a new resource group is created
   */
  readonly existingResourceGroupName?: string;
  /**
   * Name of the share: 3 to 63 lower-case letters, digits and single dashes.
   * @default 'dumps'
   */
  readonly shareName?: string;
  /**
   * Billing model, media and redundancy. Terraform replaces the account, and its dumps are lost, if the billing model
   * or media changes, or if the redundancy changes between LRS or GRS and ZRS or GZRS; see `preventDestroy`.
   * @default AzureFilesSku.PREMIUM_V2_LRS
   */
  readonly sku?: AzureFilesSku;
  /**
   * Size of the share in whole GiB. The minimum is 1, 32 or 100, depending on the SKU; the maximum is 102400, the limit
   * of azurerm.
   * @default Size.gibibytes(100)
   */
  readonly capacity?: Size;
  /**
   * Trade-off between storage and transaction prices; pay-as-you-go SKUs only.
   * @default - TRANSACTION_OPTIMIZED, the default of Azure
   */
  readonly accessTier?: AzureFilesShareAccessTier;
  /**
   * Version of the CSI driver in the clusters, for example `1.35.0`. It becomes part of `share`, so that synth of the
   * manifests fails if they use a feature that the driver does not support.
   * @default - not checked, unless the store has a `driverVersion`
   */
  readonly driverVersion?: string;
  /**
   * Protocol of the share. NFS needs a premium SKU and `DumpStorageAccess.network()`.
   * @default AzureFilesProtocol.SMB
   */
  readonly protocol?: AzureFilesProtocol;
  /**
   * Provisioned IOPS; v2 SKUs only.
   * @default - depends on the size
   */
  readonly provisionedIops?: number;
  /**
   * Provisioned throughput in MiB/s; v2 SKUs only.
   * @default - depends on the size; for 100 GiB, 110 on SSD and 62 on HDD
   */
  readonly provisionedBandwidth?: number;
  /**
   * Principals that may read dumps, in addition to the pods that mount the share.
   * @default - none
   */
  readonly readers?: DumpReader[];
  /**
   * Customer-managed key that encrypts the account; not with StandardV2 SKUs.
   * @default - Microsoft-managed keys
   */
  readonly customerManagedKey?: DumpEncryptionKey;
  /**
   * Whether the infrastructure below the service encrypts the data a second time. A change replaces the account, and
   * its dumps are lost.
   * @default true
   */
  readonly infrastructureEncryption?: boolean;
  /**
   * Whether SMB may fall back to AES-128-GCM, for nodes whose kernel does not support AES-256-GCM.
   * @default false
   */
  readonly allowAes128?: boolean;
  /**
   * Whether trusted Azure services bypass the firewall: the CSI controller of AKS with `useDataPlaneApi: oauth`, Azure
   * Backup, Defender.
   * @default - true with `backup`, otherwise false
   */
  readonly allowTrustedServices?: boolean;
  /**
   * Individual Azure resources that bypass the firewall with their managed identity.
   * @default - none
   * @see https://learn.microsoft.com/azure/storage/common/storage-network-security-resource-instances
   */
  readonly trustedResources?: TrustedResource[];
  /**
   * Destination of the audit log, which records reads, writes and deletions of dumps.
   * @default DumpAudit.newWorkspace()
   */
  readonly audit?: DumpAudit;
  /**
   * Recipients and thresholds of alerts. Alerts on reads, new dumps and failed writes need an audit log.
   * @default - none
   */
  readonly alerts?: DumpAlerts;
  /**
   * How long a deleted share can be restored; from 1 to 365 days. Single files cannot be restored.
   * @default Duration.days(7)
   */
  readonly softDelete?: Duration;
  /**
   * Whether locks prevent the deletion of the account, the share and the new workspace of the audit log. Azure then
   * also refuses to remove roles on them. If a plan replaces the account, Terraform removes the lock first;
   * `preventDestroy` prevents that.
   * @default true
   */
  readonly lock?: boolean;
  /**
   * Whether Terraform refuses plans that would delete the account or the share.
   * @default false
   */
  readonly preventDestroy?: boolean;
  /**
   * Daily snapshots of the share; not with NFS. They extend the retention of the personal data in dumps.
   * @default - none
   */
  readonly backup?: DumpBackup;
  /**
   * The Azure cloud of the subscription.
   * @default AzureCloud.PUBLIC
   */
  readonly cloud?: AzureCloud;
  /**
   * Tags of every resource, such as owner, data classification and expiry date.
   * @default - none
   */
  readonly tags?: { [name: string]: string };
}

/** Properties of `DumpStorage`. */
export interface DumpStorageProps extends DumpStorageOptions {
  /**
   * Id of the subscription. Nodes of clusters in other subscriptions need it, and so does the azapi provider if it is
   * added.
   * @default - the cluster's subscription; for azapi, the subscription of the environment
   */
  readonly subscriptionId?: string;
}
