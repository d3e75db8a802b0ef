import { spawnSync } from 'child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { delimiter, join } from 'path';

/* docs/azure-check.sh with stand-ins of az and kubectl, which answer by the first words that fit. */

const SCRIPT = join(__dirname, '../../docs/azure-check.sh');
const CLIENT = '11111111-2222-3333-4444-555555555555';
const TEAM_CLIENT = '66666666-2222-3333-4444-555555555555';
const TEAM_PRINCIPAL = '77777777-2222-3333-4444-555555555555';
const folder = mkdtempSync(join(tmpdir(), 'check-'));
afterAll(() => rmSync(folder, { recursive: true }));

const OUTPUTS = {
  clientId: { sensitive: false, type: 'string', value: CLIENT },
  principalId: { sensitive: false, type: 'string', value: '99999999-2222-3333-4444-555555555555' },
  share: {
    sensitive: false,
    type: 'object',
    value: {
      authentication: 'WorkloadIdentity',
      capacityGibibytes: 100,
      clientId: CLIENT,
      driverVersion: '1.35.2',
      resourceGroupName: 'rg-contosodumps',
      serviceAccountName: 'webapi',
      shareName: 'dumps',
      storageAccountName: 'contosodumps',
    },
  },
};
const SET = '/subscriptions/s/resourceGroups/mc/providers/Microsoft.Compute/virtualMachineScaleSets/aks-nodes';
const GOOD = {
  'az storage account show': '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/a',
  'az rest': 'true',
  'az role assignment list': '1',
  'az vmss show': CLIENT,
  'kubectl get daemonset': 'mcr.microsoft.com/oss/v2/kubernetes-csi/azurefile-csi:v1.35.2',
  'kubectl get nodes': `azure://${SET}/virtualMachines/0 azure://${SET}/virtualMachines/1`,
  'kubectl get persistentvolumes': 'rg#contosodumps#dumps##x shop dumps-1234',
  'kubectl logs': 'Name: contosodumps.file.core.windows.net\nAddress: 10.1.2.3\nwritten',
};

/** Puts a command first in the PATH that logs its arguments and its input, and answers. */
function standIn(name: string, answers: { [words: string]: string }): void {
  const cases = Object.entries(answers)
    .filter(([words]) => words.startsWith(`${name} `))
    .map(([words, answer]) => `  "${words.slice(name.length + 1)} "*) printf '%s\\n' '${answer}' ;;`);
  const file = join(folder, name);
  writeFileSync(
    file,
    [
      '#!/usr/bin/env bash',
      `echo "${name} $*" >> "${folder}/calls"`,
      `if [[ $1 == apply ]]; then cat > "${folder}/applied"; fi`,
      'case "$* " in',
      ...cases,
      '  *) ;;',
      'esac',
    ].join('\n'),
  );
  chmodSync(file, 0o755);
}

function run(answers: Partial<typeof GOOD> = {}, share: object = {}, ...team: string[]) {
  const all = { ...GOOD, ...answers };
  for (const name of ['az', 'kubectl']) standIn(name, all);
  const theirs = { ...OUTPUTS.share.value, clientId: TEAM_CLIENT, serviceAccountName: 'gateway' };
  const outputs = {
    ...OUTPUTS,
    principalId_payments: { ...OUTPUTS.principalId, value: TEAM_PRINCIPAL },
    share: { ...OUTPUTS.share, value: { ...OUTPUTS.share.value, ...share } },
    share_payments: { ...OUTPUTS.share, value: { ...theirs, ...share } },
  };
  writeFileSync(join(folder, 'outputs.json'), JSON.stringify(outputs, undefined, 2));
  writeFileSync(join(folder, 'calls'), '');
  const { status, stdout, stderr } = spawnSync('bash', [SCRIPT, join(folder, 'outputs.json'), 'shop', ...team], {
    env: { PATH: `${folder}${delimiter}${process.env.PATH}` },
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return { status, lines: stdout.trim().split('\n'), calls: readFileSync(join(folder, 'calls'), 'utf8') };
}

test('everything is right', () => {
  const { status, lines, calls } = run();
  expect(lines).toEqual([
    "ok      account 'contosodumps' exists",
    'ok      SMB OAuth is on',
    "ok      principal '99999999-2222-3333-4444-555555555555' has the role 'Storage File Data SMB MI Admin'",
    'ok      the driver is 1.35.2, and 1.35.2 is needed',
    "ok      a pod resolves 'contosodumps.file.core.windows.net' to a private address",
    "ok      a pod mounts claim 'dumps-1234' and writes",
  ]);
  expect(status).toBe(0);
  expect(readFileSync(join(folder, 'applied'), 'utf8')).toMatch(/serviceAccountName: webapi[^]*claimName: dumps-1234/);
  expect(calls).toContain('kubectl delete pod dump-share-check-');
});

test.each<[Partial<typeof GOOD>, string]>([
  [{ 'az storage account show': '' }, "account 'contosodumps' is not in group 'rg-contosodumps'"],
  [{ 'az rest': 'false' }, 'SMB OAuth is off'],
  [{ 'az role assignment list': '0' }, "has no role 'Storage File Data SMB MI Admin'"],
  [{ 'kubectl get daemonset': 'x/azurefile-csi:v1.35.1' }, 'the driver is 1.35.1, but 1.35.2 is needed'],
  [{ 'kubectl get daemonset': '' }, 'the driver of Azure Files is not in the cluster'],
  [{ 'kubectl logs': 'Address: 20.60.1.2\nwritten' }, 'does not resolve'],
  [{ 'kubectl logs': 'Address: 10.1.2.3\ntouch: Permission denied' }, 'touch: Permission denied'],
  [{ 'kubectl get persistentvolumes': 'rg#contosodumps#dumps##x bank dumps-1' }, "namespace 'shop' has no volume"],
])('%j fails one check', (answers, message) => {
  const { status, lines } = run(answers);
  const failed = lines.filter((line) => line.startsWith('FAILED'));
  expect(failed).toEqual([expect.stringContaining(message)]);
  expect(status).toBe(1);
});

test('a team is checked by its own identity and service account', () => {
  const { status, calls } = run({}, {}, 'payments');
  expect(status).toBe(0);
  expect(calls).toContain(`--assignee ${TEAM_PRINCIPAL} `);
  expect(readFileSync(join(folder, 'applied'), 'utf8')).toContain('serviceAccountName: gateway');
  const managed = { authentication: 'ManagedIdentity', driverVersion: undefined };
  expect(run({ 'az vmss show': TEAM_CLIENT }, managed, 'payments').status).toBe(0);
  expect(run({}, managed, 'payments').status).toBe(1);
});

test.each([
  [['outputs.json', 'shop', 'data'], 65, 'outputs.json has no output share_data; write terraform output -json to it'],
  [['outputs.json'], 64, 'usage: azure-check.sh TERRAFORM-OUTPUT.json NAMESPACE [TEAM]'],
  [['outputs.json', 'shop', 'payments', 'x'], 64, 'usage: azure-check.sh TERRAFORM-OUTPUT.json NAMESPACE [TEAM]'],
])('refuses %j', (args, code, message) => {
  run();
  const { status, stderr } = spawnSync('bash', [SCRIPT, ...args], { cwd: folder, encoding: 'utf8' });
  expect([status, stderr.trim()]).toEqual([code, message]);
});

test('a managed identity has to be on every node pool', () => {
  const managed = { authentication: 'ManagedIdentity', driverVersion: undefined };
  expect(run({}, managed).lines).toContain(`ok      nodes of 'aks-nodes' have identity '${CLIENT}'`);
  expect(run({}, managed).lines).toContain('ok      the driver is 1.35.2, and 1.34.0 is needed');
  expect(run({ 'az vmss show': 'other' }, managed)).toMatchObject({ status: 1 });
});

test('shellcheck finds nothing', () => {
  const { error, stdout, status } = spawnSync('shellcheck', [SCRIPT], { encoding: 'utf8' });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return;
  expect([status, stdout]).toEqual([0, '']);
});
