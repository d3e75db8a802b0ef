import { computed, knownListOf, resourceId, textLike } from './checks';
import type { Check } from '../input/check';
import { FLAG, LABEL, matching, NAME } from '../input/checks';
import { Checks, required } from '../input/struct';
import { GUID } from '../stores/azure-files/azure-names';

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

/** Options of `DumpStorageAccess.network`. */
export interface NetworkAccessOptions {
  /**
   * Whether the share refuses mounts without TLS. Nodes then mount through the AZNFS helper, as `encryptInTransit` of
   * the share tells the CSI driver, from 1.33.0.
   * @default false
   */
  readonly requireEncryption?: boolean;
}

/** Why a URL can never be the issuer of a token, although it looks like one. */
const WRONG_ISSUERS: { readonly pattern: RegExp; readonly problem: string; readonly remedy: string }[] = [
  {
    // https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
    pattern: /\/\.well-known\/openid-configuration\/?$/,
    problem: 'is the address of a document about the issuer',
    remedy: "remove '.well-known/openid-configuration'",
  },
  {
    // https://learn.microsoft.com/azure/aks/use-oidc-issuer
    pattern: /^https:\/\/[^/]+\.oic\.prod-aks\.azure\.[a-z]+(\/.*[^/])?$/,
    problem: 'is an issuer of AKS without the slash at its end',
    remedy: 'add the slash',
  },
];
const ISSUER_FORM = matching({ pattern: /^https:\/\/\S+$/, expected: "the https URL of the cluster's OIDC issuer" });
const ISSUER: Check = computed({
  ...ISSUER_FORM,
  inside: (what, issuer) => {
    const wrong = WRONG_ISSUERS.find(({ pattern }) => pattern.test(issuer as string));
    if (!wrong) return;
    throw new Error(
      `${what} '${issuer}' ${wrong.problem}; expected the issuer as tokens have it, to the letter; ${wrong.remedy}`,
    );
  },
});
const IDENTITY_NAME = textLike(/^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/, '3 to 128 letters, digits, dashes and underscores');
export const WORKLOAD_IDENTITY_OPTIONS: Checks<WorkloadIdentityOptions> = {
  oidcIssuerUrl: ISSUER,
  oidcIssuerUrls: knownListOf(ISSUER),
  serviceAccountName: required(computed(NAME)),
  namespaces: required(knownListOf(computed(LABEL))),
  clientId: computed(GUID),
  principalId: computed(GUID),
  identityId: resourceId('Microsoft.ManagedIdentity/userAssignedIdentities'),
  identityName: IDENTITY_NAME,
};
export const MANAGED_IDENTITY_OPTIONS: Checks<ManagedIdentityOptions> = {
  clientId: computed(GUID),
  principalId: computed(GUID),
  identityName: IDENTITY_NAME,
};
export const NETWORK_OPTIONS: Checks<NetworkAccessOptions> = { requireEncryption: FLAG };
