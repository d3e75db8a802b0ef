/*
 * Queries of the file service's log, not tested on a live log. Microsoft's list of logged operations covers only REST.
 * The billing page also lists SMB operations (Create, Read, Write, Close, SetInfo, QueryDirectory, …). The table
 * reference defines SmbCommandMajor as the number of the SMB2 command. The queries accept either. Microsoft's own
 * queries find SMB errors by a minus sign in StatusCode, and REST errors by StatusText. The log of NFS is not
 * documented; the queries treat it like SMB.
 *
 * https://learn.microsoft.com/azure/storage/files/understanding-billing#what-are-transactions
 * https://learn.microsoft.com/azure/azure-monitor/reference/tables/storagefilelogs
 * https://learn.microsoft.com/azure/azure-monitor/reference/queries/storagefilelogs
 * https://learn.microsoft.com/rest/api/storageservices/storage-analytics-logged-operations-and-status-messages
 * https://learn.microsoft.com/openspecs/windows_protocols/ms-smb2/fb188936-5050-48d3-b350-dc43059638a4
 */

/** SMB2 commands. */
const READ = 8;
const WRITE = 9;

/** STATUS_DISK_FULL, 0xC000007F, as a signed number. */
const DISK_FULL = '-1073741697';

const SUCCEEDED = "iff(Protocol in ('SMB', 'NFS'), StatusCode !contains '-', StatusText contains 'Success')";
const FAILED = "iff(Protocol in ('SMB', 'NFS'), StatusCode contains '-', StatusText !contains 'Success')";

/**
 * Returns the query for unexpected reads. Nodes mount by SMB or NFS, whose log entries have an object id only if an
 * Entra principal reads. A copy inside Azure is probably logged as CopyFileSource by the source account; the only
 * evidence is user reports.
 */
export function readsByStrangers(accountName: string, knownPrincipalIds: string[]): string {
  const known = knownPrincipalIds.map((id) => `'${id}'`);
  return [
    'StorageFileLogs',
    `| where AccountName == '${accountName}'`,
    `| where OperationName in ('GetFile', 'CopyFile', 'CopyFileSource', 'Read') or SmbCommandMajor == ${READ}`,
    `| where ${SUCCEEDED}`,
    "| where Protocol !in ('SMB', 'NFS') or isnotempty(RequesterObjectId)",
    ...(known.length === 0 ? [] : [`| where RequesterObjectId !in~ (${known.join(', ')})`]),
    '| project TimeGenerated, OperationName, Uri, Protocol, AuthenticationType, RequesterObjectId, RequesterUpn, ' +
      'CallerIpAddress, StatusText',
  ].join('\n');
}

/**
 * Returns the query for new dumps, with one row per pod and manifest. The agent writes the manifest last, under a name
 * with an additional suffix, and then renames it. SMB logs paths with backslashes.
 */
export function arrivedDumps(accountName: string, shareName: string): string {
  return [
    'StorageFileLogs',
    `| where AccountName == '${accountName}'`,
    `| where OperationName in ('Write', 'PutRange') or SmbCommandMajor == ${WRITE}`,
    `| where ${SUCCEEDED}`,
    "| extend Path = url_decode(replace_string(Uri, '\\\\', '/'))",
    `| where Path contains '/${shareName}/' and Path matches regex @'\\.json(\\.(partial|tmp))?$'`,
    `| extend Workload = extract(@'/${shareName}/(.+)/[^/]+/[^/]+$', 1, Path)`,
    "| extend Pod = extract(@'/([^/]+)/[^/]+$', 1, Path), Manifest = extract(@'/([^/]+)$', 1, Path)",
    '| summarize TimeGenerated = min(TimeGenerated) by Workload, Pod, Manifest',
  ].join('\n');
}

/** Returns the query for writes that Azure refused because of a full share, a throttled account or a missing role. */
export function failedWrites(accountName: string): string {
  return [
    'StorageFileLogs',
    `| where AccountName == '${accountName}'`,
    "| where Category == 'StorageWrite'",
    `| where ${FAILED}`,
    `| where OperationName in ('Write', 'PutRange') or SmbCommandMajor == ${WRITE} or ` +
      `StatusCode == '${DISK_FULL}' or ` +
      "StatusText has_any ('DISK_FULL', 'ShareSizeLimitReached')",
    '| project TimeGenerated, OperationName, Uri, Protocol, StatusCode, StatusText, CallerIpAddress',
  ].join('\n');
}
