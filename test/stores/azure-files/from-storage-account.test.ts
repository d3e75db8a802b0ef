import { Chart, Size, Testing } from 'cdk8s';
import { AzureFilesAccess, AzureFilesDumpStore, AzureFilesProtocol, AzureFilesSku } from '../../../src';
import { JsonObject } from '../../../src/kubernetes/wire';
import { messageOf, newChart } from '../../pods';

const TENANT = '22222222-2222-2222-2222-222222222222';

function objects(chart: Chart, kind: string): JsonObject[] {
  return Testing.synth(chart).filter((object) => object.kind === kind);
}

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
        driverVersion: '1.35.0',
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

  test('leaves the SKU to the driver, which reads it from the account', () => {
    expect(classOf({}).parameters).toEqual({ storageAccount: 'contosodumps', resourceGroup: 'rg-dumps' });
    expect(classOf({ protocol: AzureFilesProtocol.NFS }).parameters).not.toHaveProperty('skuName');
    expect(classOf({ sku: AzureFilesSku.STANDARD_LRS }).parameters.skuName).toBe('Standard_LRS');
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
      "chart/Dumps: storageAccountName holds a value that Terraform knows only after apply ('${var.account}')",
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
