import { Construct } from 'constructs';
import { AzureFilesAuthentication, AzureFilesShare } from './azure-files-share';
import { checkFlag, checkName, checkText } from './checks/arguments';
import { StoreObject } from './store-objects';

/** Options of `AzureFilesAccess.accountKey`. */
export interface AccountKeyAccessOptions {
  /**
   * Secret that holds the account's name and key under `azurestorageaccountname` and `azurestorageaccountkey`.
   * @default - `azure-storage-account-<account>-secret`, the name that the driver itself gives
   */
  readonly secretName?: string;
  /**
   * Namespace of the Secret.
   * @default - the claim's
   */
  readonly secretNamespace?: string;
}

/** Options of `AzureFilesAccess.managedIdentity`. */
export interface ManagedIdentityAccessOptions {
  /**
   * Client id of a user-assigned identity that is attached to the nodes.
   * @default - the kubelet's identity
   */
  readonly clientId?: string;
  /**
   * Tenant of the identity.
   * @default - the cluster's
   */
  readonly tenantId?: string;
}

/** Options of `AzureFilesAccess.workloadIdentity`. */
export interface WorkloadIdentityAccessOptions {
  /** Client id of the identity that trusts the service account. */
  readonly clientId: string;
  /** Name of the service account, which the pods must run under. */
  readonly serviceAccountName: string;
  /**
   * Tenant of the identity.
   * @default - the cluster's
   */
  readonly tenantId?: string;
  /**
   * Whether to define the service account, in each namespace with workloads; false where it exists already.
   * @default true
   */
  readonly createServiceAccount?: boolean;
}

/** The options of all variants. */
interface AccessOptions extends AccountKeyAccessOptions, ManagedIdentityAccessOptions {
  readonly serviceAccountName?: string;
  readonly createServiceAccount?: boolean;
}

/**
 * Who a node is to the storage account when it mounts a share by SMB. NFS has no identity: whoever the network lets through may mount.
 *
 * @see https://learn.microsoft.com/azure/aks/azure-files-csi
 */
export class AzureFilesAccess {
  /** With the account key out of a Secret. The key opens every share of the account, and a new key reaches a pod only when it is made anew. */
  public static accountKey(options: AccountKeyAccessOptions = {}): AzureFilesAccess {
    if (options.secretName !== undefined) checkName('secretName', options.secretName);
    if (options.secretNamespace !== undefined) checkName('secretNamespace', options.secretNamespace);
    return new AzureFilesAccess(AzureFilesAuthentication.ACCOUNT_KEY, options);
  }

  /**
   * As a managed identity of the node, which has the role Storage File Data SMB MI Admin on the account. Every pod of the node can mount as it.
   * Driver 1.34.0 or newer.
   *
   * @see https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/managed-identity-mount.md
   */
  public static managedIdentity(options: ManagedIdentityAccessOptions = {}): AzureFilesAccess {
    if (options.clientId !== undefined) checkText('clientId', options.clientId);
    return new AzureFilesAccess(AzureFilesAuthentication.MANAGED_IDENTITY, options);
  }

  /**
   * As the identity that the pod's service account is federated with, which has the role Storage File Data SMB MI Admin on the account.
   * Driver 1.35.0 or newer.
   *
   * @see https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/workload-identity-static-pv-mount.md
   */
  public static workloadIdentity(options: WorkloadIdentityAccessOptions): AzureFilesAccess {
    checkText('clientId', options.clientId);
    checkName('serviceAccountName', options.serviceAccountName);
    checkFlag('createServiceAccount', options.createServiceAccount);
    return new AzureFilesAccess(AzureFilesAuthentication.WORKLOAD_IDENTITY, options);
  }

  /** What the share says about itself. @internal */
  public static _of({ authentication, clientId, tenantId, serviceAccountName }: AzureFilesShare): AzureFilesAccess {
    const byIdentity = serviceAccountName === undefined ? AzureFilesAuthentication.MANAGED_IDENTITY : AzureFilesAuthentication.WORKLOAD_IDENTITY;
    switch (authentication ?? (clientId === undefined ? AzureFilesAuthentication.ACCOUNT_KEY : byIdentity)) {
      case AzureFilesAuthentication.ACCOUNT_KEY:
        return AzureFilesAccess.accountKey();
      case AzureFilesAuthentication.MANAGED_IDENTITY:
        return AzureFilesAccess.managedIdentity({ clientId, tenantId });
      case AzureFilesAuthentication.WORKLOAD_IDENTITY:
        return AzureFilesAccess.workloadIdentity({ clientId: clientId!, tenantId, serviceAccountName: serviceAccountName! });
      default:
        throw new Error(`share.authentication (${authentication}) must be one of ${Object.values(AzureFilesAuthentication).join(', ')}`);
    }
  }

  private constructor(
    /** @internal */ public readonly _authentication: AzureFilesAuthentication,
    /** @internal */ public readonly _options: AccessOptions,
  ) {}
}

/** The flags by which the driver knows an access, under the names of `AzureFilesParameters`. */
export function identityParameters({ _authentication, _options: { clientId, tenantId } }: AzureFilesAccess) {
  return {
    ...(clientId === undefined ? {} : { clientId }),
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(_authentication === AzureFilesAuthentication.MANAGED_IDENTITY ? { mountWithManagedIdentity: true } : {}),
    ...(_authentication === AzureFilesAuthentication.WORKLOAD_IDENTITY ? { mountWithWorkloadIdentityToken: true } : {}),
  };
}

/** Annotation by which Azure's tools know the identity of a service account. The driver itself takes it from the volume. */
const CLIENT_ID_ANNOTATION = 'azure.workload.identity/client-id';
const TENANT_ID_ANNOTATION = 'azure.workload.identity/tenant-id';

/** The service account of a namespace, where the store is to define it. */
export function defineServiceAccount(scope: Construct, { _options }: AzureFilesAccess, namespace: string | undefined, suffix: string): void {
  const { serviceAccountName, createServiceAccount = true, clientId, tenantId } = _options;
  if (serviceAccountName === undefined || !createServiceAccount) return;
  new StoreObject(scope, `ServiceAccount${suffix}`, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      name: serviceAccountName,
      namespace,
      annotations: { [CLIENT_ID_ANNOTATION]: clientId!, ...(tenantId === undefined ? {} : { [TENANT_ID_ANNOTATION]: tenantId }) },
    },
  });
}
