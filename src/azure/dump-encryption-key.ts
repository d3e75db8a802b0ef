/**
 * A key of yours that encrypts the account. Its vault needs soft delete and purge protection, and must be in the same
 * tenant and subscription: azurerm finds no other. A vault with a firewall must admit trusted Azure services.
 *
 * The role of an identity that is made takes minutes to work, and azurerm does not try again: where the first apply
 * fails with `KeyVaultAuthenticationFailure` or `Forbidden`, repeat `terraform apply`.
 */
export interface DumpEncryptionKey {
  /**
   * The key's id without a version, so that Azure follows its rotation: `https://<vault>.vault.azure.net/keys/<name>`.
   */
  readonly keyId: string;
  /**
   * Id of the key's vault, on which an identity that is made gets the role `Key Vault Crypto Service Encryption User`.
   * @default - none; required unless `identityId` is given
   */
  readonly keyVaultId?: string;
  /**
   * Id of a user-assigned identity that may use the key already.
   * @default - an identity is made and gets the role
   */
  readonly identityId?: string;
}
