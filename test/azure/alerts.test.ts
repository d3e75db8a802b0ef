import { Size } from 'cdk8s';
import { GUID, SUBSCRIPTION } from './stacks';
import { addressOf, refusal, resource, resources, terraformWith } from './synthesized';
import { AzureFilesProtocol, AzureFilesSku } from '../../src';
import { DumpAlerts, DumpAudit, DumpStorageAccess, DumpStorageStackProps } from '../../src/azure';

const MAIL = 'oncall@contoso.example';
const GROUP = `${SUBSCRIPTION}/resourceGroups/rg-logs/providers/Microsoft.Insights/actionGroups/oncall`;
const WORKSPACE = `${SUBSCRIPTION}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log`;
const GIB = 1024 ** 3;

const alertsWith = (alerts: DumpAlerts, props: Partial<DumpStorageStackProps> = {}) =>
  terraformWith({ ...props, alerts });
const queryWith = (alerts: Partial<DumpAlerts>, props: Partial<DumpStorageStackProps> = {}): string[] =>
  resource(alertsWith({ emails: [MAIL], ...alerts }, props), 'ReadAlert').criteria[0].query.split('\n');

test('renders nothing without alerts', () => {
  expect(Object.keys(terraformWith().resource).filter((type) => /alert|action_group/.test(type))).toEqual([]);
});

test('mails go to an action group that is made', () => {
  const terraform = alertsWith({ emails: [MAIL, 'lead@contoso.example'] }, { tags: { owner: 'platform' } });
  expect(resource(terraform, 'ActionGroup')).toEqual({
    name: 'ag-contosodumps',
    short_name: 'dumps',
    resource_group_name: `\${${addressOf(terraform, 'ResourceGroup')}.name}`,
    email_receiver: [
      { name: 'email-0', email_address: MAIL, use_common_alert_schema: true },
      { name: 'email-1', email_address: 'lead@contoso.example', use_common_alert_schema: true },
    ],
    tags: { owner: 'platform' },
  });
  const made = `\${${addressOf(terraform, 'ActionGroup')}.id}`;
  expect(resource(terraform, 'FullAlert').action).toEqual([{ action_group_id: made }]);
  expect(resource(terraform, 'ReadAlert').action).toEqual({ action_groups: [made] });
});

test('notifies existing action groups of both alerts and creates none without emails', () => {
  const terraform = alertsWith({ actionGroupIds: [GROUP], emails: [] });
  expect(resource(terraform, 'FullAlert').action).toEqual([{ action_group_id: GROUP }]);
  expect(resource(terraform, 'ReadAlert').action).toEqual({ action_groups: [GROUP] });
  expect(terraform.resource).not.toHaveProperty('azurerm_monitor_action_group');
});

describe('the share fills up', () => {
  test('fires while there is room for one more dump', () => {
    const terraform = alertsWith({ emails: [MAIL] }, { tags: { owner: 'platform' } });
    expect(resource(terraform, 'FullAlert')).toEqual({
      name: 'dumps-full-contosodumps',
      description:
        "dump share 'dumps' is more than 80 % full. New dumps fail when it is full: shorten the retention or " +
        'enlarge the share. Azure computes the fill level a few times a day.',
      resource_group_name: `\${${addressOf(terraform, 'ResourceGroup')}.name}`,
      scopes: [`\${${addressOf(terraform, 'Account')}.id}/fileServices/default`],
      severity: 2,
      window_size: 'PT1H',
      frequency: 'PT30M',
      criteria: [
        {
          metric_namespace: 'Microsoft.Storage/storageAccounts/fileServices',
          metric_name: 'FileCapacity',
          aggregation: 'Average',
          operator: 'GreaterThan',
          threshold: 80 * GIB,
          dimension: [{ name: 'FileShare', operator: 'Include', values: ['dumps'] }],
          skip_metric_validation: true,
        },
      ],
      action: [{ action_group_id: `\${${addressOf(terraform, 'ActionGroup')}.id}` }],
      tags: { owner: 'platform' },
    });
  });

  test.each([
    [1, 0.64 * GIB],
    [99, 63.36 * GIB],
  ])('at %d percent of 64 GiB', (fullAtPercent, threshold) => {
    const { criteria } = resource(
      alertsWith({ emails: [MAIL], fullAtPercent }, { capacity: Size.gibibytes(64) }),
      'FullAlert',
    );
    expect(criteria[0].threshold).toBe(Math.floor(threshold));
  });

  test('with pay as you go Azure counts the account and not the share', () => {
    const criterion = (sku: AzureFilesSku) =>
      resource(alertsWith({ emails: [MAIL] }, { sku }), 'FullAlert').criteria[0];
    expect(criterion(AzureFilesSku.STANDARD_LRS)).not.toHaveProperty('dimension');
    expect(criterion(AzureFilesSku.STANDARD_V2_LRS)).toHaveProperty('dimension');
  });

  test('works without an audit log', () => {
    const terraform = alertsWith({ emails: [MAIL] }, { audit: DumpAudit.none() });
    expect(resource(terraform, 'FullAlert').severity).toBe(2);
    expect(terraform.resource).not.toHaveProperty('azurerm_monitor_scheduled_query_rules_alert_v2');
  });
});

describe('the alert on reads', () => {
  test('an alert in a quarter of an hour, on the log that the account writes', () => {
    const terraform = alertsWith({ emails: [MAIL] }, { tags: { owner: 'platform' } });
    expect(resource(terraform, 'ReadAlert')).toMatchObject({
      name: 'dumps-read-contosodumps',
      display_name: 'unexpected read of a dump in contosodumps',
      description:
        "A file of the dump share was read by a caller that is neither the cluster's mount nor a trusted reader.",
      resource_group_name: `\${${addressOf(terraform, 'ResourceGroup')}.name}`,
      location: 'westeurope',
      scopes: [`\${${addressOf(terraform, 'Workspace')}.id}`],
      severity: 1,
      enabled: true,
      evaluation_frequency: 'PT15M',
      window_duration: 'PT30M',
      auto_mitigation_enabled: false,
      skip_query_validation: true,
      criteria: [{ time_aggregation_method: 'Count', operator: 'GreaterThan', threshold: 0 }],
      tags: { owner: 'platform' },
    });
  });

  test('of this account, by anybody but the mounts and those who are trusted', () => {
    const terraform = alertsWith({ emails: [MAIL], trustedReaders: [GUID] });
    expect(resource(terraform, 'ReadAlert').criteria[0].query.split('\n')).toEqual([
      'StorageFileLogs',
      "| where AccountName == 'contosodumps'",
      "| where OperationName in ('GetFile', 'CopyFile', 'CopyFileSource', 'Read') or SmbCommandMajor == 8",
      "| where iff(Protocol in ('SMB', 'NFS'), StatusCode !contains '-', StatusText contains 'Success')",
      "| where Protocol !in ('SMB', 'NFS') or isnotempty(RequesterObjectId)",
      `| where RequesterObjectId !in~ ('\${${addressOf(terraform, 'MountIdentity')}.principal_id}', '${GUID}')`,
      '| project TimeGenerated, OperationName, Uri, Protocol, AuthenticationType, RequesterObjectId, ' +
        'RequesterUpn, CallerIpAddress, StatusText',
    ]);
  });

  test('excludes only trusted readers where no identity mounts', () => {
    const key = { access: DumpStorageAccess.accountKey() };
    expect(queryWith({ trustedReaders: [GUID] }, key)).toContain(`| where RequesterObjectId !in~ ('${GUID}')`);
    expect(queryWith({}, key).filter((line) => line.includes('!in~'))).toEqual([]);
    expect(queryWith({}, { access: DumpStorageAccess.network(), protocol: AzureFilesProtocol.NFS })).toHaveLength(6);
  });

  test('is in the region of the workspace', () => {
    const alert = (location?: string) =>
      resource(alertsWith({ emails: [MAIL] }, { audit: DumpAudit.workspace(WORKSPACE, { location }) }), 'ReadAlert');
    expect(alert('northeurope')).toMatchObject({ location: 'northeurope', scopes: [WORKSPACE] });
    expect(alert()).toMatchObject({ location: 'westeurope', scopes: [WORKSPACE] });
  });
});

test.each<[DumpAlerts, string]>([
  [{}, 'alerts has neither emails nor actionGroupIds, so no alert would reach anybody; give one of them'],
  [
    { emails: [], actionGroupIds: [] },
    'alerts has neither emails nor actionGroupIds, so no alert would reach anybody; give one of them',
  ],
  [{ emails: [MAIL, 'oncall'] }, 'alerts.emails[1] must be an address of e-mail, got "oncall"'],
  [{ emails: [MAIL, MAIL] }, `alerts.emails has '${MAIL}' twice; remove one`],
  [{ emails: MAIL as unknown as string[] }, `alerts.emails must be a list, got "${MAIL}"; write ['${MAIL}']`],
  [
    { actionGroupIds: [GROUP, 'oncall'] },
    'alerts.actionGroupIds[1] must be the id of a resource: ' +
      '/subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.Insights/actionGroups/<name>, got "oncall"',
  ],
  [{ emails: [MAIL], fullAtPercent: 0 }, 'alerts.fullAtPercent must be a whole number from 1 to 99, got 0'],
  [{ emails: [MAIL], fullAtPercent: 100 }, 'alerts.fullAtPercent must be a whole number from 1 to 99, got 100'],
  [{ emails: [MAIL], fullAtPercent: 79.5 }, 'alerts.fullAtPercent must be a whole number from 1 to 99, got 79.5'],
  [
    { emails: [MAIL], trustedReaders: ['ci'] },
    'alerts.trustedReaders[0] must be a GUID, for example 00000000-0000-0000-0000-000000000000, got "ci"',
  ],
  [MAIL as unknown as DumpAlerts, `alerts must be an object of props, got "${MAIL}"`],
])('refuses %j', (alerts, message) => {
  expect(refusal({ alerts })).toBe(message);
});

describe('alerts of the log', () => {
  const LOG = 'azurerm_monitor_scheduled_query_rules_alert_v2';
  const namesWith = (alerts: Partial<DumpAlerts>, props: Partial<DumpStorageStackProps> = {}) =>
    resources(alertsWith({ emails: [MAIL], ...alerts }, props), LOG).map(({ name }) => name);

  test('are all of them, unless one is switched off', () => {
    expect(namesWith({})).toEqual(['dumps-failed-contosodumps', 'dumps-new-contosodumps', 'dumps-read-contosodumps']);
    expect(namesWith({ newDumps: false })).toEqual(['dumps-failed-contosodumps', 'dumps-read-contosodumps']);
    expect(namesWith({ failedWrites: false })).toEqual(['dumps-new-contosodumps', 'dumps-read-contosodumps']);
    expect(namesWith({ newDumps: false, failedWrites: false }, { audit: DumpAudit.none() })).toEqual([]);
  });

  test('a new dump is reported for each workload, which the alert names', () => {
    const alert = resource(alertsWith({ emails: [MAIL] }, { shareName: 'crashes' }), 'NewDumpAlert');
    expect(alert).toMatchObject({
      display_name: 'new dump in contosodumps',
      severity: 3,
      criteria: [{ dimension: [{ name: 'Workload', operator: 'Include', values: ['*'] }] }],
    });
    expect(alert.criteria[0].query).toContain("| where Path contains '/crashes/'");
  });

  test('a failed write is reported in a quarter of an hour', () => {
    const alert = resource(alertsWith({ emails: [MAIL] }), 'FailedWriteAlert');
    expect(alert).toMatchObject({ severity: 2, evaluation_frequency: 'PT15M', window_duration: 'PT30M' });
    expect(alert.criteria[0]).not.toHaveProperty('dimension');
    expect(alert.criteria[0].query.split('\n')).toEqual(
      expect.arrayContaining([
        "| where iff(Protocol in ('SMB', 'NFS'), StatusCode contains '-', StatusText !contains 'Success')",
        "| where OperationName in ('Write', 'PutRange') or SmbCommandMajor == 9 or " +
          `StatusCode == '${0xc000007f - 2 ** 32}' or ` +
          "StatusText has_any ('DISK_FULL', 'ShareSizeLimitReached')",
      ]),
    );
  });

  test.each([
    ['newDumps', 'on new dumps'],
    ['failedWrites', 'on failed writes'],
  ])('%s needs the log', (prop, what) => {
    expect(refusal({ alerts: { emails: [MAIL], [prop]: true }, audit: DumpAudit.none() })).toBe(
      `alerts.${prop} would have no effect: the alert ${what} needs the audit log, and audit is DumpAudit.none(); ` +
        'remove one of them',
    );
    expect(refusal({ alerts: { emails: [MAIL], [prop]: 'yes' } as unknown as DumpAlerts })).toBe(
      `alerts.${prop} must be true or false, got "yes"`,
    );
  });
});

describe('alerts of the activity log', () => {
  const changes = (alerts: Partial<DumpAlerts>) => {
    const terraform = alertsWith({ actionGroupIds: [GROUP], ...alerts }, { audit: DumpAudit.none() });
    return { terraform, alerts: resources(terraform, 'azurerm_monitor_activity_log_alert') };
  };

  test('are none unless asked for', () => expect(changes({}).alerts).toEqual([]));

  test('watch keys, account, file service, log, roles and lock of the account, without a log of its own', () => {
    const { terraform, alerts } = changes({ changes: true });
    expect(alerts.map(({ name, criteria }) => [name, criteria.operation_name])).toEqual([
      ['dumps-account-contosodumps', 'Microsoft.Storage/storageAccounts/write'],
      ['dumps-file-service-contosodumps', 'Microsoft.Storage/storageAccounts/fileServices/write'],
      ['dumps-keys-contosodumps', 'Microsoft.Storage/storageAccounts/listKeys/action'],
      ['dumps-lock-removal-contosodumps', 'Microsoft.Authorization/locks/delete'],
      ['dumps-log-removal-contosodumps', 'Microsoft.Insights/diagnosticSettings/delete'],
      ['dumps-log-settings-contosodumps', 'Microsoft.Insights/diagnosticSettings/write'],
      ['dumps-role-removal-contosodumps', 'Microsoft.Authorization/roleAssignments/delete'],
      ['dumps-roles-contosodumps', 'Microsoft.Authorization/roleAssignments/write'],
    ]);
    for (const alert of alerts) {
      expect(alert).toMatchObject({
        location: 'global',
        scopes: [`\${${addressOf(terraform, 'Account')}.id}`],
        criteria: { category: 'Administrative', status: 'Succeeded' },
        action: [{ action_group_id: GROUP }],
      });
    }
  });
});

test('refuses trusted readers without an audit log', () => {
  expect(refusal({ alerts: { emails: [MAIL], trustedReaders: [GUID] }, audit: DumpAudit.none() })).toBe(
    'alerts.trustedReaders would have no effect: the alert on reads needs the audit log, and audit is ' +
      'DumpAudit.none(); remove one of them',
  );
});
