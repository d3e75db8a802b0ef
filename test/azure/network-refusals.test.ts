import { setupJest } from 'cdktf/lib/testing/adapters/jest';
import { NETWORK, SUBSCRIPTION } from './stacks';
import { refusal, terraformWith } from './synthesized';
import { AzureCloud, DumpStorageNetwork, PrivateEndpointOptions, SubnetsOptions } from '../../src/azure';
import { messageOf } from '../pods';

setupJest();

const SUBNET = `${NETWORK}/subnets/endpoints`;
const ZONES = `${SUBSCRIPTION}/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones`;
const ZONE = `${ZONES}/privatelink.file.core.windows.net`;
const RESOURCE_ID = 'the id of a resource: /subscriptions/<id>/resourceGroups/<name>/providers';

const endpoint = (options: Partial<PrivateEndpointOptions> = {}) =>
  DumpStorageNetwork.privateEndpoint({ subnetId: SUBNET, ...options });
const subnets = (options: Partial<SubnetsOptions> = {}) =>
  DumpStorageNetwork.subnets({ subnetIds: [SUBNET], ...options });
const endpointRefusal = (options: Partial<PrivateEndpointOptions>) =>
  messageOf(() => endpoint(options)).replace(/^DumpStorageNetwork.privateEndpoint: /, '');
const subnetsRefusal = (options: Partial<SubnetsOptions>) =>
  messageOf(() => subnets(options)).replace(/^DumpStorageNetwork.subnets: /, '');

describe('refuses', () => {
  test.each<[Partial<PrivateEndpointOptions>, string]>([
    [
      { subnetId: NETWORK },
      `subnetId must be ${RESOURCE_ID}/Microsoft.Network/virtualNetworks/<name>/subnets/<name>, got "${NETWORK}"`,
    ],
    [
      { subnetId: `${SUBNET}/more` },
      `subnetId must be ${RESOURCE_ID}/Microsoft.Network/virtualNetworks/<name>/subnets/<name>, got "${SUBNET}/more"`,
    ],
    [
      { privateDnsZoneId: SUBNET },
      `privateDnsZoneId must be ${RESOURCE_ID}/Microsoft.Network/privateDnsZones/<name>, got "${SUBNET}"`,
    ],
    [
      { virtualNetworkIds: [NETWORK, SUBNET] },
      `virtualNetworkIds[1] must be ${RESOURCE_ID}/Microsoft.Network/virtualNetworks/<name>, got "${SUBNET}"`,
    ],
    [{ virtualNetworkIds: [NETWORK, NETWORK] }, `virtualNetworkIds has '${NETWORK}' twice; remove one`],
    [
      { virtualNetworkIds: [] },
      "virtualNetworkIds is empty, so no client can resolve the account's name; name the cluster's virtual network, " +
        'or remove it',
    ],
    [{ location: '' }, 'location must be an Azure region, for example westeurope, got ""'],
    [{ manageDnsZoneGroup: 'no' as unknown as boolean }, 'manageDnsZoneGroup must be true or false, got "no"'],
    [
      { manageDnsZoneGroup: false, privateDnsZoneId: ZONE },
      'manageDnsZoneGroup is false, so privateDnsZoneId would have no effect; remove one of them',
    ],
    [
      { manageDnsZoneGroup: false, virtualNetworkIds: [NETWORK] },
      'manageDnsZoneGroup is false, so virtualNetworkIds would have no effect; remove one of them',
    ],
    [
      { dnsZoneId: ZONE } as object,
      "there is no prop 'dnsZoneId'; expected one of subnetId, virtualNetworkIds, privateDnsZoneId, " +
        'manageDnsZoneGroup, location; correct or remove it',
    ],
    [
      { privateDnsZoneId: ZONE, virtualNetworkIds: [NETWORK] },
      'virtualNetworkIds are links of a new zone, but privateDnsZoneId names an existing one; remove one of them',
    ],
  ])('privateEndpoint %j', (options, message) => {
    expect(endpointRefusal(options)).toBe(message);
  });

  test.each<[Partial<SubnetsOptions>, string]>([
    [{ ips: [] } as object, "there is no prop 'ips'; expected one of subnetIds, ipRules; correct or remove it"],
    [{ subnetIds: [] }, "subnetIds is empty, so no node can mount the share; name the nodes' subnets"],
    [
      { subnetIds: [SUBNET, NETWORK] },
      `subnetIds[1] must be ${RESOURCE_ID}/Microsoft.Network/virtualNetworks/<name>/subnets/<name>, got "${NETWORK}"`,
    ],
    [{ subnetIds: SUBNET as unknown as string[] }, `subnetIds must be a list, got "${SUBNET}"; write [ … ] around it`],
    [{ ipRules: '1.2.3.4' as unknown as string[] }, `ipRules must be a list, got "1.2.3.4"; write ['1.2.3.4']`],
  ])('subnets %j', (options, message) => {
    expect(subnetsRefusal(options)).toBe(message);
  });
});

describe('a zone that exists', () => {
  const withZone = (name: string, cloud?: AzureCloud) =>
    refusal({ cloud, network: endpoint({ privateDnsZoneId: ZONE.replace(/[^/]+$/, name) }) });

  test('is the one of the cloud', () => {
    expect(withZone('privatelink.blob.core.windows.net')).toBe(
      `privateDnsZoneId (${ZONE.replace('.file.', '.blob.')}) is not the zone ` +
        "'privatelink.file.core.windows.net', which holds the account names of this cloud; give the id of that " +
        'zone, or choose another cloud',
    );
    expect(withZone('privatelink.file.core.windows.net', AzureCloud.CHINA)).toContain(
      "is not the zone 'privatelink.file.core.chinacloudapi.cn'",
    );
  });

  test.each<[string, AzureCloud]>([
    ['privatelink.file.core.chinacloudapi.cn', AzureCloud.CHINA],
    ['PrivateLink.File.core.windows.net', AzureCloud.PUBLIC],
  ])('may be %s in cloud %s', (name, cloud) => {
    expect(() =>
      terraformWith({ cloud, network: endpoint({ privateDnsZoneId: ZONE.replace(/[^/]+$/, name) }) }),
    ).not.toThrow();
  });
});
