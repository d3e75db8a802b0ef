import { checkNow, GUID } from './azure-names';
import { AzureFilesAuthentication, AzureFilesShare } from './share';
import { checkFields, checkFlag, checkName } from '../../input/arguments';

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
    checkFields('AzureFilesAccess.accountKey', options, { secretName: true, secretNamespace: true });
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
    checkFields('AzureFilesAccess.managedIdentity', options, { clientId: true, tenantId: true });
    if (options.clientId !== undefined) checkNow('clientId', options.clientId, GUID);
    if (options.tenantId !== undefined) checkNow('tenantId', options.tenantId, GUID);
    return new AzureFilesAccess(AzureFilesAuthentication.MANAGED_IDENTITY, options);
  }

  /**
   * As the identity that the pod's service account is federated with, which has the role Storage File Data SMB MI Admin on the account.
   * Driver 1.35.0 or newer.
   *
   * @see https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/workload-identity-static-pv-mount.md
   */
  public static workloadIdentity(options: WorkloadIdentityAccessOptions): AzureFilesAccess {
    checkFields('AzureFilesAccess.workloadIdentity', options, { clientId: true, serviceAccountName: true, tenantId: true, createServiceAccount: true });
    checkNow('clientId', options.clientId, GUID);
    if (options.tenantId !== undefined) checkNow('tenantId', options.tenantId, GUID);
    checkName('serviceAccountName', options.serviceAccountName);
    checkFlag('createServiceAccount', options.createServiceAccount);
    return new AzureFilesAccess(AzureFilesAuthentication.WORKLOAD_IDENTITY, options);
  }

  /** What a share says about itself, which is checked. @internal */
  public static _of({ clientId, tenantId, serviceAccountName }: AzureFilesShare, authentication: AzureFilesAuthentication): AzureFilesAccess {
    return new AzureFilesAccess(authentication, { clientId, tenantId, serviceAccountName });
  }

  /** The same with other values, such as those that an app has resolved. @internal */
  public static _with({ _authentication }: AzureFilesAccess, options: AccessOptions): AzureFilesAccess {
    return new AzureFilesAccess(_authentication, options);
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
