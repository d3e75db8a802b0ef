import { Chart, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { messageOf, newChart } from './pods';
import {
  AzureFilesAccess, AzureFilesAuthentication, AzureFilesDumpStore, AzureFilesFsGroupChangePolicy, AzureFilesProtocol, AzureFilesShare,
  AzureFilesShareDumpStoreProps,
} from '../src';
import { JsonObject } from '../src/wire';

const SHARE: AzureFilesShare = { storageAccountName: 'contosodumps', resourceGroupName: 'rg-dumps', shareName: 'dumps' };
const CLIENT = '11111111-2222-3333-4444-555555555555';

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
        mountOptions: ['dir_mode=0777', 'file_mode=0777', 'uid=0', 'gid=0', 'mfsymlinks', 'cache=strict', 'actimeo=30', 'nosharesock', 'nobrl'],
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
      spec: { accessModes: ['ReadWriteMany'], storageClassName: '', volumeName: `${claimName}-shop`, resources: { requests: { storage: '100Gi' } } },
    },
  ]);
});

test('names do not change from release to release', () => {
  expect(store(newChart()).claimName).toBe('chart-dumps-98be05a8');
});

test('another content is another volume and claim, because a volume cannot be changed', () => {
  expect(store(newChart(), { uid: 1654 }).claimName).not.toBe(store(newChart()).claimName);
  expect(store(newChart(), { share: { ...SHARE, capacity: Size.gibibytes(200) } }).claimName).not.toBe(store(newChart()).claimName);
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
  expect(objects(chart, 'PersistentVolumeClaim').map(({ spec }) => spec.volumeName)).toEqual(volumes.map(({ metadata }) => metadata.name));
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
    expect(attributesOf({ subscriptionId: 'sub', storageEndpointSuffix: 'core.usgovcloudapi.net' })).toMatchObject({
      subscriptionID: 'sub', storageEndpointSuffix: 'core.usgovcloudapi.net',
    });
    expect(volumeOf({ share: { ...SHARE, subscriptionId: 'sub' } }).csi.volumeHandle).toMatch(/#shop#sub$/);
  });

  test('capacity', () => {
    expect(volumeOf({ share: { ...SHARE, capacity: Size.gibibytes(7) } }).capacity).toEqual({ storage: '7Gi' });
  });

  test('NFS', () => {
    const { csi, mountOptions } = volumeOf({
      share: { ...SHARE, protocol: AzureFilesProtocol.NFS }, mountPermissions: '0770', encryptInTransit: true, fsGroupChangePolicy: AzureFilesFsGroupChangePolicy.NONE,
    });
    expect(csi.volumeAttributes).toMatchObject({ protocol: 'nfs', mountPermissions: '0770', encryptInTransit: 'true', fsGroupChangePolicy: 'None' });
    expect(csi).not.toHaveProperty('nodeStageSecretRef');
    expect(mountOptions).toEqual(['nconnect=4', 'noresvport', 'actimeo=30']);
  });

  test('folder, created, and server', () => {
    expect(attributesOf({}, { folderName: 'team/a', createFolderIfNotExist: true, server: 'contosodumps.file.core.windows.net' })).toMatchObject({
      folderName: 'team/a', createFolderIfNotExist: 'true', server: 'contosodumps.file.core.windows.net',
    });
  });
});

describe('access', () => {
  test('the account key out of a Secret', () => {
    expect(volumeOf({ access: AzureFilesAccess.accountKey({ secretName: 'key', secretNamespace: 'vault' }) }).csi.nodeStageSecretRef).toEqual({ name: 'key', namespace: 'vault' });
  });

  test.each([[{}, { mountWithManagedIdentity: 'true' }], [{ clientId: CLIENT, tenantId: 't' }, { mountWithManagedIdentity: 'true', clientID: CLIENT, tenantID: 't' }]])(
    'managed identity %j', (options, attributes) => {
      const { csi } = volumeOf({ access: AzureFilesAccess.managedIdentity(options) });
      expect(csi.volumeAttributes).toMatchObject(attributes);
      expect(csi).not.toHaveProperty('nodeStageSecretRef');
    });

  test('workload identity defines its service account in each namespace', () => {
    const chart = newChart({ namespace: 'shop' });
    const dumps = store(chart, { access: AzureFilesAccess.workloadIdentity({ clientId: CLIENT, serviceAccountName: 'dumps', tenantId: 't' }) });
    expect(dumps.bindDumpStore('shop').serviceAccountName).toBe('dumps');
    dumps.bindDumpStore('other');
    expect(objects(chart, 'ServiceAccount').map(({ metadata }) => metadata)).toEqual(['shop', 'other'].map((namespace) => ({
      name: 'dumps', namespace, annotations: { 'azure.workload.identity/client-id': CLIENT, 'azure.workload.identity/tenant-id': 't' },
    })));
    expect(objects(chart, 'PersistentVolume')[0].spec.csi.volumeAttributes).toMatchObject({ clientID: CLIENT, tenantID: 't', mountWithWorkloadIdentityToken: 'true' });
  });

  test('a service account that exists is left alone', () => {
    const chart = newChart({ namespace: 'shop' });
    const access = AzureFilesAccess.workloadIdentity({ clientId: CLIENT, serviceAccountName: 'webapi', createServiceAccount: false });
    expect(store(chart, { access }).bindDumpStore('shop').serviceAccountName).toBe('webapi');
    expect(objects(chart, 'ServiceAccount')).toEqual([]);
  });

  test.each<[Partial<AzureFilesShare>, JsonObject]>([
    [{ clientId: CLIENT, serviceAccountName: 'dumps' }, { mountWithWorkloadIdentityToken: 'true', clientID: CLIENT }],
    [{ authentication: AzureFilesAuthentication.WORKLOAD_IDENTITY, clientId: CLIENT, serviceAccountName: 'dumps' }, { mountWithWorkloadIdentityToken: 'true' }],
    [{ clientId: CLIENT, tenantId: 't' }, { mountWithManagedIdentity: 'true', clientID: CLIENT, tenantID: 't' }],
    [{ authentication: AzureFilesAuthentication.MANAGED_IDENTITY }, { mountWithManagedIdentity: 'true' }],
  ])('by default what the share says: %j', (share, attributes) => {
    expect(attributesOf(share)).toMatchObject(attributes);
  });

  test('a share that says nothing, or says so, is mounted with the account key', () => {
    expect(attributesOf({ authentication: AzureFilesAuthentication.ACCOUNT_KEY, clientId: CLIENT })).toEqual({
      resourceGroup: 'rg-dumps', shareName: 'dumps', storageAccount: 'contosodumps',
    });
  });

  test('a driver that does not know it yet', () => {
    expect(messageOf(() => volumeOf({ access: AzureFilesAccess.managedIdentity(), driverVersion: '1.33.9' }))).toContain("needs driver version 1.34.0; driverVersion is '1.33.9'");
    expect(() => volumeOf({ access: AzureFilesAccess.managedIdentity(), driverVersion: '1.34.0' })).not.toThrow();
  });
});

describe('owner and modes', () => {
  test('an owner alone may read and write', () => {
    expect(volumeOf({ uid: 1654, gid: 1654 }).mountOptions.slice(0, 4)).toEqual(['dir_mode=0770', 'file_mode=0660', 'uid=1654', 'gid=1654']);
    expect(volumeOf({ gid: 1654 }).mountOptions.slice(0, 2)).toEqual(['dir_mode=0770', 'file_mode=0660']);
  });

  test('modes and options that are given stay', () => {
    const { mountOptions } = volumeOf({ uid: 1654, directoryMode: '0755', fileMode: '0644', mountOptions: ['nobrl', 'max_channels=4'] });
    expect(mountOptions).toEqual(expect.arrayContaining(['dir_mode=0755', 'file_mode=0644', 'nosharesock', 'nobrl', 'max_channels=4']));
  });
});

describe('refuses', () => {
  test.each<[string, JsonObject, string]>([
    ['a misspelt prop', { acces: 1 }, "there is no prop 'acces'; it must be one of share, access,"],
    ['a misspelt field', { share: { ...SHARE, clientid: 'x' } }, "there is no field of share 'clientid'; it must be one of storageAccountName,"],
    ['a share that is not called so', SHARE, "there is no prop 'storageAccountName'; it must be one of share, access,"],
    ['no share', { share: undefined }, 'share (undefined) must be an object'],
    ['no name', { share: { ...SHARE, shareName: '' } }, 'share.shareName () must be a text that is not empty'],
    ['an illegal name', { share: { ...SHARE, shareName: 'a--b' } }, "shareName 'a--b' is no name of a share"],
    ['another access', { access: {} }, 'access ({}) must be made by a factory of AzureFilesAccess'],
    ['an unknown authentication', { share: { ...SHARE, authentication: 'Password' } }, 'share.authentication (Password) must be one of AccountKey, ManagedIdentity, WorkloadIdentity'],
    ['NFS with an identity', { share: { ...SHARE, protocol: AzureFilesProtocol.NFS }, access: AzureFilesAccess.managedIdentity() }, "access is given for protocol 'nfs'"],
    ['NFS by a share that names a key', { share: { ...SHARE, protocol: AzureFilesProtocol.NFS, authentication: AzureFilesAuthentication.ACCOUNT_KEY } }, "access is given for protocol 'nfs'"],
    ['a workload identity without a service account', { share: { ...SHARE, authentication: AzureFilesAuthentication.WORKLOAD_IDENTITY, clientId: CLIENT } }, 'serviceAccountName (undefined)'],
    ['a folder made without the key', { access: AzureFilesAccess.managedIdentity(), folderName: 'x', createFolderIfNotExist: true }, 'createFolderIfNotExist'],
    ['a token that nothing resolves', { share: { ...SHARE, clientId: '${TfToken[TOKEN.7]}' } }, 'holds a value that Terraform knows only after apply'],
  ])('%s', (_, props, message) => {
    const text = messageOf(() => volumeOf(props as never));
    expect(text).toContain(message);
    expect(text).toMatch(/^chart\/Dumps: /);
  });

  test('and says how to give the share', () => {
    expect(messageOf(() => AzureFilesDumpStore.fromShare(newChart(), 'Dumps', SHARE as never))).toMatch(/; give the share as \{ share: … \}$/);
  });

  test('a workload of a namespace that the identity does not trust', () => {
    const dumps = store(newChart(), { share: { ...SHARE, clientId: CLIENT, serviceAccountName: 'dumps', serviceAccountNamespaces: ['shop'] } });
    expect(messageOf(() => dumps.bindDumpStore('bank'))).toBe("chart/Dumps: the identity of share 'dumps' trusts service account 'dumps' in shop only, and not in namespace 'bank'; "
      + 'add the namespace where the identity is made, or move the workload');
    expect(() => dumps.bindDumpStore('shop')).not.toThrow();
  });

  test('a Secret without a namespace', () => {
    expect(messageOf(() => store(newChart()).bindDumpStore(undefined))).toContain("Secret 'azure-storage-account-contosodumps-secret' with the account key has no namespace");
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
  test.each<[string, () => unknown, string]>([
    ['a bad Secret', () => AzureFilesAccess.accountKey({ secretName: 'A B' }), 'secretName (A B) must be a name of Kubernetes'],
    ['a bad namespace', () => AzureFilesAccess.accountKey({ secretNamespace: 'A' }), 'secretNamespace (A) must be a name of Kubernetes'],
    ['an empty client id', () => AzureFilesAccess.managedIdentity({ clientId: '' }), 'clientId () must be a text that is not empty'],
    ['no client id', () => AzureFilesAccess.workloadIdentity({ serviceAccountName: 'x' } as never), 'clientId (undefined) must be a text that is not empty'],
    ['a bad service account', () => AzureFilesAccess.workloadIdentity({ clientId: CLIENT, serviceAccountName: 'X' }), 'serviceAccountName (X) must be a name of Kubernetes'],
    ['a flag in quotes', () => AzureFilesAccess.workloadIdentity({ clientId: CLIENT, serviceAccountName: 'x', createServiceAccount: 'no' as never }), 'createServiceAccount (no) must be true or false'],
  ])('refuses %s', (_, action, message) => {
    expect(messageOf(action)).toContain(message);
  });
});
