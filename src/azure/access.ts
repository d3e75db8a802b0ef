import { FederatedIdentityCredential } from '@cdktf/provider-azurerm/lib/federated-identity-credential';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { computed, isKnown, knownListOf, refuseTwice, textLike } from './checks';
import type { MountIdentity, StorageContext } from './storage-context';
import { FLAG, LABEL, NAME } from '../input/checks';
import { located } from '../input/located-error';
import { checkProps, Checks, required } from '../input/struct';
import { GUID } from '../stores/azure-files/azure-names';
import { AzureFilesProtocol } from '../stores/azure-files/enums';
import { AzureFilesAuthentication } from '../stores/azure-files/share';

/** Azure keeps no more federated credentials for one identity. */
const MAX_CREDENTIALS = 20;
/**
 * The only role with which an Entra identity can mount a share. Roles for people (Share Contributor, Elevated
 * Contributor) are not enough.
 */
const MOUNT_ROLE = 'Storage File Data SMB MI Admin';

/** Options of `DumpStorageAccess.workloadIdentity`. */
export interface WorkloadIdentityOptions {
  /** URL of the cluster's OIDC issuer; in AKS `oidcIssuerProfile.issuerUrl`. */
  readonly oidcIssuerUrl: string;
  /** Name of the service account of the pods that mount the share; the same in each namespace. */
  readonly serviceAccountName: string;
  /** Namespaces of that service account; 20 at most. */
  readonly namespaces: string[];
  /**
   * Name of the identity.
   * @default - `id-<account>-mount`
   */
  readonly identityName?: string;
}

/** Options of `DumpStorageAccess.managedIdentity`. */
export interface ManagedIdentityOptions {
  /**
   * Client id of an identity that the nodes have, such as the kubelet's.
   * @default - an identity is made; attach it to the node pools (`identityId` of the storage)
   */
  readonly clientId?: string;
  /**
   * Object id of that identity; given together with `clientId`.
   * @default - of the identity that is made
   */
  readonly principalId?: string;
  /**
   * Name of the identity that is made.
   * @default - `id-<account>-mount`
   */
  readonly identityName?: string;
}

/** Options of `DumpStorageAccess.network`. */
export interface NetworkAccessOptions {
  /**
   * Whether the share refuses mounts without TLS. Nodes then mount through the AZNFS helper, as `encryptInTransit` of
   * the share tells the CSI driver, from 1.33.0.
   * @default false
   */
  readonly requireEncryption?: boolean;
}

const IDENTITY_NAME = textLike(/^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/, '3 to 128 letters, digits, dashes and underscores');
const WORKLOAD_IDENTITY_OPTIONS: Checks<WorkloadIdentityOptions> = {
  oidcIssuerUrl: required(textLike(/^https:\/\/\S+$/, "the https URL of the cluster's OIDC issuer")),
  serviceAccountName: required(computed(NAME)),
  namespaces: required(knownListOf(computed(LABEL))),
  identityName: IDENTITY_NAME,
};
const MANAGED_IDENTITY_OPTIONS: Checks<ManagedIdentityOptions> = {
  clientId: computed(GUID),
  principalId: computed(GUID),
  identityName: IDENTITY_NAME,
};
const NETWORK_OPTIONS: Checks<NetworkAccessOptions> = { requireEncryption: FLAG };

/** Selects the credential that nodes mount the share with. */
export class DumpStorageAccess {
  /**
   * The pods' own service account, by an identity that trusts it; the account has no usable key. The least that reaches
   * the share; needs AKS 1.35 and an OIDC issuer.
   */
  public static workloadIdentity(options: WorkloadIdentityOptions): DumpStorageAccess {
    located('DumpStorageAccess.workloadIdentity', () => {
      const { namespaces } = checkProps(options, WORKLOAD_IDENTITY_OPTIONS, 'options');
      refuseTwice('namespaces', namespaces);
      if (namespaces.length === 0 || namespaces.length > MAX_CREDENTIALS) {
        throw new Error(
          `namespaces has ${namespaces.length} items, but an identity takes 1 to ${MAX_CREDENTIALS} federated ` +
            'credentials; ' +
            `${
              namespaces.length === 0
                ? 'name the namespaces of the workloads'
                : 'make a DumpStorage for each group of namespaces'
            }`,
        );
      }
    });
    return new DumpStorageAccess(AzureFilesAuthentication.WORKLOAD_IDENTITY, options);
  }

  /**
   * An identity of the nodes; the account has no usable key. Every pod of such a node can mount as it; needs AKS 1.34.
   */
  public static managedIdentity(options: ManagedIdentityOptions = {}): DumpStorageAccess {
    located('DumpStorageAccess.managedIdentity', () => {
      const { clientId, principalId, identityName } = checkProps(options, MANAGED_IDENTITY_OPTIONS, 'options');
      if ((clientId === undefined) !== (principalId === undefined)) {
        throw new Error(
          `${clientId === undefined ? 'principalId' : 'clientId'} is given alone; nodes mount with the client id, ` +
            'and roles are assigned to the object id (principal id); give ' +
            `${clientId === undefined ? 'clientId' : 'principalId'} too, or neither`,
        );
      }
      if (clientId !== undefined && identityName !== undefined) {
        throw new Error(
          `identityName '${identityName}' names an identity to create, but clientId names an existing one; remove ` +
            'one of them',
        );
      }
    });
    return new DumpStorageAccess(AzureFilesAuthentication.MANAGED_IDENTITY, undefined, options);
  }

  /**
   * Mounts with the account key. The key opens the whole account, and is in a Secret of the cluster and in the
   * Terraform state.
   */
  public static accountKey(): DumpStorageAccess {
    return new DumpStorageAccess(AzureFilesAuthentication.ACCOUNT_KEY);
  }

  /** Mounts without a credential: NFS has none, so every host that the network rules allow can mount the share. */
  public static network(options: NetworkAccessOptions = {}): DumpStorageAccess {
    located('DumpStorageAccess.network', () => checkProps(options, NETWORK_OPTIONS, 'options'));
    return new DumpStorageAccess(undefined, undefined, undefined, options);
  }

  private constructor(
    /** Absent for NFS. @internal */
    public readonly _authentication?: AzureFilesAuthentication,
    /** @internal */
    public readonly _workload?: WorkloadIdentityOptions,
    private readonly managed?: ManagedIdentityOptions,
    private readonly nfs?: NetworkAccessOptions,
  ) {}

  /** @internal */
  public get _protocol(): AzureFilesProtocol {
    return this._authentication === undefined ? AzureFilesProtocol.NFS : AzureFilesProtocol.SMB;
  }

  /** @internal */
  public get _byIdentity(): boolean {
    return this._workload !== undefined || this.managed !== undefined;
  }

  /** @internal */
  public get _requiresNfsEncryption(): boolean {
    return this.nfs?.requireEncryption === true;
  }

  /** The identity that mounts, where there is one. @internal */
  public _identity(
    scope: Construct,
    { accountName, resourceGroupName, location, tags }: StorageContext,
  ): MountIdentity | undefined {
    if (!this._byIdentity) return undefined;
    const { clientId, principalId } = this.managed ?? {};
    if (clientId !== undefined && principalId !== undefined) return { clientId, principalId };

    const name = (this._workload ?? this.managed)?.identityName ?? `id-${accountName}-mount`;
    const identity = new UserAssignedIdentity(scope, 'MountIdentity', { name, resourceGroupName, location, tags });
    this._workload?.namespaces.forEach((namespace, index) => {
      new FederatedIdentityCredential(scope, `FederatedCredential-${isKnown(namespace) ? namespace : index}`, {
        name: `dumps-${namespace}`,
        resourceGroupName,
        parentId: identity.id,
        issuer: this._workload!.oidcIssuerUrl,
        subject: `system:serviceaccount:${namespace}:${this._workload!.serviceAccountName}`,
        audience: ['api://AzureADTokenExchange'],
      });
    });
    return { clientId: identity.clientId, principalId: identity.principalId, id: identity.id };
  }

  /** What lets that identity mount. @internal */
  public _grant(scope: Construct, accountId: string, { id, principalId }: MountIdentity): ITerraformDependable {
    return new RoleAssignment(scope, 'MountRole', {
      scope: accountId,
      roleDefinitionName: MOUNT_ROLE,
      principalId,
      principalType: 'ServicePrincipal',
      // an identity that was made a moment ago is not found everywhere yet
      skipServicePrincipalAadCheck: id === undefined ? undefined : true,
      description: 'nodes mount the share of dumps',
    });
  }
}
