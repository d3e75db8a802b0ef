import { FederatedIdentityCredential } from '@cdktf/provider-azurerm/lib/federated-identity-credential';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { checkGuid, checkKnownList, checkMatch, checkUnique, isComputed, isKnown } from './checks';
import type { MountIdentity, StorageContext } from './storage-context';
import { checkFields, checkFlag, checkName } from '../input/arguments';
import { AzureFilesProtocol } from '../stores/azure-files/enums';
import { AzureFilesAuthentication } from '../stores/azure-files/share';

/** Azure keeps no more federated credentials for one identity. */
const MAX_CREDENTIALS = 20;
/** The only role that may mount as an identity of Entra; those for people (Share Contributor, Elevated Contributor) do not suffice. */
const MOUNT_ROLE = 'Storage File Data SMB MI Admin';

/** Options of `DumpStorageAccess.workloadIdentity`. */
export interface WorkloadIdentityOptions {
  /** URL of the cluster's OIDC issuer, of which AKS says `oidcIssuerProfile.issuerUrl`. */
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
   * Whether the share refuses mounts without TLS. Nodes then mount through the AZNFS helper, as `encryptInTransit` of the share tells the CSI
   * driver, from 1.33.0.
   * @default false
   */
  readonly requireEncryption?: boolean;
}

/** Who may mount the share. */
export class DumpStorageAccess {
  /**
   * The pods' own service account, by an identity that trusts it; the account has no usable key. The least that reaches the share; needs AKS
   * 1.35 and an OIDC issuer.
   */
  public static workloadIdentity(options: WorkloadIdentityOptions): DumpStorageAccess {
    const what = 'DumpStorageAccess.workloadIdentity';
    checkFields(what, options, { oidcIssuerUrl: true, serviceAccountName: true, namespaces: true, identityName: true });
    checkMatch(`${what}: oidcIssuerUrl`, options.oidcIssuerUrl, /^https:\/\/\S+$/, 'the https URL of the cluster\'s OIDC issuer');
    if (!isComputed(options.serviceAccountName)) checkName(`${what}: serviceAccountName`, options.serviceAccountName);
    const namespaces = checkUnique(`${what}: namespaces`, checkKnownList(`${what}: namespaces`, options.namespaces));
    if (namespaces.length === 0 || namespaces.length > MAX_CREDENTIALS) {
      throw new Error(`${what}: namespaces has ${namespaces.length} items, but an identity takes 1 to ${MAX_CREDENTIALS} federated credentials; `
        + `${namespaces.length === 0 ? 'name the namespaces of the workloads' : 'make a DumpStorage for each group of namespaces'}`);
    }
    namespaces.forEach((namespace, index) => {
      checkMatch(`${what}: namespaces[${index}]`, namespace, /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'a namespace: at most 63 lower-case letters, digits and dashes');
    });
    checkIdentityName(what, options.identityName);
    return new DumpStorageAccess(AzureFilesAuthentication.WORKLOAD_IDENTITY, options);
  }

  /** An identity of the nodes; the account has no usable key. Every pod of such a node can mount as it; needs AKS 1.34. */
  public static managedIdentity(options: ManagedIdentityOptions = {}): DumpStorageAccess {
    const what = 'DumpStorageAccess.managedIdentity';
    const { clientId, principalId, identityName } = checkFields(what, options, { clientId: true, principalId: true, identityName: true });
    if ((clientId === undefined) !== (principalId === undefined)) {
      throw new Error(`${what}: ${clientId === undefined ? 'principalId' : 'clientId'} comes alone; nodes mount by the client id and roles are given to the object id `
        + `(principal id), so give ${clientId === undefined ? 'clientId' : 'principalId'} too, or neither`);
    }
    if (clientId !== undefined) checkGuid(`${what}: clientId`, clientId);
    if (principalId !== undefined) checkGuid(`${what}: principalId`, principalId);
    if (clientId !== undefined && identityName !== undefined) {
      throw new Error(`${what}: identityName '${identityName}' is of an identity that is made, but clientId names one that exists; remove one of them`);
    }
    checkIdentityName(what, identityName);
    return new DumpStorageAccess(AzureFilesAuthentication.MANAGED_IDENTITY, undefined, options);
  }

  /** Whoever has the account key, which opens the whole account and lies in a Secret of the cluster and in the Terraform state. */
  public static accountKey(): DumpStorageAccess {
    return new DumpStorageAccess(AzureFilesAuthentication.ACCOUNT_KEY);
  }

  /** Everybody whom the network admits: NFS knows no identity. */
  public static network(options: NetworkAccessOptions = {}): DumpStorageAccess {
    checkFields('DumpStorageAccess.network', options, { requireEncryption: true });
    checkFlag('DumpStorageAccess.network: requireEncryption', options.requireEncryption);
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
  public _identity(scope: Construct, { accountName, resourceGroupName, location, tags }: StorageContext): MountIdentity | undefined {
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

function checkIdentityName(what: string, name: string | undefined): void {
  if (name === undefined) return;
  checkMatch(`${what}: identityName`, name, /^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/, '3 to 128 letters, digits, dashes and underscores');
}
