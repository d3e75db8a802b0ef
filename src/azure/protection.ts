import { BackupContainerStorageAccount } from '@cdktf/provider-azurerm/lib/backup-container-storage-account';
import { BackupPolicyFileShare } from '@cdktf/provider-azurerm/lib/backup-policy-file-share';
import { BackupProtectedFileShare } from '@cdktf/provider-azurerm/lib/backup-protected-file-share';
import { ManagementLock } from '@cdktf/provider-azurerm/lib/management-lock';
import { RecoveryServicesVault } from '@cdktf/provider-azurerm/lib/recovery-services-vault';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { daysOf, textLike } from './checks';
import type { DumpBackup } from './dump-backup';
import type { AuditLog, StorageContext } from './storage-context';
import { DURATION } from '../input/checks';
import { Checks } from '../input/struct';

/** The backup with its defaults. */
export interface CheckedBackup {
  readonly retentionDays: number;
  readonly time: string;
}

export const BACKUP: Checks<DumpBackup> = {
  retention: DURATION,
  time: textLike(/^([01][0-9]|2[0-3]):[03]0$/, "a full or half hour, for example '02:00'"),
};

export function backupOf({ retention, time = '02:00' }: DumpBackup): CheckedBackup {
  return { retentionDays: retention === undefined ? 7 : daysOf('backup.retention', retention, 1, 200), time };
}

export function renderBackup(
  scope: Construct,
  storage: StorageContext,
  backup: CheckedBackup,
  accountId: string,
  shareName: string,
  dependsOn: ITerraformDependable[],
): ITerraformDependable {
  const { accountName, resourceGroupName } = storage;
  const vault = new RecoveryServicesVault(scope, 'BackupVault', {
    name: `rsv-${accountName}`,
    resourceGroupName,
    location: storage.location,
    tags: storage.tags,
    sku: 'Standard',
    storageModeType: 'LocallyRedundant', // snapshots stay in the account; the vault stores only their list
    softDeleteEnabled: true,
    publicNetworkAccessEnabled: false,
  });
  const container = new BackupContainerStorageAccount(scope, 'BackupContainer', {
    resourceGroupName,
    recoveryVaultName: vault.name,
    storageAccountId: accountId,
    dependsOn,
  });
  const policy = new BackupPolicyFileShare(scope, 'BackupPolicy', {
    name: 'dumps',
    resourceGroupName,
    recoveryVaultName: vault.name,
    timezone: 'UTC',
    backup: { frequency: 'Daily', time: backup.time },
    retentionDaily: { count: backup.retentionDays },
  });
  return new BackupProtectedFileShare(scope, 'Backup', {
    resourceGroupName,
    recoveryVaultName: vault.name,
    sourceStorageAccountId: accountId,
    sourceFileShareName: shareName,
    backupPolicyId: policy.id,
    dependsOn: [container],
  });
}

/** Without this lock, administrators of the workspace could delete the audit log. */
export function renderWorkspaceLock(scope: Construct, { workspaceId, setting }: AuditLog): void {
  new ManagementLock(scope, 'WorkspaceLock', {
    name: 'dumps-audit',
    scope: workspaceId,
    lockLevel: 'CanNotDelete',
    notes: 'Holds the log of who read dumps of production processes.',
    dependsOn: [setting],
  });
}

/**
 * Depends on every resource that Azure cannot delete under the lock, so that `terraform destroy` removes the lock
 * first.
 */
export function renderLock(scope: Construct, accountId: string, dependsOn: ITerraformDependable[]): void {
  new ManagementLock(scope, 'Lock', {
    name: 'dumps',
    scope: accountId,
    lockLevel: 'CanNotDelete', // ReadOnly would prevent nodes from reading the account key
    notes: 'Holds dumps of production processes. Remove the lock before changing roles or deleting the account.',
    dependsOn,
  });
}
