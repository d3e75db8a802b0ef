import { ITerraformDependable, TerraformProvider, TerraformResource, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { AzureCloud } from './cloud';

/**
 * Since 2.5 an update leaves out what Azure only reads, such as the ids inside an account's identity, which it would
 * refuse.
 */
const AZAPI_VERSION = '~> 2.5';

/**
 * Arguments of the provider; what is left out comes from the environment (`ARM_SUBSCRIPTION_ID`, …), as with azurerm.
 */
export interface AzapiArguments {
  readonly subscriptionId?: string;
  readonly tenantId?: string;
  readonly environment?: AzureCloud;
}

/** The provider that sends what azurerm has no argument for. There are no bindings of it for this version of CDKTF. */
export class AzapiProvider extends TerraformProvider {
  constructor(
    scope: Construct,
    id: string,
    private readonly settings: AzapiArguments,
  ) {
    super(scope, id, {
      terraformResourceType: 'azapi',
      terraformGeneratorMetadata: { providerName: 'azapi', providerVersionConstraint: AZAPI_VERSION },
      terraformProviderSource: 'azure/azapi',
    });
  }

  protected synthesizeAttributes(): { [name: string]: unknown } {
    return { ...this.settings };
  }
}

/**
 * The provider for a storage in a stack of the user. A stack may have one default configuration of a provider: this one
 * is left out if the stack has another, even one added later, and several of this class render one.
 */
export class SharedAzapiProvider extends AzapiProvider {
  public toTerraform(): unknown {
    return this.isNeeded() ? super.toTerraform() : {};
  }

  public toHclTerraform(): unknown {
    return this.isNeeded() ? super.toHclTerraform() : {};
  }

  private isNeeded(): boolean {
    const defaults = TerraformStack.of(this)
      .node.findAll()
      .filter(
        (construct) =>
          TerraformProvider.isTerraformProvider(construct) &&
          construct.terraformResourceType === 'azapi' &&
          construct.alias === undefined,
      );
    return (defaults.find((provider) => !(provider instanceof SharedAzapiProvider)) ?? defaults[0]) === this;
  }
}

export interface ArmUpdateProps {
  /** Resource type and API version. */
  readonly type: string;
  readonly resourceId: string;
  /** Only what is to change: the provider merges it into what Azure has. */
  readonly body: { [name: string]: unknown };
  /** An update of these by azurerm may overwrite what is set here, so it is set again in the same apply. */
  readonly owners: TerraformResource[];
  readonly after?: ITerraformDependable[];
}

/**
 * Properties of a resource of azurerm that azurerm has no argument for.
 *
 * @see https://registry.terraform.io/providers/Azure/azapi/latest/docs/resources/update_resource
 */
export class ArmUpdate extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ArmUpdateProps,
  ) {
    super(scope, id, {
      terraformResourceType: 'azapi_update_resource',
      dependsOn: [...props.owners, ...(props.after ?? [])],
      // a bare reference: Terraform refuses an expression in this place
      lifecycle: {
        replaceTriggeredBy: props.owners.map(
          ({ terraformResourceType, friendlyUniqueId }) => `${terraformResourceType}.${friendlyUniqueId}`,
        ),
      },
    });
  }

  protected synthesizeAttributes(): { [name: string]: unknown } {
    return {
      type: this.props.type,
      resource_id: this.props.resourceId,
      body: this.props.body,
      // an account is busy for a while after each change of it
      retry: { error_message_regex: ['StorageAccountOperationInProgress'] },
    };
  }
}
