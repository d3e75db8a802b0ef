/*
 * Queries of the log of the file service. Nothing was run against a live log. Microsoft's list of logged operations has
 * those of REST only. Its billing page lists those of SMB as well (Create, Read, Write, Close, SetInfo, QueryDirectory,
 * …), and the reference of the table says that SmbCommandMajor is the number of the SMB2 command: the queries take
 * either. Microsoft's own queries find errors of SMB by a minus in StatusCode, and errors of REST by StatusText. What
 * NFS logs is not documented; the queries treat it as SMB.
 *
 * https://learn.microsoft.com/azure/storage/files/understanding-billing#what-are-transactions
 * https://learn.microsoft.com/azure/azure-monitor/reference/tables/storagefilelogs
 * https://learn.microsoft.com/azure/azure-monitor/reference/queries/storagefilelogs
 * https://learn.microsoft.com/rest/api/storageservices/storage-analytics-logged-operations-and-status-messages
 * https://learn.microsoft.com/openspecs/windows_protocols/ms-smb2/fb188936-5050-48d3-b350-dc43059638a4
 */

/** Commands of SMB2. */
const READ = 8;
const WRITE = 9;

/** STATUS_DISK_FULL, 0xC000007F, as a signed number. */
const DISK_FULL = '-1073741697';

const SUCCEEDED = "iff(Protocol in ('SMB', 'NFS'), StatusCode !contains '-', StatusText contains 'Success')";
const FAILED = "iff(Protocol in ('SMB', 'NFS'), StatusCode contains '-', StatusText !contains 'Success')";

/**
 * Nodes mount by SMB or NFS; log lines of these have an object id only where a principal of Entra read. A copy inside
 * Azure is probably logged as CopyFileSource by the account that it reads from: reports of users are the only source.
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
 * A line for each pod and dump whose manifest was written. The agent writes the manifest last, below a name with a
 * further suffix, and renames it; SMB logs a path with backslashes.
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

/** Writes that Azure refused: a full share, a throttled account, a role that is gone. */
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
