import { AzureFilesSku } from '../stores/azure-files/enums';
import { performanceRanges, smallestShare } from '../stores/azure-files/sku';

/** Arguments of a SKU in Azure Resource Manager, and limits of its shares. */
export interface SkuModel {
  readonly kind: 'FileStorage' | 'StorageV2';
  readonly tier: 'Premium' | 'Standard';
  /** Set only for the provisioned v2 billing model. */
  readonly billing?: 'V2';
  readonly replication: string;
  readonly minimumGibibytes: number;
  /** Minimum and maximum of provisioned IOPS and MiB/s. */
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
