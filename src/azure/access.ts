import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { ACCOUNT_KEY_OPTIONS, MANAGED_IDENTITY_OPTIONS, NETWORK_OPTIONS } from './access-checks';
import type {
  AccountKeyOptions,
  ManagedIdentityOptions,
  NetworkAccessOptions,
  WorkloadIdentityOptions,
} from './access-options';
import { daysOf } from './checks';
import type { MountIdentity, StorageContext } from './storage-context';
import { checkWorkloadIdentity, groupOf, renderFederatedCredentials } from './workload-identity';
import { INT32_MAX } from '../input/checks';
import { located } from '../input/located-error';
import { checkProps } from '../input/struct';
import { AzureFilesProtocol } from '../stores/azure-files/enums';
import { AzureFilesAuthentication } from '../stores/azure-files/share';

/**
 * The only role that allows an Entra identity to mount a share. Roles for users (Share Contributor, Elevated
 * Contributor) are not sufficient.
 */
const MOUNT_ROLE = 'Storage File Data SMB MI Admin';

/** Selects the credential that nodes mount the share with. */
export class DumpStorageAccess {
  /**
   * Mounts with an identity that trusts the pods' service account. Access by account key is disabled. This is the
   * narrowest access; it needs AKS 1.35 and an OIDC issuer.
   */
  public static workloadIdentity(options: WorkloadIdentityOptions): DumpStorageAccess {
    located('DumpStorageAccess.workloadIdentity', () => checkWorkloadIdentity(options));
    return new DumpStorageAccess(AzureFilesAuthentication.WORKLOAD_IDENTITY, options);
  }

  /**
   * Mounts with an identity of the nodes. Access by account key is disabled. Every pod on these nodes can mount with
   * the identity. Needs AKS 1.34.
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
   * Mounts with the account key, which gives access to the whole account. The key is stored in a Secret of the cluster
   * and in the Terraform state.
   */
  public static accountKey(options: AccountKeyOptions = {}): DumpStorageAccess {
    const keyExpirationDays = located('DumpStorageAccess.accountKey', () => {
      const { keyExpiration } = checkProps(options, ACCOUNT_KEY_OPTIONS, 'options');
      return keyExpiration && daysOf('keyExpiration', keyExpiration, 1, INT32_MAX);
    });
    return new DumpStorageAccess(
      AzureFilesAuthentication.ACCOUNT_KEY,
      undefined,
      undefined,
      undefined,
      keyExpirationDays,
    );
  }

  /** Mounts without a credential, because NFS has none. Every host that the network rules allow can mount the share. */
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
    /** @internal */
    public readonly _keyExpirationDays?: number,
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

  /** Ids of the existing identity, if one is configured. @internal */
  public get _existing(): Pick<WorkloadIdentityOptions, 'clientId' | 'principalId' | 'identityId'> {
    return this._workload ?? this.managed ?? {};
  }

  /**
   * Returns the identity that mounts the share, and creates it unless an existing one is configured.
   *
   * @param identityName name of the new identity
   * @internal
   */
  public _identity(
    scope: Construct,
    { resourceGroupName, location, tags }: StorageContext,
    identityName: string | undefined,
  ): MountIdentity | undefined {
    if (!this._byIdentity) return undefined;
    const { clientId, principalId } = this._existing;
    if (clientId !== undefined && principalId !== undefined) {
      if (this._workload?.identityId !== undefined) {
        renderFederatedCredentials(
          scope,
          this._workload,
          this._workload.identityId,
          groupOf(this._workload.identityId),
        );
      }
      return { clientId, principalId };
    }
    const identity = new UserAssignedIdentity(scope, 'MountIdentity', {
      name: identityName!,
      resourceGroupName,
      location,
      tags,
    });
    if (this._workload) renderFederatedCredentials(scope, this._workload, identity.id, resourceGroupName);
    return { clientId: identity.clientId, principalId: identity.principalId, id: identity.id };
  }

  /** The configured name of the new identity. @internal */
  public get _identityName(): string | undefined {
    return (this._workload ?? this.managed)?.identityName;
  }

  /** Assigns the role that allows the identity to mount. @internal */
  public _grant(scope: Construct, accountId: string, { id, principalId }: MountIdentity): ITerraformDependable {
    return new RoleAssignment(scope, 'MountRole', {
      scope: accountId,
      roleDefinitionName: MOUNT_ROLE,
      principalId,
      principalType: 'ServicePrincipal',
      // a new identity is not visible everywhere in Entra yet
      skipServicePrincipalAadCheck: id === undefined ? undefined : true,
      description: 'nodes mount the share of dumps',
    });
  }
}
