import { Chart, Testing } from 'cdk8s';
import { AzureFilesAccess, AzureFilesDumpStore } from '../../../src';
import { JsonObject } from '../../../src/kubernetes/wire';
import { messageOf, newChart } from '../../pods';

const CLIENT = '11111111-2222-3333-4444-555555555555';
const TENANT = '22222222-2222-2222-2222-222222222222';

function objects(chart: Chart, kind: string): JsonObject[] {
  return Testing.synth(chart).filter((object) => object.kind === kind);
}

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
    ['workloadIdentity', { serviceAccountName: 'web' }, {}, '1.35.0', ['1.33.0', '1.33.4', '1.34.9']],
    ['managedIdentity', {}, { storageAccount: 'contosodumps' }, '1.34.0', ['1.31.0', '1.33.9']],
    // The account that the driver creates, and a tenant in a class, need newer drivers than the mount.
    ['managedIdentity', {}, {}, '1.34.1', ['1.33.9']],
    ['managedIdentity', { tenantId: TENANT }, {}, '1.35.0', ['1.33.9']],
  ] as const)('by %s with %j and %j needs one version of the driver, %s', (factory, options, props, since, before) => {
    const store = (driverVersion: string) => () =>
      new AzureFilesDumpStore(newChart(), 'Dumps', {
        access: AzureFilesAccess[factory]({ clientId: CLIENT, ...options } as never),
        ...props,
        driverVersion,
      });
    for (const version of before) {
      expect(messageOf(store(version))).toBe(
        `chart/Dumps: access by ${factory.replace('Identity', ' identity')} needs driver version ${since}, but ` +
          `driverVersion is '${version}'; update the driver, or choose another access`,
      );
    }
    expect(store(since)).not.toThrow();
  });

  test('with a tenant that only a newer driver takes may do without it', () => {
    const access = AzureFilesAccess.managedIdentity({ clientId: CLIENT, tenantId: TENANT });
    expect(
      messageOf(
        () => new AzureFilesDumpStore(newChart(), 'Dumps', { access, storageAccount: 'a1b', driverVersion: '1.34.0' }),
      ),
    ).toBe(
      'chart/Dumps: access by managed identity with tenantId needs driver version 1.35.0, but driverVersion is ' +
        "'1.34.0'; update the driver, or remove tenantId",
    );
  });

  test('is named where only the account needs a newer driver', () => {
    const access = AzureFilesAccess.managedIdentity();
    expect(
      messageOf(() => new AzureFilesDumpStore(newChart(), 'Dumps', { access, driverVersion: '1.34.0' })),
    ).toContain('access by managed identity with an account that the driver creates needs driver version 1.34.1; ');
  });

  test.each([
    [
      { clientId: CLIENT },
      "chart/Dumps: clientId '11111111-2222-3333-4444-555555555555' is given together with access",
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
