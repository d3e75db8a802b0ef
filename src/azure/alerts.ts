import { MonitorActionGroup } from '@cdktf/provider-azurerm/lib/monitor-action-group';
import { MonitorMetricAlert } from '@cdktf/provider-azurerm/lib/monitor-metric-alert';
import { MonitorScheduledQueryRulesAlertV2 } from '@cdktf/provider-azurerm/lib/monitor-scheduled-query-rules-alert-v2';
import type { Construct } from 'constructs';
import { computed, knownListOf, refuseTwice, resourceId, textLike } from './checks';
import type { DumpAlerts } from './dump-alerts';
import type { AuditLog, StorageContext } from './storage-context';
import { whole } from '../input/checks';
import { Checks } from '../input/struct';
import { GUID } from '../stores/azure-files/azure-names';

const GIBIBYTE = 1024 ** 3;

/** The threshold is computed from the percentage at synth. */
export const ALERTS: Checks<DumpAlerts> = {
  emails: knownListOf(textLike(/^[^@\s]+@[^@\s]+\.[^@\s]+$/, 'an address of e-mail')),
  actionGroupIds: knownListOf(resourceId('Microsoft.Insights/actionGroups')),
  fullAtPercent: whole(1, 99),
  trustedReaders: knownListOf(computed(GUID)),
};

export function refuseUselessAlerts({ emails, actionGroupIds, trustedReaders }: DumpAlerts, audited: boolean): void {
  refuseTwice('alerts.emails', emails);
  refuseTwice('alerts.actionGroupIds', actionGroupIds);
  if (!emails?.length && !actionGroupIds?.length) {
    throw new Error('alerts has neither emails nor actionGroupIds, so no alert would reach anybody; give one of them');
  }
  if (trustedReaders === undefined || audited) return;
  throw new Error(
    'alerts.trustedReaders would have no effect: the alert on reads needs the audit log, and audit is ' +
      'DumpAudit.none(); remove one of them',
  );
}

/** What the alerts watch. */
export interface WatchedShare {
  readonly name: string;
  readonly fileServiceId: string;
  readonly capacityGibibytes: number;
  /** Azure counts the bytes of each share apart on SSD only. */
  readonly countedApart: boolean;
  /** Object id of the identity that mounts. */
  readonly mountPrincipalId?: string;
}

export function renderAlerts(
  scope: Construct,
  storage: StorageContext,
  alerts: DumpAlerts,
  share: WatchedShare,
  log: AuditLog | undefined,
): void {
  const actionGroups = [...(alerts.actionGroupIds ?? [])];
  if (alerts.emails?.length) {
    const { accountName, resourceGroupName, tags } = storage;
    actionGroups.push(
      new MonitorActionGroup(scope, 'ActionGroup', {
        name: `ag-${accountName}`,
        shortName: 'dumps',
        resourceGroupName,
        tags,
        emailReceiver: alerts.emails.map((emailAddress, index) => ({
          name: `email-${index}`,
          emailAddress,
          useCommonAlertSchema: true,
        })),
      }).id,
    );
  }
  renderFullAlert(scope, storage, share, alerts.fullAtPercent ?? 80, actionGroups);
  if (!log) return;
  const query = readsByStrangers(storage.accountName, alerts.trustedReaders ?? [], share.mountPrincipalId);
  renderReadAlert(scope, storage, log, query, actionGroups);
}

function renderFullAlert(
  scope: Construct,
  { accountName, resourceGroupName, tags }: StorageContext,
  share: WatchedShare,
  percent: number,
  actionGroups: string[],
): void {
  new MonitorMetricAlert(scope, 'FullAlert', {
    name: `dumps-full-${accountName}`,
    description:
      `dump share '${share.name}' is more than ${percent} % full. New dumps fail when it is full: shorten the ` +
      'retention or enlarge the share.',
    resourceGroupName,
    tags,
    scopes: [share.fileServiceId],
    severity: 2,
    // Azure measures it once in an hour, and the window must be longer than the time between evaluations
    windowSize: 'PT1H',
    frequency: 'PT30M',
    criteria: [
      {
        metricNamespace: 'Microsoft.Storage/storageAccounts/fileServices',
        metricName: 'FileCapacity',
        aggregation: 'Average',
        operator: 'GreaterThan',
        threshold: Math.floor((share.capacityGibibytes * GIBIBYTE * percent) / 100),
        dimension: share.countedApart ? [{ name: 'FileShare', operator: 'Include', values: [share.name] }] : undefined,
        // a new account has no such metric for its first hours
        skipMetricValidation: true,
      },
    ],
    action: actionGroups.map((actionGroupId) => ({ actionGroupId })),
  });
}

function renderReadAlert(
  scope: Construct,
  { accountName, resourceGroupName, tags }: StorageContext,
  log: AuditLog,
  query: string,
  actionGroups: string[],
): void {
  new MonitorScheduledQueryRulesAlertV2(scope, 'ReadAlert', {
    name: `dumps-read-${accountName}`,
    displayName: `unexpected read of a dump in ${accountName}`,
    description:
      "A file of the dump share was read by a caller that is neither the cluster's mount nor a trusted reader.",
    resourceGroupName,
    location: log.location,
    tags,
    scopes: [log.workspaceId],
    severity: 1,
    enabled: true,
    // log lines come minutes late: windows that overlap report a read twice rather than never
    evaluationFrequency: 'PT15M',
    windowDuration: 'PT30M',
    autoMitigationEnabled: false,
    // Azure makes the table with the first log line
    skipQueryValidation: true,
    criteria: [{ query, timeAggregationMethod: 'Count', operator: 'GreaterThan', threshold: 0 }],
    action: { actionGroups },
  });
}

/**
 * Nodes mount by SMB or NFS; log lines of these have an object id only where a principal of Entra read.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables/storagefilelogs
 */
function readsByStrangers(accountName: string, trustedReaders: string[], mountPrincipalId: string | undefined): string {
  const known = [...(mountPrincipalId === undefined ? [] : [mountPrincipalId]), ...trustedReaders].map(
    (id) => `'${id}'`,
  );
  return [
    'StorageFileLogs',
    `| where AccountName == '${accountName}'`,
    "| where OperationName in ('GetFile', 'CopyFile', 'Read')",
    "| where StatusText contains 'Success'",
    "| where Protocol !in ('SMB', 'NFS') or isnotempty(RequesterObjectId)",
    ...(known.length === 0 ? [] : [`| where RequesterObjectId !in~ (${known.join(', ')})`]),
    '| project TimeGenerated, OperationName, Uri, Protocol, AuthenticationType, RequesterObjectId, RequesterUpn, ' +
      'CallerIpAddress, StatusText',
  ].join('\n');
}
