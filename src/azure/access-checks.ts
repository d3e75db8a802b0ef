import type {
  AccountKeyOptions,
  ManagedIdentityOptions,
  NetworkAccessOptions,
  WorkloadIdentityOptions,
} from './access-options';
import { computed, knownListOf, resourceId, textLike } from './checks';
import type { Check } from '../input/check';
import { DURATION, FLAG, LABEL, matching, NAME } from '../input/checks';
import { Checks, required } from '../input/struct';
import { GUID } from '../stores/azure-files/azure-names';

/** Common mistakes in issuer URLs. No token has an issuer of these forms. */
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
export const ACCOUNT_KEY_OPTIONS: Checks<AccountKeyOptions> = { keyExpiration: DURATION };
export const NETWORK_OPTIONS: Checks<NetworkAccessOptions> = { requireEncryption: FLAG };
