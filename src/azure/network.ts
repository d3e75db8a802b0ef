import { PrivateDnsZone } from '@cdktf/provider-azurerm/lib/private-dns-zone';
import { PrivateDnsZoneVirtualNetworkLink } from '@cdktf/provider-azurerm/lib/private-dns-zone-virtual-network-link';
import { PrivateEndpoint } from '@cdktf/provider-azurerm/lib/private-endpoint';
import type { StorageAccountConfig } from '@cdktf/provider-azurerm/lib/storage-account';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { computed, isKnown, knownListOf, refuseTwice, resourceId } from './checks';
import { linkName, linkOf } from './dns-link-name';
import type { UniqueName } from './neighbours';
import type { PrivateEndpointOptions, SubnetsOptions } from './network-options';
import type { NetworkConnection, StorageContext } from './storage-context';
import type { TrustedResource } from './trusted-resource';
import { Check } from '../input/check';
import { FLAG, listOf, matching } from '../input/checks';
import { located } from '../input/located-error';
import { checkProps, Checks, required, struct } from '../input/struct';
import { GUID, LOCATION } from '../stores/azure-files/azure-names';

const VIRTUAL_NETWORK = 'Microsoft.Network/virtualNetworks';

const OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const IPV4 = matching({
  pattern: new RegExp(`^(${OCTET}\\.){3}${OCTET}(/([0-9]|[12][0-9]|30))?$`),
  expected: 'an IPv4 address, or a range with a prefix of at most 30 bits',
});

/** The storage firewall refuses private ranges and the prefixes 31 and 32. */
const IP_RULE: Check = computed({ ...IPV4, inside: (what, rule) => refuseIpRule(what, rule as string) });

function refuseIpRule(what: string, rule: string): void {
  if (/^(10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.)/.test(rule)) {
    throw new Error(
      `${what} (${rule}) is a private address, which the storage firewall refuses; admit the subnet by subnetIds, ` +
        'or use privateEndpoint',
    );
  }
  if (/\/[0-7]$/.test(rule)) {
    throw new Error(
      `${what} (${rule}) admits 2^${32 - Number(rule.split('/')[1])} addresses, but a prefix must have at least 8 ` +
        'bits; name the ranges that readers of dumps use',
    );
  }
  if (/^(0|127|169\.254)\./.test(rule)) {
    throw new Error(
      `${what} (${rule}) is in a range that is not public (0, 127, 169.254); name the public ranges that readers of ` +
        'dumps use',
    );
  }
}

const ONE_RESOURCE: Check = computed({
  ...matching({
    pattern: /^\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?\/providers\/[^/]+(\/[^/]+\/[^/]+)+$/i,
    expected: 'the id of a resource: /subscriptions/<id>/resourceGroups/<name>/providers/<type>/<name>',
  }),
  inside: (what, id) => {
    if (/\/Microsoft\.Network\/privateEndpoints\//i.test(id as string)) {
      // https://github.com/hashicorp/terraform-provider-azurerm/pull/23383
      throw new Error(
        `${what} '${id}' is a private endpoint, which Azure refuses here; expected a resource that has a managed ` +
          'identity; use DumpStorageNetwork.privateEndpoint for a private address',
      );
    }
    if (!(id as string).includes('*')) return;
    throw new Error(
      `${what} '${id}' admits every resource of its kind, also those that others create; expected one resource; ` +
        'write its id',
    );
  },
});
export const TRUSTED_RESOURCES = knownListOf(
  struct<TrustedResource>({ resourceId: required(ONE_RESOURCE), tenantId: computed(GUID) }),
);
const SUBNET_ID = resourceId(`${VIRTUAL_NETWORK}/subnets`);
const PRIVATE_ENDPOINT_OPTIONS: Checks<PrivateEndpointOptions> = {
  subnetId: required(SUBNET_ID),
  virtualNetworkIds: knownListOf(resourceId(VIRTUAL_NETWORK)),
  privateDnsZoneId: resourceId('Microsoft.Network/privateDnsZones'),
  manageDnsZoneGroup: FLAG,
  location: computed(LOCATION),
};
const SUBNETS_OPTIONS: Checks<SubnetsOptions> = { subnetIds: required(listOf(SUBNET_ID)), ipRules: listOf(IP_RULE) };

/** Network access to the storage account. Each variant denies all other access. */
export class DumpStorageNetwork {
  /** Allows access through a private endpoint only. The public endpoint is disabled. */
  public static privateEndpoint(options: PrivateEndpointOptions): DumpStorageNetwork {
    located('DumpStorageNetwork.privateEndpoint', () =>
      refuseUselessDns(checkProps(options, PRIVATE_ENDPOINT_OPTIONS, 'options')),
    );
    return new DumpStorageNetwork(options);
  }

  /** Allows access through the public endpoint, from these subnets and addresses only. */
  public static subnets(options: SubnetsOptions): DumpStorageNetwork {
    located('DumpStorageNetwork.subnets', () => {
      const { subnetIds } = checkProps(options, SUBNETS_OPTIONS, 'options');
      if (subnetIds.length === 0) {
        throw new Error("subnetIds is empty, so no node can mount the share; name the nodes' subnets");
      }
    });
    return new DumpStorageNetwork(undefined, options);
  }

  private constructor(
    private readonly endpoint?: PrivateEndpointOptions,
    private readonly firewall?: SubnetsOptions,
  ) {}

  /** Undefined unless a factory created the object. @internal */
  public get _restriction(): PrivateEndpointOptions | SubnetsOptions | undefined {
    return this.endpoint ?? this.firewall;
  }

  /** @internal */
  public _accountArguments(
    trustedServices: boolean,
    trustedResources: TrustedResource[],
  ): Pick<StorageAccountConfig, 'publicNetworkAccessEnabled' | 'allowedCopyScope' | 'networkRules'> {
    return {
      publicNetworkAccessEnabled: this.firewall !== undefined,
      allowedCopyScope: this.firewall ? 'AAD' : 'PrivateLink',
      networkRules: {
        defaultAction: 'Deny',
        bypass: [trustedServices ? 'AzureServices' : 'None'],
        ipRules: this.firewall?.ipRules ?? [],
        virtualNetworkSubnetIds: this.firewall?.subnetIds ?? [],
        privateLinkAccess:
          trustedResources.length === 0
            ? undefined
            : trustedResources.map(({ resourceId: endpointResourceId, tenantId: endpointTenantId }) => ({
                endpointResourceId,
                endpointTenantId,
              })),
      },
    };
  }

  /** @internal */
  public _connect(
    scope: Construct,
    storage: StorageContext,
    accountId: string,
    storageSuffix: string,
    dependsOn: ITerraformDependable[],
  ): NetworkConnection {
    if (!this.endpoint) return { endpoints: [] };
    const { subnetId, location, manageDnsZoneGroup = true } = this.endpoint;
    const name = `pe-${storage.accountName}`;
    const privateDnsZoneId = manageDnsZoneGroup
      ? this.zone(scope, storage, `privatelink.file.${storageSuffix}`)
      : undefined;
    const endpoints = [
      new PrivateEndpoint(scope, 'PrivateEndpoint', {
        name,
        resourceGroupName: storage.resourceGroupName,
        location: location ?? storage.location,
        subnetId,
        customNetworkInterfaceName: `nic-${name}`,
        privateServiceConnection: {
          name,
          isManualConnection: false,
          privateConnectionResourceId: accountId,
          subresourceNames: ['file'],
        },
        ...(privateDnsZoneId !== undefined
          ? { privateDnsZoneGroup: { name: 'default', privateDnsZoneIds: [privateDnsZoneId] } }
          : { lifecycle: { ignoreChanges: ['private_dns_zone_group'] } }),
        tags: storage.tags,
        dependsOn,
      }),
    ];
    return { endpoints, privateDnsZoneId };
  }

  /**
   * Returns the names of the new DNS zone. The zone must be unique in its resource group and for each virtual network.
   *
   * @see https://learn.microsoft.com/azure/dns/private-dns-virtual-network-links
   * @internal
   */
  public _uniqueNames(zone: string, group: (string | undefined)[]): UniqueName[] {
    if (!this.endpoint || this.endpoint.manageDnsZoneGroup === false || this.endpoint.privateDnsZoneId !== undefined) {
      return [];
    }
    const remedy = 'give this one privateDnsZoneId: <the other>.privateDnsZoneId';
    return [
      {
        what: `private DNS zone '${zone}' of the same resource group`,
        parts: [...group, zone],
        reason: 'a resource group takes one zone of a name',
        remedy,
      },
      ...this.linkedNetworks(this.endpoint).map((id) => ({
        what: `private DNS zone '${zone}' for virtual network '${id}'`,
        parts: [id, zone],
        reason: 'a virtual network takes one zone of a name',
        remedy,
      })),
    ];
  }

  private linkedNetworks({ subnetId, virtualNetworkIds }: PrivateEndpointOptions): string[] {
    return virtualNetworkIds ?? [subnetId.replace(/\/subnets\/[^/]+$/i, '')];
  }

  private zone(scope: Construct, { accountName, resourceGroupName, tags }: StorageContext, name: string): string {
    const { privateDnsZoneId } = this.endpoint!;
    const virtualNetworkIds = this.linkedNetworks(this.endpoint!);
    if (privateDnsZoneId !== undefined) {
      return checkZone(`${scope.node.path}: privateDnsZoneId`, privateDnsZoneId, name);
    }
    const zone = new PrivateDnsZone(scope, 'DnsZone', { name, resourceGroupName, tags });
    virtualNetworkIds.forEach((virtualNetworkId, index) => {
      const link = isKnown(virtualNetworkId) ? linkOf(virtualNetworkId, virtualNetworkIds.slice(0, index)) : `${index}`;
      new PrivateDnsZoneVirtualNetworkLink(scope, `DnsLink-${link}`, {
        name: linkName(accountName, link),
        resourceGroupName,
        privateDnsZoneName: zone.name,
        virtualNetworkId,
        registrationEnabled: false,
        tags,
      });
    });
    return zone.id;
  }
}

function refuseUselessDns({
  subnetId,
  virtualNetworkIds,
  privateDnsZoneId,
  manageDnsZoneGroup,
}: PrivateEndpointOptions): void {
  if (manageDnsZoneGroup === false && (privateDnsZoneId !== undefined || virtualNetworkIds !== undefined)) {
    throw new Error(
      'manageDnsZoneGroup is false, so ' +
        `${privateDnsZoneId !== undefined ? 'privateDnsZoneId' : 'virtualNetworkIds'} would have no effect; remove ` +
        'one of them',
    );
  }
  if (privateDnsZoneId !== undefined && virtualNetworkIds !== undefined) {
    throw new Error(
      'virtualNetworkIds are links of a new zone, but privateDnsZoneId names an existing one; remove one of them',
    );
  }
  if (virtualNetworkIds?.length === 0) {
    throw new Error(
      "virtualNetworkIds is empty, so no client can resolve the account's name; name the cluster's virtual network, " +
        'or remove it',
    );
  }
  refuseTwice('virtualNetworkIds', virtualNetworkIds);
  if (
    virtualNetworkIds === undefined &&
    !isKnown(subnetId) &&
    privateDnsZoneId === undefined &&
    manageDnsZoneGroup !== false
  ) {
    throw new Error(
      'subnetId is computed by Terraform, so its virtual network is not known at synth; give virtualNetworkIds, ' +
        'or privateDnsZoneId',
    );
  }
}

/** The account's host name resolves to its private address only through the zone of its cloud. */
function checkZone(what: string, id: string, name: string): string {
  if (!isKnown(id) || id.toLowerCase().endsWith(`/${name}`)) return id;
  throw new Error(
    `${what} (${id}) is not the zone '${name}', which holds the account names of this cloud; give the id of that ` +
      'zone, or choose another cloud',
  );
}
