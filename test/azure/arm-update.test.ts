import { StorageAccount } from '@cdktf/provider-azurerm/lib/storage-account';
import { TerraformProvider, TerraformStack, Testing } from 'cdktf';
import { terraformOf } from './synthesized';
import { ArmUpdate } from '../../src/azure/arm-update';

/** As bindings that somebody else made have it. */
class OtherAzapiProvider extends TerraformProvider {
  constructor(stack: TerraformStack, private readonly theirAlias?: string) {
    super(stack, 'other', { terraformResourceType: 'azapi', terraformProviderSource: 'Azure/azapi' });
  }

  public get alias() {
    return this.theirAlias;
  }

  protected synthesizeAttributes() {
    return { alias: this.alias, tenant_id: 't' };
  }
}

function updated(before: (stack: TerraformStack) => void = () => {}) {
  const stack = new TerraformStack(Testing.app(), 'stack');
  before(stack);
  const owner = new StorageAccount(stack, 'Owner', {
    name: 'owner', resourceGroupName: 'rg', location: 'here', accountTier: 'Premium', accountReplicationType: 'LRS',
  });
  const first = new ArmUpdate(stack, 'First', { type: 'T@1', resourceId: owner.id, body: { properties: { aName: [1] } }, owners: [owner] });
  new ArmUpdate(stack, 'Second', { type: 'T@1', resourceId: owner.id, body: {}, owners: [owner], after: [first] });
  return terraformOf(stack);
}

test('is done again whenever its owner changes, by a bare reference', () => {
  expect(updated().resource.azapi_update_resource.First).toEqual({
    type: 'T@1',
    resource_id: '${azurerm_storage_account.Owner.id}',
    body: { properties: { aName: [1] } },
    depends_on: ['azurerm_storage_account.Owner'],
    lifecycle: { replace_triggered_by: ['azurerm_storage_account.Owner'] },
    retry: { error_message_regex: ['StorageAccountOperationInProgress'] },
  });
});

test('waits for another without being done again for it', () => {
  expect(updated().resource.azapi_update_resource.Second).toMatchObject({
    depends_on: ['azurerm_storage_account.Owner', 'azapi_update_resource.First'],
    lifecycle: { replace_triggered_by: ['azurerm_storage_account.Owner'] },
  });
});

test('two updates need one provider', () => {
  expect(updated().provider.azapi).toEqual([{}]);
});

test('a provider that the stack has already is the one', () => {
  expect(updated((stack) => new OtherAzapiProvider(stack)).provider.azapi).toEqual([{ tenant_id: 't' }]);
});

test('one with an alias is for others', () => {
  expect(updated((stack) => new OtherAzapiProvider(stack, 'theirs')).provider.azapi).toEqual([{ alias: 'theirs', tenant_id: 't' }, {}]);
});
