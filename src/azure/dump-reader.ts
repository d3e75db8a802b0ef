/** Type of principal that reads dumps. */
export enum DumpReaderPrincipalType {
  /** A user. Prefer a group with expiring membership. */
  USER = 'User',
  /** An Entra group, such as one of Privileged Identity Management. */
  GROUP = 'Group',
  /** A pipeline or a managed identity. */
  SERVICE_PRINCIPAL = 'ServicePrincipal',
}

/** How a reader accesses dumps. */
export enum DumpReaderRole {
  /**
   * Access over REST: portal, `az storage file download --auth-mode login --enable-file-backup-request-intent`, AzCopy.
   * The reader can read everything on the share.
   */
  PRIVILEGED_READER = 'Storage File Data Privileged Reader',
  /**
   * Access over SMB with an Entra Kerberos ticket; only if nodes mount with the account key. Enables Microsoft Entra
   * Kerberos on the account. Its app needs admin consent once, the privatelink name, and an exclusion from MFA
   * policies.
   *
   * Not available if nodes mount with an identity: Microsoft documents SMB OAuth only for accounts without another
   * identity source.
   *
   * @see https://learn.microsoft.com/azure/storage/files/storage-files-identity-auth-hybrid-identities-enable
   */
  SMB_SHARE_READER = 'Storage File Data SMB Share Reader',
}

/** A principal that may read the dumps on the share. */
export interface DumpReader {
  /** Object id of the user, group or service principal. */
  readonly principalId: string;
  /** Type of the principal. */
  readonly principalType: DumpReaderPrincipalType;
  /** Role of the principal, which determines how it accesses dumps. */
  readonly role: DumpReaderRole;
}
