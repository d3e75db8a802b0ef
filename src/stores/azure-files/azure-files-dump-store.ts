import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { AZURE_FILES_ACCESS, AzureFilesAccess, identityParameters, parametersAccess } from './access';
import { AZURE_FILES_DRIVER, bindClaim } from './claim';
import { AzureFilesProtocol } from './enums';
import { identityFlags } from './identity-flags';
import {
  AzureFilesMountOptions,
  forKnownAccount,
  MOUNT_OPTIONS,
  MountOptions,
  planMountOptions,
} from './mount-options';
import { defaultCapacity } from './parameter-checks';
import { renderAzureFilesParameters } from './parameter-rendering';
import { PARAMETER_CHECKS } from './parameter-table';
import type { AzureFilesParameters } from './parameters';
import { defineServiceAccount } from './service-account';
import { AzureFilesShareDumpStore } from './share-dump-store';
import type { AzureFilesShareDumpStoreProps } from './share-dump-store-props';
import { ACCOUNT_PROPS, AzureFilesStorageAccountProps } from './storage-account-props';
import { computed, NAME, SIZE, TEXT } from '../../input/checks';
import { located } from '../../input/located-error';
import { checkedScope, IN_CHART } from '../../input/scope';
import { checkProps, Checks } from '../../input/struct';
import { claimVolume } from '../claim-dump-store';
import { DumpStoreBinding, IDumpStore } from '../dump-store';
import { immutableName, NamespacedObjects, resolvedNow, StoreObject } from '../store-object';

const ACCESS_MODES = ['ReadWriteMany'];
/** Parameters that `access` sets. */
const SAID_BY_ACCESS = [
  'clientId',
  'tenantId',
  'mountWithManagedIdentity',
  'mountWithWorkloadIdentityToken',
  'mountWithOAuthToken',
  'secretName',
  'secretNamespace',
] as const;

/** Properties of `AzureFilesDumpStore`. */
export interface AzureFilesDumpStoreProps extends AzureFilesParameters, AzureFilesMountOptions {
  /**
   * Size of the share in each namespace. Plan for whole dumps: replicas × dumps per pod × memory of the process.
   * @default - 5Gi or the minimum of the SKU, whichever is larger
   */
  readonly capacity?: Size;
  /**
   * Credential that nodes mount with; SMB only. Replaces `clientId`, `tenantId`, `secretName` and the `mountWith…`
   * flags, and defines the service account of a workload identity.
   * @default - as these parameters specify, otherwise the account key
   */
  readonly access?: AzureFilesAccess;
  /**
   * Name of an existing StorageClass, for clusters where application teams may not create one. The class then defines
   * parameters and mount options; setting any of them here is an error.
   * @default - a StorageClass is created
   */
  readonly storageClassName?: string;
  /**
   * Version of the CSI driver in the cluster, for example `1.34.2`. Synth fails for parameters that this version does
   * not support.
   * @default - not checked
   */
  readonly driverVersion?: string;
}

const PROPS: Checks<AzureFilesDumpStoreProps> = {
  ...PARAMETER_CHECKS,
  ...MOUNT_OPTIONS,
  capacity: SIZE,
  access: AZURE_FILES_ACCESS,
  storageClassName: computed(NAME),
  driverVersion: computed(TEXT),
};
/**
 * A dump store on Azure Files. It creates a StorageClass and, in each namespace with workloads, a claim for which the
 * CSI driver creates a share. All replicas mount the claim at once, and its data is retained when it is deleted
 * (`Retain`).
 *
 * While the storage account is unreachable, new pods that mount the share do not start; running pods are not affected.
 *
 * The names of class and claim contain a hash of their immutable content, of the construct's path and of the namespace
 * of its chart. Two namespaces of one app therefore never own the same object. Two apps whose charts and constructs
 * have the same ids and namespace share them: give the charts different ids or namespaces.
 *
 * Kubernetes does not allow changes to a class or to the class of a claim, so different parameters create a new class,
 * claim and share. The old share keeps the old dumps.
 *
 * @see https://learn.microsoft.com/azure/aks/azure-files-csi
 */
export class AzureFilesDumpStore extends Construct implements IDumpStore, kplus.IStorage {
  /**
   * Creates a store whose shares the driver creates in an existing storage account. On SMB, files belong to user and
   * group 1654, as in the official .NET images. Nobody else can read or write them: the modes are 0770 and 0660. `uid`
   * and `gid` set another owner; with modes alone, the owner is root. Synth fails if the sidecar cannot write.
   *
   * With an identity, the cluster's controller needs the role Storage Account Contributor on the account to create
   * shares; `fromShare` does not need it.
   */
  public static fromStorageAccount(
    scope: Construct,
    id: string,
    props: AzureFilesStorageAccountProps,
  ): AzureFilesDumpStore {
    checkedScope("AzureFilesDumpStore.fromStorageAccount(chart, 'Dumps', { … })", scope, id, IN_CHART);
    located(`${scope.node.path}/${id}`, () => checkProps(props, ACCOUNT_PROPS));
    const { storageAccountName, resourceGroupName, ...others } = props;
    // Resolved here too, because without an account the driver would choose any.
    located(`${scope.node.path}/${id}`, () =>
      checkProps({ ...props, ...resolvedNow(scope, { storageAccountName, resourceGroupName }) }, ACCOUNT_PROPS),
    );
    return new AzureFilesDumpStore(scope, id, {
      ...others,
      ...forKnownAccount(props.protocol, props),
      storageAccount: storageAccountName,
      resourceGroup: resourceGroupName,
    });
  }

  /**
   * Creates a store on an existing share, or on one that Terraform creates. Each namespace with workloads gets a
   * PersistentVolume and a claim.
   */
  public static fromShare(
    scope: Construct,
    id: string,
    props: AzureFilesShareDumpStoreProps,
  ): AzureFilesShareDumpStore {
    return new AzureFilesShareDumpStore(scope, id, props);
  }

  /**
   * Name of the claim, the same in each namespace. Use it in pods of other cdk8s-plus versions and in raw manifests.
   */
  public readonly claimName: string;
  /**
   * Name of the StorageClass. A new class has a hash of its content in the name, because Kubernetes does not allow
   * changes to a class.
   */
  public readonly storageClassName: string;
  private readonly capacity: Size;
  private mountOptions?: MountOptions;
  private readonly access?: AzureFilesAccess;
  private readonly objects: NamespacedObjects;
  private volume?: kplus.Volume;

  constructor(scope: Construct, id: string, props: AzureFilesDumpStoreProps = {}) {
    super(checkedScope("new AzureFilesDumpStore(chart, 'Dumps', { … })", scope, id, IN_CHART), id);
    const resolved = located(this.node.path, () => this.resolveProps(props));
    this.capacity = resolved.capacity ?? defaultCapacity(resolved);
    if (this.capacity.toKibibytes() <= 0) {
      throw new Error(`${this.node.path}: capacity must be above 0, got ${this.capacity.asString()}`);
    }
    this.access = resolved.access;
    this.storageClassName = located(this.node.path, () =>
      resolved.storageClassName === undefined
        ? this.defineClass(resolved)
        : this.useClass(resolved, resolved.storageClassName),
    );
    this.claimName = immutableName(this, { storageClassName: this.storageClassName, accessModes: ACCESS_MODES });
    this.objects = new NamespacedObjects(this, (namespace, suffix) => this.defineObjects(namespace, suffix));
  }

  public bindDumpStore(namespace?: string): DumpStoreBinding {
    this.objects.define(namespace);
    return bindClaim(this.claimName, this.access, this.mountOptions, this.capacity);
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

  /** Resolves the props with the app's resolvers, so that computed values are checked too. */
  private resolveProps(given: AzureFilesDumpStoreProps): AzureFilesDumpStoreProps {
    const { capacity, access, ...others } = checkProps(given, PROPS);
    const resolved = access && AzureFilesAccess._resolved(access, resolvedNow(this, access._options, 'access'));
    return checkProps({ capacity, access: resolved, ...resolvedNow(this, others) }, PROPS);
  }

  private defineClass(props: AzureFilesDumpStoreProps): string {
    const parameters: AzureFilesParameters = { ...props, ...this.accessParameters(props) };
    this.mountOptions = planMountOptions(
      props.protocol ?? AzureFilesProtocol.SMB,
      props,
      identityFlags(parameters).length > 0,
    );
    const spec = {
      provisioner: AZURE_FILES_DRIVER,
      allowVolumeExpansion: true,
      // Deleting a claim must keep the dumps. With Delete the driver deletes the share, even one that it did not
      // create.
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'Immediate',
      parameters: renderAzureFilesParameters(parameters, {
        driverVersion: props.driverVersion,
        access: parametersAccess(props.access),
        capacity: this.capacity,
      }),
      mountOptions: this.mountOptions.items,
    };
    const name = immutableName(this, spec);
    new StoreObject(this, 'StorageClass', {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name },
      ...spec,
    });
    return name;
  }

  private accessParameters(props: AzureFilesDumpStoreProps): AzureFilesParameters {
    const { access } = props;
    if (access === undefined) return {};
    const twice = SAID_BY_ACCESS.find((prop) => props[prop] !== undefined);
    if (twice) {
      throw new Error(
        `${twice} '${props[twice]}' is given together with access, which already sets it; remove one of them`,
      );
    }
    const { secretName, secretNamespace } = access._options;
    return {
      ...identityParameters(access),
      ...(secretName === undefined ? {} : { secretName }),
      ...(secretNamespace === undefined ? {} : { secretNamespace }),
    };
  }

  private useClass(
    { capacity, storageClassName, driverVersion, access, ...classProps }: AzureFilesDumpStoreProps,
    name: string,
  ): string {
    const given = Object.entries({ ...classProps, access, driverVersion })
      .filter(([, value]) => value !== undefined)
      .map(([prop]) => prop);
    if (given.length > 0) {
      throw new Error(
        `${given.join(', ')} would have no effect: storageClassName '${name}' uses an existing class with its own ` +
          'parameters; remove storageClassName, or these props',
      );
    }
    return name;
  }

  private defineObjects(namespace: string | undefined, suffix: string): void {
    if (this.access) defineServiceAccount(this, this.access, namespace, suffix);
    new StoreObject(this, `Claim${suffix}`, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: this.claimName, namespace },
      spec: {
        accessModes: [...ACCESS_MODES],
        storageClassName: this.storageClassName,
        resources: { requests: { storage: this.capacity.asString() } },
      },
    });
  }
}
