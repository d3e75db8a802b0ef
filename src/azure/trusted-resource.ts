/** An Azure resource that the account's firewall allows from any network. Its roles determine its permissions. */
export interface TrustedResource {
  /**
   * Id of one resource, of a type that Azure supports as a resource instance, such as
   * `/subscriptions/<id>/providers/Microsoft.Security/datascanners/StorageDataScanner` of Defender.
   */
  readonly resourceId: string;
  /**
   * Id of the resource's tenant.
   * @default - the tenant of the subscription
   */
  readonly tenantId?: string;
}
