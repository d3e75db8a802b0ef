import { Duration } from 'cdk8s';
import { GUID } from './stacks';
import { addressOf, refusal, resource, terraformWith } from './synthesized';
import { AzureFilesProtocol } from '../../src';
import { DumpAudit, DumpReaderPrincipalType, DumpReaderRole, DumpStorageAccess } from '../../src/azure';
import type { DumpBackup } from '../../src/azure/dump-backup';

const policyWith = (backup: DumpBackup) => resource(terraformWith({ backup }), 'BackupPolicy');

describe('lock', () => {
  test('keeps the account from being deleted, and nodes may still read its key', () => {
    const terraform = terraformWith();
    expect(resource(terraform, 'Lock')).toMatchObject({
      name: 'dumps',
      scope: `\${${addressOf(terraform, 'Account')}.id}`,
      lock_level: 'CanNotDelete',
      notes: 'Holds dumps of production processes. Remove the lock before changing roles or deleting the account.',
    });
  });

  test('comes last, so that it goes first', () => {
    const reader = {
      principalId: GUID,
      principalType: DumpReaderPrincipalType.GROUP,
      role: DumpReaderRole.PRIVILEGED_READER,
    };
    const terraform = terraformWith({ readers: [reader], backup: {} });
    const before = ['Share', 'PrivateEndpoint', 'MountRole', `Reader-${GUID}-Rest`, 'Audit', 'Backup'];
    expect(resource(terraform, 'Lock').depends_on).toEqual(before.map((id) => addressOf(terraform, id)));
  });

  test('waits for no more than there is', () => {
    const terraform = terraformWith({ access: DumpStorageAccess.accountKey(), audit: DumpAudit.none() });
    expect(resource(terraform, 'Lock').depends_on).toEqual([
      addressOf(terraform, 'Share'),
      addressOf(terraform, 'PrivateEndpoint'),
    ]);
  });

  test('can be left out', () => {
    expect(terraformWith({ lock: false }).resource).not.toHaveProperty('azurerm_management_lock');
    expect(terraformWith({ lock: true }).resource).toHaveProperty('azurerm_management_lock');
  });
});

describe('backup', () => {
  test('is off by default', () => {
    expect(Object.keys(terraformWith().resource).filter((type) => /backup|recovery/.test(type))).toEqual([]);
  });

  test('a snapshot each night, kept for a week, listed in a vault that is not public', () => {
    const terraform = terraformWith({ backup: {}, tags: { owner: 'platform' } });
    const group = `\${${addressOf(terraform, 'ResourceGroup')}.name}`;
    const account = `\${${addressOf(terraform, 'Account')}.id}`;
    const vault = `\${${addressOf(terraform, 'BackupVault')}.name}`;
    expect(resource(terraform, 'BackupVault')).toEqual({
      name: 'rsv-contosodumps',
      resource_group_name: group,
      location: 'westeurope',
      sku: 'Standard',
      storage_mode_type: 'LocallyRedundant',
      soft_delete_enabled: true,
      public_network_access_enabled: false,
      tags: { owner: 'platform' },
    });
    expect(resource(terraform, 'BackupContainer')).toEqual({
      resource_group_name: group,
      recovery_vault_name: vault,
      storage_account_id: account,
      depends_on: [addressOf(terraform, 'Share')],
    });
    expect(resource(terraform, 'BackupPolicy')).toEqual({
      name: 'dumps',
      resource_group_name: group,
      recovery_vault_name: vault,
      timezone: 'UTC',
      backup: { frequency: 'Daily', time: '02:00' },
      retention_daily: { count: 7 },
    });
    expect(resource(terraform, 'Backup')).toEqual({
      resource_group_name: group,
      recovery_vault_name: vault,
      source_storage_account_id: account,
      source_file_share_name: 'dumps',
      backup_policy_id: `\${${addressOf(terraform, 'BackupPolicy')}.id}`,
      depends_on: [addressOf(terraform, 'BackupContainer')],
    });
  });

  test.each([1, 200])('a snapshot is kept for %d days', (days) => {
    expect(policyWith({ retention: Duration.days(days) }).retention_daily).toEqual({ count: days });
  });

  test.each(['00:00', '03:30', '19:00', '23:30'])('at %s', (time) => {
    expect(policyWith({ time }).backup.time).toBe(time);
  });

  test.each<[DumpBackup, string]>([
    [
      { retention: Duration.days(0) },
      'backup.retention must be whole days from 1 to 200, for example Duration.days(1), got 0 days',
    ],
    [
      { retention: Duration.days(201) },
      'backup.retention must be whole days from 1 to 200, for example Duration.days(1), got 201 days',
    ],
    [
      { retention: Duration.hours(36) },
      'backup.retention must be whole days from 1 to 200, for example Duration.days(1), got 1 day 12 hours',
    ],
    [
      { retention: 7 as unknown as Duration },
      'backup.retention must be a Duration of cdk8s, for example Duration.minutes(10), got 7',
    ],
    [{ time: '24:00' }, 'backup.time must be a full or half hour, for example \'02:00\', got "24:00"'],
    [{ time: '02:15' }, 'backup.time must be a full or half hour, for example \'02:00\', got "02:15"'],
    [{ time: '2:00' }, 'backup.time must be a full or half hour, for example \'02:00\', got "2:00"'],
    [true as unknown as DumpBackup, 'backup must be an object of props, got true'],
  ])('refuses %j', (backup, message) => {
    expect(refusal({ backup })).toBe(message);
  });

  test('is refused for NFS', () => {
    expect(refusal({ backup: {}, protocol: AzureFilesProtocol.NFS, access: DumpStorageAccess.network() })).toBe(
      'backup with protocol NFS: Azure Backup takes SMB shares only; remove backup, or choose SMB',
    );
  });

  test('is refused where trusted services are kept out', () => {
    expect(refusal({ backup: {}, allowTrustedServices: false })).toBe(
      'allowTrustedServices is false, but Azure Backup reaches the share as a trusted service; remove it, or remove ' +
        'backup',
    );
    expect(() => terraformWith({ backup: {}, allowTrustedServices: true })).not.toThrow();
  });
});
