import type { AzureFilesShare } from '../stores/azure-files/share';

/** What one team needs to mount the share with its own identity. */
export interface DumpTeam {
  /** The share with the team's identity, for `AzureFilesDumpStore.fromShare`. */
  readonly share: AzureFilesShare;
  /** Client id of the team's identity. */
  readonly clientId: string;
  /** Object id of the team's identity, as the audit log names it. */
  readonly principalId: string;
  /**
   * Resource id of the identity that is made.
   * @default - none: the identity exists
   */
  readonly identityId?: string;
}
