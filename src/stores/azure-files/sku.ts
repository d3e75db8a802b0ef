import type { AzureFilesSku } from './enums';

/** Returns whether the media is HDD. */
export function isStandard(sku: AzureFilesSku | undefined): boolean {
  return sku?.startsWith('Standard') === true;
}

/** Returns whether the media is SSD. */
export function isPremium(sku: AzureFilesSku | undefined): boolean {
  return sku?.startsWith('Premium') === true;
}

/** Returns whether the billing model is provisioned v2, by size and performance. */
export function isProvisionedV2(sku: AzureFilesSku): boolean {
  return sku.includes('V2_');
}

/**
 * Returns the smallest share in GiB. The CSI driver raises smaller requests to this size, so the user would pay for
 * more than the claim requests.
 * @see https://learn.microsoft.com/azure/storage/files/understanding-billing
 */
export function smallestShare(sku: AzureFilesSku): number {
  if (isProvisionedV2(sku)) return 32;
  return isPremium(sku) ? 100 : 1;
}

/**
 * Returns the largest share in GiB: 256 TiB for provisioned v2 SKUs, otherwise 100 TiB.
 * @see https://learn.microsoft.com/azure/storage/files/storage-files-scale-targets
 */
export function largestShare(sku: AzureFilesSku | undefined): number {
  return sku !== undefined && isProvisionedV2(sku) ? 262_144 : 102_400;
}

/** Ranges of provisioned performance. */
export interface PerformanceRanges {
  readonly iops: [number, number];
  /** In MiB/s. */
  readonly bandwidth: [number, number];
}

/** @see https://learn.microsoft.com/azure/storage/files/understanding-billing#provisioned-v2-provisioning-detail */
const HDD: PerformanceRanges = { iops: [500, 50_000], bandwidth: [60, 5_120] };
const SSD: PerformanceRanges = { iops: [3_000, 102_400], bandwidth: [100, 10_340] };
const ANY: PerformanceRanges = { iops: [500, 102_400], bandwidth: [60, 10_340] };

/** Returns the ranges of a v2 SKU, or their union if only the account determines the SKU. */
export function performanceRanges(sku: AzureFilesSku | undefined): PerformanceRanges | undefined {
  if (sku === undefined) return ANY;
  if (!isProvisionedV2(sku)) return undefined;
  return isPremium(sku) ? SSD : HDD;
}
