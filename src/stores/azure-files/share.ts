import type { Size } from 'cdk8s';
import type { AzureFilesProtocol } from './enums';

/** Credential that a node mounts the share with. */
export enum AzureFilesAuthentication {
  /** The account key, which opens every share of the account. */
  ACCOUNT_KEY = 'AccountKey',
  /** A managed identity of the node. Every pod of the node can mount as it. */
  MANAGED_IDENTITY = 'ManagedIdentity',
  /** The identity federated with the pod's service account: the least privilege that reaches the share. */
  WORKLOAD_IDENTITY = 'WorkloadIdentity',
}

/**
 * A file share that exists, or that Terraform makes: `storage.share` of the Azure half, written by hand, or read from
 * the file that `terraform output -json` writes.
 */
export interface AzureFilesShare {
  /** Name of the storage account: 3 to 24 lower-case letters and digits. */
  readonly storageAccountName: string;
  /** Resource group of the storage account. */
  readonly resourceGroupName: string;
  /** Name of the share: 3 to 63 lower-case letters, digits and single hyphens. */
  readonly shareName: string;
  /**
   * Subscription of the storage account; a GUID.
   * @default - the cluster's
   */
  readonly subscriptionId?: string;
  /**
   * How nodes talk to the share.
   * @default AzureFilesProtocol.SMB
   */
  readonly protocol?: AzureFilesProtocol;
  /**
   * Size of the share. Kubernetes only shows it.
   * @default Size.gibibytes(100)
   */
  readonly capacity?: Size;
  /**
   * The same as a number of GiB, as the output of the Azure half has it: JSON has no `Size`. Not together with
   * `capacity`.
   * @default - `capacity`
   */
  readonly capacityGibibytes?: number;
  /**
   * Version of the CSI driver in the clusters that mount the share, for example `1.35.0`.
   * @default - `driverVersion` of the store
   */
  readonly driverVersion?: string;
  /**
   * How nodes authenticate; SMB only.
   * @default - WORKLOAD_IDENTITY with a `serviceAccountName`, else MANAGED_IDENTITY with a `clientId`, else ACCOUNT_KEY
   */
  readonly authentication?: AzureFilesAuthentication;
  /**
   * Client id of the identity that mounts; a GUID.
   * @default - the kubelet's identity for MANAGED_IDENTITY; required for WORKLOAD_IDENTITY
   */
  readonly clientId?: string;
  /**
   * Tenant of that identity; a GUID.
   * @default - the cluster's
   */
  readonly tenantId?: string;
  /**
   * Name of the service account that the identity trusts; for WORKLOAD_IDENTITY only, which requires it.
   * @default - none
   */
  readonly serviceAccountName?: string;
  /**
   * Namespaces whose service account the identity trusts. Synth fails for a volume in another namespace. For
   * WORKLOAD_IDENTITY only.
   * @default - not checked
   */
  readonly serviceAccountNamespaces?: string[];
  /**
   * Domain of the storage service, such as `core.usgovcloudapi.net`.
   * @default - the suffix of the cluster's cloud
   */
  readonly storageEndpointSuffix?: string;
  /**
   * NFS: whether the account refuses mounts without TLS.
   * @default false
   */
  readonly encryptInTransit?: boolean;
}
