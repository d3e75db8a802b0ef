/** Options of `DumpStorageNetwork.privateEndpoint`. */
export interface PrivateEndpointOptions {
  /** Id of the subnet of the private endpoint. */
  readonly subnetId: string;
  /**
   * Ids of the virtual networks that resolve the account's host name to the private address: the cluster's network, and
   * the networks of people and pipelines that read dumps.
   * @default - the network of `subnetId`
   */
  readonly virtualNetworkIds?: string[];
  /**
   * Id of an existing private DNS zone `privatelink.file.…`, such as `privateDnsZoneId` of another storage in the app.
   * Its owner links it to virtual networks.
   * @default - a new zone is created and linked to `virtualNetworkIds`
   */
  readonly privateDnsZoneId?: string;
  /**
   * Whether to register the endpoint in a DNS zone; false if an Azure Policy registers it.
   * @default true
   */
  readonly manageDnsZoneGroup?: boolean;
  /**
   * Region of the subnet's virtual network.
   * @default - the region of the account
   */
  readonly location?: string;
}

/** Options of `DumpStorageNetwork.subnets`. */
export interface SubnetsOptions {
  /** Ids of the nodes' subnets. Each needs the service endpoint `Microsoft.Storage`. */
  readonly subnetIds: string[];
  /**
   * Additional public IPv4 addresses and ranges to allow. They have no effect on clients in the region of the account.
   * @default - none
   */
  readonly ipRules?: string[];
}
