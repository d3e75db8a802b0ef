import { Size } from 'cdk8s';
import { addressOf, refusal, resource, terraformWith } from './synthesized';
import { AzureFilesProtocol, AzureFilesShareAccessTier, AzureFilesSku } from '../../src';
import { DumpStorageAccess, DumpStorageStackProps } from '../../src/azure';

const { STANDARD_LRS, STANDARD_V2_LRS, PREMIUM_LRS, PREMIUM_V2_LRS } = AzureFilesSku;
const shareWith = (props: Partial<DumpStorageStackProps> = {}) => resource(terraformWith(props), 'Share');

test('a share of SMB by the id of its account, so that no key and no way into the network is needed', () => {
  const terraform = terraformWith();
  expect(resource(terraform, 'Share')).toEqual({
    name: 'dumps',
    storage_account_id: `\${${addressOf(terraform, 'Account')}.id}`,
    quota: 100,
    access_tier: 'Premium',
    enabled_protocol: 'SMB',
    depends_on: expect.any(Array),
  });
});

test('its name, size and protocol', () => {
  const props = {
    shareName: 'crash-dumps',
    capacity: Size.tebibytes(2),
    protocol: AzureFilesProtocol.NFS,
    access: DumpStorageAccess.network(),
  };
  expect(shareWith(props)).toMatchObject({ name: 'crash-dumps', quota: 2048, enabled_protocol: 'NFS' });
});

test.each([
  [STANDARD_LRS, undefined],
  [STANDARD_V2_LRS, undefined],
  [PREMIUM_LRS, 'Premium'],
  [PREMIUM_V2_LRS, 'Premium'],
])('tier with %s is %s', (sku, tier) => {
  expect(shareWith({ sku }).access_tier).toBe(tier);
});

describe('access tier', () => {
  const { HOT, COOL, TRANSACTION_OPTIMIZED, PREMIUM } = AzureFilesShareAccessTier;

  test.each([HOT, COOL, TRANSACTION_OPTIMIZED])('of pay as you go can be %s', (accessTier) => {
    for (const sku of [STANDARD_LRS, AzureFilesSku.STANDARD_GZRS]) {
      expect(shareWith({ sku, accessTier }).access_tier).toBe(accessTier);
    }
  });

  test.each([PREMIUM_LRS, PREMIUM_V2_LRS, STANDARD_V2_LRS, undefined])('is refused with %s', (sku) => {
    expect(refusal({ sku, accessTier: HOT })).toBe(
      `accessTier Hot with sku ${sku ?? PREMIUM_V2_LRS}: only pay-as-you-go shares have access tiers; expected a ` +
        'Standard SKU without V2; remove accessTier, or choose such a SKU',
    );
  });

  test('of SSD is refused with pay as you go, and so is another value', () => {
    expect(refusal({ sku: STANDARD_LRS, accessTier: PREMIUM })).toBe(
      'accessTier Premium with sku Standard_LRS: Premium is the tier of SSD; expected Hot, Cool or ' +
        'TransactionOptimized; choose one of them, or remove accessTier',
    );
    expect(refusal({ sku: STANDARD_LRS, accessTier: 'hot' as never })).toBe(
      'accessTier must be one of TransactionOptimized, Hot, Cool, Premium, got "hot"',
    );
  });
});

test('Terraform refuses to delete it only where that was asked for', () => {
  expect(shareWith({ preventDestroy: true }).lifecycle).toEqual({ prevent_destroy: true });
  expect(shareWith({ preventDestroy: false })).not.toHaveProperty('lifecycle');
});

describe('size', () => {
  test.each([
    [STANDARD_LRS, 1],
    [STANDARD_V2_LRS, 32],
    [PREMIUM_V2_LRS, 32],
    [PREMIUM_LRS, 100],
  ])('the smallest share of %s has %d GiB', (sku, minimum) => {
    expect(shareWith({ sku, capacity: Size.gibibytes(minimum) }).quota).toBe(minimum);
    expect(refusal({ sku, capacity: Size.gibibytes(minimum - 1) })).toBe(
      `capacity (${minimum - 1}Gi) is less than ${minimum}Gi, the smallest share of ${sku}; ask for ` +
        `Size.gibibytes(${minimum}) at least, or choose another sku`,
    );
  });

  test('the largest share', () => {
    expect(shareWith({ capacity: Size.tebibytes(100) }).quota).toBe(102400);
    const more = { capacity: Size.gibibytes(102401) };
    const remedy = 'ask for Size.gibibytes(102400) at most, or make a DumpStorage for each group of workloads';
    for (const sku of [PREMIUM_V2_LRS, STANDARD_V2_LRS]) {
      expect(refusal({ ...more, sku })).toBe(
        'capacity (102401Gi) is more than 102400Gi, the most that azurerm takes (Azure takes 262144Gi of ' +
          `${sku}); ${remedy}`,
      );
    }
    for (const sku of [PREMIUM_LRS, STANDARD_LRS]) {
      expect(refusal({ ...more, sku })).toBe(
        `capacity (102401Gi) is more than 102400Gi, the largest share of ${sku}; ${remedy}`,
      );
    }
  });

  test('is whole GiB', () => {
    expect(refusal({ capacity: Size.mebibytes(102912) })).toBe(
      'capacity must be whole GiB, for example Size.gibibytes(100), got Size.mebibytes(102912)',
    );
    expect(shareWith({ capacity: Size.mebibytes(103424) }).quota).toBe(101);
    expect(refusal({ capacity: 100 as unknown as Size })).toBe(
      'capacity must be a Size of cdk8s, for example Size.mebibytes(500), got 100',
    );
  });
});

describe('performance', () => {
  test('comes with the size', () => {
    expect(
      Object.keys(terraformWith().resource.azapi_update_resource).filter((name) => name.includes('Performance')),
    ).toEqual([]);
  });

  test.each<[Partial<DumpStorageStackProps>, object]>([
    [
      { provisionedIops: 4000, provisionedBandwidth: 200 },
      { provisionedIops: 4000, provisionedBandwidthMibps: 200 },
    ],
    [{ provisionedIops: 4000 }, { provisionedIops: 4000 }],
    [{ provisionedBandwidth: 200 }, { provisionedBandwidthMibps: 200 }],
  ])('%j is bought for the share', (props, properties) => {
    const terraform = terraformWith({ ...props, shareName: 'crashes' });
    const share = addressOf(terraform, 'Share');
    expect(resource(terraform, 'Performance')).toMatchObject({
      type: 'Microsoft.Storage/storageAccounts/fileServices/shares@2025-06-01',
      resource_id: `\${${addressOf(terraform, 'Account')}.id}/fileServices/default/shares/crashes`,
      body: { properties },
      depends_on: [share],
      lifecycle: { replace_triggered_by: [share] },
    });
    expect(resource(terraform, 'Performance').body.properties).toEqual(properties);
  });

  test('what uses the share waits for it', () => {
    const terraform = terraformWith({ provisionedIops: 4000 });
    expect(resource(terraform, 'PrivateEndpoint').depends_on).toEqual([addressOf(terraform, 'Performance')]);
  });

  test.each([
    [STANDARD_V2_LRS, 'provisionedIops', 500, 50_000],
    [STANDARD_V2_LRS, 'provisionedBandwidth', 60, 5_120],
    [PREMIUM_V2_LRS, 'provisionedIops', 3_000, 102_400],
    [PREMIUM_V2_LRS, 'provisionedBandwidth', 100, 10_340],
  ])('%s: %s from %d to %d', (sku, prop, least, most) => {
    for (const value of [least, most]) expect(() => terraformWith({ sku, [prop]: value })).not.toThrow();
    for (const value of [least - 1, most + 1, least + 0.5]) {
      expect(refusal({ sku, [prop]: value })).toBe(
        `${prop} of ${sku} must be a whole number from ${least} to ${most}, got ${value}`,
      );
    }
  });

  test.each([
    [STANDARD_LRS, 'provisionedIops'],
    [PREMIUM_LRS, 'provisionedBandwidth'],
  ])('%s sells no %s', (sku, prop) => {
    expect(refusal({ sku, [prop]: 4000 })).toBe(
      `${prop} (4000) with sku ${sku}: only provisioned v2 SKUs have it separate from the size; choose a PremiumV2 ` +
        'or StandardV2 SKU, or leave it out',
    );
  });
});
