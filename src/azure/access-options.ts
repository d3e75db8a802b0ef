import type { Duration } from 'cdk8s';

/** Options of `DumpStorageAccess.workloadIdentity`. */
export interface WorkloadIdentityOptions {
  /**
   * URL of the cluster's OIDC issuer; in AKS `oidcIssuerProfile.issuerUrl`, which ends with a slash. It must match the
   * issuer in the tokens exactly.
   * @default - none; required unless `oidcIssuerUrls` is set, or an existing identity already has its federated
   * credentials
   */
  readonly oidcIssuerUrl?: string;
  /**
   * OIDC issuer URLs of additional clusters, such as the new cluster of a blue-green upgrade. Each namespace needs one
   * federated credential per issuer, and an identity can have at most 20.
   * @default - only `oidcIssuerUrl`
   */
  readonly oidcIssuerUrls?: string[];
  /** Name of the service account of the pods that mount the share; the same in every namespace. */
  readonly serviceAccountName: string;
  /**
   * Namespaces of the service account. Each needs one federated credential per issuer, and an identity can have at most
   * 20.
   */
  readonly namespaces: string[];
  /**
   * Client id of an existing identity.
   * @default - a new identity is created
   */
  readonly clientId?: string;
  /**
   * Object id of the existing identity; required with `clientId`.
   * @default - the object id of the new identity
   */
  readonly principalId?: string;
  /**
   * Resource id of the existing identity. The stack adds the federated credentials to it.
   * @default - none; the stack then adds no federated credentials to an existing identity, and accepts no issuer
   */
  readonly identityId?: string;
  /**
   * Name of the new identity.
   * @default - `id-<account>-mount`
   */
  readonly identityName?: string;
}

/** Options of `DumpStorageAccess.managedIdentity`. */
export interface ManagedIdentityOptions {
  /**
   * Client id of an existing identity of the nodes, such as the kubelet's.
   * @default - a new identity is created; attach it to the node pools (`identityId` of the storage)
   */
  readonly clientId?: string;
  /**
   * Object id of the existing identity; required with `clientId`.
   * @default - the object id of the new identity
   */
  readonly principalId?: string;
  /**
   * Name of the new identity.
   * @default - `id-<account>-mount`
   */
  readonly identityName?: string;
}

/** Options of `DumpStorageAccess.accountKey`. */
export interface AccountKeyOptions {
  /**
   * Key age in whole days at which Azure reports the account keys as expired; the keys still work. The portal shows a
   * reminder, and the Azure Policy "Storage account keys should not be expired" reports the account.
   * @default - no reminder
   * @see https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage
   */
  readonly keyExpiration?: Duration;
}

/** Options of `DumpStorageAccess.network`. */
export interface NetworkAccessOptions {
  /**
   * Whether the share requires TLS. Nodes then mount through the AZNFS helper, which `encryptInTransit` of the share
   * enables in the CSI driver; needs CSI driver 1.33.0 or newer.
   * @default false
   */
  readonly requireEncryption?: boolean;
}
