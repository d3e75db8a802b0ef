import type { AzureFilesShare } from '../stores/azure-files/share';

/** The share and the identity of one team. */
export interface DumpTeam {
  /** The share with the team's identity, for `AzureFilesDumpStore.fromShare`. */
  readonly share: AzureFilesShare;
  /** Client id of the team's identity. */
  readonly clientId: string;
  /** Object id of the team's identity, which appears in the audit log. */
  readonly principalId: string;
  /**
   * Resource id of the new identity.
   * @default - none for an existing identity
   */
  readonly identityId?: string;
}
