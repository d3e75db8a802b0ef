/**
 * A customer-managed key that encrypts the account. Its vault needs soft delete and purge protection. The vault must be
 * in the same tenant and subscription, because azurerm finds no other. A vault with a firewall must allow trusted Azure
 * services.
 *
 * The role of a new identity takes minutes to take effect, and azurerm does not retry. If the first apply fails with
 * `KeyVaultAuthenticationFailure` or `Forbidden`, repeat `terraform apply`.
 */
export interface DumpEncryptionKey {
  /**
   * Id of the key without a version, so that Azure follows its rotation: `https://<vault>.vault.azure.net/keys/<name>`.
   */
  readonly keyId: string;
  /**
   * Id of the key's vault. The new identity gets the role `Key Vault Crypto Service Encryption User` on it.
   * @default - none; required unless `identityId` is given
   */
  readonly keyVaultId?: string;
  /**
   * Id of an existing user-assigned identity that already has access to the key.
   * @default - a new identity is created and gets the role
   */
  readonly identityId?: string;
}
