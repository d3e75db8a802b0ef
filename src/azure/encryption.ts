import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import type { StorageAccountConfig } from '@cdktf/provider-azurerm/lib/storage-account';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { computed, isKnown, resourceId } from './checks';
import type { DumpEncryptionKey } from './dump-encryption-key';
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

export function refuseUnusableKey({ keyId, keyVaultId, identityId }: DumpEncryptionKey): void {
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
}

/** The role would be given on a vault that does not have the key. */
function refuseOtherVault(what: string, keyId: string, keyVaultId: string): void {
  const [named, given] = [/^https:\/\/([^.]+)\./.exec(keyId)![1], keyVaultId.split('/').at(-1)!];
  if (named.toLowerCase() === given.toLowerCase()) return;
  throw new Error(
    `${what}.keyId (${keyId}) is in vault '${named}', but keyVaultId names vault '${given}'; give the id of the ` +
      "key's own vault",
  );
}

/** Arguments of the account that encrypt it, and what has to be there before. */
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
