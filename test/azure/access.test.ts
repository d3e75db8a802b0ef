import { GUID } from './stacks';
import { addressOf, resource, resources, terraformWith } from './synthesized';
import { AzureFilesProtocol } from '../../src';
import { DumpStorageAccess, ManagedIdentityOptions, WorkloadIdentityOptions } from '../../src/azure';
import { messageOf } from '../pods';

const OTHER = '33333333-3333-3333-3333-333333333333';
const workload = (options: Partial<WorkloadIdentityOptions> = {}) =>
  DumpStorageAccess.workloadIdentity({
    oidcIssuerUrl: 'https://issuer.example/cluster/',
    serviceAccountName: 'webapi',
    namespaces: ['shop'],
    ...options,
  });
const namespaces = (count: number) => Array.from({ length: count }, (_, index) => `team-${index}`);
const NAMESPACE =
  'a label of Kubernetes: at most 63 lower-case letters, digits and dashes, that start and end with a letter or ' +
  'digit';
const IDENTITY_NAME = '3 to 128 letters, digits, dashes and underscores';

describe('workload identity', () => {
  test('an identity that trusts the service account of each namespace', () => {
    const terraform = terraformWith({
      access: workload({ namespaces: ['shop', 'bank'] }),
      tags: { owner: 'platform' },
    });
    const group = `\${${addressOf(terraform, 'ResourceGroup')}.name}`;
    expect(resource(terraform, 'MountIdentity')).toEqual({
      name: 'id-contosodumps-mount',
      resource_group_name: group,
      location: 'westeurope',
      tags: { owner: 'platform' },
    });
    expect(resource(terraform, 'FederatedCredential-bank')).toEqual({
      name: 'dumps-bank',
      resource_group_name: group,
      parent_id: `\${${addressOf(terraform, 'MountIdentity')}.id}`,
      issuer: 'https://issuer.example/cluster/',
      subject: 'system:serviceaccount:bank:webapi',
      audience: ['api://AzureADTokenExchange'],
    });
    expect(resource(terraform, 'FederatedCredential-shop').subject).toBe('system:serviceaccount:shop:webapi');
    expect(resources(terraform, 'azurerm_federated_identity_credential')).toHaveLength(2);
  });

  test('may mount, by the one role that lets an identity mount', () => {
    const terraform = terraformWith({ access: workload() });
    expect(resources(terraform, 'azurerm_role_assignment')).toEqual([
      {
        scope: `\${${addressOf(terraform, 'Account')}.id}`,
        role_definition_name: 'Storage File Data SMB MI Admin',
        principal_id: `\${${addressOf(terraform, 'MountIdentity')}.principal_id}`,
        principal_type: 'ServicePrincipal',
        skip_service_principal_aad_check: true,
        description: 'nodes mount the share of dumps',
      },
    ]);
  });

  test('has the name that it was given', () => {
    expect(resource(terraformWith({ access: workload({ identityName: 'id-dumps' }) }), 'MountIdentity').name).toBe(
      'id-dumps',
    );
  });

  test('trusts 20 namespaces', () => {
    expect(
      resources(
        terraformWith({ access: workload({ namespaces: namespaces(20) }) }),
        'azurerm_federated_identity_credential',
      ),
    ).toHaveLength(20);
  });

  test.each<[Partial<WorkloadIdentityOptions>, string]>([
    [
      { namespaces: namespaces(21) },
      'namespaces has 21 items, but an identity takes 1 to 20 federated credentials; make a DumpStorage for each ' +
        'group of namespaces',
    ],
    [
      { namespaces: [] },
      'namespaces has 0 items, but an identity takes 1 to 20 federated credentials; name the namespaces of the ' +
        'workloads',
    ],
    [{ namespaces: ['shop', 'shop'] }, "namespaces has 'shop' twice; remove one"],
    [{ namespaces: 'shop' as unknown as string[] }, 'namespaces must be a list, got "shop"'],
    [{ namespaces: ['shop', 'Bank'] }, `namespaces[1] must be ${NAMESPACE}, got "Bank"`],
    [{ namespaces: ['a'.repeat(64)] }, `namespaces[0] must be ${NAMESPACE}, got "${'a'.repeat(64)}"`],
    [{ namespaces: ['shop-'] }, `namespaces[0] must be ${NAMESPACE}, got "shop-"`],
    [
      { oidcIssuerUrl: 'http://issuer.example/' },
      'oidcIssuerUrl must be the https URL of the cluster\'s OIDC issuer, got "http://issuer.example/"',
    ],
    [{ oidcIssuerUrl: '' }, 'oidcIssuerUrl must be the https URL of the cluster\'s OIDC issuer, got ""'],
    [
      { serviceAccountName: 'Web' },
      'serviceAccountName must be a name of Kubernetes: lower-case letters, digits, dashes and dots, that start and ' +
        'end with a letter or digit, got "Web"',
    ],
    [
      { serviceAccountName: '' },
      'serviceAccountName must be a name of Kubernetes: lower-case letters, digits, dashes and dots, that start and ' +
        'end with a letter or digit, got ""',
    ],
    [
      { serviceAccountName: 5 as unknown as string },
      'serviceAccountName must be a name of Kubernetes: lower-case letters, digits, dashes and dots, that start and ' +
        'end with a letter or digit, got 5',
    ],
    [{ identityName: 'id' }, `identityName must be ${IDENTITY_NAME}, got "id"`],
    [{ identityName: '-id' }, `identityName must be ${IDENTITY_NAME}, got "-id"`],
    [{ identityName: 'i'.repeat(129) }, `identityName must be ${IDENTITY_NAME}, got "${'i'.repeat(129)}"`],
  ])('refuses %j', (options, message) => {
    expect(messageOf(() => workload(options))).toBe(`DumpStorageAccess.workloadIdentity: ${message}`);
  });

  test.each<Partial<WorkloadIdentityOptions>>([
    { namespaces: ['a'.repeat(63)] },
    { namespaces: ['0'] },
    { serviceAccountName: 'web.api-2' },
    { identityName: 'id_' },
    { identityName: 'i'.repeat(128) },
  ])('takes %j', (options) => {
    expect(() => workload(options)).not.toThrow();
  });
});

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

test('requireEncryption is a flag', () => {
  expect(messageOf(() => DumpStorageAccess.network({ requireEncryption: 'yes' as unknown as boolean }))).toBe(
    'DumpStorageAccess.network: requireEncryption must be true or false, got "yes"',
  );
});
