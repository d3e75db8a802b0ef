import { spawnSync } from 'child_process';
import { join } from 'path';
import { resources, terraformWith } from './synthesized';
import { DumpStorageAccess } from '../../src/azure';
import { arrivedDumps } from '../../src/azure/log-queries';

/* The queries of all alerts by Microsoft's own parser, with the columns that the log has. */

/** @see https://learn.microsoft.com/azure/azure-monitor/reference/tables/storagefilelogs */
const COLUMNS =
  'TimeGenerated:datetime, AccountName:string, AuthenticationType:string, CallerIpAddress:string, Category:string, ' +
  'DurationMs:real, OperationName:string, Protocol:string, RequesterObjectId:string, RequesterUpn:string, ' +
  'SmbCommandDetail:string, SmbCommandMajor:int, StatusCode:string, StatusText:string, Uri:string';

/** Problems of each query. In a process of its own, because the parser defines globals that jest keeps from it. */
function problemsOf(queries: string[]): string[][] {
  const { stdout, stderr } = spawnSync(process.execPath, [join(__dirname, 'kusto-problems.cjs'), COLUMNS], {
    input: JSON.stringify(queries),
    encoding: 'utf8',
  });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout);
}

const alertsOf = (access: DumpStorageAccess | undefined) =>
  resources(
    terraformWith({ ...(access && { access }), alerts: { emails: ['oncall@contoso.example'] } }),
    'azurerm_monitor_scheduled_query_rules_alert_v2',
  );
const queriesOf = (access?: DumpStorageAccess) =>
  alertsOf(access).map(({ criteria: [{ query }] }) => query.replace(/\$\{[^}]*\}/g, '00000000'));

test('the parser finds what is wrong', () => {
  expect(
    problemsOf([
      "StorageFileLogs | where AccountNam == 'x'",
      'StorageBlobLogs',
      'StorageFileLogs | where (',
      'StorageFileLogs | project Uri',
    ]),
  ).toEqual([
    [expect.stringContaining("'AccountNam' does not refer to any known column")],
    [expect.stringContaining("'StorageBlobLogs' does not refer to any known")],
    [expect.any(String), expect.any(String)],
    [],
  ]);
});

test('the queries are right, by the columns of the log', () => {
  const queries = [...queriesOf(), ...queriesOf(DumpStorageAccess.accountKey())];
  expect(queries).toHaveLength(6);
  expect(problemsOf(queries)).toEqual(queries.map(() => []));
});

describe('a new dump', () => {
  const query = arrivedDumps('contosodumps', 'dumps');
  const pattern = (column: string) => new RegExp(new RegExp(`${column} = extract\\(@'([^']+)', 1`).exec(query)![1]);
  const isManifest = new RegExp(/matches regex @'([^']+)'/.exec(query)![1]);
  const path = (uri: string) => uri.replace(/\\/g, '/');

  test.each([
    ['\\\\contosodumps.file.core.windows.net\\dumps\\shop-webapi\\webapi-1\\.a1.x.core.json.partial'],
    ['https://contosodumps.file.core.windows.net/dumps/shop-webapi/webapi-1/x.core.json'],
    ['https://contosodumps.file.core.windows.net:443/dumps/shop-webapi/webapi-1/x.core.json'],
  ])('of %s is named by the folder of its workload and its pod', (uri) => {
    expect(path(uri)).toMatch(isManifest);
    expect(pattern('Workload').exec(path(uri))![1]).toBe('shop-webapi');
    expect(pattern('Pod').exec(path(uri))![1]).toBe('webapi-1');
  });

  test.each(['x.core', '.a1.x.core.partial', 'x.json.core'])('is no other file: %s', (file) => {
    expect(`//contosodumps.file.core.windows.net/dumps/shop-webapi/webapi-1/${file}`).not.toMatch(isManifest);
  });
});
