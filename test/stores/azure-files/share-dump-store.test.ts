import { App, Chart, ResolutionContext, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  AzureFilesAccess,
  AzureFilesAuthentication,
  AzureFilesDumpStore,
  AzureFilesFsGroupChangePolicy,
  AzureFilesProtocol,
  AzureFilesShare,
  AzureFilesShareDumpStoreProps,
} from '../../../src';
import { JsonObject } from '../../../src/kubernetes/wire';
import { messageOf, newChart } from '../../pods';

const SHARE: AzureFilesShare = {
  storageAccountName: 'contosodumps',
  resourceGroupName: 'rg-dumps',
  shareName: 'dumps',
};
const CLIENT = '11111111-2222-3333-4444-555555555555';
const TOKEN = '${TfToken[TOKEN.7]}';
const TENANT = '22222222-2222-2222-2222-222222222222';
const SUBSCRIPTION = '33333333-3333-3333-3333-333333333333';

function store(chart: Chart, props: Partial<AzureFilesShareDumpStoreProps> = {}) {
  return AzureFilesDumpStore.fromShare(chart, 'Dumps', { share: SHARE, ...props });
}

function objects(chart: Chart, kind: string): JsonObject[] {
  return Testing.synth(chart).filter((object) => object.kind === kind);
}

function volumeOf(props: Partial<AzureFilesShareDumpStoreProps> = {}): JsonObject {
  const chart = newChart({ namespace: 'shop' });
  store(chart, props);
  return objects(chart, 'PersistentVolume')[0].spec;
}

function attributesOf(share: Partial<AzureFilesShare>, props: Partial<AzureFilesShareDumpStoreProps> = {}): JsonObject {
  return volumeOf({ ...props, share: { ...SHARE, ...share } }).csi.volumeAttributes;
}

test('a volume and a claim, bound to each other and to nothing else', () => {
  const chart = newChart({ namespace: 'shop' });
  const { claimName } = store(chart);

  expect(Testing.synth(chart)).toEqual([
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `${claimName}-shop` },
      spec: {
        capacity: { storage: '100Gi' },
        accessModes: ['ReadWriteMany'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: '',
        mountOptions: [
          'dir_mode=0770',
          'file_mode=0660',
          'uid=1654',
          'gid=1654',
          'mfsymlinks',
          'cache=strict',
          'actimeo=30',
          'nosharesock',
          'nobrl',
        ],
        claimRef: { name: claimName, namespace: 'shop' },
        csi: {
          driver: 'file.csi.azure.com',
          volumeHandle: `rg-dumps#contosodumps#dumps##${claimName}-shop#shop`,
          volumeAttributes: { resourceGroup: 'rg-dumps', shareName: 'dumps', storageAccount: 'contosodumps' },
          nodeStageSecretRef: { name: 'azure-storage-account-contosodumps-secret', namespace: 'shop' },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: claimName, namespace: 'shop' },
      spec: {
        accessModes: ['ReadWriteMany'],
        storageClassName: '',
        volumeName: `${claimName}-shop`,
        resources: { requests: { storage: '100Gi' } },
      },
    },
  ]);
});

test('names do not change from release to release', () => {
  expect(store(newChart()).claimName).toBe('chart-dumps-38f36aeb');
});

test('another content is another volume and claim, because a volume cannot be changed', () => {
  expect(store(newChart(), { uid: 1000 }).claimName).not.toBe(store(newChart()).claimName);
  expect(store(newChart(), { share: { ...SHARE, capacity: Size.gibibytes(200) } }).claimName).not.toBe(
    store(newChart()).claimName,
  );
  expect(store(newChart(), { access: AzureFilesAccess.accountKey() }).claimName).toBe(store(newChart()).claimName);
});

test('each namespace has a volume with a handle of its own', () => {
  const chart = newChart();
  const dumps = store(chart, { access: AzureFilesAccess.managedIdentity() });
  for (const namespace of ['one', 'two', 'one']) dumps.bindDumpStore(namespace);
  const volumes = objects(chart, 'PersistentVolume');
  expect(volumes.map(({ spec }) => spec.claimRef.namespace)).toEqual(['one', 'two']);
  expect(new Set(volumes.map(({ spec }) => spec.csi.volumeHandle)).size).toBe(2);
  expect(volumes.map(({ metadata }) => metadata.namespace)).toEqual([undefined, undefined]);
  expect(objects(chart, 'PersistentVolumeClaim').map(({ spec }) => spec.volumeName)).toEqual(
    volumes.map(({ metadata }) => metadata.name),
  );
});

test('without a namespace nothing reserves the volume for one', () => {
  const chart = newChart();
  const dumps = store(chart, { access: AzureFilesAccess.managedIdentity() });
  dumps.bindDumpStore(undefined);
  const [{ spec }] = objects(chart, 'PersistentVolume');
  expect(spec).not.toHaveProperty('claimRef');
  expect(spec.csi.volumeHandle).toBe(`rg-dumps#contosodumps#dumps##${dumps.claimName}-unset`);
});

describe('share', () => {
  test('subscription and endpoint', () => {
    expect(
      attributesOf({ subscriptionId: SUBSCRIPTION, storageEndpointSuffix: 'core.usgovcloudapi.net' }),
    ).toMatchObject({
      subscriptionID: SUBSCRIPTION,
      storageEndpointSuffix: 'core.usgovcloudapi.net',
    });
    expect(volumeOf({ share: { ...SHARE, subscriptionId: SUBSCRIPTION } }).csi.volumeHandle).toMatch(
      new RegExp(`#shop#${SUBSCRIPTION}$`),
    );
  });

  test('capacity', () => {
    expect(volumeOf({ share: { ...SHARE, capacity: Size.gibibytes(7) } }).capacity).toEqual({ storage: '7Gi' });
  });

  test('NFS', () => {
    const { csi, mountOptions } = volumeOf({
      share: { ...SHARE, protocol: AzureFilesProtocol.NFS },
      mountPermissions: '0770',
      encryptInTransit: true,
      fsGroupChangePolicy: AzureFilesFsGroupChangePolicy.NONE,
    });
    expect(csi.volumeAttributes).toMatchObject({
      protocol: 'nfs',
      mountPermissions: '0770',
      encryptInTransit: 'true',
      fsGroupChangePolicy: 'None',
    });
    expect(csi).not.toHaveProperty('nodeStageSecretRef');
    expect(mountOptions).toEqual(['nconnect=4', 'noresvport', 'actimeo=30']);
  });

  test('folder, created, and server', () => {
    expect(
      attributesOf(
        {},
        { folderName: 'team/a', createFolderIfNotExist: true, server: 'contosodumps.file.core.windows.net' },
      ),
    ).toMatchObject({
      folderName: 'team/a',
      createFolderIfNotExist: 'true',
      server: 'contosodumps.file.core.windows.net',
    });
  });
});

describe('access', () => {
  test('the account key out of a Secret', () => {
    expect(
      volumeOf({ access: AzureFilesAccess.accountKey({ secretName: 'key', secretNamespace: 'vault' }) }).csi
        .nodeStageSecretRef,
    ).toEqual({ name: 'key', namespace: 'vault' });
  });

  test.each([
    [{}, { mountWithManagedIdentity: 'true' }],
    [
      { clientId: CLIENT, tenantId: TENANT },
      { mountWithManagedIdentity: 'true', clientID: CLIENT, tenantID: TENANT },
    ],
  ])('managed identity %j', (options, attributes) => {
    const { csi } = volumeOf({ access: AzureFilesAccess.managedIdentity(options) });
    expect(csi.volumeAttributes).toMatchObject(attributes);
    expect(csi).not.toHaveProperty('nodeStageSecretRef');
  });

  test('workload identity defines its service account in each namespace', () => {
    const chart = newChart({ namespace: 'shop' });
    const dumps = store(chart, {
      access: AzureFilesAccess.workloadIdentity({ clientId: CLIENT, serviceAccountName: 'dumps', tenantId: TENANT }),
    });
    expect(dumps.bindDumpStore('shop').serviceAccountName).toBe('dumps');
    dumps.bindDumpStore('other');
    expect(objects(chart, 'ServiceAccount').map(({ metadata }) => metadata)).toEqual(
      ['shop', 'other'].map((namespace) => ({
        name: 'dumps',
        namespace,
        annotations: { 'azure.workload.identity/client-id': CLIENT, 'azure.workload.identity/tenant-id': TENANT },
      })),
    );
    expect(objects(chart, 'PersistentVolume')[0].spec.csi.volumeAttributes).toMatchObject({
      clientID: CLIENT,
      tenantID: TENANT,
      mountWithWorkloadIdentityToken: 'true',
    });
  });

  test('computed names are checked when they are resolved', () => {
    const resolver = {
      resolve: (context: ResolutionContext) => {
        if (context.value === TOKEN) context.replaceValue('webapi');
      },
    };
    const chart = new Chart(new App({ resolvers: [resolver] }), 'chart', { namespace: 'webapi' });
    const dumps = store(chart, {
      share: { ...SHARE, clientId: CLIENT, serviceAccountName: TOKEN, serviceAccountNamespaces: [TOKEN] },
    });
    expect(dumps.bindDumpStore('webapi').serviceAccountName).toBe('webapi');
    expect(messageOf(() => dumps.bindDumpStore('shop'))).toContain(
      "trusts service account 'webapi' in webapi only, and not in namespace 'shop'",
    );
  });

  test('a service account that exists is left alone', () => {
    const chart = newChart({ namespace: 'shop' });
    const access = AzureFilesAccess.workloadIdentity({
      clientId: CLIENT,
      serviceAccountName: 'webapi',
      createServiceAccount: false,
    });
    expect(store(chart, { access }).bindDumpStore('shop').serviceAccountName).toBe('webapi');
    expect(objects(chart, 'ServiceAccount')).toEqual([]);
  });

  test.each<[Partial<AzureFilesShare>, JsonObject]>([
    [
      { clientId: CLIENT, serviceAccountName: 'dumps' },
      { mountWithWorkloadIdentityToken: 'true', clientID: CLIENT },
    ],
    [
      { authentication: AzureFilesAuthentication.WORKLOAD_IDENTITY, clientId: CLIENT, serviceAccountName: 'dumps' },
      { mountWithWorkloadIdentityToken: 'true' },
    ],
    [
      { clientId: CLIENT, tenantId: TENANT },
      { mountWithManagedIdentity: 'true', clientID: CLIENT, tenantID: TENANT },
    ],
    [{ authentication: AzureFilesAuthentication.MANAGED_IDENTITY }, { mountWithManagedIdentity: 'true' }],
  ])('by default what the share says: %j', (share, attributes) => {
    expect(attributesOf(share)).toMatchObject(attributes);
  });

  test.each([{}, { authentication: AzureFilesAuthentication.ACCOUNT_KEY }])(
    'a share that says nothing, or says so, is mounted with the account key: %j',
    (share) => {
      expect(attributesOf(share)).toEqual({
        resourceGroup: 'rg-dumps',
        shareName: 'dumps',
        storageAccount: 'contosodumps',
      });
    },
  );

  test('a driver that does not know it yet', () => {
    expect(
      messageOf(() => volumeOf({ access: AzureFilesAccess.managedIdentity(), driverVersion: '1.33.9' })),
    ).toContain("needs driver version 1.34.0; driverVersion is '1.33.9'");
    expect(() => volumeOf({ access: AzureFilesAccess.managedIdentity(), driverVersion: '1.34.0' })).not.toThrow();
  });
});

describe('owner and modes', () => {
  const ownerOf = (props: Partial<AzureFilesShareDumpStoreProps>) => volumeOf(props).mountOptions.slice(0, 4).join(' ');

  test.each<[Partial<AzureFilesShareDumpStoreProps>, string]>([
    [{}, 'dir_mode=0770 file_mode=0660 uid=1654 gid=1654'],
    [{ uid: 1000, gid: 2000 }, 'dir_mode=0770 file_mode=0660 uid=1000 gid=2000'],
    [{ uid: 1000 }, 'dir_mode=0770 file_mode=0660 uid=1000 gid=0'],
    [{ gid: 1000 }, 'dir_mode=0770 file_mode=0660 uid=0 gid=1000'],
    [{ mountOptions: ['uid=1000'] }, 'dir_mode=0770 file_mode=0660 uid=1000 gid=0'],
    [{ directoryMode: '0750' }, 'dir_mode=0750 file_mode=0777 uid=0 gid=0'],
    [{ fileMode: '0640' }, 'dir_mode=0777 file_mode=0640 uid=0 gid=0'],
    [{ mountOptions: ['dir_mode=0750'] }, 'dir_mode=0750 file_mode=0777 uid=0 gid=0'],
    [{ uid: 1000, directoryMode: '0750' }, 'dir_mode=0750 file_mode=0660 uid=1000 gid=0'],
  ])('with %j', (props, options) => expect(ownerOf(props)).toBe(options));

  test('further options that are given stay', () => {
    expect(volumeOf({ mountOptions: ['nobrl', 'max_channels=4'] }).mountOptions.slice(4)).toEqual([
      'mfsymlinks',
      'cache=strict',
      'actimeo=30',
      'nosharesock',
      'nobrl',
      'max_channels=4',
    ]);
  });

  test.each<[Partial<AzureFilesShareDumpStoreProps>, object | undefined]>([
    [{}, { uid: 1654, gid: 1654 }],
    [{ uid: 1000, directoryMode: '0750' }, { uid: 1000 }],
    [{ gid: 1000, directoryMode: '0570' }, { gid: 1000 }],
    [{ directoryMode: '0775' }, { uid: 0, gid: 0 }],
    [{ directoryMode: '0772' }, { uid: 0, gid: 0 }],
    [{ directoryMode: '0773' }, undefined],
    [{ directoryMode: '0777' }, undefined],
    [{ share: { ...SHARE, protocol: AzureFilesProtocol.NFS } }, undefined],
  ])('who may write with %j', (props, writers) => {
    expect(store(newChart({ namespace: 'shop' }), props).bindDumpStore('shop').writers).toEqual(writers);
  });
});

describe('refuses', () => {
  test.each<[string, JsonObject, string]>([
    ['a misspelt prop', { acces: 1 }, "there is no prop 'acces'; expected one of share, access,"],
    [
      'a misspelt field',
      { share: { ...SHARE, clientid: 'x' } },
      "share: there is no prop 'clientid'; expected one of storageAccountName,",
    ],
    [
      'a share that is not called so',
      SHARE,
      "there is no prop 'storageAccountName'; expected the share as { share: … }; wrap it",
    ],
    ['no share', { share: undefined }, 'share is missing; expected an object'],
    ['another access', { access: {} }, 'access must be a value made by a factory of AzureFilesAccess, got {}'],
    [
      'a folder made without the key',
      { access: AzureFilesAccess.managedIdentity(), folderName: 'x', createFolderIfNotExist: true },
      'createFolderIfNotExist',
    ],
    [
      'a folder made without a name',
      { createFolderIfNotExist: true },
      "createFolderIfNotExist 'true' has no folderName; expected the folder to create; set folderName or remove " +
        'createFolderIfNotExist',
    ],
    [
      'a placeholder that nobody fills in',
      { folderName: 'a/${pvc.metadata.name}' },
      "folderName 'a/${pvc.metadata.name}' holds ${pvc.metadata.name}, which the driver replaces only in shares " +
        'that it creates; write the folder name out',
    ],
    [
      'a token that nothing resolves',
      { share: { ...SHARE, clientId: '${TfToken[TOKEN.7]}' } },
      "'${TfToken[TOKEN.7]}' holds a value that Terraform knows only after apply",
    ],
    [
      'a list that nothing resolves',
      { share: { ...SHARE, serviceAccountNamespaces: ['#{TfToken[TOKEN.7]}'] } },
      "'#{TfToken[TOKEN.7]}' holds a value that Terraform knows only after",
    ],
    [
      'an expression',
      { share: { ...SHARE, storageAccountName: '${var.account}' } },
      "'${var.account}' holds a value that Terraform knows only after apply",
    ],
    [
      'an expression in the access',
      { access: AzureFilesAccess.managedIdentity({ clientId: '${var.c}' }) },
      "'${var.c}' holds a value that Terraform knows only after apply",
    ],
    [
      'an expression beside the share',
      { server: '${var.host}' },
      "'${var.host}' holds a value that Terraform knows only after apply",
    ],
    [
      'an identity mount by private-link name',
      {
        server: 'a.privatelink.file.core.windows.net',
        driverVersion: '1.35.5',
        access: AzureFilesAccess.managedIdentity(),
      },
      "server 'a.privatelink.file.core.windows.net' with mountWithManagedIdentity needs driver version 1.35.6",
    ],
  ])('%s', (_, props, message) => {
    const text = messageOf(() => volumeOf(props as never));
    expect(text).toContain(message);
    expect(text).toMatch(/^chart\/Dumps: (?!chart)/);
  });

  test('and says how to give the share', () => {
    expect(messageOf(() => AzureFilesDumpStore.fromShare(newChart(), 'Dumps', SHARE as never))).toMatch(
      /; expected the share as \{ share: … \}; wrap it$/,
    );
  });

  test('NFS with another answer about TLS than the share has', () => {
    const share = { ...SHARE, protocol: AzureFilesProtocol.NFS, encryptInTransit: true };
    expect(messageOf(() => volumeOf({ share, encryptInTransit: false }))).toBe(
      "chart/Dumps: encryptInTransit is false, but share.encryptInTransit is true, and the account's setting " +
        'applies; remove encryptInTransit',
    );
    expect(volumeOf({ share, encryptInTransit: true })).toEqual(volumeOf({ share }));
    expect(volumeOf({ share }).csi.volumeAttributes.encryptInTransit).toBe('true');
  });

  test('a volume in a namespace that the identity does not trust, whoever asks for it', () => {
    const share = { ...SHARE, clientId: CLIENT, serviceAccountName: 'dumps', serviceAccountNamespaces: ['shop'] };
    const message =
      "the identity of share 'dumps' trusts service account 'dumps' in shop only, and not in namespace 'bank'";
    expect(messageOf(() => store(newChart({ namespace: 'bank' }), { share }).asVolume())).toContain(message);
    const chart = newChart({ namespace: 'bank' });
    store(chart, { share });
    expect(messageOf(() => Testing.synth(chart))).toContain(message);
    const access = AzureFilesAccess.workloadIdentity({ clientId: CLIENT, serviceAccountName: 'dumps' });
    expect(
      messageOf(() =>
        store(newChart({ namespace: 'bank' }), {
          share: { ...SHARE, serviceAccountNamespaces: ['shop'] },
          access,
        }).asVolume(),
      ),
    ).toContain(message);
  });

  test('a workload of a namespace that the identity does not trust', () => {
    const dumps = store(newChart(), {
      share: { ...SHARE, clientId: CLIENT, serviceAccountName: 'dumps', serviceAccountNamespaces: ['shop'] },
    });
    const message =
      "chart/Dumps: the identity of share 'dumps' trusts service account 'dumps' in shop only, and not in namespace " +
      "'bank'; add the namespace where the identity is made, or move the workload";
    expect(messageOf(() => dumps.bindDumpStore('bank'))).toBe(message);
    expect(messageOf(() => dumps.bindDumpStore('bank'))).toBe(message);
    expect(() => dumps.bindDumpStore('shop')).not.toThrow();
  });

  test('a Secret without a namespace', () => {
    expect(messageOf(() => store(newChart()).bindDumpStore(undefined))).toContain(
      "Secret 'azure-storage-account-contosodumps-secret' with the account key has no namespace",
    );
  });
});

test('mounts in a pod of cdk8s-plus', () => {
  const chart = newChart({ namespace: 'shop' });
  const dumps = store(chart);
  const pod = new kplus.Pod(chart, 'Analysis', { containers: [{ image: 'analysis:1', name: 'analysis' }] });
  pod.containers[0].mount('/dumps', dumps);
  expect(objects(chart, 'Pod')[0].spec.volumes[0].persistentVolumeClaim.claimName).toBe(dumps.claimName);
  expect(dumps.asVolume()).toBe(dumps.asVolume());
});

describe('AzureFilesAccess', () => {
  const guid = 'must be a GUID, for example 00000000-0000-0000-0000-000000000000';

  test.each<[string, () => unknown, string]>([
    [
      'a bad Secret',
      () => AzureFilesAccess.accountKey({ secretName: 'A B' }),
      'secretName must be a name of Kubernetes: lower-case letters, digits, dashes and dots, that start and end ' +
        'with a letter or digit, got "A B"',
    ],
    [
      'a bad namespace',
      () => AzureFilesAccess.accountKey({ secretNamespace: 'A' }),
      'secretNamespace must be a name of Kubernetes: lower-case letters, digits, dashes and dots, that start and ' +
        'end with a letter or digit, got "A"',
    ],
    [
      'an empty client id',
      () => AzureFilesAccess.managedIdentity({ clientId: '' }),
      'clientId must be a GUID, for example 00000000-0000-0000-0000-000000000000, got ""',
    ],
    [
      'no client id',
      () => AzureFilesAccess.workloadIdentity({ serviceAccountName: 'x' } as never),
      'clientId is missing; expected a GUID, for example 00000000-0000-0000-0000-000000000000',
    ],
    [
      'a name for a client id',
      () => AzureFilesAccess.managedIdentity({ clientId: 'dumps' }),
      `clientId ${guid}, got "dumps"`,
    ],
    [
      'a name for a tenant',
      () => AzureFilesAccess.workloadIdentity({ clientId: CLIENT, serviceAccountName: 'x', tenantId: 'contoso' }),
      `tenantId ${guid}, got "contoso"`,
    ],
    [
      'a bad service account',
      () => AzureFilesAccess.workloadIdentity({ clientId: CLIENT, serviceAccountName: 'X' }),
      'serviceAccountName must be a name of Kubernetes: lower-case letters, digits, dashes and dots, that start and ' +
        'end with a letter or digit, got "X"',
    ],
    [
      'a flag in quotes',
      () =>
        AzureFilesAccess.workloadIdentity({
          clientId: CLIENT,
          serviceAccountName: 'x',
          createServiceAccount: 'no' as never,
        }),
      'createServiceAccount must be true or false, got "no"',
    ],
    [
      'a misspelt option',
      () => AzureFilesAccess.managedIdentity({ clientID: CLIENT } as never),
      "AzureFilesAccess.managedIdentity: there is no prop 'clientID'; expected one of clientId, tenantId",
    ],
  ])('refuses %s', (_, action, message) => {
    expect(messageOf(action)).toContain(message);
  });
});
