import { Chart, Testing } from 'cdk8s';
import {
  AzureFilesAccess,
  AzureFilesDumpStore,
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
    ['no share', { share: undefined }, 'share is missing; expected an object of props'],
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
      'a folder made on NFS',
      {
        share: { storageAccountName: 'contosodumps', resourceGroupName: 'rg', shareName: 'dumps', protocol: 'nfs' },
        folderName: 'x',
        createFolderIfNotExist: true,
      },
      "createFolderIfNotExist 'true' cannot work with protocol 'nfs'; folders are made with the account key, which " +
        'an NFS volume does not have; create the folder beforehand or use subPathExpr of the volume mount',
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
      "share.clientId holds a value that Terraform knows only after apply ('${TfToken[TOKEN.7]}'), but nothing",
    ],
    [
      'a list that nothing resolves',
      { share: { ...SHARE, serviceAccountNamespaces: ['#{TfToken[TOKEN.7]}'] } },
      "share.serviceAccountNamespaces[0] holds a value that Terraform knows only after apply ('#{TfToken[TOKEN.7]}')",
    ],
    [
      'an expression',
      { share: { ...SHARE, storageAccountName: '${var.account}' } },
      "share.storageAccountName holds a value that Terraform knows only after apply ('${var.account}')",
    ],
    [
      'an expression in the access',
      { access: AzureFilesAccess.managedIdentity({ clientId: '${var.c}' }) },
      "access.clientId holds a value that Terraform knows only after apply ('${var.c}')",
    ],
    [
      'an expression beside the share',
      { server: '${var.host}' },
      "chart/Dumps: server holds a value that Terraform knows only after apply ('${var.host}')",
    ],
    [
      'an identity mount by private-link name',
      {
        server: 'a.privatelink.file.core.windows.net',
        driverVersion: '1.35.5',
        access: AzureFilesAccess.managedIdentity(),
      },
      "server 'a.privatelink.file.core.windows.net' with access by managed identity needs driver version 1.35.6",
    ],
  ])('%s', (_, props, message) => {
    const text = messageOf(() => volumeOf(props as never));
    expect(text).toContain(message);
    expect(text).toMatch(/^chart\/Dumps: (?!chart)/);
  });

  test('explains how to pass the share', () => {
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

  test('refuses a volume in a namespace that the identity does not trust', () => {
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
