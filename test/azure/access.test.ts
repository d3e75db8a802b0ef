import { Duration } from 'cdk8s';
import { GUID } from './stacks';
import { addressOf, resource, resources, terraformWith } from './synthesized';
import { AzureFilesProtocol } from '../../src';
import { DumpStorageAccess, ManagedIdentityOptions } from '../../src/azure';
import { messageOf } from '../pods';

const OTHER = '33333333-3333-3333-3333-333333333333';
const IDENTITY_NAME = '3 to 128 letters, digits, dashes and underscores';

describe('managed identity', () => {
  test('is made for the nodes, without trust in any service account', () => {
    const terraform = terraformWith({ access: DumpStorageAccess.managedIdentity({ identityName: 'id-nodes' }) });
    expect(resource(terraform, 'MountIdentity').name).toBe('id-nodes');
    expect(resource(terraform, 'MountRole').principal_id).toBe(
      `\${${addressOf(terraform, 'MountIdentity')}.principal_id}`,
    );
    expect(resources(terraform, 'azurerm_federated_identity_credential')).toEqual([]);
    expect(terraform.output.share.value.authentication).toBe('ManagedIdentity');
    expect(resource(terraformWith({ access: DumpStorageAccess.managedIdentity() }), 'MountIdentity').name).toBe(
      'id-contosodumps-mount',
    );
  });

  test('that exists gets the role by its object id and mounts by its client id', () => {
    const terraform = terraformWith({
      access: DumpStorageAccess.managedIdentity({ clientId: GUID, principalId: OTHER }),
    });
    expect(resource(terraform, 'MountRole')).toEqual({
      scope: `\${${addressOf(terraform, 'Account')}.id}`,
      role_definition_name: 'Storage File Data SMB MI Admin',
      principal_id: OTHER,
      principal_type: 'ServicePrincipal',
      description: 'nodes mount the share of dumps',
    });
    expect(terraform.output.share.value.clientId).toBe(GUID);
    expect(terraform.output.clientId.value).toBe(GUID);
    expect(terraform.output.principalId.value).toBe(OTHER);
    expect(terraform.resource).not.toHaveProperty('azurerm_user_assigned_identity');
  });

  test.each<[ManagedIdentityOptions, string]>([
    [
      { clientId: GUID },
      'clientId is given alone; nodes mount with the client id, and roles are assigned to the object id (principal ' +
        'id); give principalId too, or neither',
    ],
    [
      { principalId: GUID },
      'principalId is given alone; nodes mount with the client id, and roles are assigned to the object id ' +
        '(principal id); give clientId too, or neither',
    ],
    [
      { clientId: 'me', principalId: GUID },
      'clientId must be a GUID, for example 00000000-0000-0000-0000-000000000000, got "me"',
    ],
    [
      { clientId: GUID, principalId: `${GUID}0` },
      `principalId must be a GUID, for example 00000000-0000-0000-0000-000000000000, got "${GUID}0"`,
    ],
    [
      { clientId: GUID, principalId: GUID, identityName: 'id-x' },
      "identityName 'id-x' names an identity to create, but clientId names an existing one; remove one of them",
    ],
    [{ identityName: 'a b' }, `identityName must be ${IDENTITY_NAME}, got "a b"`],
  ])('refuses %j', (options, message) => {
    expect(messageOf(() => DumpStorageAccess.managedIdentity(options))).toBe(
      `DumpStorageAccess.managedIdentity: ${message}`,
    );
  });
});

test.each([
  ['the account key', { access: DumpStorageAccess.accountKey() }],
  ['the network', { access: DumpStorageAccess.network(), protocol: AzureFilesProtocol.NFS }],
])('by %s there is neither identity nor role', (_what, props) => {
  const { resource: all, output } = terraformWith(props);
  expect(all).not.toHaveProperty('azurerm_user_assigned_identity');
  expect(all).not.toHaveProperty('azurerm_role_assignment');
  expect(Object.keys(output)).toEqual(['share']);
});

describe('the account key', () => {
  const terraformOf = (keyExpiration?: Duration) =>
    terraformWith({ access: DumpStorageAccess.accountKey({ keyExpiration }) });

  test('is reported as expired at the age that is given, through azapi', () => {
    const terraform = terraformOf(Duration.days(90));
    expect(resource(terraform, 'KeyExpiration')).toMatchObject({
      type: 'Microsoft.Storage/storageAccounts@2025-06-01',
      resource_id: `\${${addressOf(terraform, 'Account')}.id}`,
      body: { properties: { keyPolicy: { keyExpirationPeriodInDays: 90 } } },
      lifecycle: { replace_triggered_by: [addressOf(terraform, 'Account')] },
    });
    expect(resource(terraform, 'EncryptionInTransit').depends_on).toContain(addressOf(terraform, 'KeyExpiration'));
  });

  test('is never reported without one', () => {
    expect(JSON.stringify(terraformOf())).not.toContain('keyPolicy');
  });

  test.each<[object, string]>([
    [
      { keyExpiration: Duration.hours(36) },
      'keyExpiration must be whole days from 1 to 2147483647, for example Duration.days(1), got 1 day 12 hours',
    ],
    [{ keyExpiration: 90 }, 'keyExpiration must be a Duration of cdk8s, for example Duration.minutes(10), got 90'],
    [
      { keyexpiration: 1 },
      "there is no prop 'keyexpiration'; expected one of keyExpiration; did you mean 'keyExpiration'?",
    ],
  ])('refuses %j', (options, message) => {
    expect(messageOf(() => DumpStorageAccess.accountKey(options))).toBe(`DumpStorageAccess.accountKey: ${message}`);
  });
});

test('requireEncryption is a flag', () => {
  expect(messageOf(() => DumpStorageAccess.network({ requireEncryption: 'yes' as unknown as boolean }))).toBe(
    'DumpStorageAccess.network: requireEncryption must be true or false, got "yes"',
  );
});
