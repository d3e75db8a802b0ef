import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import type { StorageAccountConfig } from '@cdktf/provider-azurerm/lib/storage-account';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { computed, isKnown, resourceId } from './checks';
import { AzureCloud } from './cloud';
import type { DumpEncryptionKey } from './dump-encryption-key';
import type { DumpStorageProps } from './dump-storage-options';
import type { StorageContext } from './storage-context';
import { Check } from '../input/check';
import { matching } from '../input/checks';
import { Checks, required } from '../input/struct';

const KEY_ID_FORM = matching({
  pattern: /^https:\/\/[A-Za-z0-9-]+\.vault\.[a-z.]+\/keys\/[A-Za-z0-9-]+(\/.*)?$/,
  expected: 'the id of a key in a Key Vault without a version: https://<vault>.vault.azure.net/keys/<name>',
});
const KEY_ID: Check = computed({
  ...KEY_ID_FORM,
  inside: (what, id) => {
    if (!/\/keys\/[^/]+\/./.test(id as string)) return;
    throw new Error(
      `${what} (${id}) names one version of the key, so the account would keep it after a rotation; remove the ` +
        'version',
    );
  },
});

export const ENCRYPTION_KEY: Checks<DumpEncryptionKey> = {
  keyId: required(KEY_ID),
  keyVaultId: resourceId('Microsoft.KeyVault/vaults'),
  identityId: resourceId('Microsoft.ManagedIdentity/userAssignedIdentities'),
};

/** Domain of Key Vault in each cloud. */
const VAULT_SUFFIX: Record<AzureCloud, string> = {
  [AzureCloud.PUBLIC]: 'vault.azure.net',
  [AzureCloud.US_GOVERNMENT]: 'vault.usgovcloudapi.net',
  [AzureCloud.CHINA]: 'vault.azure.cn',
};

export function refuseUnusableKey(
  { keyId, keyVaultId, identityId }: DumpEncryptionKey,
  { subscriptionId, cloud = AzureCloud.PUBLIC }: Pick<DumpStorageProps, 'subscriptionId' | 'cloud'>,
): void {
  if ((keyVaultId === undefined) === (identityId === undefined)) {
    throw new Error(
      'customerManagedKey has ' +
        `${identityId === undefined ? 'neither keyVaultId nor identityId' : 'keyVaultId and identityId'}; give ` +
        'keyVaultId to create an identity that can use the key, or identityId of an existing one that can',
    );
  }
  if (keyVaultId !== undefined && isKnown(keyId) && isKnown(keyVaultId)) {
    refuseOtherVault('customerManagedKey', keyId, keyVaultId);
  }
  if (isKnown(keyId)) refuseOtherCloud(keyId, cloud);
  if (isKnown(keyVaultId) && isKnown(subscriptionId)) refuseOtherSubscription(keyVaultId, subscriptionId);
}

/** @see https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#dns-suffixes-for-object-identifiers */
function refuseOtherCloud(keyId: string, cloud: AzureCloud): void {
  const host = new URL(keyId).host.toLowerCase();
  if (host.endsWith(`.${VAULT_SUFFIX[cloud]}`)) return;
  throw new Error(
    `customerManagedKey.keyId (${keyId}) is not in '${VAULT_SUFFIX[cloud]}', the Key Vault of cloud '${cloud}'; an ` +
      'account uses keys of its own cloud; give a key of that cloud, or another cloud',
  );
}

/**
 * azurerm 4.55 and 4.73 look up the vault by its URI in the provider's subscription, and fail with "unable to find the
 * Resource Manager ID for the Key Vault URI" for others.
 */
function refuseOtherSubscription(keyVaultId: string, subscriptionId: string): void {
  const named = keyVaultId.split('/')[2];
  if (named.toLowerCase() === subscriptionId.toLowerCase()) return;
  throw new Error(
    `customerManagedKey.keyVaultId (${keyVaultId}) is in subscription '${named}', but the storage is in ` +
      `'${subscriptionId}', and azurerm finds vaults of its own subscription only; use a vault of this subscription, ` +
      'or leave out customerManagedKey and set the key after apply: az storage account update ' +
      '--encryption-key-source Microsoft.Keyvault',
  );
}

/** The role would be assigned on a vault that does not contain the key. */
function refuseOtherVault(what: string, keyId: string, keyVaultId: string): void {
  const [named, given] = [/^https:\/\/([^.]+)\./.exec(keyId)![1], keyVaultId.split('/').at(-1)!];
  if (named.toLowerCase() === given.toLowerCase()) return;
  throw new Error(
    `${what}.keyId (${keyId}) is in vault '${named}', but keyVaultId names vault '${given}'; give the id of the ` +
      "key's own vault",
  );
}

/** Encryption arguments of the account, and the resources that must exist first. */
export interface AccountEncryption {
  readonly arguments: Pick<StorageAccountConfig, 'identity' | 'customerManagedKey'>;
  readonly dependsOn: ITerraformDependable[];
}

export function renderEncryption(
  scope: Construct,
  { accountName, ...storage }: StorageContext,
  key: DumpEncryptionKey | undefined,
): AccountEncryption {
  if (key === undefined) return { arguments: {}, dependsOn: [] };
  let { identityId } = key;
  const dependsOn: ITerraformDependable[] = [];
  if (identityId === undefined) {
    const identity = new UserAssignedIdentity(scope, 'KeyIdentity', { name: `id-${accountName}-key`, ...storage });
    identityId = identity.id;
    dependsOn.push(
      new RoleAssignment(scope, 'KeyRole', {
        scope: key.keyVaultId!,
        roleDefinitionName: 'Key Vault Crypto Service Encryption User',
        principalId: identity.principalId,
        principalType: 'ServicePrincipal',
        skipServicePrincipalAadCheck: true,
        description: 'the storage account of dumps wraps its key',
      }),
    );
  }
  return {
    arguments: {
      identity: { type: 'UserAssigned', identityIds: [identityId] },
      customerManagedKey: { keyVaultKeyId: key.keyId, userAssignedIdentityId: identityId },
    },
    dependsOn,
  };
}
