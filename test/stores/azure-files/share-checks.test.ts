import { Size, Testing } from 'cdk8s';
import {
  AzureFilesAccess,
  AzureFilesAuthentication,
  AzureFilesDumpStore,
  AzureFilesProtocol,
  AzureFilesShare,
} from '../../../src';
import { messageOf, newChart } from '../../pods';

const SHARE: AzureFilesShare = {
  storageAccountName: 'contosodumps',
  resourceGroupName: 'rg-dumps',
  shareName: 'dumps',
};
const CLIENT = '11111111-2222-3333-4444-555555555555';
const OTHER = '66666666-7777-8888-9999-000000000000';
const { ACCOUNT_KEY, MANAGED_IDENTITY, WORKLOAD_IDENTITY } = AzureFilesAuthentication;
const { NFS } = AzureFilesProtocol;
const workload = (options: object = {}) =>
  AzureFilesAccess.workloadIdentity({ clientId: CLIENT, serviceAccountName: 'dumps', ...options });

const make = (share: object, access?: AzureFilesAccess) =>
  AzureFilesDumpStore.fromShare(newChart({ namespace: 'shop' }), 'Dumps', { share: { ...SHARE, ...share }, access });

function refusal(share: object, access?: AzureFilesAccess): string {
  const message = messageOf(() => make(share, access));
  expect(message).toMatch(/^chart\/Dumps: /);
  return message.slice('chart/Dumps: '.length);
}

describe('values', () => {
  const guid = 'a GUID, for example 00000000-0000-0000-0000-000000000000';
  const name =
    'a name of Kubernetes: lower-case letters, digits, dashes and dots, that start and end with a letter or digit';
  const account = '3 to 24 lower-case letters and digits';
  const share = '3 to 63 lower-case letters, digits and single dashes, that start and end with a letter or digit';
  const group = '1 to 90 letters, digits, underscores, dashes, dots and brackets, without a dot at the end';

  test.each<Partial<AzureFilesShare>>([
    { storageAccountName: 'abc' },
    { storageAccountName: 'a'.repeat(24) },
    { resourceGroupName: 'Rg_1.(x)' },
    { shareName: 'abc' },
    { shareName: 'a'.repeat(63) },
    { subscriptionId: CLIENT },
    { capacity: Size.gibibytes(1) },
    { clientId: CLIENT.toUpperCase(), tenantId: OTHER },
  ])('takes %j', (values) => {
    expect(() => make(values)).not.toThrow();
  });

  test.each<[object, string]>([
    [{ storageAccountName: '' }, `share.storageAccountName must be ${account}, got ""`],
    [{ storageAccountName: 'ab' }, `share.storageAccountName must be ${account}, got "ab"`],
    [{ storageAccountName: 'a'.repeat(25) }, `share.storageAccountName must be ${account}, got "${'a'.repeat(25)}"`],
    [{ resourceGroupName: undefined }, `share.resourceGroupName is missing; expected ${group}`],
    [{ resourceGroupName: 'rg#1' }, `share.resourceGroupName must be ${group}, got "rg#1"`],
    [{ resourceGroupName: 'r'.repeat(91) }, `share.resourceGroupName must be ${group}, got "${'r'.repeat(91)}"`],
    [{ shareName: 'a--b' }, `share.shareName must be ${share}, got "a--b"`],
    [{ shareName: '${pvc.metadata.name}' }, `share.shareName must be ${share}, got "\${pvc.metadata.name}"`],
    [{ subscriptionId: 'sub' }, `share.subscriptionId must be ${guid}, got "sub"`],
    [{ clientId: 'c-1' }, `share.clientId must be ${guid}, got "c-1"`],
    [{ clientId: CLIENT, tenantId: 'contoso' }, `share.tenantId must be ${guid}, got "contoso"`],
    [{ protocol: 'SMB' }, 'share.protocol must be one of smb, nfs, got "SMB"'],
    [
      { authentication: 'Password' },
      'share.authentication must be one of AccountKey, ManagedIdentity, WorkloadIdentity, got "Password"',
    ],
    [{ clientId: CLIENT, serviceAccountName: 'X' }, `share.serviceAccountName must be ${name}, got "X"`],
    [{ serviceAccountNamespaces: 'shop' }, `share.serviceAccountNamespaces must be a list, got "shop"; write ['shop']`],
    [{ serviceAccountNamespaces: ['shop', ''] }, `share.serviceAccountNamespaces[1] must be ${name}, got ""`],
    [{ encryptInTransit: 'true' }, 'share.encryptInTransit must be true or false, got "true"'],
    [{ capacity: 100 }, 'share.capacity must be a Size of cdk8s, for example Size.mebibytes(500), got 100'],
    [
      { capacity: Size.mebibytes(1023) },
      'share.capacity must be at least 1 GiB, the smallest share of Azure Files, got 1023Mi; give the ' +
        'size of the share',
    ],
  ])('refuses %j', (values, message) => expect(refusal(values)).toBe(message));
});

describe('fields about an identity that have no effect', () => {
  const byKey =
    'has no effect with a mount by account key; remove it, or give share.clientId, and share.authentication only ' +
    'for an identity';
  const byNode =
    "has no effect with a managed identity, which is the node's; remove it, or give share.serviceAccountName, and " +
    'only AzureFilesAuthentication.WORKLOAD_IDENTITY as share.authentication';
  const byNfs =
    "has no effect with protocol 'nfs', which has no identities and no keys; remove it, or use " +
    'AzureFilesProtocol.SMB';
  const missing = (field: string) =>
    `share.${field} is missing, but a mount by workload identity needs it; give share.${field} of the identity, or ` +
    "remove the share's other fields about identities";

  test.each<[object, string]>([
    [{ serviceAccountName: 'dumps' }, missing('clientId')],
    [{ authentication: WORKLOAD_IDENTITY, serviceAccountName: 'dumps' }, missing('clientId')],
    [{ authentication: WORKLOAD_IDENTITY, clientId: CLIENT }, missing('serviceAccountName')],
    [{ tenantId: OTHER }, `share.tenantId (${OTHER}) ${byKey}`],
    [{ serviceAccountNamespaces: ['shop'] }, `share.serviceAccountNamespaces (shop) ${byKey}`],
    [{ authentication: ACCOUNT_KEY, clientId: CLIENT }, `share.clientId (${CLIENT}) ${byKey}`],
    [{ authentication: ACCOUNT_KEY, serviceAccountName: 'dumps' }, `share.serviceAccountName (dumps) ${byKey}`],
    [{ authentication: MANAGED_IDENTITY, serviceAccountName: 'dumps' }, `share.serviceAccountName (dumps) ${byNode}`],
    [{ clientId: CLIENT, serviceAccountNamespaces: ['shop'] }, `share.serviceAccountNamespaces (shop) ${byNode}`],
    [{ protocol: NFS, authentication: ACCOUNT_KEY }, `share.authentication (AccountKey) ${byNfs}`],
    [{ protocol: NFS, clientId: CLIENT }, `share.clientId (${CLIENT}) ${byNfs}`],
    [{ protocol: NFS, serviceAccountNamespaces: ['shop'] }, `share.serviceAccountNamespaces (shop) ${byNfs}`],
  ])('%j', (share, message) => expect(refusal(share)).toBe(message));

  test('an access beside NFS', () => {
    expect(refusal({ protocol: NFS }, AzureFilesAccess.accountKey())).toBe(
      "access is given for protocol 'nfs', which has no identities and no keys; remove it, or use " +
        'AzureFilesProtocol.SMB',
    );
  });
});

describe('access beside a share that says who mounts', () => {
  const WORKLOAD = {
    authentication: WORKLOAD_IDENTITY,
    clientId: CLIENT,
    serviceAccountName: 'dumps',
    serviceAccountNamespaces: ['shop'],
  };
  const knows = (field: string, said: string, has: string) =>
    `share.${field} is '${said}', but access has ${has}, and the share defines who can mount it; remove access, or ` +
    `give it the same ${field}`;

  test.each<[object, AzureFilesAccess]>([
    [WORKLOAD, workload()],
    [WORKLOAD, workload({ createServiceAccount: false })],
    [WORKLOAD, workload({ tenantId: OTHER })],
    [{ serviceAccountNamespaces: ['shop'] }, workload()],
    [{ authentication: MANAGED_IDENTITY }, AzureFilesAccess.managedIdentity({ clientId: CLIENT })],
    [{ authentication: ACCOUNT_KEY }, AzureFilesAccess.accountKey({ secretName: 'key' })],
  ])('may say the same and more: %j', (share, access) => {
    expect(() => make(share, access).bindDumpStore('shop')).not.toThrow();
  });

  test.each<[object, AzureFilesAccess, string]>([
    [WORKLOAD, AzureFilesAccess.accountKey(), knows('authentication', 'WorkloadIdentity', "'AccountKey'")],
    [WORKLOAD, workload({ clientId: OTHER }), knows('clientId', CLIENT, `'${OTHER}'`)],
    [WORKLOAD, workload({ serviceAccountName: 'web' }), knows('serviceAccountName', 'dumps', "'web'")],
    [{ ...WORKLOAD, tenantId: OTHER }, workload(), knows('tenantId', OTHER, 'none')],
    [{ clientId: CLIENT }, AzureFilesAccess.managedIdentity(), knows('clientId', CLIENT, 'none')],
    [
      { serviceAccountNamespaces: ['shop'] },
      AzureFilesAccess.managedIdentity(),
      'share.serviceAccountNamespaces (shop) has no effect with access by ManagedIdentity; remove it, or use ' +
        'AzureFilesAccess.workloadIdentity',
    ],
  ])('may not say something else: %j', (share, access, message) => expect(refusal(share, access)).toBe(message));
});

describe('size', () => {
  const storageOf = (share: object) => {
    const chart = newChart({ namespace: 'shop' });
    AzureFilesDumpStore.fromShare(chart, 'Dumps', { share: { ...SHARE, ...share } });
    return Testing.synth(chart).find(({ kind }) => kind === 'PersistentVolume').spec.capacity.storage;
  };

  test('as a number is that of a Size', () => {
    expect(storageOf({ capacityGibibytes: 200 })).toBe('200Gi');
    expect(storageOf({ capacity: Size.tebibytes(256) })).toBe('256Ti');
    expect(storageOf({})).toBe('100Gi');
    expect(make({ capacityGibibytes: 200 }).claimName).toBe(make({ capacity: Size.gibibytes(200) }).claimName);
  });

  test.each<[object, string]>([
    [
      { capacity: Size.gibibytes(200), capacityGibibytes: 200 },
      'share.capacity (200Gi) is given together with share.capacityGibibytes (200), which is the same; remove one of ' +
        'them',
    ],
    [
      { capacity: Size.tebibytes(257) },
      'share.capacity (257Ti) is above 262144 GiB, the largest share of Azure Files; give the size of the share',
    ],
    [{ capacityGibibytes: 262_145 }, 'share.capacityGibibytes must be a whole number from 1 to 262144, got 262145'],
    [{ capacityGibibytes: 0 }, 'share.capacityGibibytes must be a whole number from 1 to 262144, got 0'],
    [{ capacityGibibytes: '200' }, 'share.capacityGibibytes must be a whole number from 1 to 262144, got "200"'],
  ])('refuses %j', (share, message) => expect(refusal(share)).toBe(message));
});
