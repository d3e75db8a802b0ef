import { StorageAccount } from '@cdktf/provider-azurerm/lib/storage-account';
import { TerraformProvider, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { terraformOf } from './synthesized';
import { ArmUpdate, SharedAzapiProvider } from '../../src/azure/arm-update';

/** As bindings that somebody else made have it. */
class OtherAzapiProvider extends TerraformProvider {
  constructor(
    stack: TerraformStack,
    private readonly theirAlias?: string,
  ) {
    super(stack, 'other', { terraformResourceType: 'azapi', terraformProviderSource: 'Azure/azapi' });
  }

  public get alias() {
    return this.theirAlias;
  }

  protected synthesizeAttributes() {
    return { alias: this.alias, tenant_id: 't' };
  }
}

function updated() {
  const stack = new TerraformStack(Testing.app(), 'stack');
  const owner = new StorageAccount(stack, 'Owner', {
    name: 'owner',
    resourceGroupName: 'rg',
    location: 'here',
    accountTier: 'Premium',
    accountReplicationType: 'LRS',
  });
  const first = new ArmUpdate(stack, 'First', {
    type: 'T@1',
    resourceId: owner.id,
    body: { properties: { aName: [1] } },
    owners: [owner],
  });
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

describe("the provider in a user's stack", () => {
  type Make = (stack: TerraformStack) => unknown;
  const shared =
    (id: string, subscriptionId: string): Make =>
    (stack) =>
      new SharedAzapiProvider(new Construct(stack, id), 'Azapi', { subscriptionId });
  const configurations = (...makes: Make[]) => {
    const stack = new TerraformStack(Testing.app(), 'stack');
    for (const make of makes) make(stack);
    const { provider, terraform } = terraformOf(stack);
    return { azapi: provider.azapi, source: terraform.required_providers.azapi.source };
  };
  const OURS = { azapi: [{ subscription_id: 'a' }], source: 'azure/azapi' };
  const THEIRS = { azapi: [{ tenant_id: 't' }], source: 'Azure/azapi' };

  test('is one for several', () => {
    expect(configurations(shared('One', 'a'), shared('Two', 'b'))).toEqual(OURS);
  });

  test('gives way to another that the stack has, before or after', () => {
    const other: Make = (stack) => new OtherAzapiProvider(stack);
    expect(configurations(other, shared('One', 'a'))).toEqual(THEIRS);
    expect(configurations(shared('One', 'a'), shared('Two', 'b'), other)).toEqual(THEIRS);
  });

  test('stays beside one with an alias, which is for others', () => {
    const other: Make = (stack) => new OtherAzapiProvider(stack, 'theirs');
    expect(configurations(shared('One', 'a'), other).azapi).toEqual([
      { subscription_id: 'a' },
      { alias: 'theirs', tenant_id: 't' },
    ]);
  });
});
