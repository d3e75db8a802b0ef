/*
 * Queries of the log of the file service. Nothing was run against a live log: names of operations and texts of status
 * are those of Microsoft's documentation.
 *
 * https://learn.microsoft.com/azure/azure-monitor/reference/tables/storagefilelogs
 * https://learn.microsoft.com/rest/api/storageservices/storage-analytics-logged-operations-and-status-messages
 */

/**
 * Nodes mount by SMB or NFS; log lines of these have an object id only where a principal of Entra read. A copy inside
 * Azure is probably logged as CopyFileSource by the account that it reads from, of which there is no other source than
 * reports of users.
 */
export function readsByStrangers(
  accountName: string,
  trustedReaders: string[],
  mountPrincipalId: string | undefined,
): string {
  const known = [...(mountPrincipalId === undefined ? [] : [mountPrincipalId]), ...trustedReaders].map(
    (id) => `'${id}'`,
  );
  return [
    'StorageFileLogs',
    `| where AccountName == '${accountName}'`,
    "| where OperationName in ('GetFile', 'CopyFile', 'CopyFileSource', 'Read')",
    "| where StatusText contains 'Success'",
    "| where Protocol !in ('SMB', 'NFS') or isnotempty(RequesterObjectId)",
    ...(known.length === 0 ? [] : [`| where RequesterObjectId !in~ (${known.join(', ')})`]),
    '| project TimeGenerated, OperationName, Uri, Protocol, AuthenticationType, RequesterObjectId, RequesterUpn, ' +
      'CallerIpAddress, StatusText',
  ].join('\n');
}

/**
 * A line for each pod and dump whose manifest was written. The agent writes the manifest last, below a name with a
 * further suffix, and renames it; SMB logs a path with backslashes.
 */
export function arrivedDumps(accountName: string, shareName: string): string {
  return [
    'StorageFileLogs',
    `| where AccountName == '${accountName}'`,
    "| where OperationName in ('Write', 'PutRange')",
    "| where StatusText contains 'Success'",
    "| extend Path = url_decode(replace_string(Uri, '\\\\', '/'))",
    `| where Path contains '/${shareName}/' and Path matches regex @'\\.json(\\.(partial|tmp))?$'`,
    `| extend Workload = extract(@'/${shareName}/(.+)/[^/]+/[^/]+$', 1, Path)`,
    "| extend Pod = extract(@'/([^/]+)/[^/]+$', 1, Path), Manifest = extract(@'/([^/]+)$', 1, Path)",
    '| summarize TimeGenerated = min(TimeGenerated) by Workload, Pod, Manifest',
  ].join('\n');
}

/** Writes that Azure refused: a full share, a throttled account, a role that is gone. */
export function failedWrites(accountName: string): string {
  return [
    'StorageFileLogs',
    `| where AccountName == '${accountName}'`,
    "| where Category == 'StorageWrite'",
    "| where StatusText !contains 'Success'",
    "| where OperationName in ('Write', 'PutRange') or StatusText has_any ('DISK_FULL', 'ShareSizeLimitReached')",
    '| project TimeGenerated, OperationName, Uri, Protocol, StatusCode, StatusText, CallerIpAddress',
  ].join('\n');
}
