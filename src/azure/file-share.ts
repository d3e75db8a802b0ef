import { StorageShare } from '@cdktf/provider-azurerm/lib/storage-share';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { ArmUpdate } from './arm-update';
import type { SkuModel } from './sku';
import { AzureFilesProtocol, AzureFilesShareAccessTier } from '../stores/azure-files/enums';

export interface ShareProps {
  readonly name: string;
  readonly accountId: string;
  readonly fileServiceId: string;
  readonly sku: SkuModel;
  readonly accessTier?: AzureFilesShareAccessTier;
  readonly protocol: AzureFilesProtocol;
  readonly capacityGibibytes: number;
  readonly provisionedIops?: number;
  readonly provisionedBandwidthMibps?: number;
  readonly preventDestroy: boolean;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Renders the share with the account's id instead of its name: all requests then go through Azure Resource Manager,
 * which needs neither a key nor access to the network.
 */
export function renderShare(scope: Construct, props: ShareProps): ITerraformDependable {
  const { provisionedIops, provisionedBandwidthMibps } = props;
  const share = new StorageShare(scope, 'Share', {
    name: props.name,
    storageAccountId: props.accountId,
    quota: props.capacityGibibytes,
    accessTier: props.sku.tier === 'Premium' ? 'Premium' : props.accessTier,
    enabledProtocol: props.protocol.toUpperCase(),
    dependsOn: props.dependsOn,
    lifecycle: props.preventDestroy ? { preventDestroy: true } : undefined,
  });
  if (provisionedIops === undefined && provisionedBandwidthMibps === undefined) return share;
  return new ArmUpdate(scope, 'Performance', {
    type: 'Microsoft.Storage/storageAccounts/fileServices/shares@2025-06-01',
    resourceId: `${props.fileServiceId}/shares/${props.name}`,
    body: { properties: { provisionedIops, provisionedBandwidthMibps } },
    owners: [share],
  });
}
