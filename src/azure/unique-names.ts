import type { WorkloadIdentityOptions } from './access-options';
import type { CheckedStorage } from './dump-storage-checks';
import type { DumpStorageProps } from './dump-storage-options';
import type { UniqueName } from './neighbours';
import { subjectsOf } from './workload-identity';

/**
 * Returns the names in a storage that Azure requires to be unique. The providers report a duplicate only at apply, when
 * half of the stack already exists.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 */
export function uniqueNamesOf(props: DumpStorageProps, checked: CheckedStorage, zone: string): UniqueName[] {
  const { storageAccountName, network, subscriptionId, existingResourceGroupName } = props;
  const groupName = existingResourceGroupName ?? props.resourceGroupName ?? `rg-${storageAccountName}`;
  const group = [subscriptionId, groupName];
  const names: (UniqueName | undefined)[] = [
    {
      what: `storageAccountName '${storageAccountName}'`,
      parts: [storageAccountName],
      reason: 'the name of an account is unique in the whole of Azure',
      remedy: 'give each storage its own storageAccountName',
    },
    existingResourceGroupName === undefined
      ? {
          what: `resourceGroupName '${groupName}'`,
          parts: group,
          reason: 'each storage makes its group',
          remedy: 'give one of them existingResourceGroupName, and let it depend on the other',
        }
      : undefined,
    checked.audit._workspaceName === undefined
      ? undefined
      : {
          what: `audit workspace '${checked.audit._workspaceName}' of the same resource group`,
          parts: [...group, checked.audit._workspaceName],
          reason: 'a resource group takes one workspace of a name',
          remedy: 'give one of them DumpAudit.workspace(…) with the id of the other',
        },
    ...checked.allAccess.map(({ access: { _identityName: name } }) =>
      name === undefined
        ? undefined
        : {
            what: `identityName '${name}'`,
            parts: [name],
            reason: 'each storage makes an identity',
            remedy: 'give each its own identityName, or one of them clientId and principalId of the other',
          },
    ),
    ...checked.allAccess.flatMap(({ access: { _workload: options } }) => credentialNames(options)),
    ...network._uniqueNames(zone, group),
  ];
  return names.filter((name): name is UniqueName => name !== undefined);
}

/** Several storages may add federated credentials to an existing identity. */
function credentialNames(options: WorkloadIdentityOptions | undefined): UniqueName[] {
  if (options?.identityId === undefined) return [];
  return subjectsOf(options).map(({ subject, issuer, key }) => ({
    what: `the federated credential of '${subject}' and issuer '${issuer}' on identity '${options.identityId}'`,
    parts: [options.identityId, key],
    reason: 'an identity takes one credential of an issuer and subject',
    remedy: 'remove identityId and the issuers from one of them',
  }));
}
