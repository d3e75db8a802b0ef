import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { Chart, Size, Testing as Manifests } from 'cdk8s';
import { TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { GUID, NETWORK } from './stacks';
import { addresses, resolved, resources, terraformOf } from './synthesized';
import { AzureFilesAuthentication, AzureFilesDumpStore, AzureFilesProtocol, AzureFilesShare } from '../../src';
import { AzureCloud, DumpStorage, DumpStorageAccess, DumpStorageNetwork, DumpStorageProps } from '../../src/azure';
import { messageOf } from '../pods';

const PROPS: DumpStorageProps = {
  location: 'westeurope',
  storageAccountName: 'contosodumps',
  network: DumpStorageNetwork.privateEndpoint({ subnetId: `${NETWORK}/subnets/endpoints` }),
  access: DumpStorageAccess.workloadIdentity({
    oidcIssuerUrl: 'https://issuer.example/',
    serviceAccountName: 'webapi',
    namespaces: ['shop', 'bank'],
  }),
};

function ownStack() {
  const stack = new TerraformStack(Testing.app(), 'platform');
  new AzurermProvider(stack, 'azurerm', { features: [{}], subscriptionId: GUID });
  return stack;
}

function storageWith(props: Partial<DumpStorageProps> = {}) {
  const stack = ownStack();
  return { stack, storage: new DumpStorage(stack, 'Dumps', { ...PROPS, ...props }) };
}

describe("in a user's stack", () => {
  test(
    'the only provider configuration that is added is the one of azapi, in the cloud and subscription of the ' +
      'storage',
    () => {
      const { provider, terraform } = terraformOf(storageWith().stack);
      expect(provider).toEqual({
        azurerm: [{ features: [{}], subscription_id: GUID }],
        azapi: [{ environment: 'public' }],
      });
      expect(Object.keys(terraform.required_providers)).toEqual(['azapi', 'azurerm']);
      expect(terraformOf(storageWith({ cloud: AzureCloud.CHINA, subscriptionId: GUID }).stack).provider.azapi).toEqual([
        { environment: 'china', subscription_id: GUID },
      ]);
    },
  );

  test('none is added where nothing needs it', () => {
    expect(
      terraformOf(storageWith({ access: DumpStorageAccess.network(), protocol: AzureFilesProtocol.NFS }).stack)
        .provider,
    ).not.toHaveProperty('azapi');
  });

  test('a construct of the stack may be called azapi', () => {
    const { stack } = storageWith();
    expect(() => new Construct(stack, 'azapi')).not.toThrow();
  });

  test('outputs are named by the path', () => {
    const stack = ownStack();
    const team = new Construct(stack, 'Team 1');
    new DumpStorage(team, 'Dumps', PROPS);
    expect(Object.keys(terraformOf(stack).output)).toEqual([
      'Team_1_Dumps_clientId',
      'Team_1_Dumps_principalId',
      'Team_1_Dumps_share',
    ]);
  });

  test('two of them do not meet', () => {
    const stack = ownStack();
    const { privateDnsZoneId } = new DumpStorage(stack, 'Dumps', PROPS);
    const alone = addresses(terraformOf(stack)).length;
    const network = DumpStorageNetwork.privateEndpoint({
      subnetId: `${NETWORK}/subnets/endpoints`,
      privateDnsZoneId,
    });
    new DumpStorage(stack, 'Others', { ...PROPS, network, storageAccountName: 'contosoothers' });
    const terraform = terraformOf(stack);
    expect(addresses(terraform)).toHaveLength(2 * alone - ['zone', 'link'].length);
    expect(resources(terraform, 'azurerm_storage_account').map(({ name }) => name)).toEqual([
      'contosodumps',
      'contosoothers',
    ]);
    expect(Object.keys(terraform.output)).toEqual([
      'Dumps_clientId',
      'Dumps_principalId',
      'Dumps_share',
      'Others_clientId',
      'Others_principalId',
      'Others_share',
    ]);
    expect(terraform.provider.azapi).toEqual([{ environment: 'public' }]);
    for (const [name, { depends_on: dependsOn }] of Object.entries<any>(terraform.resource.azurerm_storage_share)) {
      for (const address of dependsOn) expect(address.includes('.Dumps_')).toBe(name.startsWith('Dumps_'));
    }
  });

  test('refusals name the construct', () => {
    expect(messageOf(() => storageWith({ shareName: 'x' }))).toMatch(/^platform\/Dumps: shareName must be /);
    expect(messageOf(() => storageWith({ subscriptionId: 'mine' }))).toBe(
      'platform/Dumps: subscriptionId must be a GUID, for example 00000000-0000-0000-0000-000000000000, got "mine"',
    );
  });
});

describe('the share', () => {
  test('is what AzureFilesDumpStore takes, and so is the output, with the size as a number', () => {
    const { stack, storage } = storageWith({
      subscriptionId: GUID,
      capacity: Size.gibibytes(200),
      shareName: 'crashes',
      driverVersion: '1.35.2',
    });
    const { capacity, ...share } = storage.share;
    expect(capacity?.toGibibytes()).toBe(200);
    expect(share).toEqual({
      storageAccountName: 'contosodumps',
      resourceGroupName: 'rg-contosodumps',
      shareName: 'crashes',
      driverVersion: '1.35.2',
      subscriptionId: GUID,
      protocol: AzureFilesProtocol.SMB,
      authentication: AzureFilesAuthentication.WORKLOAD_IDENTITY,
      clientId: storage.clientId,
      serviceAccountName: 'webapi',
      serviceAccountNamespaces: ['shop', 'bank'],
    });
    const { output } = terraformOf(stack);
    expect(output.Dumps_share).toEqual({
      description: 'the dump share, in the form that AzureFilesDumpStore.fromShare expects',
      value: { ...(resolved(stack, share) as object), capacityGibibytes: 200 },
    });
    expect(output.Dumps_clientId).toEqual({
      description: 'client id of the identity that mounts the dump share',
      value: resolved(stack, storage.clientId),
    });
    expect(output.Dumps_principalId).toEqual({
      description: 'object id of the identity that mounts the dump share',
      value: resolved(stack, storage.principalId),
    });
  });

  test('leaves out what is not known or not needed', () => {
    expect(
      Object.keys(storageWith({ access: DumpStorageAccess.network(), protocol: AzureFilesProtocol.NFS }).storage.share),
    ).toEqual(['storageAccountName', 'resourceGroupName', 'shareName', 'protocol', 'capacity']);
    const access = DumpStorageAccess.network({ requireEncryption: true });
    expect(storageWith({ access, protocol: AzureFilesProtocol.NFS }).storage.share).toMatchObject({
      encryptInTransit: true,
    });
    expect(storageWith({ access: DumpStorageAccess.accountKey() }).storage.share).toMatchObject({
      authentication: 'AccountKey',
    });
  });

  test.each([
    [AzureCloud.PUBLIC, undefined],
    [AzureCloud.US_GOVERNMENT, 'core.usgovcloudapi.net'],
    [AzureCloud.CHINA, 'core.chinacloudapi.cn'],
  ])('in cloud %s has the suffix %s', (cloud, suffix) => {
    expect(storageWith({ cloud }).storage.share.storageEndpointSuffix).toBe(suffix);
  });

  test('is in the group that was named', () => {
    expect(storageWith({ resourceGroupName: 'rg-crashes' }).storage.share.resourceGroupName).toBe('rg-crashes');
    expect(storageWith({ existingResourceGroupName: 'rg-platform' }).storage.share.resourceGroupName).toBe(
      'rg-platform',
    );
  });
});

test('other resources can refer to the account and to the identity', () => {
  const { stack, storage } = storageWith();
  const [account] = addresses(terraformOf(stack)).filter((address) => address.startsWith('azurerm_storage_account.'));
  const [identity] = addresses(terraformOf(stack)).filter((address) =>
    address.startsWith('azurerm_user_assigned_identity.'),
  );
  const { accountId, fileHost, clientId, principalId, identityId } = storage;
  expect(resolved(stack, { accountId, fileHost, clientId, principalId, identityId })).toEqual({
    accountId: `\${${account}.id}`,
    fileHost: `\${${account}.primary_file_host}`,
    clientId: `\${${identity}.client_id}`,
    principalId: `\${${identity}.principal_id}`,
    identityId: `\${${identity}.id}`,
  });
});

test('an identity that exists has ids, but none is made', () => {
  const { storage } = storageWith({ access: DumpStorageAccess.managedIdentity({ clientId: GUID, principalId: GUID }) });
  expect(storage).toMatchObject({ clientId: GUID, principalId: GUID, identityId: undefined });
});

test('tags are on all that takes tags', () => {
  const { stack } = storageWith({
    tags: { owner: 'platform' },
    backup: {},
    alerts: { emails: ['oncall@contoso.example'] },
  });
  const without = Object.entries<any>(terraformOf(stack).resource)
    .filter(([, all]) => Object.values<any>(all).some(({ tags }) => tags?.owner !== 'platform'))
    .map(([type]) => type);
  expect(without).toEqual([
    'azapi_update_resource',
    'azurerm_backup_container_storage_account',
    'azurerm_backup_policy_file_share',
    'azurerm_backup_protected_file_share',
    'azurerm_federated_identity_credential',
    'azurerm_management_lock',
    'azurerm_monitor_diagnostic_setting',
    'azurerm_role_assignment',
    'azurerm_storage_share',
  ]);
});

test('ids of constructs do not change from release to release', () => {
  const { storage } = storageWith({ backup: {}, alerts: { emails: ['oncall@contoso.example'] } });
  const ids = storage.node.children
    .filter((child) => !TerraformOutput.isTerraformOutput(child))
    .map(({ node }) => node.id);
  expect(ids.sort()).toEqual([
    'Account',
    'ActionGroup',
    'Audit',
    'Azapi',
    'Backup',
    'BackupContainer',
    'BackupPolicy',
    'BackupVault',
    'DnsLink-rg-network-vnet-aks',
    'DnsZone',
    'EncryptionInTransit',
    'FailedWriteAlert',
    'FederatedCredential-bank',
    'FederatedCredential-shop',
    'FullAlert',
    'Lock',
    'MountIdentity',
    'MountRole',
    'NewDumpAlert',
    'PrivateEndpoint',
    'ReadAlert',
    'ResourceGroup',
    'Share',
    'SmbOAuth',
    'Workspace',
    'WorkspaceLock',
  ]);
});

test('another repository makes the same volume of the output as of the share, with nothing retyped', () => {
  const { stack, storage } = storageWith({
    capacity: Size.gibibytes(200),
    driverVersion: '1.35.2',
    access: DumpStorageAccess.workloadIdentity({
      clientId: GUID,
      principalId: GUID,
      serviceAccountName: 'webapi',
      namespaces: ['shop'],
    }),
  });
  const claimOf = (share: AzureFilesShare) =>
    AzureFilesDumpStore.fromShare(new Chart(Manifests.app(), 'shop', { namespace: 'shop' }), 'Dumps', { share })
      .claimName;
  const { value } = terraformOf(stack).output.Dumps_share;
  expect(claimOf(value)).toBe(claimOf(storage.share));
  expect(messageOf(() => claimOf({ ...value, driverVersion: '1.34.8' }))).toContain(
    "needs driver version 1.35.0, but driverVersion is '1.34.8'",
  );
});

test.each(['1.35', 'latest', ''])('refuses the driver version %j', (driverVersion) => {
  expect(messageOf(() => storageWith({ driverVersion }))).toBe(
    "platform/Dumps: driverVersion must be three numbers with dots between them, as in '1.35.2', got " +
      JSON.stringify(driverVersion),
  );
});
