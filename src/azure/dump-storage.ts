import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { renderAlerts } from './alerts';
import { ArmUpdate, SharedAzapiProvider } from './arm-update';
import { AzureCloud } from './cloud';
import { CheckedStorage, checkStorage } from './dump-storage-checks';
import type { DumpStorageProps } from './dump-storage-options';
import { renderEncryption } from './encryption';
import { renderShare } from './file-share';
import { refuseSameNames } from './neighbours';
import { renderBackup, renderLock, renderWorkspaceLock } from './protection';
import { renderReaders } from './readers';
import { renderAccount, updateAccount } from './storage-account';
import type { MountIdentity, StorageContext } from './storage-context';
import { uniqueNamesOf } from './unique-names';
import { located } from '../input/located-error';
import type { AzureFilesShare } from '../stores/azure-files/share';

/** Domain of the storage service in each cloud. */
const STORAGE_SUFFIX: Record<AzureCloud, string> = {
  [AzureCloud.PUBLIC]: 'core.windows.net',
  [AzureCloud.US_GOVERNMENT]: 'core.usgovcloudapi.net',
  [AzureCloud.CHINA]: 'core.chinacloudapi.cn',
};

/**
 * A storage account for dumps with its share, network, identities, roles, audit log, alerts and lock: in any stack of
 * CDKTF that has the azurerm provider; azapi is added, unless the stack has a default configuration of it. Dumps hold
 * passwords, keys and personal data, so what is not said in `access` and `network` is closed.
 *
 * The stack gets the outputs `share`, `clientId` and `principalId`; in a stack other than `DumpStorageStack` the path
 * of this construct comes before their names, as in `Dumps_share`. None of them is a secret.
 */
export class DumpStorage extends Construct {
  /** The share, for `AzureFilesDumpStore.fromShare`. */
  public readonly share: AzureFilesShare;
  /** Resource id of the storage account. */
  public readonly accountId: string;
  /** Name of the account on the network. */
  public readonly fileHost: string;
  /** Client id of the identity that mounts; undefined without one. */
  public readonly clientId?: string;
  /** Object id of the identity that mounts; undefined without one. */
  public readonly principalId?: string;
  /** Resource id of the identity that is made; undefined where none is. */
  public readonly identityId?: string;
  /**
   * Id of the private DNS zone of the account's name, for `privateDnsZoneId` of a further storage: a virtual network
   * takes one zone of a name. Undefined without a private endpoint, or where a policy registers it.
   */
  public readonly privateDnsZoneId?: string;

  constructor(scope: Construct, id: string, props: DumpStorageProps) {
    super(scope, id);
    const checked = located(this.node.path, () => checkStorage(props));
    refuseSameNames(this, uniqueNamesOf(props, checked, `privatelink.file.${STORAGE_SUFFIX[checked.cloud]}`));
    const storage = this.storageContext(props);
    const identity = props.access._identity(this, storage);
    const encryption = renderEncryption(this, storage, props.customerManagedKey);
    const account = renderAccount(this, storage, {
      ...checked,
      access: props.access,
      network: props.network,
      trustedServices: props.allowTrustedServices ?? checked.backup !== undefined,
      encryption,
      infrastructureEncryption: props.infrastructureEncryption ?? true,
      allowAes128: props.allowAes128 ?? false,
      preventDestroy: props.preventDestroy ?? false,
    });
    this.accountId = account.id;
    this.fileHost = account.primaryFileHost;
    this.clientId = identity?.clientId;
    this.principalId = identity?.principalId;
    this.identityId = identity?.id;
    this.share = this.describeShare(props, checked, identity);

    const fileServiceId = `${account.id}/fileServices/default`;
    const settled = updateAccount(this, account, fileServiceId, props.access);
    const share = renderShare(this, {
      ...checked,
      name: checked.shareName,
      accountId: account.id,
      fileServiceId,
      provisionedIops: props.provisionedIops,
      provisionedBandwidthMibps: props.provisionedBandwidth,
      preventDestroy: props.preventDestroy ?? false,
      dependsOn: settled,
    });
    const { endpoints, privateDnsZoneId } = props.network._connect(
      this,
      storage,
      account.id,
      STORAGE_SUFFIX[checked.cloud],
      [share],
    );
    this.privateDnsZoneId = privateDnsZoneId;
    const roles = [
      ...(identity ? [props.access._grant(this, account.id, identity)] : []),
      ...renderReaders(this, checked.readers, `${fileServiceId}/fileshares/${checked.shareName}`, [share]),
    ];
    const log = checked.audit._render(this, storage, fileServiceId, settled);
    if (props.alerts) {
      renderAlerts(
        this,
        storage,
        props.alerts,
        {
          name: checked.shareName,
          accountId: account.id,
          fileServiceId,
          capacityGibibytes: checked.capacityGibibytes,
          countedApart: checked.sku.kind === 'FileStorage',
          mountPrincipalId: identity?.principalId,
        },
        log,
      );
    }
    const backup = checked.backup
      ? [renderBackup(this, storage, checked.backup, account.id, checked.shareName, [share])]
      : [];
    if (props.lock ?? true) {
      if (log?.made) renderWorkspaceLock(this, log);
      renderLock(this, account.id, [share, ...endpoints, ...roles, ...(log ? [log.setting] : []), ...backup]);
    }
    if (this.node.children.some((child) => child instanceof ArmUpdate)) {
      new SharedAzapiProvider(this, 'Azapi', { subscriptionId: props.subscriptionId, environment: checked.cloud });
    }
    this.addOutputs();
  }

  /** The group by its resource, so that what is in it waits for it. */
  private storageContext(props: DumpStorageProps): StorageContext {
    const { storageAccountName: accountName, location, tags, resourceGroupName, existingResourceGroupName } = props;
    const group =
      existingResourceGroupName ??
      new ResourceGroup(this, 'ResourceGroup', { name: resourceGroupName ?? `rg-${accountName}`, location, tags }).name;
    return { accountName, resourceGroupName: group, location, tags };
  }

  private describeShare(props: DumpStorageProps, checked: CheckedStorage, identity?: MountIdentity): AzureFilesShare {
    const { shareName, protocol, capacity, cloud } = checked;
    const workload = props.access._workload;
    return {
      storageAccountName: props.storageAccountName,
      resourceGroupName: props.existingResourceGroupName ?? props.resourceGroupName ?? `rg-${props.storageAccountName}`,
      shareName,
      protocol,
      capacity,
      ...(props.driverVersion !== undefined && { driverVersion: props.driverVersion }),
      ...(props.subscriptionId !== undefined && { subscriptionId: props.subscriptionId }),
      ...(props.access._authentication !== undefined && { authentication: props.access._authentication }),
      ...(identity && { clientId: identity.clientId }),
      ...(workload && {
        serviceAccountName: workload.serviceAccountName,
        serviceAccountNamespaces: workload.namespaces,
      }),
      ...(props.access._requiresNfsEncryption && { encryptInTransit: true }),
      ...(cloud !== AzureCloud.PUBLIC && { storageEndpointSuffix: STORAGE_SUFFIX[cloud] }),
    };
  }

  private addOutputs(): void {
    const { capacity, ...share } = this.share; // a Size is no text
    const output = { ...share, capacityGibibytes: capacity!.toGibibytes() };
    this.addOutput('share', output, 'the dump share, in the form that AzureFilesDumpStore.fromShare expects');
    if (this.clientId !== undefined) {
      this.addOutput('clientId', this.clientId, 'client id of the identity that mounts the dump share');
    }
    if (this.principalId !== undefined) {
      this.addOutput('principalId', this.principalId, 'object id of the identity that mounts the dump share');
    }
  }

  private addOutput(name: string, value: unknown, description: string): void {
    const output = new TerraformOutput(this, name, { value, description });
    const scopes = this.node.scopes
      .slice(TerraformStack.of(this).node.scopes.length)
      .map(({ node }) => node.id.replace(/[^A-Za-z0-9_-]/g, '_'));
    output.overrideLogicalId([...scopes, name].join('_'));
  }
}
