import type { AzureFilesParameters } from './parameters';

/** The flags of the driver that replace the account key by an identity, of those that are set. */
export function identityFlags(props: AzureFilesParameters): string[] {
  const { mountWithManagedIdentity, mountWithWorkloadIdentityToken, mountWithOAuthToken } = props;
  return Object.entries({ mountWithManagedIdentity, mountWithWorkloadIdentityToken, mountWithOAuthToken })
    .filter(([, value]) => value)
    .map(([flag]) => flag);
}
