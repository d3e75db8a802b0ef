import { Chart, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import {
  AzureFilesAccess,
  AzureFilesDumpStore,
  AzureFilesProtocol,
  AzureFilesSku,
  ClaimDumpStore,
  EphemeralDumpStore,
} from '../../src';
import { JsonObject } from '../../src/kubernetes/wire';
import { deployment, messageOf, newChart, podSpec, rendered, sidecar } from '../pods';

const CLIENT = '11111111-2222-3333-4444-555555555555';
const TENANT = '22222222-2222-2222-2222-222222222222';

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
    expect([store.claimName, store.storageClassName]).toEqual(['chart-dumps-c8bf8a0b', 'chart-dumps-14931ed9']);
  });

  test('another content gives the class another name, and leaves the claim its name', () => {
    const plain = new AzureFilesDumpStore(newChart(), 'Dumps');
    const other = new AzureFilesDumpStore(newChart(), 'Dumps', { fileMode: '0660' });
    expect(other.storageClassName).not.toBe(plain.storageClassName);
    expect(other.claimName).toBe(plain.claimName);
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

  describe('access', () => {
    const parametersOf = (access: AzureFilesAccess) => {
      const chart = newChart();
      new AzureFilesDumpStore(chart, 'Dumps', { access });
      return objects(chart, 'StorageClass')[0].parameters;
    };

    test('account key, managed identity, workload identity', () => {
      expect(parametersOf(AzureFilesAccess.accountKey({ secretName: 'key', secretNamespace: 'vault' }))).toEqual({
        skuName: 'Standard_LRS',
        secretName: 'key',
        secretNamespace: 'vault',
      });
      expect(parametersOf(AzureFilesAccess.managedIdentity({ clientId: CLIENT }))).toEqual({
        skuName: 'Standard_LRS',
        clientID: CLIENT,
        mountWithManagedIdentity: 'true',
        storeAccountKey: 'false',
      });
      expect(
        parametersOf(
          AzureFilesAccess.workloadIdentity({ clientId: CLIENT, tenantId: TENANT, serviceAccountName: 'dumps' }),
        ),
      ).toEqual({
        skuName: 'Standard_LRS',
        clientID: CLIENT,
        tenantID: TENANT,
        mountWithWorkloadIdentityToken: 'true',
        storeAccountKey: 'false',
      });
    });

    test('a workload identity defines its service account and asks for it', () => {
      const chart = newChart({ namespace: 'shop' });
      const store = new AzureFilesDumpStore(chart, 'Dumps', {
        access: AzureFilesAccess.workloadIdentity({ clientId: CLIENT, serviceAccountName: 'dumps' }),
      });
      expect(store.bindDumpStore('shop').serviceAccountName).toBe('dumps');
      expect(objects(chart, 'ServiceAccount')).toEqual([
        {
          apiVersion: 'v1',
          kind: 'ServiceAccount',
          metadata: { name: 'dumps', namespace: 'shop', annotations: { 'azure.workload.identity/client-id': CLIENT } },
        },
      ]);
    });

    test.each([
      [
        { clientId: 'x' },
        "chart/Dumps: clientId 'x' is given together with access, which already sets it; remove one of them",
      ],
      [{ mountWithOAuthToken: true }, "chart/Dumps: mountWithOAuthToken 'true' is given together with access"],
      [{ access: {} }, 'chart/Dumps: access must be a value made by a factory of AzureFilesAccess, got {}'],
      [{ storageClassName: 'x' }, 'chart/Dumps: access would have no effect'],
    ])('refuses %j beside it', (props, message) => {
      expect(
        messageOf(
          () =>
            new AzureFilesDumpStore(newChart(), 'Dumps', {
              access: AzureFilesAccess.managedIdentity(),
              ...props,
            } as never),
        ),
      ).toContain(message);
    });
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

  describe('fromStorageAccount', () => {
    const ACCOUNT = { storageAccountName: 'contosodumps', resourceGroupName: 'rg-dumps' };
    const classOf = (props: object) => {
      const chart = newChart();
      AzureFilesDumpStore.fromStorageAccount(chart, 'Dumps', { ...ACCOUNT, ...props });
      return objects(chart, 'StorageClass')[0];
    };

    test('account, and all that is said about it', () => {
      expect(
        classOf({
          subscriptionId: TENANT,
          sku: AzureFilesSku.PREMIUM_V2_ZRS,
          shareNamePrefix: 'dumps',
          access: AzureFilesAccess.managedIdentity(),
          driverVersion: '1.34.0',
        }).parameters,
      ).toEqual({
        storageAccount: 'contosodumps',
        resourceGroup: 'rg-dumps',
        subscriptionID: TENANT,
        skuName: 'PremiumV2_ZRS',
        shareNamePrefix: 'dumps',
        mountWithManagedIdentity: 'true',
        storeAccountKey: 'false',
      });
    });

    test('an owner alone may read and write', () => {
      expect(classOf({}).mountOptions).toEqual([
        'dir_mode=0770',
        'file_mode=0660',
        'uid=1654',
        'gid=1654',
        'mfsymlinks',
        'cache=strict',
        'actimeo=30',
        'nosharesock',
        'nobrl',
      ]);
      expect(classOf({ protocol: AzureFilesProtocol.NFS }).mountOptions).toEqual([
        'nconnect=4',
        'noresvport',
        'actimeo=30',
      ]);
    });

    test('capacity', () => {
      const chart = newChart();
      AzureFilesDumpStore.fromStorageAccount(chart, 'Dumps', { ...ACCOUNT, capacity: Size.gibibytes(64) });
      expect(objects(chart, 'PersistentVolumeClaim')[0].spec.resources.requests.storage).toBe('64Gi');
    });

    test.each([
      [{ storageAccountName: '' }, 'Dumps: storageAccountName must be 3 to 24 lower-case letters and digits, got ""'],
      [
        { storageAccountName: 'contoso-dumps' },
        'Dumps: storageAccountName must be 3 to 24 lower-case letters and digits, got "contoso-dumps"',
      ],
      [
        { storageAccountName: '${var.account}' },
        "chart/Dumps: '${var.account}' holds a value that Terraform knows only after apply",
      ],
      [
        { resourceGroupName: 'rg.' },
        'Dumps: resourceGroupName must be 1 to 90 letters, digits, underscores, dashes, dots and brackets, without ' +
          'a dot at the end, got "rg."',
      ],
      [
        { subscriptionId: 'sub' },
        'Dumps: subscriptionId must be a GUID, for example 00000000-0000-0000-0000-000000000000, got "sub"',
      ],
      [
        { resourceGroupName: undefined },
        'Dumps: resourceGroupName is missing; expected 1 to 90 letters, digits, underscores, dashes, dots and ' +
          'brackets, without a dot at the end',
      ],
      [{ account: 'x' }, "there is no prop 'account'"],
      [{ driverVersion: '1.33.0', access: AzureFilesAccess.managedIdentity() }, "driverVersion is '1.33.0'"],
    ])('refuses %j', (props, message) => {
      expect(messageOf(() => classOf(props))).toContain(message);
    });
  });

  test('mounts in a pod of cdk8s-plus', () => {
    const chart = newChart();
    const store = new AzureFilesDumpStore(chart, 'Dumps');
    expect(mounted(chart, store).persistentVolumeClaim.claimName).toBe(store.claimName);
    expect(store.asVolume()).toBe(store.asVolume());
  });
});

describe('ClaimDumpStore', () => {
  test('binds the claim and makes nothing', () => {
    const chart = newChart();
    const store = ClaimDumpStore.fromClaimName(chart, 'Dumps', 'dumps');
    expect(store.bindDumpStore('any')).toEqual({ volume: { persistentVolumeClaim: { claimName: 'dumps' } } });
    expect(Testing.synth(chart)).toEqual([]);
  });

  test('refuses another namespace than its own', () => {
    const store = ClaimDumpStore.fromClaimName(newChart({ namespace: 'prod' }), 'Dumps', 'dumps');
    expect(messageOf(() => store.bindDumpStore('dev'))).toBe(
      "chart/Dumps: claim 'dumps' is in namespace 'prod' and cannot be mounted in namespace 'dev'; import a claim " +
        'in a chart of that namespace, or use AzureFilesDumpStore, which makes a claim for each namespace',
    );
    expect(() => store.bindDumpStore('prod')).not.toThrow();
  });

  test('an empty name', () => {
    expect(messageOf(() => ClaimDumpStore.fromClaimName(newChart(), 'Dumps', ''))).toBe(
      'chart/Dumps: claimName must be a name of Kubernetes: lower-case letters, digits, dashes and dots, that start ' +
        'and end with a letter or digit, got ""',
    );
  });

  test('mounts in a pod of cdk8s-plus', () => {
    const chart = newChart();
    const store = ClaimDumpStore.fromClaimName(chart, 'Dumps', 'dumps');
    expect(mounted(chart, store).persistentVolumeClaim.claimName).toBe('dumps');
    expect(store.asVolume()).toBe(store.asVolume());
  });
});

describe('EphemeralDumpStore', () => {
  test('is bounded, and each pod has its own', () => {
    expect(new EphemeralDumpStore(newChart(), 'Dumps').bindDumpStore()).toEqual({
      volume: { emptyDir: { sizeLimit: '4Gi' } },
      size: Size.gibibytes(4),
      shared: false,
    });
  });

  test('sizeLimit', () => {
    expect(
      new EphemeralDumpStore(newChart(), 'Dumps', { sizeLimit: Size.gibibytes(9) }).bindDumpStore().volume,
    ).toEqual({ emptyDir: { sizeLimit: '9Gi' } });
    expect(messageOf(() => new EphemeralDumpStore(newChart(), 'Dumps', { sizeLimit: Size.gibibytes(0) }))).toBe(
      'chart/Dumps: sizeLimit must be above 0, got 0Gi; give the size of the dumps of one pod',
    );
  });

  test('mounts in a pod of cdk8s-plus', () => {
    const chart = newChart();
    const store = new EphemeralDumpStore(chart, 'Dumps', { sizeLimit: Size.mebibytes(64) });
    expect(mounted(chart, store).emptyDir).toEqual({ sizeLimit: '64Mi' });
    expect(store.asVolume()).toBe(store.asVolume());
  });
});
