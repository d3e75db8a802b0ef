import type { AzureFilesSku } from './enums';

/** HDD. */
export function isStandard(sku: AzureFilesSku | undefined): boolean {
  return sku?.startsWith('Standard') === true;
}

/** SSD. */
export function isPremium(sku: AzureFilesSku | undefined): boolean {
  return sku?.startsWith('Premium') === true;
}

/** Provisioned v2: paid by size and performance. */
export function isProvisionedV2(sku: AzureFilesSku): boolean {
  return sku.includes('V2_');
}

/**
 * Returns the smallest share in GiB. The CSI driver raises smaller requests to this size, so the claim would bind and
 * pay for more than it requested.
 * @see https://learn.microsoft.com/azure/storage/files/understanding-billing
 */
export function smallestShare(sku: AzureFilesSku): number {
  if (isProvisionedV2(sku)) return 32;
  return isPremium(sku) ? 100 : 1;
}

/**
 * Returns the largest share in GiB: 256 TiB of the provisioned v2 SKUs, else 100 TiB.
 * @see https://learn.microsoft.com/azure/storage/files/storage-files-scale-targets
 */
export function largestShare(sku: AzureFilesSku | undefined): number {
  return sku !== undefined && isProvisionedV2(sku) ? 262_144 : 102_400;
}

/** Least and most that may be bought apart from the size. */
export interface PerformanceRanges {
  readonly iops: [number, number];
  /** In MiB/s. */
  readonly bandwidth: [number, number];
}

/** @see https://learn.microsoft.com/azure/storage/files/understanding-billing#provisioned-v2-provisioning-detail */
const HDD: PerformanceRanges = { iops: [500, 50_000], bandwidth: [60, 5_120] };
const SSD: PerformanceRanges = { iops: [3_000, 102_400], bandwidth: [100, 10_340] };
const ANY: PerformanceRanges = { iops: [500, 102_400], bandwidth: [60, 10_340] };

/** Returns the ranges of a v2 SKU, or of all of them where the account alone knows its SKU. */
export function performanceRanges(sku: AzureFilesSku | undefined): PerformanceRanges | undefined {
  if (sku === undefined) return ANY;
  if (!isProvisionedV2(sku)) return undefined;
  return isPremium(sku) ? SSD : HDD;
}
