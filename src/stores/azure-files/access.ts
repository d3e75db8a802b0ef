import { GUID } from './azure-names';
import type { ParametersAccess } from './checked-parameters';
import type { AzureFilesParameters } from './parameters';
import { AzureFilesAuthentication, AzureFilesShare } from './share';
import { computed, FLAG, madeBy, NAME } from '../../input/checks';
import { located } from '../../input/located-error';
import { checkProps, Checks, required } from '../../input/struct';

/** Options of `AzureFilesAccess.accountKey`. */
export interface AccountKeyAccessOptions {
  /**
   * Name of the Secret that contains the account's name and key under `azurestorageaccountname` and
   * `azurestorageaccountkey`.
   * @default - `azure-storage-account-<account>-secret`, the default of the driver
   */
  readonly secretName?: string;
  /**
   * Namespace of the Secret.
   * @default - the namespace of the claim
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
   * @default - the tenant of the cluster
   */
  readonly tenantId?: string;
}

/** Options of `AzureFilesAccess.workloadIdentity`. */
export interface WorkloadIdentityAccessOptions {
  /** Client id of the identity that trusts the service account. */
  readonly clientId: string;
  /** Name of the service account of the pods. */
  readonly serviceAccountName: string;
  /**
   * Tenant of the identity.
   * @default - the tenant of the cluster
   */
  readonly tenantId?: string;
  /**
   * Whether to create the service account in each namespace with workloads; false if it already exists.
   * @default true
   */
  readonly createServiceAccount?: boolean;
}

const ACCOUNT_KEY_OPTIONS: Checks<AccountKeyAccessOptions> = {
  secretName: computed(NAME),
  secretNamespace: computed(NAME),
};
const MANAGED_IDENTITY_OPTIONS: Checks<ManagedIdentityAccessOptions> = {
  clientId: computed(GUID),
  tenantId: computed(GUID),
};
const WORKLOAD_IDENTITY_OPTIONS: Checks<WorkloadIdentityAccessOptions> = {
  clientId: required(computed(GUID)),
  serviceAccountName: required(computed(NAME)),
  tenantId: computed(GUID),
  createServiceAccount: FLAG,
};

/** The options of all variants. */
interface AccessOptions extends AccountKeyAccessOptions, ManagedIdentityAccessOptions {
  readonly serviceAccountName?: string;
  readonly createServiceAccount?: boolean;
}

const RESOLVED_OPTIONS: Checks<AccessOptions> = {
  ...ACCOUNT_KEY_OPTIONS,
  ...MANAGED_IDENTITY_OPTIONS,
  serviceAccountName: NAME,
  createServiceAccount: FLAG,
};

/** @internal */
export const AZURE_FILES_ACCESS = madeBy('a factory of AzureFilesAccess', '_options');

/**
 * Selects the credential that nodes mount an SMB share with. NFS has no credentials: every host that the network rules
 * allow can mount the share.
 * @see https://learn.microsoft.com/azure/aks/azure-files-csi
 */
export class AzureFilesAccess {
  /**
   * Mounts with the account key from a Secret. The key gives access to every share of the account. After a key
   * rotation, a pod gets the new key only when it is recreated.
   */
  public static accountKey(options: AccountKeyAccessOptions = {}): AzureFilesAccess {
    located('AzureFilesAccess.accountKey', () => checkProps(options, ACCOUNT_KEY_OPTIONS, 'options'));
    return new AzureFilesAccess(AzureFilesAuthentication.ACCOUNT_KEY, options);
  }

  /**
   * Mounts with a managed identity of the node, which needs the role Storage File Data SMB MI Admin on the account.
   * Every pod on the node can mount with it. Needs driver 1.34.0 or newer.
   *
   * @see https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/managed-identity-mount.md
   */
  public static managedIdentity(options: ManagedIdentityAccessOptions = {}): AzureFilesAccess {
    located('AzureFilesAccess.managedIdentity', () => checkProps(options, MANAGED_IDENTITY_OPTIONS, 'options'));
    return new AzureFilesAccess(AzureFilesAuthentication.MANAGED_IDENTITY, options);
  }

  /**
   * Mounts with the identity that is federated with the pod's service account. The identity needs the role Storage File
   * Data SMB MI Admin on the account. Needs driver 1.35.0 or newer.
   *
   * @see https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/workload-identity-static-pv-mount.md
   */
  public static workloadIdentity(options: WorkloadIdentityAccessOptions): AzureFilesAccess {
    located('AzureFilesAccess.workloadIdentity', () => checkProps(options, WORKLOAD_IDENTITY_OPTIONS, 'options'));
    return new AzureFilesAccess(AzureFilesAuthentication.WORKLOAD_IDENTITY, options);
  }

  /** Checks and returns the access that a share describes. @internal */
  public static _of(
    { clientId, tenantId, serviceAccountName }: AzureFilesShare,
    authentication: AzureFilesAuthentication,
  ): AzureFilesAccess {
    return new AzureFilesAccess(authentication, { clientId, tenantId, serviceAccountName });
  }

  /** Returns a copy with values that the app has resolved, and checks them again. @internal */
  public static _resolved({ _authentication }: AzureFilesAccess, options: AccessOptions): AzureFilesAccess {
    checkProps(options, RESOLVED_OPTIONS, 'access');
    return new AzureFilesAccess(_authentication, options);
  }

  private constructor(
    /** @internal */ public readonly _authentication: AzureFilesAuthentication,
    /** @internal */ public readonly _options: AccessOptions,
  ) {}
}

const TITLES: Record<AzureFilesAuthentication, string> = {
  [AzureFilesAuthentication.ACCOUNT_KEY]: 'access by account key',
  [AzureFilesAuthentication.MANAGED_IDENTITY]: 'access by managed identity',
  [AzureFilesAuthentication.WORKLOAD_IDENTITY]: 'access by workload identity',
};

/** Returns the access for messages about the parameters that it sets. */
export function parametersAccess(access: AzureFilesAccess | undefined): ParametersAccess | undefined {
  if (access === undefined) return undefined;
  const sets = Object.keys(identityParameters(access)) as (keyof AzureFilesParameters)[];
  return { title: TITLES[access._authentication], sets };
}

/** Returns the driver parameters that select the credential, under the names of `AzureFilesParameters`. */
export function identityParameters({ _authentication, _options: { clientId, tenantId } }: AzureFilesAccess) {
  return {
    ...(clientId === undefined ? {} : { clientId }),
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(_authentication === AzureFilesAuthentication.MANAGED_IDENTITY ? { mountWithManagedIdentity: true } : {}),
    ...(_authentication === AzureFilesAuthentication.WORKLOAD_IDENTITY ? { mountWithWorkloadIdentityToken: true } : {}),
  };
}
