import { Duration } from 'cdk8s';
import { SUBSCRIPTION } from './stacks';
import { addressOf, refusal, resource, terraformWith } from './synthesized';
import { DumpAudit } from '../../src/azure';
import { messageOf } from '../pods';

const WORKSPACE = `${SUBSCRIPTION}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log`;
const workspaceWith = (options: Parameters<typeof DumpAudit.newWorkspace>[0]) =>
  resource(terraformWith({ audit: DumpAudit.newWorkspace(options) }), 'Workspace');

test('by default each read, write and deletion is logged for 90 days in a workspace of its own', () => {
  const terraform = terraformWith({ tags: { owner: 'platform' } });
  expect(resource(terraform, 'Workspace')).toEqual({
    name: 'log-contosodumps',
    location: 'westeurope',
    resource_group_name: `\${${addressOf(terraform, 'ResourceGroup')}.name}`,
    sku: 'PerGB2018',
    retention_in_days: 90,
    local_authentication_enabled: false,
    tags: { owner: 'platform' },
  });
  expect(resource(terraform, 'Audit')).toMatchObject({
    name: 'dumps-audit',
    target_resource_id: `\${${addressOf(terraform, 'Account')}.id}/fileServices/default`,
    log_analytics_workspace_id: `\${${addressOf(terraform, 'Workspace')}.id}`,
    log_analytics_destination_type: 'Dedicated',
    enabled_log: [{ category: 'StorageRead' }, { category: 'StorageWrite' }, { category: 'StorageDelete' }],
    enabled_metric: [{ category: 'Transaction' }, { category: 'Capacity' }],
  });
});

test('a workspace as it was asked for', () => {
  expect(workspaceWith({ name: 'log-dumps', retention: Duration.days(365) })).toMatchObject({
    name: 'log-dumps',
    retention_in_days: 365,
  });
});

test('a workspace that exists', () => {
  const terraform = terraformWith({ audit: DumpAudit.workspace(WORKSPACE) });
  expect(resource(terraform, 'Audit').log_analytics_workspace_id).toBe(WORKSPACE);
  expect(terraform.resource).not.toHaveProperty('azurerm_log_analytics_workspace');
});

test('none', () => {
  const terraform = terraformWith({ audit: DumpAudit.none() });
  expect(terraform.resource).not.toHaveProperty('azurerm_log_analytics_workspace');
  expect(terraform.resource).not.toHaveProperty('azurerm_monitor_diagnostic_setting');
});

test.each([30, 730])('the log is kept for %d days', (days) => {
  expect(workspaceWith({ retention: Duration.days(days) }).retention_in_days).toBe(days);
});

test.each([29, 731])('%d days are refused', (days) => {
  expect(messageOf(() => DumpAudit.newWorkspace({ retention: Duration.days(days) }))).toBe(
    'DumpAudit.newWorkspace: retention must be whole days from 30 to 730, for example Duration.days(30), got ' +
      `${days} days`,
  );
});

test('retention is whole days', () => {
  expect(messageOf(() => DumpAudit.newWorkspace({ retention: Duration.hours(36 * 24 + 12) }))).toBe(
    'DumpAudit.newWorkspace: retention must be whole days from 30 to 730, for example Duration.days(30), got 36 ' +
      'days 12 hours',
  );
});

test.each(['log', '-logs', 'logs-', 'a'.repeat(64)])("the name '%s' of a workspace is refused", (name) => {
  expect(messageOf(() => DumpAudit.newWorkspace({ name }))).toBe(
    `DumpAudit.newWorkspace: name must be 4 to 63 letters, digits and dashes, got "${name}"`,
  );
});

test.each(['logs', 'a'.repeat(63)])("the name '%s' of a workspace is taken", (name) => {
  expect(workspaceWith({ name }).name).toBe(name);
});

test('what is not a workspace is refused', () => {
  expect(messageOf(() => DumpAudit.workspace('log'))).toBe(
    'DumpAudit.workspace: workspaceId must be the id of a resource: ' +
      '/subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.OperationalInsights/workspaces/<name>, got ' +
      '"log"',
  );
  expect(messageOf(() => DumpAudit.workspace(WORKSPACE, { location: '' }))).toBe(
    'DumpAudit.workspace: location must be an Azure region, for example westeurope, got ""',
  );
  expect(refusal({ audit: 'none' as unknown as DumpAudit })).toBe(
    'audit must be a value made by DumpAudit, for example DumpAudit.newWorkspace(), got "none"',
  );
});
