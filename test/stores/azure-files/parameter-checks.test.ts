import { Size } from 'cdk8s';
import {
  AzureFilesAccountAccessTier,
  AzureFilesDataPlaneApi,
  AzureFilesFsGroupChangePolicy,
  AzureFilesNetworkEndpoint,
  AzureFilesProtocol,
  AzureFilesRootSquash,
  AzureFilesShareAccessTier,
  AzureFilesSku,
} from '../../../src/stores/azure-files/enums';
import { renderAzureFilesParameters } from '../../../src/stores/azure-files/parameter-rendering';
import { AzureFilesParameters } from '../../../src/stores/azure-files/parameters';

const ID = '00000000-0000-0000-0000-000000000001';
const { SMB, NFS } = AzureFilesProtocol;
const { STANDARD_LRS, STANDARD_V2_LRS, PREMIUM_LRS, PREMIUM_ZRS, PREMIUM_V2_LRS, PREMIUM_V2_ZRS } = AzureFilesSku;
const { PRIVATE_ENDPOINT, SERVICE_ENDPOINT } = AzureFilesNetworkEndpoint;
const MI: AzureFilesParameters = { mountWithManagedIdentity: true };
const WI: AzureFilesParameters = { mountWithWorkloadIdentityToken: true, clientId: ID };
const OAUTH: AzureFilesParameters = { mountWithOAuthToken: true, secretName: 'token' };

/** What is thrown, or undefined where the parameters are taken. */
function refusal(
  props: AzureFilesParameters,
  context: { driverVersion?: string; capacity?: Size } = {},
): string | undefined {
  try {
    renderAzureFilesParameters(props, context);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const wrongTier = (prop: string, tier: string, sku: string) =>
  `${prop} '${tier}' does not exist for sku '${sku}'; the tier 'Premium' belongs to premium SKUs, and no other ` +
  `does; change the tier or the SKU, or remove ${prop}`;
const nfsOnly = (prop: string, value: string) =>
  `${prop} '${value}' has no effect on protocol 'smb'; it belongs to NFS; remove it or use AzureFilesProtocol.NFS`;
const noFolder = (flag: string) =>
  `createFolderIfNotExist 'true' cannot work with ${flag}; folders are made with the account key, which an identity ` +
  'mount does not have; create the folder beforehand or use subPathExpr of the volume mount';
const performance = (prop: string, value: number, sku: string) =>
  `${prop} '${value}' has no effect on sku '${sku}'; only v2 SKUs are paid by performance; use ` +
  'AzureFilesSku.PREMIUM_V2_LRS or remove it';
const NO_WAY =
  "allowSharedKeyAccess 'false' prevents SMB mounts; expected account keys or an identity mount; set " +
  'mountWithWorkloadIdentityToken or mountWithManagedIdentity, or remove allowSharedKeyAccess';

/** Each refusal with the nearest parameters that are taken. */
test.each<[refused: AzureFilesParameters, message: string, ...taken: AzureFilesParameters[]]>([
  [
    { sku: STANDARD_LRS, protocol: NFS },
    "sku 'Standard_LRS' cannot serve protocol 'nfs'; NFS needs a premium SKU; use AzureFilesSku.PREMIUM_LRS or " +
      'AzureFilesProtocol.SMB',
    { sku: PREMIUM_LRS, protocol: NFS },
    { sku: STANDARD_LRS, protocol: SMB },
  ],
  [
    { sku: STANDARD_V2_LRS, protocol: NFS },
    "sku 'StandardV2_LRS' cannot serve protocol 'nfs'; NFS needs a premium SKU; use AzureFilesSku.PREMIUM_LRS or " +
      'AzureFilesProtocol.SMB',
    { sku: PREMIUM_V2_LRS, protocol: NFS },
  ],

  [
    { rootSquashType: AzureFilesRootSquash.ALL_SQUASH },
    nfsOnly('rootSquashType', 'AllSquash'),
    { rootSquashType: AzureFilesRootSquash.ALL_SQUASH, protocol: NFS },
  ],
  [{ mountPermissions: '0' }, nfsOnly('mountPermissions', '0'), { mountPermissions: '0', protocol: NFS }],
  [
    { fsGroupChangePolicy: AzureFilesFsGroupChangePolicy.ALWAYS },
    nfsOnly('fsGroupChangePolicy', 'Always'),
    { fsGroupChangePolicy: AzureFilesFsGroupChangePolicy.ALWAYS, protocol: NFS },
  ],
  [
    { encryptInTransit: true },
    nfsOnly('encryptInTransit', 'true'),
    { encryptInTransit: true, protocol: NFS },
    { encryptInTransit: false },
  ],

  [
    { ...MI, ...WI },
    'mountWithManagedIdentity and mountWithWorkloadIdentityToken are both true; expected at most one way to mount; ' +
      'keep one of them',
    { ...MI, ...WI, mountWithManagedIdentity: false },
  ],
  [
    { ...MI, ...OAUTH },
    'mountWithManagedIdentity and mountWithOAuthToken are both true; expected at most one way to mount; keep one of ' +
      'them',
    { ...MI, ...OAUTH, mountWithOAuthToken: false },
  ],
  [
    { ...WI, ...OAUTH },
    'mountWithWorkloadIdentityToken and mountWithOAuthToken are both true; expected at most one way to mount; keep ' +
      'one of them',
    { ...WI, ...OAUTH, mountWithOAuthToken: false },
  ],
  ...[MI, WI, OAUTH].map((identity): [AzureFilesParameters, string, AzureFilesParameters] => [
    { ...identity, protocol: NFS },
    `${Object.keys(identity)[0]} 'true' cannot serve protocol 'nfs'; NFS has no identities; remove it or use ` +
      'AzureFilesProtocol.SMB',
    { ...identity, protocol: SMB },
  ]),
  [
    { mountWithWorkloadIdentityToken: true },
    "mountWithWorkloadIdentityToken 'true' has no clientId; expected the client id of the identity that trusts " +
      "the pod's service account; set clientId",
    WI,
    MI,
  ],
  [
    { mountWithOAuthToken: true },
    "mountWithOAuthToken 'true' has no secretName; expected the Secret that holds the token under the key " +
      "'oauthtoken'; set secretName",
    OAUTH,
  ],
  ...[MI, WI, OAUTH].map((identity): [AzureFilesParameters, string, AzureFilesParameters] => [
    { ...identity, createFolderIfNotExist: true },
    noFolder(Object.keys(identity)[0]),
    { ...identity, createFolderIfNotExist: false },
  ]),
  [
    { createFolderIfNotExist: true },
    "createFolderIfNotExist 'true' has no folderName; expected the folder to create; set folderName or remove " +
      'createFolderIfNotExist',
    { createFolderIfNotExist: true, folderName: 'team' },
    { createFolderIfNotExist: false },
  ],
  ...[MI, WI, OAUTH].map((identity): [AzureFilesParameters, string, AzureFilesParameters] => [
    { ...identity, storeAccountKey: true },
    `storeAccountKey 'true' contradicts ${Object.keys(identity)[0]}; an identity mount needs no account key; ` +
      'remove storeAccountKey',
    { ...identity, storeAccountKey: false },
  ]),

  [
    { allowSharedKeyAccess: false },
    NO_WAY,
    { allowSharedKeyAccess: true },
    { allowSharedKeyAccess: false, ...MI },
    { allowSharedKeyAccess: false, ...WI },
    { allowSharedKeyAccess: false, ...OAUTH },
    { allowSharedKeyAccess: false, protocol: NFS },
  ],
  [{ allowSharedKeyAccess: false, storeAccountKey: false, clientId: ID }, NO_WAY],
  [
    { ...WI, allowSharedKeyAccess: false, useDataPlaneApi: AzureFilesDataPlaneApi.ACCOUNT_KEY },
    "useDataPlaneApi 'true' signs with the account key, which allowSharedKeyAccess 'false' forbids; use " +
      'AzureFilesDataPlaneApi.OAUTH or OFF',
    { ...WI, allowSharedKeyAccess: false, useDataPlaneApi: AzureFilesDataPlaneApi.OAUTH },
    { ...WI, useDataPlaneApi: AzureFilesDataPlaneApi.ACCOUNT_KEY },
  ],

  [
    { storageAccount: 'acct', matchTags: true },
    "storageAccount 'acct' is given together with matchTags 'true'; tags select an account only if none is named; " +
      'remove one of them',
    { storageAccount: 'acct', matchTags: false },
    { matchTags: true },
  ],
  [
    { subscriptionId: ID },
    `subscriptionId '${ID}' has no resourceGroup; the cluster's own group is not in another subscription; set ` +
      'resourceGroup',
    { subscriptionId: ID, resourceGroup: 'rg' },
  ],
  [
    { shareName: 'dumps', shareNamePrefix: 'web' },
    "shareNamePrefix 'web' has no effect beside shareName 'dumps'; the prefix is for generated names; remove one " +
      'of them',
    { shareName: 'dumps' },
    { shareNamePrefix: 'web' },
  ],

  [
    { enableMultichannel: true, protocol: NFS },
    "enableMultichannel 'true' cannot serve protocol 'nfs'; it belongs to SMB; use the mount option nconnect or " +
      'AzureFilesProtocol.SMB',
    { enableMultichannel: false, protocol: NFS },
    { enableMultichannel: true, sku: PREMIUM_LRS },
  ],
  [
    { enableMultichannel: true },
    "sku 'Standard_LRS' cannot serve enableMultichannel 'true'; multichannel needs a premium SKU; use " +
      'AzureFilesSku.PREMIUM_LRS or remove enableMultichannel',
    { enableMultichannel: false },
  ],
  [
    { enableMultichannel: true, sku: STANDARD_V2_LRS },
    "sku 'StandardV2_LRS' cannot serve enableMultichannel 'true'; multichannel needs a premium SKU; use " +
      'AzureFilesSku.PREMIUM_LRS or remove enableMultichannel',
    { enableMultichannel: true, sku: PREMIUM_V2_LRS },
  ],
  [
    { provisionedIops: 0 },
    performance('provisionedIops', 0, 'Standard_LRS'),
    { provisionedIops: 500, sku: STANDARD_V2_LRS },
  ],
  [
    { provisionedBandwidth: 9, sku: PREMIUM_LRS },
    performance('provisionedBandwidth', 9, 'Premium_LRS'),
    { provisionedBandwidth: 100, sku: PREMIUM_V2_ZRS },
  ],
  ...(
    [
      [STANDARD_V2_LRS, 'provisionedIops', 500, 50_000],
      [STANDARD_V2_LRS, 'provisionedBandwidth', 60, 5_120],
      [PREMIUM_V2_LRS, 'provisionedIops', 3_000, 102_400],
      [PREMIUM_V2_LRS, 'provisionedBandwidth', 100, 10_340],
    ] as const
  ).flatMap(([sku, prop, least, most]) =>
    [0, 5, least - 1, most + 1].map((value): [AzureFilesParameters, string, ...AzureFilesParameters[]] => [
      { sku, [prop]: value },
      `${prop} '${value}' cannot be bought for sku '${sku}'; expected ${least} to ${most}; change or remove it`,
      { sku, [prop]: least },
      { sku, [prop]: most },
    ]),
  ),
  [
    { storageAccount: 'contosodumps', provisionedIops: 499 },
    "provisionedIops '499' cannot be bought for a v2 SKU; expected 500 to 102400; change or remove it",
    { storageAccount: 'contosodumps', provisionedIops: 500 },
  ],
  ...(
    [
      { secretName: 'key' },
      { secretNamespace: 'shop' },
      { storeAccountKey: true },
      { latestAccountKey: true },
      { clientId: 'id' },
      { tenantId: 'id' },
    ] satisfies AzureFilesParameters[]
  ).map((props): [AzureFilesParameters, string, AzureFilesParameters] => {
    const [prop, value] = Object.entries(props)[0];
    return [
      { ...props, protocol: NFS },
      `${prop} '${value}' has no effect on protocol 'nfs', which has no credential; it belongs to SMB; remove it or ` +
        'use AzureFilesProtocol.SMB',
      props,
    ];
  }),
  [
    { protocol: NFS, folderName: 'a', createFolderIfNotExist: true, allowSharedKeyAccess: false },
    "createFolderIfNotExist 'true' cannot work with allowSharedKeyAccess 'false'; folders are made with the " +
      'account key; create the folder beforehand or use subPathExpr of the volume mount',
    { protocol: NFS, folderName: 'a', createFolderIfNotExist: true },
    { protocol: NFS, folderName: 'a', allowSharedKeyAccess: false },
  ],
  [
    { enableLargeFileShares: true, sku: PREMIUM_ZRS },
    "enableLargeFileShares 'true' does not belong to sku 'Premium_ZRS'; premium accounts have large shares " +
      'always; remove enableLargeFileShares',
    { enableLargeFileShares: false, sku: PREMIUM_ZRS },
    { enableLargeFileShares: true, sku: STANDARD_LRS },
  ],
  [
    { shareAccessTier: AzureFilesShareAccessTier.PREMIUM },
    wrongTier('shareAccessTier', 'Premium', 'Standard_LRS'),
    { shareAccessTier: AzureFilesShareAccessTier.PREMIUM, sku: PREMIUM_LRS },
    { shareAccessTier: AzureFilesShareAccessTier.HOT },
  ],
  [
    { shareAccessTier: AzureFilesShareAccessTier.COOL, protocol: NFS },
    wrongTier('shareAccessTier', 'Cool', 'Premium_LRS'),
  ],
  [
    { accountAccessTier: AzureFilesAccountAccessTier.PREMIUM },
    wrongTier('accountAccessTier', 'Premium', 'Standard_LRS'),
    { accountAccessTier: AzureFilesAccountAccessTier.PREMIUM, sku: PREMIUM_LRS },
    { accountAccessTier: AzureFilesAccountAccessTier.COOL },
  ],

  ...[undefined, SERVICE_ENDPOINT].map((networkEndpointType): [AzureFilesParameters, string, AzureFilesParameters] => [
    { privateDnsZoneResourceGroup: 'dns', networkEndpointType },
    "privateDnsZoneResourceGroup 'dns' has no effect without a private endpoint; set networkEndpointType to " +
      'AzureFilesNetworkEndpoint.PRIVATE_ENDPOINT or remove it',
    { privateDnsZoneResourceGroup: 'dns', networkEndpointType: PRIVATE_ENDPOINT },
  ]),
  [
    { subnetNames: ['a', 'b'], networkEndpointType: PRIVATE_ENDPOINT },
    "subnetNames 'a, b' are too many for a private endpoint; expected exactly one subnet; name one",
    { subnetNames: ['a'], networkEndpointType: PRIVATE_ENDPOINT },
    { subnetNames: ['a', 'b'], networkEndpointType: SERVICE_ENDPOINT },
  ],
  [
    { server: 'x.file.core.windows.net', networkEndpointType: PRIVATE_ENDPOINT },
    "server 'x.file.core.windows.net' has no effect beside networkEndpointType 'privateEndpoint'; the driver " +
      'replaces it with the private-link name; remove server',
    { server: 'x.file.core.windows.net', networkEndpointType: SERVICE_ENDPOINT },
    { networkEndpointType: PRIVATE_ENDPOINT },
  ],
])('%j is refused: %s', (refused, message, ...taken) => {
  expect(refusal(refused)).toBe(message);
  expect(taken.map((props) => refusal(props))).toEqual(taken.map(() => undefined));
});

describe('the smallest share', () => {
  test.each(
    Object.values(AzureFilesSku).map((sku): [AzureFilesSku, number] => [
      sku,
      sku.includes('V2') ? 32 : sku.startsWith('Premium') ? 100 : 1,
    ]),
  )('of %s is %i GiB', (sku, gibibytes) => {
    const below = Size.mebibytes(gibibytes * 1024 - 1);
    expect(refusal({ sku }, { capacity: Size.gibibytes(gibibytes) })).toBeUndefined();
    expect(refusal({ sku }, { capacity: below })).toBe(
      `capacity '${below.asString()}' is below the smallest share of sku '${sku}', ${gibibytes} GiB; ask for ` +
        `Size.gibibytes(${gibibytes}) or more, or choose another SKU`,
    );
  });

  test('counts for the SKU that NFS gets by itself', () => {
    expect(refusal({ protocol: NFS }, { capacity: Size.gibibytes(99) })).toBe(
      "capacity '99Gi' is below the smallest share of sku 'Premium_LRS', 100 GiB; ask for Size.gibibytes(100) or " +
        'more, or choose another SKU',
    );
  });
});

describe('the largest share', () => {
  test.each([
    ['Standard_LRS', { sku: STANDARD_LRS }, 102_400],
    ['Premium_ZRS', { sku: PREMIUM_ZRS }, 102_400],
    ['PremiumV2_LRS', { sku: PREMIUM_V2_LRS }, 262_144],
    ['StandardV2_LRS', { sku: STANDARD_V2_LRS }, 262_144],
  ])('of %s', (name, props, gibibytes) => {
    expect(refusal(props, { capacity: Size.gibibytes(gibibytes) })).toBeUndefined();
    expect(refusal(props, { capacity: Size.gibibytes(gibibytes + 1) })).toBe(
      `capacity '${gibibytes + 1}Gi' is above the largest share of sku '${name}', ${gibibytes} GiB; ask for ` +
        `Size.gibibytes(${gibibytes}) or less${gibibytes === 102_400 ? ', or name a v2 SKU' : ''}`,
    );
  });

  test('of an account that exists, where its SKU is not given', () => {
    const account = { storageAccount: 'contosodumps' };
    expect(refusal(account, { capacity: Size.tebibytes(100) })).toBeUndefined();
    expect(refusal(account, { capacity: Size.tebibytes(200) })).toBe(
      "capacity '200Ti' is above the largest share of an account of unknown SKU, 102400 GiB; ask for " +
        'Size.gibibytes(102400) or less, or name a v2 SKU',
    );
    expect(refusal(account, { capacity: Size.gibibytes(5) })).toBeUndefined();
  });
});
