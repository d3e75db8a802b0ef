import { SUBSCRIPTION } from './stacks';
import { addressOf, refusal, resource, terraformWith } from './synthesized';
import { AzureFilesSku } from '../../src';
import { AzureCloud } from '../../src/azure';
import type { DumpEncryptionKey } from '../../src/azure/dump-encryption-key';

const KEY = 'https://contoso.vault.azure.net/keys/dumps';
const VAULT = `${SUBSCRIPTION}/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/contoso`;
const IDENTITY = `${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-key`;
const RESOURCE_ID = 'the id of a resource: /subscriptions/<id>/resourceGroups/<name>/providers';
const NO_VERSION = 'the id of a key in a Key Vault without a version: https://<vault>.vault.azure.net/keys/<name>';

test('without a key of the customer the account has no identity', () => {
  const account = resource(terraformWith(), 'Account');
  expect(account).not.toHaveProperty('identity');
  expect(account).not.toHaveProperty('customer_managed_key');
});

test('an identity is made that may use the key before the account does', () => {
  const terraform = terraformWith({
    customerManagedKey: { keyId: KEY, keyVaultId: VAULT },
    tags: { owner: 'platform' },
  });
  const identity = addressOf(terraform, 'KeyIdentity');
  expect(resource(terraform, 'KeyIdentity')).toEqual({
    name: 'id-contosodumps-key',
    location: 'westeurope',
    resource_group_name: `\${${addressOf(terraform, 'ResourceGroup')}.name}`,
    tags: { owner: 'platform' },
  });
  expect(resource(terraform, 'KeyRole')).toEqual({
    scope: VAULT,
    role_definition_name: 'Key Vault Crypto Service Encryption User',
    principal_id: `\${${identity}.principal_id}`,
    principal_type: 'ServicePrincipal',
    skip_service_principal_aad_check: true,
    description: 'the storage account of dumps wraps its key',
  });
  expect(resource(terraform, 'Account')).toMatchObject({
    identity: { type: 'UserAssigned', identity_ids: [`\${${identity}.id}`] },
    customer_managed_key: { key_vault_key_id: KEY, user_assigned_identity_id: `\${${identity}.id}` },
    depends_on: [addressOf(terraform, 'KeyRole')],
  });
});

test('an identity that may use the key already', () => {
  const terraform = terraformWith({ customerManagedKey: { keyId: KEY, identityId: IDENTITY } });
  expect(resource(terraform, 'Account')).toMatchObject({
    identity: { type: 'UserAssigned', identity_ids: [IDENTITY] },
    customer_managed_key: { key_vault_key_id: KEY, user_assigned_identity_id: IDENTITY },
    depends_on: [],
  });
  expect(JSON.stringify(terraform)).not.toContain('Key Vault Crypto');
});

test.each([AzureFilesSku.STANDARD_LRS, AzureFilesSku.PREMIUM_LRS, AzureFilesSku.PREMIUM_V2_ZRS])(
  'is taken with %s',
  (sku) => {
    expect(
      resource(terraformWith({ sku, customerManagedKey: { keyId: KEY, keyVaultId: VAULT } }), 'Account'),
    ).toHaveProperty('customer_managed_key');
  },
);

test.each([AzureFilesSku.STANDARD_V2_LRS, AzureFilesSku.STANDARD_V2_GZRS])(
  'is refused with %s, as azurerm does',
  (sku) => {
    expect(refusal({ sku, customerManagedKey: { keyId: KEY, keyVaultId: VAULT } })).toBe(
      `customerManagedKey with sku ${sku}: azurerm refuses a customer-managed key on HDD provisioned v2 accounts; ` +
        'choose a Premium, PremiumV2 or pay-as-you-go Standard SKU, or leave out customerManagedKey',
    );
  },
);

describe('a vault that azurerm cannot use', () => {
  const GUID = '11111111-1111-1111-1111-111111111111';

  test('is in another subscription', () => {
    const keyVaultId = VAULT.replace(/\/subscriptions\/[^/]+/, `/subscriptions/${GUID}`);
    expect(refusal({ customerManagedKey: { keyId: KEY, keyVaultId } })).toBe(
      `customerManagedKey.keyVaultId (${keyVaultId}) is in subscription '${GUID}', but the storage is in ` +
        "'00000000-0000-0000-0000-000000000000', and azurerm finds vaults of its own subscription only; use a vault " +
        'of this subscription, or leave out customerManagedKey and set the key after apply: az storage account ' +
        'update --encryption-key-source Microsoft.Keyvault',
    );
    expect(() => terraformWith({ subscriptionId: GUID, customerManagedKey: { keyId: KEY, keyVaultId } })).not.toThrow();
    expect(() => terraformWith({ customerManagedKey: { keyId: KEY, keyVaultId: '${var.vault}' } })).not.toThrow();
  });

  test.each([
    [AzureCloud.PUBLIC, 'vault.azure.net'],
    [AzureCloud.US_GOVERNMENT, 'vault.usgovcloudapi.net'],
    [AzureCloud.CHINA, 'vault.azure.cn'],
  ])('is in another cloud than %s', (cloud, suffix) => {
    for (const other of ['vault.azure.net', 'vault.usgovcloudapi.net', 'vault.azure.cn']) {
      const keyId = `https://contoso.${other}/keys/dumps`;
      const make = () => terraformWith({ cloud, customerManagedKey: { keyId, identityId: IDENTITY } });
      if (other === suffix) {
        expect(make).not.toThrow();
      } else {
        expect(refusal({ cloud, customerManagedKey: { keyId, identityId: IDENTITY } })).toBe(
          `customerManagedKey.keyId (${keyId}) is not in '${suffix}', the Key Vault of cloud '${cloud}'; an account ` +
            'uses keys of its own cloud; give a key of that cloud, or another cloud',
        );
      }
    }
  });
});

test('the name of a vault is the same in capitals', () => {
  expect(() =>
    terraformWith({ customerManagedKey: { keyId: KEY, keyVaultId: VAULT.replace('contoso', 'Contoso') } }),
  ).not.toThrow();
});

test.each<[DumpEncryptionKey, string]>([
  [
    { keyId: `${KEY}/0123456789abcdef0123456789abcdef`, keyVaultId: VAULT },
    `customerManagedKey.keyId (${KEY}/0123456789abcdef0123456789abcdef) names one version of the key, so the ` +
      'account would keep it after a rotation; remove the version',
  ],
  [{ keyId: 'dumps', keyVaultId: VAULT }, `customerManagedKey.keyId must be ${NO_VERSION}, got "dumps"`],
  [
    { keyId: 'https://contoso.vault.azure.net/secrets/dumps', keyVaultId: VAULT },
    `customerManagedKey.keyId must be ${NO_VERSION}, got "https://contoso.vault.azure.net/secrets/dumps"`,
  ],
  [
    { keyId: KEY },
    'customerManagedKey has neither keyVaultId nor identityId; give keyVaultId to create an identity that can use ' +
      'the key, or identityId of an existing one that can',
  ],
  [
    { keyId: KEY, keyVaultId: VAULT, identityId: IDENTITY },
    'customerManagedKey has keyVaultId and identityId; give keyVaultId to create an identity that can use the key, ' +
      'or identityId of an existing one that can',
  ],
  [
    { keyId: KEY, keyVaultId: IDENTITY },
    `customerManagedKey.keyVaultId must be ${RESOURCE_ID}/Microsoft.KeyVault/vaults/<name>, got "${IDENTITY}"`,
  ],
  [
    { keyId: KEY, keyVaultId: `${VAULT}2` },
    `customerManagedKey.keyId (${KEY}) is in vault 'contoso', but keyVaultId names vault 'contoso2'; give the id ` +
      "of the key's own vault",
  ],
  [
    { keyId: KEY, vaultId: VAULT } as DumpEncryptionKey,
    "customerManagedKey: there is no prop 'vaultId'; expected one of keyId, keyVaultId, identityId; correct or " +
      'remove it',
  ],
  [
    { keyId: KEY, identityId: VAULT },
    'customerManagedKey.identityId must be ' +
      `${RESOURCE_ID}/Microsoft.ManagedIdentity/userAssignedIdentities/<name>, got "${VAULT}"`,
  ],
  [KEY as unknown as DumpEncryptionKey, `customerManagedKey must be an object of props, got "${KEY}"`],
])('refuses %j', (customerManagedKey, message) => {
  expect(refusal({ customerManagedKey })).toBe(message);
});
