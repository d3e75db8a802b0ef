import { MonitorActionGroup } from '@cdktf/provider-azurerm/lib/monitor-action-group';
import { MonitorMetricAlert } from '@cdktf/provider-azurerm/lib/monitor-metric-alert';
import { MonitorScheduledQueryRulesAlertV2 } from '@cdktf/provider-azurerm/lib/monitor-scheduled-query-rules-alert-v2';
import type { Construct } from 'constructs';
import { renderChangeAlerts } from './change-alerts';
import { computed, knownListOf, refuseTwice, resourceId, textLike } from './checks';
import type { DumpAlerts } from './dump-alerts';
import { arrivedDumps, failedWrites, readsByStrangers } from './log-queries';
import type { AuditLog, StorageContext } from './storage-context';
import { FLAG, whole } from '../input/checks';
import { Checks } from '../input/struct';
import { GUID } from '../stores/azure-files/azure-names';

const GIBIBYTE = 1024 ** 3;

/** `fullAtPercent` must be known at synth, because the alert's threshold is computed from it. */
export const ALERTS: Checks<DumpAlerts> = {
  emails: knownListOf(textLike(/^[^@\s]+@[^@\s]+\.[^@\s]+$/, 'an address of e-mail')),
  actionGroupIds: knownListOf(resourceId('Microsoft.Insights/actionGroups')),
  fullAtPercent: whole(1, 99),
  trustedReaders: knownListOf(computed(GUID)),
  newDumps: FLAG,
  failedWrites: FLAG,
  changes: FLAG,
};

const OF_LOG = { trustedReaders: 'on reads', newDumps: 'on new dumps', failedWrites: 'on failed writes' };

export function refuseUselessAlerts(alerts: DumpAlerts, audited: boolean): void {
  const { emails, actionGroupIds } = alerts;
  refuseTwice('alerts.emails', emails);
  refuseTwice('alerts.actionGroupIds', actionGroupIds);
  if (!emails?.length && !actionGroupIds?.length) {
    throw new Error('alerts has neither emails nor actionGroupIds, so no alert would reach anybody; give one of them');
  }
  const useless = (['trustedReaders', 'newDumps', 'failedWrites'] as const).find((prop) => alerts[prop]);
  if (useless === undefined || audited) return;
  throw new Error(
    `alerts.${useless} would have no effect: the alert ${OF_LOG[useless]} needs the audit log, and audit is ` +
      'DumpAudit.none(); remove one of them',
  );
}

/** The share that the alerts monitor. */
export interface WatchedShare {
  readonly name: string;
  readonly accountId: string;
  readonly fileServiceId: string;
  readonly capacityGibibytes: number;
  /** Whether Azure reports the capacity of each share separately; not for pay-as-you-go accounts. */
  readonly countedApart: boolean;
  /** Object ids of the identities that mount the share. */
  readonly mountPrincipalIds: string[];
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
  if (alerts.changes) renderChangeAlerts(scope, storage, share.accountId, actionGroups);
  if (!log) return;
  for (const alert of logAlerts(storage.accountName, alerts, share)) {
    renderLogAlert(scope, storage, log, alert, actionGroups);
  }
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
      'retention or enlarge the share. Azure computes the fill level a few times a day.',
    resourceGroupName,
    tags,
    scopes: [share.fileServiceId],
    severity: 2,
    // Azure emits the metric hourly, and the window must be longer than the evaluation frequency. Azure computes the
    // metric only a few times a day, so a share can be full for hours before this alert; the alert on failed writes is
    // prompt.
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
        // a new account does not have this metric in its first hours
        skipMetricValidation: true,
      },
    ],
    action: actionGroups.map((actionGroupId) => ({ actionGroupId })),
  });
}

/** An alert on log entries. */
interface LogAlert {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly severity: number;
  readonly query: string;
  /** Column to split the alert by: each of its values raises an alert that contains the value. */
  readonly each?: string;
}

function logAlerts(accountName: string, alerts: DumpAlerts, share: WatchedShare): LogAlert[] {
  const reads: LogAlert = {
    id: 'ReadAlert',
    name: `dumps-read-${accountName}`,
    displayName: `unexpected read of a dump in ${accountName}`,
    description:
      "A file of the dump share was read by a caller that is neither the cluster's mount nor a trusted reader.",
    severity: 1,
    query: readsByStrangers(accountName, [...share.mountPrincipalIds, ...(alerts.trustedReaders ?? [])]),
  };
  const arrived: LogAlert = {
    id: 'NewDumpAlert',
    name: `dumps-new-${accountName}`,
    displayName: `new dump in ${accountName}`,
    description: `A dump was published on share '${share.name}'. Workload is its folder.`,
    severity: 3,
    query: arrivedDumps(accountName, share.name),
    each: 'Workload',
  };
  const failed: LogAlert = {
    id: 'FailedWriteAlert',
    name: `dumps-failed-${accountName}`,
    displayName: `failed write of a dump in ${accountName}`,
    description: `Azure refused a write on share '${share.name}': it may be full, throttled, or not allowed.`,
    severity: 2,
    query: failedWrites(accountName),
  };
  return [reads, ...((alerts.newDumps ?? true) ? [arrived] : []), ...((alerts.failedWrites ?? true) ? [failed] : [])];
}

function renderLogAlert(
  scope: Construct,
  { resourceGroupName, tags }: StorageContext,
  log: AuditLog,
  { id, query, each, ...texts }: LogAlert,
  actionGroups: string[],
): void {
  new MonitorScheduledQueryRulesAlertV2(scope, id, {
    ...texts,
    resourceGroupName,
    location: log.location,
    tags,
    scopes: [log.workspaceId],
    enabled: true,
    // log entries arrive minutes late; overlapping windows report an entry twice rather than never
    evaluationFrequency: 'PT15M',
    windowDuration: 'PT30M',
    autoMitigationEnabled: false,
    // Azure creates the table with the first log entry
    skipQueryValidation: true,
    criteria: [
      {
        query,
        timeAggregationMethod: 'Count',
        operator: 'GreaterThan',
        threshold: 0,
        dimension: each === undefined ? undefined : [{ name: each, operator: 'Include', values: ['*'] }],
      },
    ],
    action: { actionGroups },
  });
}
