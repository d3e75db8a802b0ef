import { Duration } from 'cdk8s';
import { TerraformStack, Testing } from 'cdktf';
import { GUID } from './stacks';
import { refusal, resource, terraformWith } from './synthesized';
import { AzureFilesProtocol, AzureFilesSku } from '../../src';
import {
  AzureCloud,
  DumpAudit,
  DumpStorage,
  DumpStorageAccess,
  DumpStorageNetwork,
  DumpStorageStackProps,
} from '../../src/azure';
import { messageOf } from '../pods';

const { SMB, NFS } = AzureFilesProtocol;
const NETWORK = DumpStorageAccess.network();
const ACCOUNT_NAME = '3 to 24 lower-case letters and digits';
const SHARE_NAME = '3 to 63 lower-case letters, digits and single dashes, that start and end with a letter or digit';
const GROUP_NAME = '1 to 90 letters, digits, underscores, dashes, dots and brackets, without a dot at the end';
const NAME_OF_TAG = 'at most 128 characters without < > % & \\ ? /';
const tagged = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, 'x']));

test.each<Partial<DumpStorageStackProps>>([
  { storageAccountName: 'abc' },
  { storageAccountName: 'a1'.repeat(12) },
  { shareName: 'abc' },
  { shareName: 'a-1'.repeat(21) },
  { shareName: '0-a' },
  { resourceGroupName: 'r' },
  { resourceGroupName: 'Rg_1.(x)-'.repeat(10) },
  { existingResourceGroupName: 'r.g' },
  { tags: tagged(50) },
  { tags: { ['n'.repeat(128)]: 'v'.repeat(256) } },
  { tags: { empty: '' } },
  { softDelete: Duration.days(1) },
  { softDelete: Duration.days(365) },
  { softDelete: Duration.hours(48) },
  { protocol: NFS, access: NETWORK, sku: AzureFilesSku.PREMIUM_LRS },
  { protocol: NFS, access: NETWORK, sku: AzureFilesSku.PREMIUM_V2_ZRS },
  { protocol: NFS, access: NETWORK, allowAes128: false },
  { protocol: SMB, access: DumpStorageAccess.accountKey() },
])('takes %j', (props) => {
  expect(() => terraformWith(props)).not.toThrow();
});

test.each<[Partial<DumpStorageStackProps>, string]>([
  [{ location: '' }, 'location must be an Azure region, for example westeurope, got ""'],
  [{ location: undefined }, 'location is missing; expected an Azure region, for example westeurope'],
  [{ storageAccountName: 'ab' }, `storageAccountName must be ${ACCOUNT_NAME}, got "ab"`],
  [{ storageAccountName: 'a'.repeat(25) }, `storageAccountName must be ${ACCOUNT_NAME}, got "${'a'.repeat(25)}"`],
  [{ storageAccountName: 'contoso-dumps' }, `storageAccountName must be ${ACCOUNT_NAME}, got "contoso-dumps"`],
  [{ storageAccountName: 'Dumps' }, `storageAccountName must be ${ACCOUNT_NAME}, got "Dumps"`],
  [{ storageAccountName: undefined }, `storageAccountName is missing; expected ${ACCOUNT_NAME}`],
  [{ shareName: 'ab' }, `shareName must be ${SHARE_NAME}, got "ab"`],
  [{ shareName: 'a'.repeat(64) }, `shareName must be ${SHARE_NAME}, got "${'a'.repeat(64)}"`],
  [{ shareName: 'a--b' }, `shareName must be ${SHARE_NAME}, got "a--b"`],
  [{ shareName: '-ab' }, `shareName must be ${SHARE_NAME}, got "-ab"`],
  [{ shareName: 'Dumps' }, `shareName must be ${SHARE_NAME}, got "Dumps"`],
  [{ resourceGroupName: 'rg.' }, `resourceGroupName must be ${GROUP_NAME}, got "rg."`],
  [{ resourceGroupName: 'r'.repeat(91) }, `resourceGroupName must be ${GROUP_NAME}, got "${'r'.repeat(91)}"`],
  [{ existingResourceGroupName: 'a/b' }, `existingResourceGroupName must be ${GROUP_NAME}, got "a/b"`],
  [
    { resourceGroupName: 'new', existingResourceGroupName: 'old' },
    "resourceGroupName 'new' would be created, but existingResourceGroupName 'old' exists; remove one of them",
  ],
  [
    { softDelete: Duration.days(0) },
    'softDelete must be whole days from 1 to 365, for example Duration.days(1), got 0 days',
  ],
  [
    { softDelete: Duration.days(366) },
    'softDelete must be whole days from 1 to 365, for example Duration.days(1), got 366 days',
  ],
  [
    { softDelete: Duration.hours(12) },
    'softDelete must be whole days from 1 to 365, for example Duration.days(1), got 12 hours',
  ],
  [
    { sku: 'Premium_GRS' as AzureFilesSku },
    `sku must be one of ${Object.values(AzureFilesSku).join(', ')}, got "Premium_GRS"`,
  ],
  [{ protocol: 'SMB' as AzureFilesProtocol }, 'protocol must be one of smb, nfs, got "SMB"'],
  [
    { access: undefined },
    'access is missing; expected a value made by DumpStorageAccess, for example ' +
      'DumpStorageAccess.workloadIdentity({ … })',
  ],
  [
    { access: { key: true } as unknown as DumpStorageAccess },
    'access must be a value made by DumpStorageAccess, for example DumpStorageAccess.workloadIdentity({ … }), got ' +
      '{"key":true}',
  ],
  [
    { network: undefined },
    'network is missing; expected a value made by DumpStorageNetwork, for example ' +
      'DumpStorageNetwork.privateEndpoint({ … })',
  ],
  [
    { network: 'public' as unknown as DumpStorageNetwork },
    'network must be a value made by DumpStorageNetwork, for example DumpStorageNetwork.privateEndpoint({ … }), ' +
      'got "public"',
  ],
  [{ tags: tagged(51) }, 'tags has 51 tags, but a resource takes 50; remove some'],
  [{ tags: { 'a/b': 'x' } }, `tags: the name 'a/b' must be ${NAME_OF_TAG}, got "a/b"`],
  [
    { tags: { ['n'.repeat(129)]: 'x' } },
    `tags: the name '${'n'.repeat(129)}' must be ${NAME_OF_TAG}, got "${'n'.repeat(129)}"`,
  ],
  [{ tags: { owner: 5 as unknown as string } }, "tags['owner'] must be text, got 5"],
  [{ tags: { owner: 'v'.repeat(257) } }, 'tags.owner has 257 characters, but a tag takes 256; shorten it'],
  [{ tags: [] as unknown as { [name: string]: string } }, 'tags must be an object, got []'],
])('refuses %j', (props, message) => {
  expect(refusal(props)).toBe(message);
});

test.each(['infrastructureEncryption', 'allowAes128', 'allowTrustedServices', 'lock', 'preventDestroy'])(
  '%s is a flag',
  (flag) => {
    expect(refusal({ [flag]: 'true' })).toBe(`${flag} must be true or false, got "true"`);
  },
);

describe('protocol', () => {
  test.each([AzureFilesSku.STANDARD_LRS, AzureFilesSku.STANDARD_V2_ZRS])('NFS is refused with %s', (sku) => {
    expect(refusal({ protocol: NFS, access: NETWORK, sku })).toBe(
      `protocol NFS with sku ${sku}: NFS shares need SSD; choose a Premium or PremiumV2 SKU, or SMB`,
    );
  });

  test.each([
    ['an identity', DumpStorageAccess.managedIdentity()],
    ['the account key', DumpStorageAccess.accountKey()],
  ])('NFS is refused with %s', (_what, access) => {
    expect(refusal({ protocol: NFS, access })).toBe(
      'protocol NFS has neither identities nor keys, so the given access would have no effect; use SMB, or ' +
        'DumpStorageAccess.network(), which lets every client in the network mount',
    );
  });

  test('SMB is refused with the network alone', () => {
    expect(refusal({ access: NETWORK })).toBe(
      'access DumpStorageAccess.network() is for NFS, but protocol is SMB; set protocol to ' +
        'AzureFilesProtocol.NFS, or choose workloadIdentity, managedIdentity or accountKey',
    );
  });

  test('ciphers of SMB are refused with NFS', () => {
    expect(refusal({ protocol: NFS, access: NETWORK, allowAes128: true })).toBe(
      'allowAes128 applies to SMB, but protocol is NFS; remove it',
    );
  });
});

test('the resource group is made, or made by another name, or used', () => {
  expect(resource(terraformWith(), 'ResourceGroup')).toEqual({ name: 'rg-contosodumps', location: 'westeurope' });
  expect(resource(terraformWith({ resourceGroupName: 'rg-crashes' }), 'ResourceGroup').name).toBe('rg-crashes');
  const used = terraformWith({ existingResourceGroupName: 'rg-platform' });
  expect(used.resource).not.toHaveProperty('azurerm_resource_group');
  expect(resource(used, 'Account').resource_group_name).toBe('rg-platform');
  expect(used.output.share.value.resourceGroupName).toBe('rg-platform');
});

describe('options that there are not', () => {
  const one = (fields: string) => `expected one of ${fields}`;

  test.each<[object, string]>([
    [
      { alerts: { emails: ['a@b.example'], fullAt: 90 } },
      `alerts: there is no prop 'fullAt'; ${one(
        'emails, actionGroupIds, fullAtPercent, trustedReaders, newDumps, failedWrites, changes; correct or remove it',
      )}`,
    ],
    [{ backup: { days: 7 } }, `backup: there is no prop 'days'; ${one('retention, time; correct or remove it')}`],
    [
      { readers: [{ principalId: GUID, principalType: 'Group', role: 'x', name: 'team' }] },
      `readers[0]: there is no prop 'name'; ${one('principalId, principalType, role; correct or remove it')}`,
    ],
  ])('of structs: %j', (props, message) => expect(refusal(props)).toBe(message));

  test("are those of the stack, or carry the path of the storage in a user's stack", () => {
    expect(messageOf(() => terraformWith({ softdelete: Duration.days(7) } as never))).toMatch(
      /^dumps: there is no prop 'softdelete'; expected one of location, storageAccountName, access, teams, network, subscriptionId, .*, tags, tenantId; did you mean 'softDelete'\?$/,
    );
    const stack = new TerraformStack(Testing.app(), 'platform');
    expect(messageOf(() => new DumpStorage(stack, 'Dumps', { tenantId: GUID } as never))).toMatch(
      /^platform\/Dumps: there is no prop 'tenantId'; expected one of location, .*, tags; correct or remove it$/,
    );
  });

  test.each<[string, () => unknown, string]>([
    [
      'DumpStorageAccess.workloadIdentity',
      () => DumpStorageAccess.workloadIdentity({ oidcIssuer: 'x' } as never),
      'oidcIssuer',
    ],
    [
      'DumpStorageAccess.managedIdentity',
      () => DumpStorageAccess.managedIdentity({ objectId: GUID } as never),
      'objectId',
    ],
    ['DumpStorageAccess.network', () => DumpStorageAccess.network({ tls: true } as never), 'tls'],
    ['DumpAudit.newWorkspace', () => DumpAudit.newWorkspace({ days: 30 } as never), 'days'],
    ['DumpAudit.workspace', () => DumpAudit.workspace('x', { region: 'x' } as never), 'region'],
  ])('of %s', (what, make, option) => {
    expect(messageOf(make)).toContain(`${what}: there is no prop '${option}'; expected one of `);
  });
});

test('the cloud is one of those there are', () => {
  expect(() => terraformWith({ cloud: 'germany' as AzureCloud })).toThrow(
    'dumps: cloud must be one of public, usgovernment, china, got "germany"',
  );
});
