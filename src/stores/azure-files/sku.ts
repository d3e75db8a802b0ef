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
 * In GiB. The CSI driver raises smaller requests to these, and the claim binds a share larger than it asked and pays
 * for.
 *
 * @see https://learn.microsoft.com/azure/storage/files/understanding-billing
 */
export function smallestShare(sku: AzureFilesSku): number {
  if (isProvisionedV2(sku)) return 32;
  return isPremium(sku) ? 100 : 1;
}
