import { AzureFilesSku } from '../stores/azure-files/enums';
import { performanceRanges, smallestShare } from '../stores/azure-files/sku';

/** What a SKU is made of in Azure Resource Manager, and what a share of it may be. */
export interface SkuModel {
  readonly kind: 'FileStorage' | 'StorageV2';
  readonly tier: 'Premium' | 'Standard';
  /** Of the provisioned v2 billing model only. */
  readonly billing?: 'V2';
  readonly replication: string;
  readonly minimumGibibytes: number;
  /** Least and most IOPS and MiB/s that may be bought apart from the size. */
  readonly iops?: [number, number];
  readonly bandwidth?: [number, number];
}

/** @see https://learn.microsoft.com/azure/storage/files/understanding-billing */
const MODELS: { [prefix: string]: Pick<SkuModel, 'kind' | 'tier' | 'billing'> } = {
  Standard: { kind: 'StorageV2', tier: 'Standard' },
  Premium: { kind: 'FileStorage', tier: 'Premium' },
  StandardV2: { kind: 'FileStorage', tier: 'Standard', billing: 'V2' },
  PremiumV2: { kind: 'FileStorage', tier: 'Premium', billing: 'V2' },
};

export function skuModel(sku: AzureFilesSku): SkuModel {
  const [prefix, replication] = sku.split('_');
  return { ...MODELS[prefix], replication, minimumGibibytes: smallestShare(sku), ...performanceRanges(sku) };
}
