import { DataAzurermClientConfig } from '@cdktf/provider-azurerm/lib/data-azurerm-client-config';
import { TerraformLocal, TerraformStack, TerraformVariable, Testing, Token } from 'cdktf';
import { GUID, SUBSCRIPTION } from './stacks';
import { resource, resources, terraformOf, terraformWith } from './synthesized';
import {
  DumpAudit,
  DumpReaderPrincipalType,
  DumpReaderRole,
  DumpStorage,
  DumpStorageAccess,
  DumpStorageNetwork,
  DumpStorageProps,
} from '../../src/azure';
import { messageOf } from '../pods';

/* What other resources of the user give is known to Terraform only. */

const KEY = 'https://contoso.vault.azure.net/keys/dumps';
const VAULT = `${SUBSCRIPTION}/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/contoso`;
const MAIL = 'oncall@contoso.example';
const text = (name: string) => Token.asString(`\${var.${name}}`);
const list = (name: string) => Token.asList(`\${var.${name}}`);
const endpoint = (options: object) =>
  DumpStorageNetwork.privateEndpoint({ subnetId: text('subnet'), virtualNetworkIds: [text('vnet')], ...options });
const workload = (options: object = {}) =>
  DumpStorageAccess.workloadIdentity({
    oidcIssuerUrl: text('issuer'),
    serviceAccountName: text('account'),
    namespaces: ['shop'],
    ...options,
  });
const audit = DumpAudit.workspace(text('workspace'), { location: text('location') });
const reader = {
  principalId: text('reader'),
  principalType: DumpReaderPrincipalType.GROUP,
  role: DumpReaderRole.PRIVILEGED_READER,
};
const managed = DumpStorageAccess.managedIdentity({ clientId: text('client'), principalId: text('principal') });

test.each<[prop: string, props: Partial<DumpStorageProps>, id: string, rendered: object]>([
  ['location', { location: text('x') }, 'Account', { location: '${var.x}' }],
  ['storageAccountName', { storageAccountName: text('x') }, 'Account', { name: '${var.x}' }],
  ['storageAccountName in names', { storageAccountName: text('x') }, 'PrivateEndpoint', { name: 'pe-${var.x}' }],
  ['shareName', { shareName: text('x') }, 'Share', { name: '${var.x}' }],
  ['resourceGroupName', { resourceGroupName: text('x') }, 'ResourceGroup', { name: '${var.x}' }],
  [
    'existingResourceGroupName',
    { existingResourceGroupName: text('x') },
    'Account',
    { resource_group_name: '${var.x}' },
  ],
  ['tags', { tags: Token.asStringMap('${var.x}') }, 'Account', { tags: '${var.x}' }],
  ['a tag', { tags: { owner: text('x') } }, 'Account', { tags: { owner: '${var.x}' } }],
  [
    'provisionedIops',
    { provisionedIops: Token.asNumber('${var.x}') },
    'Performance',
    { body: { properties: { provisionedIops: '${var.x}' } } },
  ],
  ['subnetId', { network: endpoint({}) }, 'PrivateEndpoint', { subnet_id: '${var.subnet}' }],
  [
    'virtualNetworkIds',
    { network: endpoint({}) },
    'DnsLink-0',
    { name: 'link-contosodumps-0', virtual_network_id: '${var.vnet}' },
  ],
  [
    'privateDnsZoneId',
    { network: endpoint({ privateDnsZoneId: text('zone'), virtualNetworkIds: undefined }) },
    'PrivateEndpoint',
    { private_dns_zone_group: { private_dns_zone_ids: ['${var.zone}'] } },
  ],
  [
    'location of the endpoint',
    { network: endpoint({ location: text('there') }) },
    'PrivateEndpoint',
    { location: '${var.there}' },
  ],
  [
    'subnetIds',
    { network: DumpStorageNetwork.subnets({ subnetIds: list('nets') }) },
    'Account',
    { network_rules: { virtual_network_subnet_ids: '${var.nets}' } },
  ],
  [
    'a subnet',
    { network: DumpStorageNetwork.subnets({ subnetIds: [text('net')] }) },
    'Account',
    { network_rules: { virtual_network_subnet_ids: ['${var.net}'] } },
  ],
  [
    'ipRules',
    { network: DumpStorageNetwork.subnets({ subnetIds: [text('net')], ipRules: list('ips') }) },
    'Account',
    { network_rules: { ip_rules: '${var.ips}' } },
  ],
  [
    'an address',
    { network: DumpStorageNetwork.subnets({ subnetIds: [text('net')], ipRules: [text('ip')] }) },
    'Account',
    { network_rules: { ip_rules: ['${var.ip}'] } },
  ],
  [
    'oidcIssuerUrl, serviceAccountName',
    { access: workload() },
    'FederatedCredential-shop',
    { issuer: '${var.issuer}', subject: 'system:serviceaccount:shop:${var.account}' },
  ],
  [
    'a namespace',
    { access: workload({ namespaces: [text('ns')] }) },
    'FederatedCredential-0',
    { name: 'dumps-${var.ns}', subject: 'system:serviceaccount:${var.ns}:${var.account}' },
  ],
  ['identityName', { access: workload({ identityName: text('id') }) }, 'MountIdentity', { name: '${var.id}' }],
  ['principalId of a managed identity', { access: managed }, 'MountRole', { principal_id: '${var.principal}' }],
  ['principalId of a reader', { readers: [reader] }, 'Reader-0-Rest', { principal_id: '${var.reader}' }],
  [
    'keyId, keyVaultId',
    { customerManagedKey: { keyId: text('key'), keyVaultId: text('vault') } },
    'KeyRole',
    { scope: '${var.vault}' },
  ],
  [
    'keyId',
    { customerManagedKey: { keyId: text('key'), keyVaultId: VAULT } },
    'Account',
    { customer_managed_key: { key_vault_key_id: '${var.key}' } },
  ],
  [
    'identityId',
    { customerManagedKey: { keyId: KEY, identityId: text('id') } },
    'Account',
    { identity: { identity_ids: ['${var.id}'] } },
  ],
  ['workspaceId', { audit }, 'Audit', { log_analytics_workspace_id: '${var.workspace}' }],
  [
    'location of the workspace',
    { audit, alerts: { emails: [MAIL] } },
    'ReadAlert',
    { location: '${var.location}', scopes: ['${var.workspace}'] },
  ],
  [
    'name of the workspace',
    { audit: DumpAudit.newWorkspace({ name: text('log') }) },
    'Workspace',
    { name: '${var.log}' },
  ],
  [
    'emails',
    { alerts: { emails: [text('mail')] } },
    'ActionGroup',
    { email_receiver: [{ email_address: '${var.mail}' }] },
  ],
  [
    'actionGroupIds',
    { alerts: { actionGroupIds: [text('group')] } },
    'FullAlert',
    { action: [{ action_group_id: '${var.group}' }] },
  ],
  [
    'trustedReaders',
    { access: managed, alerts: { emails: [MAIL], trustedReaders: [text('ci')] } },
    'ReadAlert',
    { criteria: [{ query: expect.stringContaining("!in~ ('${var.principal}', '${var.ci}')") }] },
  ],
])('%s', (_prop, props, id, rendered) => {
  expect(resource(terraformWith(props), id)).toMatchObject(rendered);
});

test('an expression that the user wrote out is taken as well', () => {
  expect(
    resource(terraformWith({ readers: [{ ...reader, principalId: '${var.reader}' }] }), 'Reader-0-Rest').principal_id,
  ).toBe('${var.reader}');
});

test('subscriptionId, where nodes are told of it', () => {
  const stack = new TerraformStack(Testing.app(), 'stack');
  const subscriptionId = new DataAzurermClientConfig(stack, 'Me', {}).subscriptionId;
  new DumpStorage(stack, 'Dumps', {
    location: 'here',
    storageAccountName: 'dumps',
    network: endpoint({}),
    access: managed,
    subscriptionId,
  });
  expect(terraformOf(stack).output.Dumps_share.value.subscriptionId).toBe(
    '${data.azurerm_client_config.Me.subscription_id}',
  );
});

test('variables and locals of the stack itself', () => {
  const stack = new TerraformStack(Testing.app(), 'stack');
  const location = new TerraformVariable(stack, 'Region', { type: 'string' }).stringValue;
  const storageAccountName = new TerraformLocal(stack, 'name', 'contosodumps').asString;
  new DumpStorage(stack, 'Dumps', { location, storageAccountName, network: endpoint({}), access: managed });
  expect(resources(terraformOf(stack), 'azurerm_storage_account')).toMatchObject([
    { name: '${local.name}', location: '${var.Region}' },
  ]);
});

describe('what has to be known at synth', () => {
  const mustBeKnown =
    ' is a list that Terraform computes, but each item becomes a resource, so their number must be known at synth; ' +
    'write the list out; its items may be computed';

  test.each<[string, () => unknown]>([
    ['DumpStorageAccess.workloadIdentity: namespaces', () => workload({ namespaces: list('x') })],
    ['DumpStorageNetwork.privateEndpoint: virtualNetworkIds', () => endpoint({ virtualNetworkIds: list('x') })],
    ['dumps: readers', () => terraformWith({ readers: list('x') as never })],
    ['dumps: alerts.emails', () => terraformWith({ alerts: { emails: list('x') } })],
    ['dumps: alerts.actionGroupIds', () => terraformWith({ alerts: { actionGroupIds: list('x') } })],
    ['dumps: alerts.trustedReaders', () => terraformWith({ alerts: { emails: [MAIL], trustedReaders: list('x') } })],
  ])('%s', (what, make) => {
    expect(messageOf(make)).toBe(`${what}${mustBeKnown}`);
  });

  test('the virtual network of a subnet, unless it is not needed', () => {
    const subnet = { virtualNetworkIds: undefined };
    expect(messageOf(() => endpoint(subnet))).toBe(
      'DumpStorageNetwork.privateEndpoint: subnetId is computed by Terraform, so its virtual network is not known ' +
        'at synth; give virtualNetworkIds, or privateDnsZoneId',
    );
    expect(() => endpoint({ ...subnet, privateDnsZoneId: text('zone') })).not.toThrow();
    expect(() => endpoint({ ...subnet, manageDnsZoneGroup: false })).not.toThrow();
  });

  test('fullAtPercent, of which the threshold is made', () => {
    expect(
      messageOf(() => terraformWith({ alerts: { emails: [MAIL], fullAtPercent: Token.asNumber('${var.x}') } })),
    ).toMatch(/^dumps: alerts\.fullAtPercent must be a whole number from 1 to 99, got /);
  });

  test('two readers that Terraform computes are two', () => {
    const terraform = terraformWith({
      readers: [reader, { ...reader, principalId: text('other') }, { ...reader, principalId: GUID }],
    });
    expect(resources(terraform, 'azurerm_role_assignment').map(({ principal_id: id }) => id)).toEqual(
      expect.arrayContaining(['${var.reader}', '${var.other}', GUID]),
    );
  });
});
