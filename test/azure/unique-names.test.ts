import { App, Fn, TerraformStack, Testing } from 'cdktf';
import { GUID, NETWORK, SUBSCRIPTION } from './stacks';
import { terraformOf } from './synthesized';
import { DumpAudit, DumpStorage, DumpStorageAccess, DumpStorageNetwork, DumpStorageProps } from '../../src/azure';
import { messageOf } from '../pods';

/* Each rule with a second storage that breaks it, and the nearest that does not. */

const OTHER_NETWORK = NETWORK.replace('vnet-aks', 'vnet-other');
const ZONE = 'privatelink.file.core.windows.net';
const SUBNET_ID = `${NETWORK}/subnets/endpoints`;
const endpoint = DumpStorageNetwork.privateEndpoint({ subnetId: SUBNET_ID });
const otherEndpoint = DumpStorageNetwork.privateEndpoint({ subnetId: `${OTHER_NETWORK}/subnets/endpoints` });
const subnets = DumpStorageNetwork.subnets({ subnetIds: [SUBNET_ID] });
const nodes = (identityName?: string) => DumpStorageAccess.managedIdentity({ identityName });

function storageIn(stack: TerraformStack, id: string, props: Partial<DumpStorageProps>) {
  return new DumpStorage(stack, id, {
    location: 'westeurope',
    storageAccountName: 'contosodumps',
    network: subnets,
    access: DumpStorageAccess.accountKey(),
    ...props,
  });
}

/** Two storages in two stacks of an app; the message of the second, or undefined. */
function outcome(first: Partial<DumpStorageProps>, second: Partial<DumpStorageProps>): string | undefined {
  const app = Testing.app() as App;
  storageIn(new TerraformStack(app, 'blue'), 'Dumps', first);
  const stack = new TerraformStack(app, 'green');
  let message: string | undefined;
  try {
    storageIn(stack, 'Dumps', { storageAccountName: 'contosoothers', ...second });
  } catch (error) {
    message = (error as Error).message;
  }
  return message;
}

const group = { existingResourceGroupName: 'rg-platform' };
const SAME_GROUP =
  `private DNS zone '${ZONE}' of the same resource group is also that of 'blue/Dumps'; a resource group ` +
  'takes one zone of a name; give this one privateDnsZoneId: <the other>.privateDnsZoneId';
const sameNetwork = (id: string) =>
  `private DNS zone '${ZONE}' for virtual network '${id}' is also that of 'blue/Dumps'; a virtual network takes one ` +
  'zone of a name; give this one privateDnsZoneId: <the other>.privateDnsZoneId';

test.each<[string, Partial<DumpStorageProps>, Partial<DumpStorageProps>, string, ...Partial<DumpStorageProps>[]]>([
  [
    'an account name',
    {},
    { storageAccountName: 'contosodumps', resourceGroupName: 'rg-other' },
    "storageAccountName 'contosodumps' is also that of 'blue/Dumps'; the name of an account is unique in the whole " +
      'of Azure; give each storage its own storageAccountName',
    { storageAccountName: 'contosodumps2' },
  ],
  [
    'an identity name',
    { access: nodes('id-dumps') },
    { access: nodes('ID-dumps') },
    "identityName 'ID-dumps' is also that of 'blue/Dumps'; each storage makes an identity; give each its own " +
      'identityName, or one of them clientId and principalId of the other',
    { access: nodes('id-others') },
    { access: nodes() },
    { access: DumpStorageAccess.managedIdentity({ clientId: GUID, principalId: GUID }) },
  ],
  [
    'a resource group',
    { resourceGroupName: 'rg-dumps' },
    { resourceGroupName: 'RG-dumps' },
    "resourceGroupName 'RG-dumps' is also that of 'blue/Dumps'; each storage makes its group; give one of them " +
      'existingResourceGroupName, and let it depend on the other',
    { existingResourceGroupName: 'rg-dumps' },
    { resourceGroupName: 'rg-others' },
    { resourceGroupName: 'rg-dumps', subscriptionId: GUID },
  ],
  [
    'a workspace',
    { ...group, audit: DumpAudit.newWorkspace({ name: 'log-dumps' }) },
    { ...group, audit: DumpAudit.newWorkspace({ name: 'log-dumps' }) },
    "audit workspace 'log-dumps' of the same resource group is also that of 'blue/Dumps'; a resource group takes one " +
      'workspace of a name; give one of them DumpAudit.workspace(…) with the id of the other',
    { ...group, audit: DumpAudit.newWorkspace() },
    { audit: DumpAudit.newWorkspace({ name: 'log-dumps' }) },
  ],
  [
    'a zone of one group',
    { ...group, network: endpoint },
    { ...group, network: otherEndpoint },
    SAME_GROUP,
    { network: otherEndpoint },
    { ...group, network: subnets },
  ],
  [
    'a zone of one network',
    { network: endpoint },
    { network: endpoint },
    sameNetwork(NETWORK),
    { network: otherEndpoint },
    { network: DumpStorageNetwork.privateEndpoint({ subnetId: SUBNET_ID, manageDnsZoneGroup: false }) },
    {
      network: DumpStorageNetwork.privateEndpoint({
        subnetId: SUBNET_ID,
        privateDnsZoneId: `${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/privateDnsZones/${ZONE}`,
      }),
    },
  ],
  [
    'a zone of one of several networks',
    { network: endpoint },
    {
      network: DumpStorageNetwork.privateEndpoint({ subnetId: SUBNET_ID, virtualNetworkIds: [OTHER_NETWORK, NETWORK] }),
    },
    sameNetwork(NETWORK),
    { network: DumpStorageNetwork.privateEndpoint({ subnetId: SUBNET_ID, virtualNetworkIds: [OTHER_NETWORK] }) },
  ],
])('two storages cannot have %s', (_what, first, second, message, ...taken) => {
  expect(outcome(first, second)).toBe(`green/Dumps: ${message}`);
  for (const props of taken) expect(outcome(first, props)).toBeUndefined();
});

test('a network that Terraform computes is the same within its stack', () => {
  const networkOf = (name: string) =>
    DumpStorageNetwork.privateEndpoint({ subnetId: SUBNET_ID, virtualNetworkIds: [Fn.lower(`\${var.${name}}`)] });
  const stack = new TerraformStack(Testing.app(), 'platform');
  storageIn(stack, 'A', { storageAccountName: 'contosoa', network: networkOf('one') });
  expect(() => storageIn(stack, 'B', { storageAccountName: 'contosob', network: networkOf('two') })).not.toThrow();
  expect(
    messageOf(() => storageIn(stack, 'C', { storageAccountName: 'contosoc', network: networkOf('one') })),
  ).toContain("is also that of 'platform/A'; a virtual network takes one zone of a name");
  expect(outcome({ network: networkOf('one') }, { network: networkOf('one') })).toBeUndefined();
});

test('a further storage uses the zone of the first, in its stack or another', () => {
  const app = Testing.app() as App;
  const stack = new TerraformStack(app, 'blue');
  const first = storageIn(stack, 'Dumps', { network: endpoint });
  const network = DumpStorageNetwork.privateEndpoint({
    subnetId: SUBNET_ID,
    privateDnsZoneId: first.privateDnsZoneId,
  });
  const second = storageIn(stack, 'Others', { storageAccountName: 'contosoothers', network });
  expect(second.privateDnsZoneId).toBe(first.privateDnsZoneId);
  const terraform = terraformOf(stack);
  expect(Object.keys(terraform.resource.azurerm_private_dns_zone)).toHaveLength(1);
  const zones = Object.values<any>(terraform.resource.azurerm_private_endpoint).map(
    ({ private_dns_zone_group: { private_dns_zone_ids: ids } }) => ids,
  );
  expect(zones[0]).toEqual(zones[1]);
  const green = new TerraformStack(app, 'green');
  expect(() => storageIn(green, 'Dumps', { storageAccountName: 'contosogreen', network })).not.toThrow();
});

test('there is no zone without a private endpoint, or where a policy registers it', () => {
  const policy = DumpStorageNetwork.privateEndpoint({ subnetId: SUBNET_ID, manageDnsZoneGroup: false });
  for (const network of [subnets, policy]) {
    expect(
      storageIn(new TerraformStack(Testing.app(), 'stack'), 'Dumps', { network }).privateDnsZoneId,
    ).toBeUndefined();
  }
});
