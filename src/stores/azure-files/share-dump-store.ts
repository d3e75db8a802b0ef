import type { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { AzureFilesAccess, identityParameters, parametersAccess } from './access';
import { AZURE_FILES_DRIVER, bindClaim } from './claim';
import { AzureFilesProtocol } from './enums';
import { identityFlags } from './identity-flags';
import { forKnownAccount, MountOptions, planMountOptions } from './mount-options';
import { renderVolumeAttributes } from './parameter-rendering';
import { defineServiceAccount } from './service-account';
import { AzureFilesAuthentication, AzureFilesShare } from './share';
import { capacityOf, chooseAccess, SHARE } from './share-checks';
import { AzureFilesShareDumpStoreProps, checkStoreProps, refuseMisfits } from './share-dump-store-props';
import { check } from '../../input/check';
import { located } from '../../input/located-error';
import { checkedScope, IN_CHART } from '../../input/scope';
import { struct } from '../../input/struct';
import { claimVolume } from '../claim-dump-store';
import { DumpStoreBinding, IDumpStore } from '../dump-store';
import { immutableName, NamespacedObjects, resolvedNow, StoreObject } from '../store-object';

/**
 * Requested size of a claim. The request cannot change, because the volume has no class; the claim shows the size of
 * its volume.
 */
const LEAST_SHARE = '1Gi';

/**
 * A dump store on an existing Azure Files share. Each namespace with workloads gets a PersistentVolume and a claim on
 * the share. The dumps are retained if either is deleted.
 *
 * On SMB, files belong to user and group 1654, as in the official .NET images, with the modes 0770 and 0660: nobody
 * else can read or write them. `uid` and `gid` set another owner. If you set modes but neither of them, files belong to
 * root. Synth fails if the sidecar cannot write.
 *
 * Names contain a hash of the content without the capacity, of the construct's path and of the namespace of its chart.
 * Two namespaces of one app therefore never own the same object. Two apps whose charts and constructs have the same ids
 * and namespace share them: give the charts different ids or namespaces.
 *
 * Kubernetes does not allow changes to a volume, so different content creates a new volume and claim on the same share,
 * with the same dumps.
 *
 * @see https://learn.microsoft.com/azure/aks/azure-csi-files-storage-provision#statically-provision-a-volume
 */
export class AzureFilesShareDumpStore extends Construct implements IDumpStore, kplus.IStorage {
  /**
   * Name of the claim, the same in each namespace. Use it in pods of other cdk8s-plus versions and in raw manifests.
   */
  public readonly claimName: string;
  private readonly share: AzureFilesShare;
  private readonly access?: AzureFilesAccess;
  private readonly capacity: Size;
  private readonly content: VolumeContent;
  private readonly objects: NamespacedObjects;
  private volume?: kplus.Volume;

  constructor(scope: Construct, id: string, props: AzureFilesShareDumpStoreProps) {
    super(checkedScope("AzureFilesDumpStore.fromShare(chart, 'Dumps', { share: … })", scope, id, IN_CHART), id);
    this.located(() => checkStoreProps(props));
    this.share = this.resolveShare(props.share);
    this.capacity = this.located(() => capacityOf(this.share));
    const access = this.resolveAccess(props.access);
    this.access = this.located(() => chooseAccess(this.share, access));
    this.content = this.located(() => this.renderContent(this.resolveProps(props)));
    const { attributes, mountOptions } = this.content;
    const content = { attributes, mountOptions: mountOptions.items, ...this.chosenSecret() };
    this.claimName = immutableName(this, content);
    this.objects = new NamespacedObjects(this, (namespace, suffix) => this.defineObjects(namespace, suffix));
  }

  public bindDumpStore(namespace?: string): DumpStoreBinding {
    this.objects.define(namespace);
    const isKnown = this.share.capacity !== undefined || this.share.capacityGibibytes !== undefined;
    return bindClaim(this.claimName, this.access, this.content.mountOptions, isKnown ? this.capacity : undefined);
  }

  /**
   * Returns the claim in this chart's namespace as a volume for a cdk8s-plus-28 pod; for other versions use
   * `claimName`.
   */
  public asVolume(): kplus.Volume {
    this.objects.define(this.objects.home);
    this.volume ??= claimVolume(this, this.claimName);
    return this.volume;
  }

  /** Resolves the share with the app's resolvers, so that computed values are checked too. */
  private resolveShare(given: AzureFilesShare): AzureFilesShare {
    return this.located(() => {
      const { capacity, ...texts } = given;
      const share = { ...resolvedNow(this, texts, 'share'), capacity };
      check('share', share, struct(SHARE));
      return share;
    });
  }

  private resolveProps({ share, access, ...others }: AzureFilesShareDumpStoreProps): AzureFilesShareDumpStoreProps {
    const props = { share, access, ...resolvedNow(this, others) };
    checkStoreProps(props);
    return props;
  }

  private resolveAccess(access: AzureFilesAccess | undefined): AzureFilesAccess | undefined {
    return (
      access && this.located(() => AzureFilesAccess._resolved(access, resolvedNow(this, access._options, 'access')))
    );
  }

  private renderContent(props: AzureFilesShareDumpStoreProps): VolumeContent {
    const {
      share: _share,
      access: _access,
      uid,
      gid,
      directoryMode,
      fileMode,
      mountOptions,
      driverVersion = this.share.driverVersion,
      ...others
    } = props;
    const { share } = this;
    refuseMisfits(props);
    const attributes = renderVolumeAttributes(
      {
        storageAccount: share.storageAccountName,
        resourceGroup: share.resourceGroupName,
        subscriptionId: share.subscriptionId,
        shareName: share.shareName,
        protocol: share.protocol,
        storageEndpointSuffix: share.storageEndpointSuffix,
        encryptInTransit: share.encryptInTransit,
        ...others,
        ...(this.access ? identityParameters(this.access) : {}),
      },
      { driverVersion, access: parametersAccess(this.access) },
    );
    const protocol = share.protocol ?? AzureFilesProtocol.SMB;
    const options = forKnownAccount(protocol, { uid, gid, directoryMode, fileMode, mountOptions });
    const identity = this.access !== undefined && identityFlags(identityParameters(this.access)).length > 0;
    return { attributes, mountOptions: planMountOptions(protocol, options, identity) };
  }

  /**
   * In another namespace, a node would request a token that the identity does not trust, and the volume would never
   * mount.
   */
  private refuseStrangers(namespace: string | undefined): void {
    const { serviceAccountNamespaces: trusted, shareName } = this.share;
    const { serviceAccountName } = this.access?._options ?? {};
    if (!trusted || serviceAccountName === undefined || trusted.includes(namespace ?? '')) return;
    throw new Error(
      `${this.node.path}: the identity of share '${shareName}' trusts service account '${serviceAccountName}' in ` +
        `${trusted.join(', ')} only, and not in ` +
        `${namespace === undefined ? 'a namespace that the manifest does not name' : `namespace '${namespace}'`}; ` +
        'add the namespace where the identity is made, or move the workload',
    );
  }

  private defineObjects(namespace: string | undefined, suffix: string): void {
    this.refuseStrangers(namespace);
    if (this.access) defineServiceAccount(this, this.access, namespace, suffix);
    const volumeName = `${this.claimName}-${namespace ?? 'unset'}`;
    const storage = this.capacity.asString();
    new StoreObject(this, `PersistentVolume${suffix}`, {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: volumeName },
      spec: {
        capacity: { storage },
        accessModes: ['ReadWriteMany'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: '',
        mountOptions: this.content.mountOptions.items,
        // Only the claim with this name and namespace can bind to the volume.
        ...(namespace === undefined ? {} : { claimRef: { name: this.claimName, namespace } }),
        csi: this.renderSource(volumeName, namespace),
      },
    });
    new StoreObject(this, `Claim${suffix}`, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: this.claimName, namespace },
      spec: {
        accessModes: ['ReadWriteMany'],
        storageClassName: '',
        volumeName,
        resources: { requests: { storage: LEAST_SHARE } },
      },
    });
  }

  /**
   * The handle identifies the volume in the cluster and its location:
   * group#account#share#disk#unique#namespace#subscription.
   */
  private renderSource(volumeName: string, namespace: string | undefined) {
    const { resourceGroupName, storageAccountName, shareName, subscriptionId } = this.share;
    const handle = [
      resourceGroupName,
      storageAccountName,
      shareName,
      '',
      volumeName,
      namespace ?? '',
      subscriptionId ?? '',
    ];
    return {
      driver: AZURE_FILES_DRIVER,
      volumeHandle: handle.join('#').replace(/#+$/, ''),
      volumeAttributes: this.content.attributes,
      ...(this.access?._authentication === AzureFilesAuthentication.ACCOUNT_KEY
        ? { nodeStageSecretRef: this.accountKeySecret(namespace) }
        : {}),
    };
  }

  /** The Secret reference of a volume is immutable, so a different Secret needs a new volume. */
  private chosenSecret(): { secret?: { name?: string; namespace?: string } } {
    const { secretName: name, secretNamespace: namespace } = this.access?._options ?? {};
    const chosen = name === this.defaultSecretName() ? { namespace } : { name, namespace };
    return Object.values(chosen).some((value) => value !== undefined) ? { secret: chosen } : {};
  }

  private defaultSecretName(): string {
    return `azure-storage-account-${this.share.storageAccountName}-secret`;
  }

  private accountKeySecret(namespace: string | undefined) {
    const { secretName = this.defaultSecretName(), secretNamespace = namespace } = this.access!._options;
    if (secretNamespace !== undefined) return { name: secretName, namespace: secretNamespace };
    throw new Error(
      `${this.node.path}: Secret '${secretName}' with the account key has no namespace, because the workload's ` +
        "manifest sets none; give AzureFilesAccess.accountKey({ secretNamespace: '…' }), or the chart a namespace",
    );
  }

  private located<T>(action: () => T): T {
    return located(this.node.path, action);
  }
}

/** The content of the volume, which does not depend on the namespace. */
interface VolumeContent {
  readonly attributes: { readonly [key: string]: string };
  readonly mountOptions: MountOptions;
}
