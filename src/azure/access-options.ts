import type { Duration } from 'cdk8s';

/** Options of `DumpStorageAccess.workloadIdentity`. */
export interface WorkloadIdentityOptions {
  /**
   * URL of the cluster's OIDC issuer; in AKS `oidcIssuerProfile.issuerUrl`, which ends with a slash. It must equal the
   * issuer of the tokens to the letter.
   * @default - none; required unless `oidcIssuerUrls` are given, or an identity exists that has its credentials
   */
  readonly oidcIssuerUrl?: string;
  /**
   * URLs of the OIDC issuers of further clusters, such as the new one of a blue-green upgrade. Each makes a federated
   * credential for each namespace, and an identity takes 20 of them in all.
   * @default - `oidcIssuerUrl` alone
   */
  readonly oidcIssuerUrls?: string[];
  /** Name of the service account of the pods that mount the share; the same in each namespace. */
  readonly serviceAccountName: string;
  /** Namespaces of that service account. Each takes a federated credential for each issuer, and 20 is the most. */
  readonly namespaces: string[];
  /**
   * Client id of an identity that exists.
   * @default - an identity is made
   */
  readonly clientId?: string;
  /**
   * Object id of that identity; given together with `clientId`.
   * @default - of the identity that is made
   */
  readonly principalId?: string;
  /**
   * Resource id of that identity, to which the stack adds the federated credentials.
   * @default - of an identity that exists: its credentials exist too, and no issuer is given
   */
  readonly identityId?: string;
  /**
   * Name of the identity that is made.
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

/** Options of `DumpStorageAccess.accountKey`. */
export interface AccountKeyOptions {
  /**
   * Age in whole days at which Azure reports a key as expired; the key still works. The policy reminds people in the
   * portal, and Azure Policy by "Storage account keys should not be expired".
   * @default - no reminder
   * @see https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage
   */
  readonly keyExpiration?: Duration;
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
