import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { AzapiProvider } from './arm-update';
import { checkGuid } from './checks';
import { AzureCloud } from './cloud';
import { DumpStorage } from './dump-storage';
import { STORAGE_FIELDS } from './dump-storage-checks';
import type { DumpStorageOptions } from './dump-storage-options';
import { checkFields, checkOneOf } from '../input/arguments';
import type { AzureFilesShare } from '../stores/azure-files/share';

/** Properties of `DumpStorageStack`. */
export interface DumpStorageStackProps extends DumpStorageOptions {
  /** Id of the subscription in which everything is made. */
  readonly subscriptionId: string;
  /**
   * Id of the tenant of the subscription.
   * @default - of whoever applies
   */
  readonly tenantId?: string;
}

/**
 * A stack with one `DumpStorage` and the providers it needs. Where the state is kept is your choice: keep it encrypted and away from
 * people who may not read dumps, since it holds the account's keys.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend/azurerm
 */
export class DumpStorageStack extends TerraformStack {
  /** What the stack is for. */
  public readonly storage: DumpStorage;

  constructor(scope: Construct, id: string, props: DumpStorageStackProps) {
    super(scope, id);
    const { subscriptionId, tenantId, ...options } = checkFields(this.node.path, props, { ...STORAGE_FIELDS, tenantId: true });
    checkGuid(`${this.node.path}: subscriptionId`, subscriptionId);
    if (tenantId !== undefined) checkGuid(`${this.node.path}: tenantId`, tenantId);
    const environment = checkOneOf(`${this.node.path}: cloud`, options.cloud, AzureCloud) ?? AzureCloud.PUBLIC;
    new AzurermProvider(this, 'azurerm', {
      subscriptionId,
      tenantId,
      environment,
      storageUseAzuread: true,
      features: [{
        // the account is not polled over a network that whoever applies may not be in
        storage: [{ dataPlaneAvailable: false }],
        // a key that is purged takes with it what soft delete still could bring back
        keyVault: [{ purgeSoftDeleteOnDestroy: false, purgeSoftDeletedKeysOnDestroy: false }],
      }],
    });
    new AzapiProvider(this, 'azapi', { subscriptionId, tenantId, environment });
    this.storage = new DumpStorage(this, 'storage', { ...options, subscriptionId });
    for (const output of this.storage.node.children) {
      if (TerraformOutput.isTerraformOutput(output)) output.overrideLogicalId(output.node.id);
    }
  }

  /** The share, for `AzureFilesDumpStore.fromShare`. */
  public get share(): AzureFilesShare {
    return this.storage.share;
  }
}
