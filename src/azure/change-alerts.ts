import { MonitorActivityLogAlert } from '@cdktf/provider-azurerm/lib/monitor-activity-log-alert';
import type { Construct } from 'constructs';
import type { StorageContext } from './storage-context';

/** An operation that can give access to dumps, or hide such access. */
interface Change {
  readonly id: string;
  readonly name: string;
  readonly operationName: string;
  readonly description: string;
}

/**
 * Network rules are part of the account, so changing them is a write operation on the account.
 *
 * @see https://learn.microsoft.com/azure/role-based-access-control/permissions/storage
 * @see https://learn.microsoft.com/azure/role-based-access-control/permissions/management-and-governance
 */
const CHANGES: Change[] = [
  {
    id: 'KeysAlert',
    name: 'keys',
    operationName: 'Microsoft.Storage/storageAccounts/listKeys/action',
    description: 'The keys of the account were listed. A key opens every dump and leaves no name in the log.',
  },
  {
    id: 'AccountAlert',
    name: 'account',
    operationName: 'Microsoft.Storage/storageAccounts/write',
    description: 'The account was changed: its network rules, its keys, or what it takes for authentication.',
  },
  {
    id: 'LogSettingsAlert',
    name: 'log-settings',
    operationName: 'Microsoft.Insights/diagnosticSettings/write',
    description: 'What is logged of the account was changed.',
  },
  {
    id: 'LogRemovalAlert',
    name: 'log-removal',
    operationName: 'Microsoft.Insights/diagnosticSettings/delete',
    description: 'The log of the account was switched off.',
  },
  {
    id: 'RolesAlert',
    name: 'roles',
    operationName: 'Microsoft.Authorization/roleAssignments/write',
    description: 'Somebody was given a role on the account or on its share.',
  },
  {
    id: 'RoleRemovalAlert',
    name: 'role-removal',
    operationName: 'Microsoft.Authorization/roleAssignments/delete',
    description: 'A role on the account or on its share was taken away: mounts and readers may have lost access.',
  },
  {
    id: 'LockRemovalAlert',
    name: 'lock-removal',
    operationName: 'Microsoft.Authorization/locks/delete',
    description: 'The lock of the account was removed, so the account and its share can be deleted.',
  },
  {
    id: 'FileServiceAlert',
    name: 'file-service',
    operationName: 'Microsoft.Storage/storageAccounts/fileServices/write',
    description: 'The file service was changed: its SMB versions and ciphers, or how long deleted shares are kept.',
  },
];

/**
 * Renders alerts on changes to the account and its child resources. Role assignments on the resource group or above
 * raise no alert.
 */
export function renderChangeAlerts(
  scope: Construct,
  { accountName, resourceGroupName, tags }: StorageContext,
  accountId: string,
  actionGroups: string[],
): void {
  for (const { id, name, operationName, description } of CHANGES) {
    new MonitorActivityLogAlert(scope, id, {
      name: `dumps-${name}-${accountName}`,
      description,
      resourceGroupName,
      location: 'global',
      tags,
      scopes: [accountId],
      criteria: { category: 'Administrative', operationName, status: 'Succeeded' },
      action: actionGroups.map((actionGroupId) => ({ actionGroupId })),
    });
  }
}
