import type { AzureFilesParameters } from './parameters';

/** Returns the driver flags that are set and replace the account key with an identity. */
export function identityFlags(props: AzureFilesParameters): string[] {
  const { mountWithManagedIdentity, mountWithWorkloadIdentityToken, mountWithOAuthToken } = props;
  return Object.entries({ mountWithManagedIdentity, mountWithWorkloadIdentityToken, mountWithOAuthToken })
    .filter(([, value]) => value)
    .map(([flag]) => flag);
}
