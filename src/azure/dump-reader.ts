/** What kind of principal reads dumps. */
export enum DumpReaderPrincipalType {
  /** One person. Prefer a group whose membership ends by itself. */
  USER = 'User',
  /** A group of Entra, such as one of Privileged Identity Management. */
  GROUP = 'Group',
  /** A pipeline or a managed identity. */
  SERVICE_PRINCIPAL = 'ServicePrincipal',
}

/** How a reader gets at dumps. */
export enum DumpReaderRole {
  /**
   * Over REST: portal, `az storage file download --auth-mode login --enable-file-backup-request-intent`, AzCopy. Reads
   * everything on the share.
   */
  PRIVILEGED_READER = 'Storage File Data Privileged Reader',
  /**
   * Over SMB, with a Kerberos ticket of Entra, where nodes mount by account key. Switches Microsoft Entra Kerberos on
   * for the account; its app needs an admin's consent once, the privatelink name, and an exclusion from MFA policies.
   * Not where an identity mounts: Microsoft documents SMB OAuth only for accounts without another identity source.
   *
   * @see https://learn.microsoft.com/azure/storage/files/storage-files-identity-auth-hybrid-identities-enable
   */
  SMB_SHARE_READER = 'Storage File Data SMB Share Reader',
}

/** Somebody who may read the dumps of the share. */
export interface DumpReader {
  /** Object id of the user, group or service principal. */
  readonly principalId: string;
  /** What that is. */
  readonly principalType: DumpReaderPrincipalType;
  /** How it reads. */
  readonly role: DumpReaderRole;
}
