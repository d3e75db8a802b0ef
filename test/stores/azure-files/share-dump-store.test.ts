import { Chart, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  AccountKeyAccessOptions,
  AzureFilesAccess,
  AzureFilesDumpStore,
  AzureFilesFsGroupChangePolicy,
  AzureFilesProtocol,
  AzureFilesShare,
  AzureFilesShareDumpStoreProps,
} from '../../../src';
import { JsonObject } from '../../../src/kubernetes/wire';
import { newChart } from '../../pods';

const SHARE: AzureFilesShare = {
  storageAccountName: 'contosodumps',
  resourceGroupName: 'rg-dumps',
  shareName: 'dumps',
};
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
        resources: { requests: { storage: '1Gi' } },
      },
    },
  ]);
});

test('names do not change from release to release', () => {
  expect(store(newChart()).claimName).toBe('chart-dumps-1d9fd215');
});

test('another content is another volume and claim, because a volume cannot be changed', () => {
  expect(store(newChart(), { uid: 1000 }).claimName).not.toBe(store(newChart()).claimName);
  const named = AzureFilesAccess.accountKey({ secretName: 'key' });
  expect(store(newChart(), { access: named }).claimName).not.toBe(store(newChart()).claimName);
  expect(store(newChart(), { access: AzureFilesAccess.accountKey() }).claimName).toBe(store(newChart()).claimName);
});

test('the reference to the Secret cannot change, so another Secret gives another volume', () => {
  const nameWith = (options: AccountKeyAccessOptions) =>
    store(newChart(), { access: AzureFilesAccess.accountKey(options) }).claimName;
  const names = [
    nameWith({}),
    nameWith({ secretName: 'key' }),
    nameWith({ secretName: 'other' }),
    nameWith({ secretNamespace: 'keys' }),
    nameWith({ secretNamespace: 'other' }),
    nameWith({ secretName: 'key', secretNamespace: 'keys' }),
  ];
  expect(new Set(names).size).toBe(names.length);
  expect(nameWith({ secretName: 'azure-storage-account-contosodumps-secret' })).toBe(nameWith({}));
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

test('mounts in a pod of cdk8s-plus', () => {
  const chart = newChart({ namespace: 'shop' });
  const dumps = store(chart);
  const pod = new kplus.Pod(chart, 'Analysis', { containers: [{ image: 'analysis:1', name: 'analysis' }] });
  pod.containers[0].mount('/dumps', dumps);
  expect(objects(chart, 'Pod')[0].spec.volumes[0].persistentVolumeClaim.claimName).toBe(dumps.claimName);
  expect(dumps.asVolume()).toBe(dumps.asVolume());
});
