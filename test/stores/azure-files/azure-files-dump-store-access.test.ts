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
