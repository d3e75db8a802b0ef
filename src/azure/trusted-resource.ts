/** A resource of Azure that the firewall of the account admits from any network. Its roles decide what it may do. */
export interface TrustedResource {
  /**
   * Id of one resource of a kind that Azure lists for resource instances, such as
   * `/subscriptions/<id>/providers/Microsoft.Security/datascanners/StorageDataScanner` of Defender.
   */
  readonly resourceId: string;
  /**
   * Id of its tenant.
   * @default - the tenant of the subscription
   */
  readonly tenantId?: string;
}
