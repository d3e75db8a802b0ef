import { Size } from 'cdk8s';
import { checkProps } from '../../../src/input/struct';
import {
  AzureFilesAccountAccessTier,
  AzureFilesDataPlaneApi,
  AzureFilesFsGroupChangePolicy,
  AzureFilesNetworkEndpoint,
  AzureFilesProtocol,
  AzureFilesPublicNetworkAccess,
  AzureFilesRootSquash,
  AzureFilesShareAccessTier,
  AzureFilesSku,
} from '../../../src/stores/azure-files/enums';
import { defaultCapacity } from '../../../src/stores/azure-files/parameter-checks';
import { renderAzureFilesParameters } from '../../../src/stores/azure-files/parameter-rendering';
import { PARAMETER_CHECKS } from '../../../src/stores/azure-files/parameter-table';
import { AzureFilesParameters } from '../../../src/stores/azure-files/parameters';

const ID = '00000000-0000-0000-0000-000000000001';
const NFS = AzureFilesProtocol.NFS;
const { PREMIUM_LRS, PREMIUM_V2_LRS, STANDARD_LRS, STANDARD_V2_LRS } = AzureFilesSku;
const { PRIVATE_ENDPOINT, SERVICE_ENDPOINT } = AzureFilesNetworkEndpoint;
const TOKEN = '${TfToken[TOKEN.7]}';

const render = (props: AzureFilesParameters, context: { driverVersion?: string; capacity?: Size } = {}) =>
  renderAzureFilesParameters(checkProps(props, PARAMETER_CHECKS), context);
const refusal = (...args: Parameters<typeof render>) => {
  try {
    return `accepted: ${JSON.stringify(render(...args))}`;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('the bare class', () => {
  test('SMB names its SKU and nothing else', () => expect(render({})).toEqual({ skuName: 'Standard_LRS' }));
  test('SMB said is SMB not said', () =>
    expect(render({ protocol: AzureFilesProtocol.SMB })).toEqual({ skuName: 'Standard_LRS' }));
  test('NFS is premium', () => expect(render({ protocol: NFS })).toEqual({ protocol: 'nfs', skuName: 'Premium_LRS' }));

  test('keys are in alphabetical order', () => {
    const props = {
      vnetName: 'v1',
      accountQuota: 200,
      sku: PREMIUM_LRS,
      matchTags: true,
      clientId: ID,
      mountWithOAuthToken: false,
    };
    expect(Object.keys(render(props))).toEqual([
      'accountQuota',
      'clientID',
      'matchTags',
      'mountWithOAuthToken',
      'skuName',
      'vnetName',
    ]);
  });

  test.each<[AzureFilesParameters, string]>([
    [{}, '5Gi'],
    [{ sku: PREMIUM_V2_LRS }, '32Gi'],
    [{ sku: PREMIUM_LRS }, '100Gi'],
    [{ protocol: NFS }, '100Gi'],
  ])('the size of %j is %s where none is given', (props, size) => expect(defaultCapacity(props).asString()).toBe(size));
});

type Row = [prop: keyof AzureFilesParameters, value: unknown, key: string, text: string, beside?: AzureFilesParameters];
const flags = (...keys: (keyof AzureFilesParameters)[]) =>
  keys.flatMap((key): Row[] => [
    [key, true, key, 'true'],
    [key, false, key, 'false'],
  ]);

test.each<Row>([
  ['sku', STANDARD_V2_LRS, 'skuName', 'StandardV2_LRS'],
  ['storageAccount', 'contoso', 'storageAccount', 'contoso', { sku: STANDARD_LRS }],
  ['resourceGroup', 'rg', 'resourceGroup', 'rg'],
  ['subscriptionId', ID, 'subscriptionID', ID, { resourceGroup: 'rg' }],
  ['location', 'westeurope', 'location', 'westeurope'],
  ['shareName', 'dumps', 'shareName', 'dumps'],
  ['shareNamePrefix', 'dumps', 'shareNamePrefix', 'dumps'],
  ['folderName', 'a/b', 'folderName', 'a/b'],
  ['server', 'contoso.file.core.windows.net', 'server', 'contoso.file.core.windows.net'],
  ['storageEndpointSuffix', 'core.usgovcloudapi.net', 'storageEndpointSuffix', 'core.usgovcloudapi.net'],
  ['shareAccessTier', AzureFilesShareAccessTier.TRANSACTION_OPTIMIZED, 'shareAccessTier', 'TransactionOptimized'],
  ['accountAccessTier', AzureFilesAccountAccessTier.COLD, 'accountAccessTier', 'Cold'],
  ['provisionedIops', 5000, 'provisionedIOPS', '5000', { sku: PREMIUM_V2_LRS }],
  ['provisionedBandwidth', 200, 'provisionedBandwidth', '200', { sku: PREMIUM_V2_LRS }],
  ['accountQuota', 2048, 'accountQuota', '2048'],
  ['tags', { team: 'web', env: 'test' }, 'tags', 'env=test,team=web'],
  ['tags', { a: '1,2', b: 'x=y' }, 'tags', 'a=1,2;b=x=y', { tagValueDelimiter: ';' }],
  ['tagValueDelimiter', ';', 'tagValueDelimiter', ';'],
  ['createFolderIfNotExist', true, 'createFolderIfNotExist', 'true', { folderName: 'team' }],
  ['createFolderIfNotExist', false, 'createFolderIfNotExist', 'false'],
  ...flags(
    'enableLargeFileShares',
    'matchTags',
    'selectRandomMatchingAccount',
    'disableDeleteRetentionPolicy',
    'allowBlobPublicAccess',
    'requireInfraEncryption',
    'allowCrossTenantReplication',
    'storeAccountKey',
    'mountWithManagedIdentity',
  ),
  ['allowSharedKeyAccess', true, 'allowSharedKeyAccess', 'true'],
  ['allowSharedKeyAccess', false, 'allowSharedKeyAccess', 'false', { protocol: NFS }],
  ['latestAccountKey', true, 'getLatestAccountKey', 'true'],
  ['enableMultichannel', true, 'enableMultichannel', 'true', { sku: PREMIUM_V2_LRS }],
  ['mountWithWorkloadIdentityToken', true, 'mountWithWorkloadIdentityToken', 'true', { clientId: ID }],
  ['mountWithOAuthToken', true, 'mountWithOAuthToken', 'true', { secretName: 'token' }],
  [
    'publicNetworkAccess',
    AzureFilesPublicNetworkAccess.SECURED_BY_PERIMETER,
    'publicNetworkAccess',
    'SecuredByPerimeter',
  ],
  ['useDataPlaneApi', AzureFilesDataPlaneApi.OAUTH, 'useDataPlaneAPI', 'oauth'],
  ['useDataPlaneApi', AzureFilesDataPlaneApi.ACCOUNT_KEY, 'useDataPlaneAPI', 'true'],
  ['useDataPlaneApi', AzureFilesDataPlaneApi.OFF, 'useDataPlaneAPI', 'false'],
  ['secretName', 'key', 'secretName', 'key'],
  ['secretNamespace', 'ns', 'secretNamespace', 'ns'],
  ['clientId', ID, 'clientID', ID],
  ['tenantId', ID, 'tenantID', ID],
  ['rootSquashType', AzureFilesRootSquash.ROOT_SQUASH, 'rootSquashType', 'RootSquash', { protocol: NFS }],
  ['mountPermissions', '0770', 'mountPermissions', '0770', { protocol: NFS }],
  ['fsGroupChangePolicy', AzureFilesFsGroupChangePolicy.NONE, 'fsGroupChangePolicy', 'None', { protocol: NFS }],
  ['encryptInTransit', true, 'encryptInTransit', 'true', { protocol: NFS }],
  ['encryptInTransit', false, 'encryptInTransit', 'false'],
  ['networkEndpointType', PRIVATE_ENDPOINT, 'networkEndpointType', 'privateEndpoint'],
  ['networkEndpointType', SERVICE_ENDPOINT, 'networkEndpointType', 'serviceEndpoint'],
  [
    'privateDnsZoneResourceGroup',
    'dns',
    'privateDNSZoneResourceGroup',
    'dns',
    { networkEndpointType: PRIVATE_ENDPOINT },
  ],
  ['vnetResourceGroup', 'rg', 'vnetResourceGroup', 'rg'],
  ['vnetName', 'vnet', 'vnetName', 'vnet'],
  ['subnetNames', ['a', 'b'], 'subnetName', 'a,b'],
  ['vnetLinkName', 'link', 'vnetLinkName', 'link'],
])('%s %j is written as %s %s', (prop, value, key, text, beside = {}) => {
  const without = render(beside);
  const written = render({ ...beside, [prop]: value });
  expect(written).toEqual({
    ...without,
    ...(prop.startsWith('mountWith') && value ? { storeAccountKey: 'false' } : {}),
    [key]: text,
  });
  expect(without[key]).not.toBe(text);
});

test.each([{ tags: {} }, { subnetNames: [] }])('%j says nothing', (props) =>
  expect(render(props)).toEqual({ skuName: 'Standard_LRS' }),
);

describe('identity mounts keep the account key out of a Secret', () => {
  test.each<[AzureFilesParameters, string | undefined]>([
    [{ mountWithManagedIdentity: true }, 'false'],
    [{ mountWithWorkloadIdentityToken: true, clientId: ID }, 'false'],
    [{ mountWithOAuthToken: true, secretName: 's' }, 'false'],
    [{ mountWithManagedIdentity: true, storeAccountKey: false }, 'false'],
    [{ clientId: ID }, undefined],
    [{ mountWithManagedIdentity: false }, undefined],
  ])('%j: storeAccountKey %s', (props, text) => expect(render(props).storeAccountKey).toBe(text));
});

describe('values', () => {
  const SHARE = '3 to 63 lower-case letters, digits and single hyphens between them';
  const PREFIX = '1 to 20 lower-case letters, digits and hyphens, no hyphen first';
  const MODE = "octal digits, the first of them 0, as in '0770', or '0' to leave the folder as it is";
  const DELIMITER = "one character other than '=' and blank that no tag holds, such as ';'";
  const range = (least: number, unit: string) => `a whole number of ${unit} from ${least} to 2147483647`;

  test.each<[keyof AzureFilesParameters, string | number, string]>([
    ['sku', 'standard_lrs', `one of ${Object.values(AzureFilesSku).join(', ')}`],
    ['protocol', 'NFS', 'one of smb, nfs'],
    ['shareAccessTier', 'hot', 'one of TransactionOptimized, Hot, Cool, Premium'],
    ['accountAccessTier', 'hot', 'one of Hot, Cool, Cold, Premium'],
    ['rootSquashType', 'Root', 'one of NoRootSquash, RootSquash, AllSquash'],
    ['fsGroupChangePolicy', 'none', 'one of OnRootMismatch, Always, None'],
    ['networkEndpointType', 'private', 'one of privateEndpoint, serviceEndpoint'],
    ['publicNetworkAccess', 'off', 'one of Enabled, Disabled, SecuredByPerimeter'],
    ['useDataPlaneApi', 'yes', 'one of true, false, oauth'],
    ['matchTags', 'false', 'true or false'],
    ['storageAccount', '', '3 to 24 lower-case letters and digits'],
    ['shareName', 'ab', SHARE],
    ['shareName', 'a'.repeat(64), SHARE],
    ['shareName', 'Dumps', SHARE],
    ['shareName', 'a--b', SHARE],
    ['shareName', '-ab', SHARE],
    ['shareName', 'ab-', SHARE],
    ['shareName', 'a_b', SHARE],
    ['shareName', 'dumps-${pod.name}', SHARE],
    ['shareName', '${pvc.metadata.name}--x', SHARE],
    ['shareNamePrefix', 'a'.repeat(21), PREFIX],
    ['shareNamePrefix', '-a', PREFIX],
    ['shareNamePrefix', 'A', PREFIX],
    ['shareNamePrefix', '', PREFIX],
    ['mountPermissions', '770', MODE],
    ['mountPermissions', '0779', MODE],
    ['mountPermissions', '', MODE],
    ['tagValueDelimiter', '=', DELIMITER],
    ['tagValueDelimiter', ';;', DELIMITER],
    ['tagValueDelimiter', ' ', DELIMITER],
    ['accountQuota', 99, range(100, 'GB')],
    ['accountQuota', 2147483648, range(100, 'GB')],
    ['provisionedIops', -1, range(0, 'operations per second')],
    ['provisionedIops', 1.5, range(0, 'operations per second')],
    ['provisionedBandwidth', -1, range(0, 'MiB/s')],
  ])('%s %j is refused', (prop, value, reason) =>
    expect(refusal({ [prop]: value })).toBe(`${prop} must be ${reason}, got ${JSON.stringify(value)}`),
  );

  test.each<AzureFilesParameters>([
    { shareName: 'abc' },
    { shareName: 'a'.repeat(63) },
    { shareName: 'a-1-b' },
    { shareName: '${pvc.metadata.namespace}-${pvc.metadata.name}' },
    { shareName: '${pv.metadata.name}' },
    { shareNamePrefix: 'a'.repeat(20) },
    { shareNamePrefix: '0' },
    { accountQuota: 100 },
    { accountQuota: 2147483647 },
    { sku: PREMIUM_V2_LRS, provisionedIops: 3000, provisionedBandwidth: 100 },
    { protocol: NFS, mountPermissions: '0' },
    { folderName: '/a/.b/${pvc.metadata.name}/' },
    { folderName: '/' },
  ])('%j is accepted', (props) => expect(Object.keys(render(props)).length).toBeGreaterThan(1));

  const folder = (name: string, part: string) =>
    `folderName ${JSON.stringify(name)} has the invalid part ${JSON.stringify(part)}; expected parts that are not ` +
    "empty, '.' or '..', contain no control character and none of \\ : * ? \" < > |, and do not end with a dot or a " +
    'blank; rename it';
  test.each([
    ['a//b', ''],
    ['a/./b', '.'],
    ['../a', '..'],
    ['a/b.', 'b.'],
    ['a /b', 'a '],
    ['a\u0000', 'a\u0000'],
    ['a\u001f', 'a\u001f'],
    ...[...'\\:*?"<>|'].map((char) => [`x/a${char}b`, `a${char}b`]),
  ])('folderName %j is refused', (name, part) => expect(refusal({ folderName: name })).toBe(folder(name, part)));

  const tag = (pair: string, between = ',') =>
    `tags contain "${pair}", which the driver would misread; expected names without '=', and no '${between}', ` +
    'which separates tags; change the tag or tagValueDelimiter';
  test.each<[AzureFilesParameters, string]>([
    [{ tags: { ok: '1', a: '1,2' } }, tag('a=1,2')],
    [{ tags: { 'a,b': '1' } }, tag('a,b=1')],
    [{ tags: { 'a=b': '1' } }, tag('a=b=1')],
    [{ tags: { ' ': '1' } }, tag(' =1')],
    [{ tags: { a: '1;2' }, tagValueDelimiter: ';' }, tag('a=1;2', ';')],
    ...['a,b', 'a b', ''].map((name): [AzureFilesParameters, string] => [
      { subnetNames: ['ok', name] },
      'subnetNames[1] must be the name of a subnet without commas and blanks; write each subnet as a separate item, ' +
        `got "${name}"`,
    ]),
  ])('%j is refused', (props, message) => expect(refusal(props)).toBe(message));

  test.each<[keyof AzureFilesParameters, unknown, string]>([
    ['shareName', TOKEN, 'shareName'],
    ['shareNamePrefix', TOKEN, 'shareNamePrefix'],
    ['folderName', `a//${TOKEN}`, 'folderName'],
    ['storageAccount', TOKEN, 'storageAccount'],
    ['sku', TOKEN, 'skuName'],
    ['networkEndpointType', TOKEN, 'networkEndpointType'],
    ['tagValueDelimiter', TOKEN, 'tagValueDelimiter'],
  ])('%s may be a Terraform token', (prop, value, key) =>
    expect(render({ [prop]: value }, { capacity: Size.mebibytes(1024) })[key]).toBe(value),
  );

  test('tags, subnets, modes and what depends on a SKU may be Terraform tokens', () => {
    expect(render({ tags: { [TOKEN]: `${TOKEN},` }, subnetNames: [`${TOKEN} ,`] })).toMatchObject({
      tags: `${TOKEN}=${TOKEN},`,
      subnetName: `${TOKEN} ,`,
    });
    const onAnySku = { sku: TOKEN as AzureFilesSku, provisionedIops: 500, enableMultichannel: true };
    expect(render(onAnySku, { capacity: Size.mebibytes(1) }).skuName).toBe(TOKEN);
    expect(render({ protocol: NFS, mountPermissions: TOKEN }).mountPermissions).toBe(TOKEN);
    expect(render({ tenantId: ID }, { driverVersion: TOKEN }).tenantID).toBe(ID);
  });
});
