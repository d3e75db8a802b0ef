import { Chart, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { AzureFilesDumpStore, AzureFilesProtocol, AzureFilesSku } from '../../../src';
import { JsonObject } from '../../../src/kubernetes/wire';
import { deployment, messageOf, newChart, podSpec, rendered, sidecar } from '../../pods';

function objects(chart: Chart, kind: string): JsonObject[] {
  return Testing.synth(chart).filter((object) => object.kind === kind);
}

/** The volume that a pod of cdk8s-plus gets of a store. */
function mounted(scope: Construct, store: kplus.IStorage): JsonObject {
  const pod = new kplus.Pod(scope, 'Analysis', { containers: [{ image: 'analysis:1', name: 'analysis' }] });
  pod.containers[0].mount('/dumps', store);
  return rendered(scope, 'Pod').spec.volumes[0];
}

describe('AzureFilesDumpStore', () => {
  test("the default class and claim are those of ProcDump's guide, but for Retain", () => {
    const chart = newChart();
    const store = new AzureFilesDumpStore(chart, 'Dumps');

    expect(Testing.synth(chart)).toEqual([
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: store.storageClassName },
        provisioner: 'file.csi.azure.com',
        allowVolumeExpansion: true,
        reclaimPolicy: 'Retain',
        volumeBindingMode: 'Immediate',
        parameters: { skuName: 'Standard_LRS' },
        mountOptions: ['dir_mode=0777', 'file_mode=0777', 'uid=0', 'gid=0', 'mfsymlinks', 'cache=strict', 'actimeo=30'],
      },
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: store.claimName },
        spec: {
          accessModes: ['ReadWriteMany'],
          storageClassName: store.storageClassName,
          resources: { requests: { storage: '5Gi' } },
        },
      },
    ]);
  });

  test('names do not change from release to release', () => {
    const store = new AzureFilesDumpStore(newChart(), 'Dumps');
    expect([store.claimName, store.storageClassName]).toEqual(['chart-dumps-36a84d5e', 'chart-dumps-1ce2c830']);
  });

  test('another content gives class and claim another name, because a claim cannot change its class', () => {
    const plain = new AzureFilesDumpStore(newChart(), 'Dumps');
    const other = new AzureFilesDumpStore(newChart(), 'Dumps', { fileMode: '0660' });
    expect(other.storageClassName).not.toBe(plain.storageClassName);
    expect(other.claimName).not.toBe(plain.claimName);
  });

  test('capacity', () => {
    const chart = newChart();
    new AzureFilesDumpStore(chart, 'Dumps', { capacity: Size.gibibytes(100) });
    expect(objects(chart, 'PersistentVolumeClaim')[0].spec.resources.requests.storage).toBe('100Gi');
  });

  test("without a capacity, the SKU's minimum where that is more than 5Gi", () => {
    const chart = newChart();
    new AzureFilesDumpStore(chart, 'Nfs', { protocol: AzureFilesProtocol.NFS });
    new AzureFilesDumpStore(chart, 'V2', { sku: AzureFilesSku.PREMIUM_V2_LRS });
    expect(objects(chart, 'PersistentVolumeClaim').map(({ spec }) => spec.resources.requests.storage)).toEqual([
      '100Gi',
      '32Gi',
    ]);
  });

  test('parameters and mount options reach the class', () => {
    const chart = newChart();
    new AzureFilesDumpStore(chart, 'Dumps', {
      storageAccount: 'dumps',
      resourceGroup: 'rg',
      uid: 1654,
      directoryMode: '0770',
      mountOptions: ['nobrl'],
    });
    expect(objects(chart, 'StorageClass')[0]).toMatchObject({
      parameters: { storageAccount: 'dumps', resourceGroup: 'rg' },
      mountOptions: [
        'dir_mode=0770',
        'file_mode=0777',
        'uid=1654',
        'gid=0',
        'mfsymlinks',
        'cache=strict',
        'actimeo=30',
        'nobrl',
      ],
    });
  });

  test('the class has no namespace, the claim that of the chart', () => {
    const chart = newChart({ namespace: 'prod' });
    new AzureFilesDumpStore(chart, 'Dumps');
    expect(objects(chart, 'StorageClass')[0].metadata).not.toHaveProperty('namespace');
    expect(objects(chart, 'PersistentVolumeClaim')[0].metadata.namespace).toBe('prod');
  });

  test.each([true, false])(
    'one claim for each namespace with workloads, and none beside (store first: %s)',
    (storeFirst) => {
      const chart = newChart({ namespace: 'home' });
      const scope = new Construct(chart, 'Scope');
      const make = (id: string, namespace?: string) => deployment(scope, id, podSpec(), { metadata: { namespace } });
      const attach = (store: AzureFilesDumpStore) => sidecar(chart, { store }).attachTo(scope);
      const store = storeFirst ? new AzureFilesDumpStore(chart, 'Z') : undefined;
      if (store) attach(store);
      make('A', 'one');
      make('B', 'one');
      make('C', 'two');
      if (!store) attach(new AzureFilesDumpStore(chart, 'Z'));

      const claims = objects(chart, 'PersistentVolumeClaim');

      expect(claims.map(({ metadata }) => metadata.namespace).sort()).toEqual(['one', 'two']);
      expect(new Set(claims.map(({ metadata }) => metadata.name)).size).toBe(1);
      expect(objects(chart, 'StorageClass')).toHaveLength(1);
    },
  );

  test('a workload without a namespace in a chart of another', () => {
    const chart = newChart({ namespace: 'home' });
    const store = new AzureFilesDumpStore(chart, 'Dumps');
    store.bindDumpStore(undefined);
    expect(objects(chart, 'PersistentVolumeClaim')[0].metadata).toEqual({ name: store.claimName });
  });

  test('storageClassName takes a class that exists', () => {
    const chart = newChart();
    const store = new AzureFilesDumpStore(chart, 'Dumps', {
      storageClassName: 'azurefile-csi',
      capacity: Size.gibibytes(7),
    });
    expect(store.storageClassName).toBe('azurefile-csi');
    expect(objects(chart, 'StorageClass')).toEqual([]);
    expect(objects(chart, 'PersistentVolumeClaim')[0].spec).toMatchObject({
      storageClassName: 'azurefile-csi',
      resources: { requests: { storage: '7Gi' } },
    });
  });

  test('storageClassName together with what only a new class can have', () => {
    expect(
      messageOf(
        () =>
          new AzureFilesDumpStore(newChart(), 'Dumps', {
            storageClassName: 'azurefile-csi',
            uid: 1,
            driverVersion: '1.34.0',
          }),
      ),
    ).toBe(
      "chart/Dumps: uid, driverVersion would have no effect: storageClassName 'azurefile-csi' uses an existing " +
        'class with its own parameters; remove storageClassName, or these props',
    );
  });

  test.each([
    [{ skuName: 'Premium_LRS' }, "chart/Dumps: there is no prop 'skuName'; expected one of "],
    [{ capacity: Size.gibibytes(0), storageClassName: 'x' }, 'chart/Dumps: capacity must be above 0, got 0Gi'],
    [{ capacity: 100 }, 'chart/Dumps: capacity must be a Size of cdk8s, for example Size.mebibytes(500), got 100'],
    [
      { storageClassName: 'A B' },
      'chart/Dumps: storageClassName must be a name of Kubernetes: lower-case letters, digits, dashes and dots, ' +
        'that start and end with a letter or digit, got "A B"',
    ],
    [
      { storageClassName: '' },
      'chart/Dumps: storageClassName must be a name of Kubernetes: lower-case letters, digits, dashes and dots, ' +
        'that start and end with a letter or digit, got ""',
    ],
  ])('refuses %j', (props, message) => {
    expect(messageOf(() => new AzureFilesDumpStore(newChart(), 'Dumps', props as never))).toContain(message);
  });

  test('driverVersion', () => {
    const props = { provisionedIops: 4000, sku: AzureFilesSku.PREMIUM_V2_LRS };
    expect(
      messageOf(() => new AzureFilesDumpStore(newChart(), 'Dumps', { ...props, driverVersion: '1.32.0' })),
    ).toContain("driverVersion is '1.32.0'");
    expect(() => new AzureFilesDumpStore(newChart(), 'Dumps', { ...props, driverVersion: '1.35.0' })).not.toThrow();
  });

  test('who may write, where that is known', () => {
    const writers = (props: object) => new AzureFilesDumpStore(newChart(), 'Dumps', props).bindDumpStore().writers;
    expect(writers({})).toBeUndefined();
    expect(writers({ uid: 1000, gid: 2000, directoryMode: '0770' })).toEqual({ uid: 1000, gid: 2000 });
    expect(writers({ protocol: AzureFilesProtocol.NFS })).toBeUndefined();
    expect(writers({ storageClassName: 'azurefile-csi' })).toBeUndefined();
  });

  test("the driver's placeholders are no expressions of Terraform", () => {
    const chart = newChart();
    const shareName = '${pvc.metadata.namespace}-${pvc.metadata.name}';
    new AzureFilesDumpStore(chart, 'Dumps', { shareName, folderName: '${pv.metadata.name}' });
    expect(objects(chart, 'StorageClass')[0].parameters).toMatchObject({
      shareName,
      folderName: '${pv.metadata.name}',
    });
  });

  test('mounts in a pod of cdk8s-plus', () => {
    const chart = newChart();
    const store = new AzureFilesDumpStore(chart, 'Dumps');
    expect(mounted(chart, store).persistentVolumeClaim.claimName).toBe(store.claimName);
    expect(store.asVolume()).toBe(store.asVolume());
  });
});
