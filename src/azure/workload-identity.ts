import { createHash } from 'crypto';
import { FederatedIdentityCredential } from '@cdktf/provider-azurerm/lib/federated-identity-credential';
import { Fn, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { WORKLOAD_IDENTITY_OPTIONS } from './access-checks';
import type { WorkloadIdentityOptions } from './access-options';
import { isKnown, refuseTwice } from './checks';
import type { AddedCredentials } from './neighbours';
import { checkProps } from '../input/struct';

/** Maximum number of federated credentials of an identity in Azure. */
export const MAX_CREDENTIALS = 20;

/** @throws naming the option, its value and the change to make */
export function checkWorkloadIdentity(options: WorkloadIdentityOptions): void {
  const { namespaces, oidcIssuerUrls } = checkProps(options, WORKLOAD_IDENTITY_OPTIONS, 'options');
  const issuers = issuersOf(options);
  refuseTwice('namespaces', namespaces);
  refuseTwice('oidcIssuerUrls', oidcIssuerUrls);
  if (oidcIssuerUrls && new Set(issuers).size < issuers.length) {
    throw new Error(
      `oidcIssuerUrls has '${options.oidcIssuerUrl}', which is oidcIssuerUrl too; each issuer is expected once; ` +
        'remove one',
    );
  }
  refuseHalfIdentity(options, issuers);
  refuseCredentials(namespaces, issuers);
}

function issuersOf({ oidcIssuerUrl, oidcIssuerUrls = [] }: WorkloadIdentityOptions): string[] {
  return [...(oidcIssuerUrl === undefined ? [] : [oidcIssuerUrl]), ...oidcIssuerUrls];
}

function refuseHalfIdentity(options: WorkloadIdentityOptions, issuers: string[]): void {
  const { clientId, principalId, identityId, identityName } = options;
  if ((clientId === undefined) !== (principalId === undefined)) {
    const [given, missing] = clientId === undefined ? ['principalId', 'clientId'] : ['clientId', 'principalId'];
    throw new Error(
      `${given} is given alone; nodes mount with the client id, and roles are assigned to the object id (principal ` +
        `id); give ${missing} too, or neither`,
    );
  }
  if (identityId !== undefined && clientId === undefined) {
    throw new Error(
      `identityId '${identityId}' has neither clientId nor principalId; nodes mount with the one, and the role is ` +
        'assigned to the other; give both',
    );
  }
  if (clientId !== undefined && identityName !== undefined) {
    throw new Error(
      `identityName '${identityName}' names an identity to create, but clientId names an existing one; remove one ` +
        'of them',
    );
  }
  const federated = clientId === undefined || identityId !== undefined;
  if (federated && issuers.length === 0) {
    throw new Error(
      'oidcIssuerUrl is missing; expected the https URL of the OIDC issuer of each cluster; give oidcIssuerUrl or ' +
        'oidcIssuerUrls',
    );
  }
  if (!federated && issuers.length > 0) {
    throw new Error(
      `oidcIssuerUrl '${issuers[0]}' has no effect: the stack adds no federated credential to the identity of ` +
        'clientId, whose resource id it does not know; give identityId, or remove the issuer',
    );
  }
}

function refuseCredentials(namespaces: string[], issuers: string[]): void {
  const count = namespaces.length * Math.max(1, issuers.length);
  if (count > 0 && count <= MAX_CREDENTIALS) return;
  const what =
    issuers.length > 1
      ? `${issuers.length} issuers and ${namespaces.length} namespaces make ${count} federated credentials, but an ` +
        `identity takes 1 to ${MAX_CREDENTIALS}`
      : `namespaces has ${namespaces.length} items, but an identity takes 1 to ${MAX_CREDENTIALS} federated ` +
        'credentials';
  const remedy =
    count === 0 ? 'name the namespaces of the workloads' : 'make a DumpStorage for each group of namespaces';
  throw new Error(`${what}; ${remedy}`);
}

/** Issuer and subject of the tokens that a federated credential accepts. */
export interface Subject {
  readonly issuer: string;
  readonly subject: string;
  /** Equal for equal issuers and subjects. */
  readonly key: string;
}

/** Returns the issuers and subjects of the federated credentials that are known at synth. */
export function subjectsOf(options: WorkloadIdentityOptions | undefined): Subject[] {
  if (options === undefined) return [];
  const { namespaces, serviceAccountName } = options;
  return issuersOf(options).flatMap((issuer) =>
    namespaces
      .map((namespace) => `${namespace}:${serviceAccountName}`)
      .filter((subject) => isKnown(issuer) && isKnown(subject))
      .map((subject) => ({ issuer, subject, key: `${issuer} ${subject}` })),
  );
}

/** Counts the federated credentials that a storage adds to existing identities. Other stacks may add more. */
export function addedCredentials(all: (WorkloadIdentityOptions | undefined)[]): AddedCredentials[] {
  return all.flatMap((options) =>
    options?.identityId === undefined
      ? []
      : [{ identityId: options.identityId, count: options.namespaces.length * issuersOf(options).length }],
  );
}

/**
 * Renders one federated credential for each issuer and namespace. The names of those for `oidcIssuerUrl` do not contain
 * the issuer, so that an additional cluster does not rename them: Azure refuses a second credential with the same
 * issuer and subject.
 */
export function renderFederatedCredentials(
  scope: Construct,
  options: WorkloadIdentityOptions,
  parentId: string,
  resourceGroupName: string,
): void {
  const { namespaces, serviceAccountName, oidcIssuerUrl, oidcIssuerUrls = [] } = options;
  const clusters = [
    ...(oidcIssuerUrl === undefined ? [] : [{ issuer: oidcIssuerUrl, suffix: '' }]),
    ...oidcIssuerUrls.map((issuer, index) => ({ issuer, suffix: `-${isKnown(issuer) ? hashOf(issuer) : index}` })),
  ];
  for (const { issuer, suffix } of clusters) {
    namespaces.forEach((namespace, index) => {
      new FederatedIdentityCredential(scope, `FederatedCredential-${isKnown(namespace) ? namespace : index}${suffix}`, {
        name: `dumps-${namespace}${suffix}`,
        resourceGroupName,
        parentId,
        issuer,
        subject: `system:serviceaccount:${namespace}:${serviceAccountName}`,
        audience: ['api://AzureADTokenExchange'],
      });
    });
  }
}

function hashOf(issuer: string): string {
  return createHash('sha256').update(issuer).digest('hex').slice(0, 8);
}

/** Returns the resource group in a resource id. */
export function groupOf(id: string): string {
  if (isKnown(id)) return id.split('/')[4];
  // cdktf escapes an expression that is passed to a function as plain text
  return Token.isUnresolved(id) ? Fn.element(Fn.split('/', id), 4) : `\${element(split("/", "${id}"), 4)}`;
}
