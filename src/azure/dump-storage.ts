import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { renderAlerts } from './alerts';
import { ArmUpdate, SharedAzapiProvider } from './arm-update';
import { AzureCloud } from './cloud';
import { CheckedStorage, checkStorage } from './dump-storage-checks';
import type { DumpStorageProps } from './dump-storage-options';
import type { DumpTeam } from './dump-team';
import { renderEncryption } from './encryption';
import { renderShare } from './file-share';
import { refuseSameNames, refuseTooManyCredentials } from './neighbours';
import { renderBackup, renderLock, renderWorkspaceLock } from './protection';
import { renderReaders } from './readers';
import { renderAccount, updateAccount } from './storage-account';
import type { MountIdentity, StorageContext } from './storage-context';
import { identityNameOf, NamedAccess } from './teams';
import { uniqueNamesOf } from './unique-names';
import { addedCredentials, MAX_CREDENTIALS } from './workload-identity';
import { check } from '../input/check';
import { TEXT } from '../input/checks';
import { located } from '../input/located-error';
import { checkedScope, within } from '../input/scope';
import type { AzureFilesShare } from '../stores/azure-files/share';

/** Domain of the storage service in each cloud. */
const STORAGE_SUFFIX: Record<AzureCloud, string> = {
  [AzureCloud.PUBLIC]: 'core.windows.net',
  [AzureCloud.US_GOVERNMENT]: 'core.usgovcloudapi.net',
  [AzureCloud.CHINA]: 'core.chinacloudapi.cn',
};

const IN_STACK = within('in a stack of CDKTF', (construct) => TerraformStack.isStack(construct));

/** An access with its scope and identity. */
interface Mount extends NamedAccess {
  readonly scope: Construct;
  readonly identity?: MountIdentity;
}

/**
 * A storage account for dumps, with its share, network access, identities, roles, audit log, alerts and lock. It works
 * in any CDKTF stack with the azurerm provider, and adds azapi unless the stack has a default configuration of it.
 * Dumps contain passwords, keys and personal data, so any access that `access` and `network` do not configure is
 * denied.
 *
 * The stack gets the outputs `share`, `clientId` and `principalId`, and the same outputs for each team with a suffix,
 * such as `share_payments`. In a stack other than `DumpStorageStack`, the path of this construct is their prefix, as in
 * `Dumps_share`. None of the outputs is a secret.
 */
export class DumpStorage extends Construct {
  /** The share, for `AzureFilesDumpStore.fromShare`. */
  public readonly share: AzureFilesShare;
  /** Resource id of the storage account. */
  public readonly accountId: string;
  /** Host name of the account's file service. */
  public readonly fileHost: string;
  /** Client id of the identity that mounts the share; undefined without one. */
  public readonly clientId?: string;
  /** Object id of the identity that mounts the share; undefined without one. */
  public readonly principalId?: string;
  /** Resource id of the new identity; undefined if none is created. */
  public readonly identityId?: string;
  /**
   * Id of the private DNS zone of the account's host name, for `privateDnsZoneId` of another storage: a virtual network
   * can be linked to only one zone of the same name. Undefined without a private endpoint, or if a policy registers the
   * endpoint.
   */
  public readonly privateDnsZoneId?: string;
  private readonly teams: Map<string, DumpTeam>;

  constructor(scope: Construct, id: string, props: DumpStorageProps) {
    super(checkedScope("new DumpStorage(stack, 'Dumps', { … })", scope, id, IN_STACK), id);
    const checked = located(this.node.path, () => checkStorage(props));
    refuseSameNames(this, uniqueNamesOf(props, checked, `privatelink.file.${STORAGE_SUFFIX[checked.cloud]}`));
    refuseTooManyCredentials(
      this,
      addedCredentials(checked.allAccess.map(({ access }) => access._workload)),
      MAX_CREDENTIALS,
    );
    const storage = this.storageContext(props);
    const mounts = checked.allAccess.map((named) => this.mountOf(storage, named));
    const [{ identity }] = mounts;
    const encryption = renderEncryption(this, storage, props.customerManagedKey);
    const account = renderAccount(this, storage, {
      ...checked,
      access: props.access,
      network: props.network,
      trustedServices: props.allowTrustedServices ?? checked.backup !== undefined,
      trustedResources: props.trustedResources ?? [],
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
    this.share = this.describeShare(props, checked, mounts[0]);
    this.teams = new Map(mounts.slice(1).map((mount) => [mount.team!, this.describeTeam(props, checked, mount)]));

    const fileServiceId = `${account.id}/fileServices/default`;
    const settled = updateAccount(this, account, fileServiceId, props.access);
    const share = renderShare(this, {
      ...checked,
      name: checked.shareName,
      accountId: account.id,
      fileServiceId,
      accessTier: props.accessTier,
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
      ...mounts.flatMap((mount) =>
        mount.identity ? [mount.access._grant(mount.scope, account.id, mount.identity)] : [],
      ),
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
          mountPrincipalIds: mounts.flatMap((mount) => (mount.identity ? [mount.identity.principalId] : [])),
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

  /**
   * Returns the share and the identity of one of `teams`.
   *
   * @param name of the team in `teams`
   */
  public team(name: string): DumpTeam {
    located(this.node.path, () => check('name', name, TEXT));
    const team = this.teams.get(name);
    if (team) return team;
    const names = [...this.teams.keys()].map((known) => `'${known}'`).join(', ');
    const expected = names === '' ? 'a name in teams' : `one of ${names}`;
    throw new Error(
      `${this.node.path}: there is no team '${name}'; expected ${expected}; add it to teams, or correct the name`,
    );
  }

  /** Each team has its own scope, so that adding a team does not change the construct ids of other teams. */
  private mountOf(storage: StorageContext, named: NamedAccess): Mount {
    const scope = named.team === undefined ? this : new Construct(this, `Team-${named.team}`);
    const identity = named.access._identity(scope, storage, identityNameOf(storage.accountName, named));
    return { ...named, scope, identity };
  }

  private describeTeam(props: DumpStorageProps, checked: CheckedStorage, mount: Mount): DumpTeam {
    const { clientId, principalId, id } = mount.identity!;
    return {
      share: this.describeShare(props, checked, mount),
      clientId,
      principalId,
      ...(id !== undefined && { identityId: id }),
    };
  }

  /** References the resource group, so that Terraform creates the group before its resources. */
  private storageContext(props: DumpStorageProps): StorageContext {
    const { storageAccountName: accountName, location, tags, resourceGroupName, existingResourceGroupName } = props;
    const group =
      existingResourceGroupName ??
      new ResourceGroup(this, 'ResourceGroup', { name: resourceGroupName ?? `rg-${accountName}`, location, tags }).name;
    return { accountName, resourceGroupName: group, location, tags };
  }

  private describeShare(
    props: DumpStorageProps,
    { shareName, protocol, capacity, cloud }: CheckedStorage,
    { access, identity }: Mount,
  ): AzureFilesShare {
    const workload = access._workload;
    return {
      storageAccountName: props.storageAccountName,
      resourceGroupName: props.existingResourceGroupName ?? props.resourceGroupName ?? `rg-${props.storageAccountName}`,
      shareName,
      protocol,
      capacity,
      ...(props.driverVersion !== undefined && { driverVersion: props.driverVersion }),
      ...(props.subscriptionId !== undefined && { subscriptionId: props.subscriptionId }),
      ...(access._authentication !== undefined && { authentication: access._authentication }),
      ...(identity && { clientId: identity.clientId }),
      ...(workload && {
        serviceAccountName: workload.serviceAccountName,
        serviceAccountNamespaces: workload.namespaces,
      }),
      ...(access._requiresNfsEncryption && { encryptInTransit: true }),
      ...(cloud !== AzureCloud.PUBLIC && { storageEndpointSuffix: STORAGE_SUFFIX[cloud] }),
    };
  }

  private addOutputs(): void {
    this.addOutputsOf('', '', this.share, this);
    for (const [name, team] of this.teams) this.addOutputsOf(`_${name}`, ` of team ${name}`, team.share, team);
  }

  private addOutputsOf(suffix: string, whose: string, share: AzureFilesShare, ids: Partial<DumpTeam>): void {
    const { capacity, ...names } = share; // an output cannot contain a Size
    const output = { ...names, capacityGibibytes: capacity!.toGibibytes() };
    this.addOutput(
      `share${suffix}`,
      output,
      `the dump share${whose}, in the form that AzureFilesDumpStore.fromShare expects`,
    );
    if (ids.clientId !== undefined) {
      this.addOutput(`clientId${suffix}`, ids.clientId, `client id of the identity${whose} that mounts the dump share`);
    }
    if (ids.principalId !== undefined) {
      this.addOutput(
        `principalId${suffix}`,
        ids.principalId,
        `object id of the identity${whose} that mounts the dump share`,
      );
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
