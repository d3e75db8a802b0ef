import type { Size } from 'cdk8s';
import type { AzureFilesProtocol } from './enums';

/** Credential that a node mounts the share with. */
export enum AzureFilesAuthentication {
  /** The account key, which gives access to every share of the account. */
  ACCOUNT_KEY = 'AccountKey',
  /** A managed identity of the node. Every pod on the node can mount with it. */
  MANAGED_IDENTITY = 'ManagedIdentity',
  /** The identity that is federated with the pod's service account; the narrowest access. */
  WORKLOAD_IDENTITY = 'WorkloadIdentity',
}

/**
 * An existing file share, or one that Terraform creates. Use `storage.share` of the Azure half, write the fields by
 * hand, or read them from the file that `terraform output -json` writes.
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
   * @default - that of the cluster
   */
  readonly subscriptionId?: string;
  /**
   * Protocol between nodes and share.
   * @default AzureFilesProtocol.SMB
   */
  readonly protocol?: AzureFilesProtocol;
  /**
   * Size of the share. Kubernetes only displays it; synth fails if one full dump does not fit.
   * @default Size.gibibytes(100)
   */
  readonly capacity?: Size;
  /**
   * Size of the share in GiB, for JSON such as the output of the Azure half. Not together with `capacity`.
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
   * @default - WORKLOAD_IDENTITY with a `serviceAccountName`, otherwise MANAGED_IDENTITY with a `clientId`, otherwise
   * ACCOUNT_KEY
   */
  readonly authentication?: AzureFilesAuthentication;
  /**
   * Client id of the identity that mounts; a GUID.
   * @default - the kubelet's identity for MANAGED_IDENTITY; required for WORKLOAD_IDENTITY
   */
  readonly clientId?: string;
  /**
   * Tenant of the identity; a GUID.
   * @default - that of the cluster
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
   * NFS: whether the account requires TLS for mounts.
   * @default false
   */
  readonly encryptInTransit?: boolean;
}
