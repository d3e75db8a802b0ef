import { ITerraformDependable, TerraformProvider, TerraformResource, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { AzureCloud } from './cloud';

/** From 2.5, updates omit read-only properties, such as the ids in an account's identity, which Azure would refuse. */
const AZAPI_VERSION = '~> 2.5';

/** Provider arguments. They default to environment variables such as `ARM_SUBSCRIPTION_ID`, as in azurerm. */
export interface AzapiArguments {
  readonly subscriptionId?: string;
  readonly tenantId?: string;
  readonly environment?: AzureCloud;
}

/** The azapi provider, for properties that azurerm does not support. No bindings exist for this version of CDKTF. */
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
 * The azapi provider for a storage in a user's stack, which can have only one default configuration of a provider. It
 * is omitted if the stack configures azapi itself, even later. Several instances of this class render one
 * configuration.
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
  /** Only the properties to change; the provider merges them into the resource. */
  readonly body: { [name: string]: unknown };
  /** Resources whose update by azurerm may overwrite the properties, which are then set again in the same apply. */
  readonly owners: TerraformResource[];
  readonly after?: ITerraformDependable[];
}

/**
 * An update of properties that azurerm does not support, on a resource that azurerm manages.
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
      // Terraform accepts a plain reference here, but no expression
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
      // an account refuses operations for a while after each change
      retry: { error_message_regex: ['StorageAccountOperationInProgress'] },
    };
  }
}
