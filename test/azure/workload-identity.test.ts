import { Fn } from 'cdktf';
import { GUID } from './stacks';
import { addressOf, resource, resources, terraformWith } from './synthesized';
import { DumpStorageAccess, WorkloadIdentityOptions } from '../../src/azure';
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
    [{ namespaces: 'shop' as unknown as string[] }, `namespaces must be a list, got "shop"; write ['shop']`],
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

  describe('of several clusters', () => {
    const BLUE = 'https://issuer.example/blue/';
    const GREEN = 'https://issuer.example/green/';
    const credentials = (options: Partial<WorkloadIdentityOptions>) =>
      Object.fromEntries(
        resources(terraformWith({ access: workload(options) }), 'azurerm_federated_identity_credential').map(
          ({ name, issuer, subject }) => [name, [issuer, subject.split(':')[2]]],
        ),
      );

    test('trusts each issuer in each namespace', () => {
      const options = { oidcIssuerUrl: undefined, oidcIssuerUrls: [BLUE, GREEN], namespaces: ['shop', 'bank'] };
      expect(Object.values(credentials(options)).sort()).toEqual([
        [BLUE, 'bank'],
        [BLUE, 'shop'],
        [GREEN, 'bank'],
        [GREEN, 'shop'],
      ]);
    });

    test('a further cluster, a removed one and another order change no other credential', () => {
      const both = credentials({ oidcIssuerUrl: BLUE, oidcIssuerUrls: [GREEN] });
      expect(both).toMatchObject(credentials({ oidcIssuerUrl: BLUE }));
      expect(both).toMatchObject(credentials({ oidcIssuerUrl: undefined, oidcIssuerUrls: [GREEN] }));
      expect(credentials({ oidcIssuerUrl: undefined, oidcIssuerUrls: [BLUE, GREEN] })).toEqual(
        credentials({ oidcIssuerUrl: undefined, oidcIssuerUrls: [GREEN, BLUE] }),
      );
    });

    test('may be computed by Terraform', () => {
      const computed = ['${azurerm_kubernetes_cluster.a.oidc_issuer_url}', '${azurerm_kubernetes_cluster.b.oidc}'];
      expect(credentials({ oidcIssuerUrl: undefined, oidcIssuerUrls: computed })).toEqual({
        'dumps-shop-0': [computed[0], 'shop'],
        'dumps-shop-1': [computed[1], 'shop'],
      });
    });

    test('makes 20 credentials at most', () => {
      const oidcIssuerUrls = [GREEN];
      expect(() => workload({ oidcIssuerUrls, namespaces: namespaces(10) })).not.toThrow();
      expect(messageOf(() => workload({ oidcIssuerUrls, namespaces: namespaces(11) }))).toBe(
        'DumpStorageAccess.workloadIdentity: 2 issuers and 11 namespaces make 22 federated credentials, but an ' +
          'identity takes 1 to 20; make a DumpStorage for each group of namespaces',
      );
    });

    test.each<[Partial<WorkloadIdentityOptions>, string]>([
      [
        { oidcIssuerUrl: BLUE, oidcIssuerUrls: [GREEN, BLUE] },
        `oidcIssuerUrls has '${BLUE}', which is oidcIssuerUrl too; each issuer is expected once; remove one`,
      ],
      [{ oidcIssuerUrls: [GREEN, GREEN] }, `oidcIssuerUrls has '${GREEN}' twice; remove one`],
      [
        { oidcIssuerUrls: ['http://x/'] },
        'oidcIssuerUrls[0] must be the https URL of the cluster\'s OIDC issuer, got "http://x/"',
      ],
      ...[{}, { oidcIssuerUrls: [] }].map((none): [Partial<WorkloadIdentityOptions>, string] => [
        { oidcIssuerUrl: undefined, ...none },
        'oidcIssuerUrl is missing; expected the https URL of the OIDC issuer of each cluster; give oidcIssuerUrl or ' +
          'oidcIssuerUrls',
      ]),
    ])('refuses %j', (options, message) => {
      expect(messageOf(() => workload(options))).toBe(`DumpStorageAccess.workloadIdentity: ${message}`);
    });
  });

  describe('issuers that no token has', () => {
    const AKS = 'https://westeurope.oic.prod-aks.azure.com/tenant/cluster';
    const NO_SLASH =
      'is an issuer of AKS without the slash at its end; expected the issuer as tokens have it, to the letter; add ' +
      'the slash';
    const DOCUMENT =
      'is the address of a document about the issuer; expected the issuer as tokens have it, to the letter; remove ' +
      "'.well-known/openid-configuration'";
    test.each([
      [AKS, NO_SLASH, `${AKS}/`],
      ['https://usgov.oic.prod-aks.azure.us/t/c', NO_SLASH, 'https://usgov.oic.prod-aks.azure.us/t/c/'],
      [`${AKS}/.well-known/openid-configuration`, DOCUMENT, `${AKS}/`],
      ['https://issuer.example/.well-known/openid-configuration', DOCUMENT, 'https://issuer.example'],
      ['https://issuer.example/x/.well-known/openid-configuration/', DOCUMENT, 'https://issuer.example/x'],
    ])('refuses %s', (wrong, problem, right) => {
      expect(messageOf(() => workload({ oidcIssuerUrl: wrong }))).toBe(
        `DumpStorageAccess.workloadIdentity: oidcIssuerUrl '${wrong}' ${problem}`,
      );
      expect(messageOf(() => workload({ oidcIssuerUrls: [wrong] }))).toContain(`oidcIssuerUrls[0] '${wrong}'`);
      expect(() => workload({ oidcIssuerUrl: right })).not.toThrow();
    });
  });

  describe('that exists', () => {
    const IDENTITY =
      '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-id/providers/' +
      'Microsoft.ManagedIdentity/userAssignedIdentities/id-web';
    const existing = { clientId: GUID, principalId: OTHER };

    test('gets the credentials of the stack by its resource id', () => {
      const terraform = terraformWith({ access: workload({ ...existing, identityId: IDENTITY }) });
      expect(resource(terraform, 'FederatedCredential-shop')).toMatchObject({
        parent_id: IDENTITY,
        resource_group_name: 'rg-id',
      });
      expect(terraform.resource).not.toHaveProperty('azurerm_user_assigned_identity');
      expect(resource(terraform, 'MountRole').principal_id).toBe(OTHER);
      expect(terraform.output.share.value).toMatchObject({ clientId: GUID, serviceAccountName: 'webapi' });
    });

    test('of which Terraform computes the resource id', () => {
      const groupOf = (identityId: string) =>
        resource(terraformWith({ access: workload({ ...existing, identityId }) }), 'FederatedCredential-shop')
          .resource_group_name;
      expect(groupOf('${var.id}')).toBe('${element(split("/", "${var.id}"), 4)}');
      expect(groupOf(Fn.lower('${var.id}'))).toMatch(/^\$\{element\(split\("\/", lower\(.*\)\), 4\)\}$/);
    });

    test('has its credentials already without a resource id', () => {
      const terraform = terraformWith({ access: workload({ ...existing, oidcIssuerUrl: undefined }) });
      expect(terraform.resource).not.toHaveProperty('azurerm_federated_identity_credential');
      expect(resource(terraform, 'MountRole').principal_id).toBe(OTHER);
      expect(terraform.output.share.value).toMatchObject({ clientId: GUID, serviceAccountNamespaces: ['shop'] });
    });

    test.each<[Partial<WorkloadIdentityOptions>, string]>([
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
        { identityId: IDENTITY },
        `identityId '${IDENTITY}' has neither clientId nor principalId; nodes mount with the one, and the role is ` +
          'assigned to the other; give both',
      ],
      [
        { ...existing, identityId: IDENTITY, identityName: 'id-x' },
        "identityName 'id-x' names an identity to create, but clientId names an existing one; remove one of them",
      ],
      [
        existing,
        "oidcIssuerUrl 'https://issuer.example/cluster/' has no effect: the stack adds no federated credential to " +
          'the identity of clientId, whose resource id it does not know; give identityId, or remove the issuer',
      ],
      [
        { ...existing, identityId: IDENTITY, oidcIssuerUrl: undefined },
        'oidcIssuerUrl is missing; expected the https URL of the OIDC issuer of each cluster; give oidcIssuerUrl or ' +
          'oidcIssuerUrls',
      ],
    ])('refuses %j', (options, message) => {
      expect(messageOf(() => workload(options))).toBe(`DumpStorageAccess.workloadIdentity: ${message}`);
    });
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
