import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App as Manifest, Chart, Testing as Manifests } from 'cdk8s';
import { App, Fn, TerraformStack, Testing } from 'cdktf';
import { GUID, NETWORK, stackWith } from './stacks';
import { addressOf, refusal, resource, resources, terraformOf, terraformWith } from './synthesized';
import { AzureFilesDumpStore, AzureFilesShare } from '../../src';
import {
  DumpStorage,
  DumpStorageAccess,
  DumpStorageNetwork,
  DumpStorageStackProps,
  TerraformOutputResolver,
  WorkloadIdentityOptions,
} from '../../src/azure';
import { messageOf } from '../pods';

const folder = mkdtempSync(join(tmpdir(), 'teams-'));
afterAll(() => rmSync(folder, { recursive: true }));
const OTHER = '33333333-3333-3333-3333-333333333333';
const ISSUER = 'https://issuer.example/cluster/';
const IDENTITY =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-id/providers/' +
  'Microsoft.ManagedIdentity/userAssignedIdentities/id-web';
const workload = (options: Partial<WorkloadIdentityOptions> = {}) =>
  DumpStorageAccess.workloadIdentity({
    oidcIssuerUrl: ISSUER,
    serviceAccountName: 'gateway',
    namespaces: ['payments'],
    ...options,
  });
const nodes = DumpStorageAccess.managedIdentity;
const existing = (clientId: string, principalId: string) => nodes({ clientId, principalId });
const namespaces = (count: number) => Array.from({ length: count }, (_, index) => `team-${index}`);
const withTeam = (team: DumpStorageAccess, props: Partial<DumpStorageStackProps> = {}) =>
  terraformWith({ ...props, teams: { payments: team } });

describe('a second team', () => {
  test('has its own identity, role and federated credentials', () => {
    const terraform = withTeam(workload({ namespaces: ['payments', 'ledger'] }));
    const identity = addressOf(terraform, 'Team-payments_MountIdentity');
    expect(resource(terraform, 'Team-payments_MountIdentity').name).toBe('id-contosodumps-mount-payments');
    expect(resource(terraform, 'Team-payments_FederatedCredential-ledger')).toMatchObject({
      parent_id: `\${${identity}.id}`,
      subject: 'system:serviceaccount:ledger:gateway',
    });
    expect(resource(terraform, 'Team-payments_MountRole')).toMatchObject({
      scope: `\${${addressOf(terraform, 'Account')}.id}`,
      role_definition_name: 'Storage File Data SMB MI Admin',
      principal_id: `\${${identity}.principal_id}`,
    });
    expect(resources(terraform, 'azurerm_user_assigned_identity')).toHaveLength(2);
    expect(resources(terraform, 'azurerm_role_assignment')).toHaveLength(2);
  });

  test('changes nothing of the first one', () => {
    const [alone, both] = [terraformWith(), withTeam(workload())];
    for (const id of ['MountIdentity', 'MountRole', 'FederatedCredential-shop', 'Account', 'Share']) {
      expect(addressOf(both, id)).toBe(addressOf(alone, id));
      expect(resource(both, id)).toEqual(resource(alone, id));
    }
    expect(both.output).toMatchObject(alone.output);
  });

  test('has outputs with its name', () => {
    const { output } = withTeam(workload(), { driverVersion: '1.35.2' });
    expect(Object.keys(output)).toEqual([
      'clientId',
      'clientId_payments',
      'principalId',
      'principalId_payments',
      'share',
      'share_payments',
    ]);
    expect(output.share_payments).toEqual({
      description: 'the dump share of team payments, in the form that AzureFilesDumpStore.fromShare expects',
      value: {
        ...output.share.value,
        clientId: output.clientId_payments.value,
        serviceAccountName: 'gateway',
        serviceAccountNamespaces: ['payments'],
      },
    });
    expect(output.clientId_payments.value).not.toBe(output.clientId.value);
  });

  test('may mount by an identity of its nodes', () => {
    const { output, resource: made } = withTeam(existing(GUID, OTHER));
    expect(output.share_payments.value).toMatchObject({ authentication: 'ManagedIdentity', clientId: GUID });
    expect(output.share_payments.value).not.toHaveProperty('serviceAccountName');
    expect(Object.keys(made.azurerm_user_assigned_identity)).toHaveLength(1);
  });

  test('reads its dumps without an alert', () => {
    const terraform = withTeam(workload(), { alerts: { emails: ['oncall@contoso.example'] } });
    const principal = (id: string) => `'\${${addressOf(terraform, id)}.principal_id}'`;
    expect(resource(terraform, 'ReadAlert').criteria[0].query).toContain(
      `!in~ (${principal('MountIdentity')}, ${principal('Team-payments_MountIdentity')})`,
    );
  });

  test('has its role before the lock', () => {
    const terraform = withTeam(workload());
    expect(resource(terraform, 'Lock').depends_on).toContain(addressOf(terraform, 'Team-payments_MountRole'));
  });
});

describe('the manifests of a team', () => {
  const storage = () => stackWith({ access: existing(GUID, GUID), teams: { payments: existing(OTHER, OTHER) } });

  test('mount another volume of the same share, by its identity', () => {
    const stack = storage()(Testing.app());
    const chart = new Chart(Manifests.app(), 'manifests', { namespace: 'shop' });
    AzureFilesDumpStore.fromShare(chart, 'Ours', { share: stack.share });
    AzureFilesDumpStore.fromShare(chart, 'Theirs', { share: stack.team('payments').share });
    const volumes = Manifests.synth(chart).filter(({ kind }) => kind === 'PersistentVolume');
    const attributes = volumes.map(({ spec }) => spec.csi.volumeAttributes);
    expect(attributes.map(({ clientID }) => clientID)).toEqual([GUID, OTHER]);
    expect(new Set(attributes.map(({ storageAccount, shareName }) => `${storageAccount}/${shareName}`)).size).toBe(1);
    expect(new Set(volumes.map(({ metadata }) => metadata.name)).size).toBe(2);
    expect(new Set(volumes.map(({ spec }) => spec.csi.volumeHandle)).size).toBe(2);
  });

  test('get the client id of their team from the outputs, and refuse those of another one', () => {
    const stack = stackWith({ access: nodes(), teams: { payments: nodes() } })(Testing.app());
    const { output } = terraformOf(stack);
    const fileWith = (clientId: string) => {
      const values: object = {
        ...output,
        clientId: { value: GUID },
        clientId_payments: { value: clientId },
        share: { value: { ...output.share.value, clientId: GUID } },
        share_payments: { value: { ...output.share_payments.value, clientId: OTHER } },
      };
      const file = join(folder, `${clientId}.json`);
      writeFileSync(file, JSON.stringify(values));
      return file;
    };
    const clientOf = (file: string, { share }: { share: AzureFilesShare }) => {
      const chart = new Chart(new Manifest({ resolvers: [new TerraformOutputResolver(stack, file)] }), 'chart');
      AzureFilesDumpStore.fromShare(chart, 'Dumps', { share });
      return Manifests.synth(chart).find(({ kind }) => kind === 'PersistentVolume').spec.csi.volumeAttributes.clientID;
    };
    expect(clientOf(fileWith(OTHER), stack)).toBe(GUID);
    expect(clientOf(fileWith(OTHER), stack.team('payments'))).toBe(OTHER);
    expect(messageOf(() => clientOf(fileWith(GUID), stack.team('payments')))).toContain(
      `has clientId "${OTHER}" in output 'share_payments', but "${GUID}" as output of its own`,
    );
  });

  test('know the ids of an identity that is made or exists', () => {
    const stack = stackWith({ teams: { made: workload(), payments: existing(OTHER, GUID) } })(Testing.app());
    expect(stack.team('payments')).toMatchObject({ clientId: OTHER, principalId: GUID });
    expect(stack.team('payments')).not.toHaveProperty('identityId');
    expect(stack.team('made').identityId).toEqual(expect.any(String));
  });

  test.each([
    [undefined, 'expected a name in teams'],
    [{ payments: workload(), data: nodes() }, "expected one of 'payments', 'data'"],
  ])('are refused for a team that there is not: %#', (teams, expected) => {
    expect(messageOf(() => stackWith({ teams })(Testing.app()).team('payment'))).toBe(
      `dumps/storage: there is no team 'payment'; ${expected}; add it to teams, or correct the name`,
    );
  });
});

const NAME = 'at most 32 lower-case letters, digits and single dashes, a letter first';
const WAY_IN =
  'has no identity, but each team is told apart by its own; expected workloadIdentity or managedIdentity for access ' +
  'and for each of teams; change it, or remove teams';
const roleTwice = (field: string) =>
  `teams.payments has ${field} '${GUID}', which access has too; Azure refuses the same role twice, and each team is ` +
  'expected to have its own identity; give another identity, or move the namespaces to access';
const NAME_TWICE = (name: string, other: string) =>
  `teams.payments makes identity '${name}', which ${other} makes too; a resource group takes one identity of a name; ` +
  'give one of them another identityName';

/* Each rule with props that break it, and the nearest that do not. */
test.each<[string, Partial<DumpStorageStackProps>, string, ...Partial<DumpStorageStackProps>[]]>([
  ...['Payments', '1st', 'a--b', 'a-', 'a_b', 'a'.repeat(33), ''].map(
    (name): [string, Partial<DumpStorageStackProps>, string, ...Partial<DumpStorageStackProps>[]] => [
      `the name '${name}'`,
      { teams: { [name]: nodes() } },
      `teams: the name '${name}' must be ${NAME}, got "${name}"`,
    ],
  ),
  [
    'another kind of value',
    { teams: { payments: 'workloadIdentity' as never } },
    "teams['payments'] must be a value made by DumpStorageAccess, for example " +
      'DumpStorageAccess.workloadIdentity({ … }), got "workloadIdentity"',
    { teams: { 'p-2': nodes(), ['a'.repeat(32)]: workload() } },
  ],
  [
    'a key beside an identity',
    { access: DumpStorageAccess.accountKey(), teams: { payments: workload() } },
    `access ${WAY_IN}`,
    { access: DumpStorageAccess.accountKey(), teams: {} },
    { access: nodes(), teams: { payments: workload() } },
  ],
  ['a team by key', { teams: { payments: DumpStorageAccess.accountKey() } }, `teams.payments ${WAY_IN}`],
  ['a team by NFS', { teams: { payments: DumpStorageAccess.network() } }, `teams.payments ${WAY_IN}`],
  [
    'one client id',
    { access: existing(GUID, GUID), teams: { payments: existing(GUID.toUpperCase(), OTHER) } },
    roleTwice('clientId'),
    { access: existing(GUID, GUID), teams: { payments: existing(OTHER, OTHER) } },
    { access: existing(Fn.lower('${var.a}'), GUID), teams: { payments: existing(Fn.lower('${var.a}'), OTHER) } },
  ],
  [
    'one principal id',
    { access: existing(OTHER, GUID), teams: { payments: existing(GUID, GUID) } },
    roleTwice('principalId'),
  ],
  [
    'one name of an identity',
    { access: nodes({ identityName: 'id-dumps' }), teams: { payments: nodes({ identityName: 'ID-dumps' }) } },
    NAME_TWICE('ID-dumps', 'access'),
    { access: nodes({ identityName: 'id-dumps' }), teams: { payments: nodes({ identityName: 'id-payments' }) } },
    { access: nodes(), teams: { payments: nodes() } },
  ],
  [
    'the name of an identity that another one has by default',
    { access: nodes({ identityName: 'id-contosodumps-mount-payments' }), teams: { payments: nodes() } },
    NAME_TWICE('id-contosodumps-mount-payments', 'access'),
  ],
  [
    'one service account',
    {
      access: workload({ namespaces: ['shop', 'payments'] }),
      teams: { payments: workload({ oidcIssuerUrls: ['https://issuer.example/green/'] }) },
    },
    `teams.payments has service account 'payments:gateway' of issuer '${ISSUER}', which access has too; a service ` +
      'account is expected to have one identity; remove the namespace from one of them',
    { access: workload({ namespaces: ['shop'] }), teams: { payments: workload() } },
    { access: workload(), teams: { payments: workload({ serviceAccountName: 'ledger' }) } },
    { access: workload(), teams: { payments: workload({ oidcIssuerUrl: 'https://issuer.example/green/' }) } },
  ],
])('a storage cannot have teams with %s', (_what, wrong, message, ...right) => {
  expect(refusal(wrong)).toBe(message);
  for (const props of right) expect(() => terraformWith(props)).not.toThrow();
});

describe('federated credentials', () => {
  const EXISTING = { clientId: GUID, principalId: GUID, identityId: IDENTITY };

  test('are counted for each identity', () => {
    const terraform = terraformWith({
      access: workload({ serviceAccountName: 'webapi', namespaces: namespaces(20) }),
      teams: { payments: workload({ namespaces: namespaces(20) }) },
    });
    expect(resources(terraform, 'azurerm_federated_identity_credential')).toHaveLength(40);
  });

  /** Two storages of an app whose pods mount by one identity; the message of the second, or undefined. */
  function outcome(first: Partial<WorkloadIdentityOptions>, second: Partial<WorkloadIdentityOptions>) {
    const app = Testing.app() as App;
    const storageWith = (id: string, options: Partial<WorkloadIdentityOptions>, asTeam: boolean) =>
      new DumpStorage(new TerraformStack(app, id), 'Dumps', {
        location: 'westeurope',
        storageAccountName: `contoso${id}`,
        network: DumpStorageNetwork.subnets({ subnetIds: [`${NETWORK}/subnets/nodes`] }),
        access: asTeam ? nodes() : workload({ ...EXISTING, ...options }),
        teams: asTeam ? { payments: workload({ ...EXISTING, ...options }) } : undefined,
      });
    storageWith('blue', first, false);
    try {
      storageWith('green', second, true);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  test('of two storages on one identity are counted together', () => {
    const first = { serviceAccountName: 'webapi', namespaces: namespaces(15) };
    expect(outcome(first, { namespaces: namespaces(5) })).toBeUndefined();
    expect(outcome(first, { namespaces: namespaces(6), identityId: `${IDENTITY}-2` })).toBeUndefined();
    expect(outcome(first, { namespaces: namespaces(6), identityId: undefined, oidcIssuerUrl: undefined })).toBe(
      undefined,
    );
    expect(outcome(first, { namespaces: namespaces(6) })).toBe(
      `green/Dumps: identity '${IDENTITY}' gets 6 federated credentials here and 15 from other storages of the app, ` +
        'but an identity takes 1 to 20; expected fewer namespaces or issuers; use another identity',
    );
  });

  test('of two storages on one identity cannot admit the same service account', () => {
    expect(outcome({}, { namespaces: ['ledger'] })).toBeUndefined();
    expect(outcome({}, {})).toBe(
      `green/Dumps: the federated credential of 'payments:gateway' and issuer '${ISSUER}' on identity '${IDENTITY}' ` +
        "is also that of 'blue/Dumps'; an identity takes one credential of an issuer and subject; remove identityId " +
        'and the issuers from one of them',
    );
  });
});

test("outputs of a team carry the path of the storage in a user's stack", () => {
  const stack = new TerraformStack(Testing.app(), 'platform');
  new DumpStorage(stack, 'Dumps', {
    location: 'westeurope',
    storageAccountName: 'contosodumps',
    network: DumpStorageNetwork.subnets({ subnetIds: [`${NETWORK}/subnets/nodes`] }),
    access: nodes(),
    teams: { payments: workload() },
  });
  expect(Object.keys(terraformOf(stack).output)).toContain('Dumps_share_payments');
});
