import { App, Chart, ResolutionContext, Testing } from 'cdk8s';
import {
  AzureFilesAccess,
  AzureFilesAuthentication,
  AzureFilesDumpStore,
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
    expect(messageOf(() => volumeOf({ access: AzureFilesAccess.managedIdentity(), driverVersion: '1.33.9' }))).toBe(
      "chart/Dumps: access by managed identity needs driver version 1.34.0, but driverVersion is '1.33.9'; update " +
        'the driver, or choose another access',
    );
    expect(() => volumeOf({ access: AzureFilesAccess.managedIdentity(), driverVersion: '1.34.0' })).not.toThrow();
  });

  test('a driver that does not know the authentication of the share yet is told once', () => {
    const volume = (driverVersion: string) => () =>
      volumeOf({ share: { ...SHARE, clientId: CLIENT, tenantId: TENANT, serviceAccountName: 'web' }, driverVersion });
    for (const version of ['1.31.0', '1.33.0', '1.33.4', '1.34.9']) {
      expect(messageOf(volume(version))).toBe(
        `chart/Dumps: access by workload identity needs driver version 1.35.0, but driverVersion is '${version}'; ` +
          'update the driver, or choose another access',
      );
    }
    expect(volume('1.35.0')).not.toThrow();
  });
});
