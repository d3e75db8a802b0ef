import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { AzapiProvider } from './arm-update';
import { computed } from './checks';
import { AzureCloud } from './cloud';
import { DumpStorage } from './dump-storage';
import { STORAGE } from './dump-storage-checks';
import type { DumpStorageOptions } from './dump-storage-options';
import type { DumpTeam } from './dump-team';
import { located } from '../input/located-error';
import { checkedScope } from '../input/scope';
import { checkProps, Checks, required } from '../input/struct';
import { GUID } from '../stores/azure-files/azure-names';
import type { AzureFilesShare } from '../stores/azure-files/share';

/** Properties of `DumpStorageStack`. */
export interface DumpStorageStackProps extends DumpStorageOptions {
  /** Id of the subscription for all resources. */
  readonly subscriptionId: string;
  /**
   * Id of the tenant of the subscription.
   * @default - the tenant of the credential that applies the stack
   */
  readonly tenantId?: string;
}

const STACK: Checks<DumpStorageStackProps> = {
  ...STORAGE,
  subscriptionId: required(computed(GUID)),
  tenantId: computed(GUID),
};

/**
 * A stack with one `DumpStorage` and the providers it needs. You choose the backend for the Terraform state. Encrypt
 * the state, and give access only to people who may read dumps, because it contains the account keys.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend/azurerm
 */
export class DumpStorageStack extends TerraformStack {
  /** The dump storage. */
  public readonly storage: DumpStorage;

  constructor(scope: Construct, id: string, props: DumpStorageStackProps) {
    super(checkedScope("new DumpStorageStack(app, 'dumps', { … })", scope, id), id);
    const { subscriptionId, tenantId, ...options } = located(this.node.path, () => checkProps(props, STACK));
    const environment = options.cloud ?? AzureCloud.PUBLIC;
    new AzurermProvider(this, 'azurerm', {
      subscriptionId,
      tenantId,
      environment,
      storageUseAzuread: true,
      features: [
        {
          // do not poll the account: the machine that applies the stack may be outside the account's network
          storage: [{ dataPlaneAvailable: false }],
          // after a purge, soft delete could not restore the key
          keyVault: [{ purgeSoftDeleteOnDestroy: false, purgeSoftDeletedKeysOnDestroy: false }],
        },
      ],
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

  /**
   * Returns the share and the identity of one of `teams`.
   *
   * @param name of the team in `teams`
   */
  public team(name: string): DumpTeam {
    return this.storage.team(name);
  }
}
