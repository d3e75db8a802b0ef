import type { Size } from 'cdk8s';
import type { AzureFilesProtocol } from './azure-files-enums';

/** Who a node is to the storage account when it mounts the share for a pod. */
export enum AzureFilesAuthentication {
  /** Whoever holds the account key, which opens every share of the account. */
  ACCOUNT_KEY = 'AccountKey',
  /** A managed identity of the node. Every pod of the node can mount as it. */
  MANAGED_IDENTITY = 'ManagedIdentity',
  /** The identity that the pod's service account is federated with: the least that reaches the share. */
  WORKLOAD_IDENTITY = 'WorkloadIdentity',
}

/**
 * A file share that exists, or that Terraform makes: `storage.share` of the Azure half, written by hand, or read from the file that
 * `terraform output -json` writes.
 */
export interface AzureFilesShare {
  /** Name of the storage account. */
  readonly storageAccountName: string;
  /** Resource group of the storage account. */
  readonly resourceGroupName: string;
  /** Name of the share: 3 to 63 lower-case letters, digits and single hyphens. */
  readonly shareName: string;
  /**
   * Subscription of the storage account.
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
   * How nodes authenticate; SMB only.
   * @default - with an identity where `clientId` is given: WORKLOAD_IDENTITY with a `serviceAccountName`, else MANAGED_IDENTITY; else with the
   * account key
   */
  readonly authentication?: AzureFilesAuthentication;
  /**
   * Client id of the identity that mounts.
   * @default - the kubelet's identity for MANAGED_IDENTITY; required for WORKLOAD_IDENTITY
   */
  readonly clientId?: string;
  /**
   * Tenant of that identity.
   * @default - the cluster's
   */
  readonly tenantId?: string;
  /**
   * Name of the service account that the identity trusts; required for WORKLOAD_IDENTITY.
   * @default - none
   */
  readonly serviceAccountName?: string;
  /**
   * Namespaces whose service account the identity trusts: a workload of another one is an error.
   * @default - not checked
   */
  readonly serviceAccountNamespaces?: string[];
  /**
   * Domain of the storage service, such as `core.usgovcloudapi.net`.
   * @default - the one of the cluster's cloud
   */
  readonly storageEndpointSuffix?: string;
}
