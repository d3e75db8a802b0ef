import { Testing } from 'cdktf';
import { GUID, NETWORK, stackWith } from './stacks';
import { terraformOf, terraformWith } from './synthesized';
import { AzureCloud, DumpStorage, DumpStorageAccess, DumpStorageNetwork } from '../../src/azure';
import { messageOf } from '../pods';

const SUBSCRIPTION_ID = '00000000-0000-0000-0000-000000000000';

test('providers that need no way into the network, ask as the person, and shred no key', () => {
  expect(terraformWith().provider).toEqual({
    azurerm: [
      {
        subscription_id: SUBSCRIPTION_ID,
        environment: 'public',
        storage_use_azuread: true,
        features: [
          {
            storage: [{ data_plane_available: false }],
            key_vault: [{ purge_soft_delete_on_destroy: false, purge_soft_deleted_keys_on_destroy: false }],
          },
        ],
      },
    ],
    azapi: [{ subscription_id: SUBSCRIPTION_ID, environment: 'public' }],
  });
});

test('both are in the tenant and the cloud that were named', () => {
  const { provider } = terraformWith({ tenantId: GUID, cloud: AzureCloud.CHINA });
  for (const [settings] of [provider.azurerm, provider.azapi]) {
    expect(settings).toMatchObject({ tenant_id: GUID, environment: 'china' });
  }
});

test('Terraform finds both', () => {
  expect(terraformWith().terraform.required_providers).toEqual({
    azapi: { source: 'azure/azapi', version: '~> 2.5' },
    azurerm: { source: 'azurerm', version: '4.55.0' },
  });
});

test('outputs have their bare names, and the share says its subscription', () => {
  const { output } = terraformWith();
  expect(Object.keys(output)).toEqual(['clientId', 'principalId', 'share']);
  expect(output.share.value.subscriptionId).toBe(SUBSCRIPTION_ID);
});

test('another storage in it has outputs of its own name and no provider of its own', () => {
  const stack = stackWith({})(Testing.app());
  new DumpStorage(stack, 'Others', {
    location: 'westeurope',
    storageAccountName: 'contosoothers',
    access: DumpStorageAccess.accountKey(),
    network: DumpStorageNetwork.subnets({ subnetIds: [`${NETWORK}/subnets/nodes`] }),
  });
  const { output, provider } = terraformOf(stack);
  expect(Object.keys(output)).toEqual(['Others_share', 'clientId', 'principalId', 'share']);
  expect(provider.azapi).toEqual([{ subscription_id: SUBSCRIPTION_ID, environment: 'public' }]);
});

test('share is the one of the storage', () => {
  const stack = stackWith({})(Testing.app());
  expect(stack.share).toBe(stack.storage.share);
});

test.each([
  [
    { subscriptionId: 'mine' },
    'dumps: subscriptionId must be a GUID, for example 00000000-0000-0000-0000-000000000000, got "mine"',
  ],
  [
    { tenantId: 'contoso.example' },
    'dumps: tenantId must be a GUID, for example 00000000-0000-0000-0000-000000000000, got "contoso.example"',
  ],
  [{ cloud: 'germany' as AzureCloud }, 'dumps: cloud must be one of public, usgovernment, china, got "germany"'],
])('refuses %j', (props, message) => {
  expect(messageOf(() => stackWith(props)(Testing.app()))).toBe(message);
});
