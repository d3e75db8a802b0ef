import type { AzureFilesSku } from './enums';

/** HDD. */
export function isStandard(sku: AzureFilesSku): boolean {
  return sku.startsWith('Standard');
}

/** SSD. */
export function isPremium(sku: AzureFilesSku): boolean {
  return sku.startsWith('Premium');
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
