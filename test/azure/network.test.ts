import { PrivateDnsZone } from '@cdktf/provider-azurerm/lib/private-dns-zone';
import { PrivateEndpoint } from '@cdktf/provider-azurerm/lib/private-endpoint';
import { StorageAccount } from '@cdktf/provider-azurerm/lib/storage-account';
import { Testing } from 'cdktf';
import { setupJest } from 'cdktf/lib/testing/adapters/jest';
import { NETWORK, stacks, SUBSCRIPTION } from './stacks';
import { addressOf, resource, resources, synthesizedWith, terraformOf, terraformWith } from './synthesized';
import { AzureCloud, DumpStorageNetwork, PrivateEndpointOptions, SubnetsOptions } from '../../src/azure';
import { messageOf } from '../pods';

setupJest();

const SUBNET = `${NETWORK}/subnets/endpoints`;
const ZONES = `${SUBSCRIPTION}/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones`;
const ZONE = `${ZONES}/privatelink.file.core.windows.net`;

const endpoint = (options: Partial<PrivateEndpointOptions> = {}) =>
  DumpStorageNetwork.privateEndpoint({ subnetId: SUBNET, ...options });
const subnets = (options: Partial<SubnetsOptions> = {}) =>
  DumpStorageNetwork.subnets({ subnetIds: [SUBNET], ...options });
const linksTo = (...virtualNetworkIds: string[]) => {
  return resources(
    terraformWith({ network: endpoint({ virtualNetworkIds }) }),
    'azurerm_private_dns_zone_virtual_network_link',
  );
};
const subnetsRefusal = (options: Partial<SubnetsOptions>) =>
  messageOf(() => subnets(options)).replace(/^DumpStorageNetwork.subnets: /, '');

describe('private endpoint', () => {
  test("of the file service only, with its address in a zone of its own for the subnet's network", () => {
    const terraform = terraformWith({ network: endpoint(), tags: { owner: 'platform' } });
    const group = `\${${addressOf(terraform, 'ResourceGroup')}.name}`;
    const zone = addressOf(terraform, 'DnsZone');
    expect(resource(terraform, 'PrivateEndpoint')).toEqual({
      name: 'pe-contosodumps',
      resource_group_name: group,
      location: 'westeurope',
      subnet_id: SUBNET,
      custom_network_interface_name: 'nic-pe-contosodumps',
      private_service_connection: {
        name: 'pe-contosodumps',
        is_manual_connection: false,
        private_connection_resource_id: `\${${addressOf(terraform, 'Account')}.id}`,
        subresource_names: ['file'],
      },
      private_dns_zone_group: { name: 'default', private_dns_zone_ids: [`\${${zone}.id}`] },
      tags: { owner: 'platform' },
      depends_on: [addressOf(terraform, 'Share')],
    });
    expect(resource(terraform, 'DnsZone')).toEqual({
      name: 'privatelink.file.core.windows.net',
      resource_group_name: group,
      tags: { owner: 'platform' },
    });
    expect(resource(terraform, 'DnsLink-rg-network-vnet-aks')).toEqual({
      name: 'link-contosodumps-rg-network-vnet-aks',
      resource_group_name: group,
      private_dns_zone_name: `\${${zone}.name}`,
      virtual_network_id: NETWORK,
      registration_enabled: false,
      tags: { owner: 'platform' },
    });
  });

  test.each([
    [AzureCloud.PUBLIC, 'privatelink.file.core.windows.net'],
    [AzureCloud.US_GOVERNMENT, 'privatelink.file.core.usgovcloudapi.net'],
    [AzureCloud.CHINA, 'privatelink.file.core.chinacloudapi.cn'],
  ])('the zone of cloud %s is %s', (cloud, zone) => {
    expect(synthesizedWith({ cloud })).toHaveResourceWithProperties(PrivateDnsZone, { name: zone });
  });

  test('is in the region of its virtual network', () => {
    expect(synthesizedWith({ network: endpoint({ location: 'northeurope' }) })).toHaveResourceWithProperties(
      PrivateEndpoint,
      { location: 'northeurope' },
    );
  });

  test('a zone that exists is used and not linked', () => {
    const terraform = terraformWith({ network: endpoint({ privateDnsZoneId: ZONE }) });
    expect(resource(terraform, 'PrivateEndpoint').private_dns_zone_group.private_dns_zone_ids).toEqual([ZONE]);
    expect(Object.keys(terraform.resource).filter((type) => type.startsWith('azurerm_private_dns'))).toEqual([]);
  });

  test('ignores the DNS zone group where an Azure Policy registers it', () => {
    const terraform = terraformWith({ network: endpoint({ manageDnsZoneGroup: false }) });
    expect(resource(terraform, 'PrivateEndpoint').lifecycle).toEqual({ ignore_changes: ['private_dns_zone_group'] });
    expect(resource(terraform, 'PrivateEndpoint')).not.toHaveProperty('private_dns_zone_group');
    expect(Object.keys(terraform.resource).filter((type) => type.startsWith('azurerm_private_dns'))).toEqual([]);
  });
});

describe('links of the zone', () => {
  const hub = NETWORK.replace('vnet-aks', 'vnet-hub');

  test('one to each network that is named, and to no other', () => {
    expect(
      linksTo(hub, `${hub}-2`)
        .map((link) => link.virtual_network_id)
        .sort(),
    ).toEqual([hub, `${hub}-2`]);
  });

  test('networks of one name and group in two subscriptions', () => {
    const other = NETWORK.replace(/^\/subscriptions\/[^/]+/, '/subscriptions/11111111-1111-1111-1111-111111111111');
    expect(
      linksTo(NETWORK, other)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([
      'link-contosodumps-rg-network-vnet-aks',
      'link-contosodumps-rg-network-vnet-aks-11111111-1111-1111-1111-111111111111',
    ]);
  });

  test('names are cut at 80 characters, and still differ', () => {
    const long = NETWORK.replace('rg-network', 'g'.repeat(90));
    const names = linksTo(`${long}-1`, `${long}-2`).map(({ name }) => name);
    expect(names).toEqual([
      expect.stringMatching(/^link-contosodumps-g{53}-[0-9a-f]{8}$/),
      expect.stringMatching(/^link-contosodumps-g{53}-[0-9a-f]{8}$/),
    ]);
    expect(names[0]).toHaveLength(80);
    expect(names[0]).not.toBe(names[1]);
  });

  test('brackets of a group are no characters of a link', () => {
    const [{ name }] = linksTo(NETWORK.replace('rg-network', 'rg(net)'));
    expect(name).toMatch(/^link-contosodumps-rg-net--vnet-aks-[0-9a-f]{8}$/);
  });

  test('a name of 80 characters stays as it is', () => {
    const [{ name }] = linksTo(NETWORK.replace('rg-network', 'g'.repeat(80 - 'link-contosodumps--vnet-aks'.length)));
    expect(name).toMatch(/^link-contosodumps-g+-vnet-aks$/);
    expect(name).toHaveLength(80);
  });
});

describe('subnets', () => {
  test('are let in by id, addresses beside them, and there is no endpoint', () => {
    const terraform = terraformOf(stacks.subnets(Testing.app()));
    expect(resource(terraform, 'Account').network_rules).toEqual({
      default_action: 'Deny',
      bypass: ['AzureServices'],
      ip_rules: ['203.0.113.7', '198.51.100.0/24'],
      virtual_network_subnet_ids: [`${NETWORK}/subnets/nodes`, `${NETWORK}/subnets/jobs`],
    });
    expect(Object.keys(terraform.resource).filter((type) => type.startsWith('azurerm_private'))).toEqual([]);
  });

  test.each([
    '1.2.3.4',
    '255.255.255.255',
    '198.51.100.0/30',
    '198.0.0.0/8',
    '172.15.0.1',
    '172.32.0.1',
    '11.0.0.1',
    '192.167.0.1',
    '1.0.0.0',
    '126.0.0.1',
    '128.0.0.1',
    '169.253.0.1',
    '169.255.0.1',
  ])('address %s is taken', (rule) => {
    expect(
      resource(terraformWith({ network: subnets({ ipRules: [rule] }) }), 'Account').network_rules.ip_rules,
    ).toEqual([rule]);
  });

  test('leave the private endpoint away', () => {
    const synthesized = synthesizedWith({ network: subnets() });
    expect(synthesized).toHaveResourceWithProperties(StorageAccount, { public_network_access_enabled: true });
    expect(synthesized).not.toHaveResource(PrivateEndpoint);
  });

  test.each(['256.1.1.1', '1.2.3', '198.51.100.0/31', '198.51.100.7/32', '2001:db8::1', '01.2.3.4', ''])(
    "address '%s' is refused",
    (rule) => {
      expect(subnetsRefusal({ ipRules: ['1.2.3.4', rule] })).toBe(
        `ipRules[1] must be an IPv4 address, or a range with a prefix of at most 30 bits, got "${rule}"`,
      );
    },
  );

  test.each(['10.0.0.1', '192.168.0.0/16', '172.16.0.1', '172.31.255.0/24'])(
    'private address %s is refused',
    (rule) => {
      expect(subnetsRefusal({ ipRules: [rule] })).toBe(
        `ipRules[0] (${rule}) is a private address, which the storage firewall refuses; admit the subnet by ` +
          'subnetIds, or use privateEndpoint',
      );
    },
  );

  test.each([
    ['0.0.0.0/0', 32],
    ['198.0.0.0/1', 31],
    ['198.0.0.0/7', 25],
  ])('a large part of the internet is refused: %s', (rule, bits) => {
    expect(subnetsRefusal({ ipRules: [rule] })).toBe(
      `ipRules[0] (${rule}) admits 2^${bits} addresses, but a prefix must have at least 8 bits; name the ranges ` +
        'that readers of dumps use',
    );
  });

  test.each(['0.0.0.0', '127.0.0.1', '169.254.1.0/24'])('refuses address %s, which is not public', (rule) => {
    expect(subnetsRefusal({ ipRules: [rule] })).toBe(
      `ipRules[0] (${rule}) is in a range that is not public (0, 127, 169.254); name the public ranges that readers ` +
        'of dumps use',
    );
  });
});
