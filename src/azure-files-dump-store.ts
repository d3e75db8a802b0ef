import { createHash } from 'crypto';
import { ApiObject, Chart, JsonPatch, Names, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { Attachments } from './attachment';
import { AzureFilesProtocol } from './azure-files-enums';
import { AzureFilesMountOptions, MOUNT_OPTION_PROPS, renderMountOptions } from './azure-files-mount-options';
import { defaultCapacity } from './azure-files-parameter-checks';
import { PARAMETERS } from './azure-files-parameter-table';
import { AzureFilesParameters, renderAzureFilesParameters } from './azure-files-parameters';
import { checkName, checkSize } from './checks/arguments';
import { claimVolume } from './claim-dump-store';
import { DumpStoreBinding, IDumpStore } from './dump-store';
import { canonical } from './wire';

/** The CSI driver of Azure Files. */
const DRIVER = 'file.csi.azure.com';
const HASH_LENGTH = 8;
/** Untyped callers get no help from a compiler, and the driver's own names differ from these. */
const PROPS = [...PARAMETERS.map(({ prop }) => prop as string), ...MOUNT_OPTION_PROPS, 'capacity', 'driverVersion', 'storageClassName'];

/** Properties of `AzureFilesDumpStore`. */
export interface AzureFilesDumpStoreProps extends AzureFilesParameters, AzureFilesMountOptions {
  /**
   * Size of the share of each namespace. Plan for whole dumps: replicas × dumps of a pod × memory of the process.
   * @default - 5Gi, or the SKU's minimum where that is more
   */
  readonly capacity?: Size;
  /**
   * Takes a StorageClass that exists, for clusters where application teams may not create one. Parameters and mount options are
   * then the class's own, and giving any here is an error.
   * @default - a StorageClass is made
   */
  readonly storageClassName?: string;
  /**
   * Version of the CSI driver in the cluster, for example `1.34.2`: a parameter that it does not know yet is an error here, and
   * would be one in the cluster.
   * @default - not checked
   */
  readonly driverVersion?: string;
}

/**
 * Keeps dumps on Azure Files: a StorageClass, and in each namespace with workloads a claim for which the CSI driver makes a share. The
 * claim is mounted by all replicas at once and keeps its data when it is deleted (`Retain`).
 *
 * While the storage account is not reachable, new pods that mount it do not start; running ones are not touched.
 *
 * Ids are a contract: a store with another id or scope has another claim, and the old share keeps the old dumps. A class cannot be
 * changed once it is made, nor can a claim change its class: to change parameters, add a store with a new id.
 *
 * @see https://learn.microsoft.com/azure/aks/azure-files-csi
 */
export class AzureFilesDumpStore extends Construct implements IDumpStore, kplus.IStorage {
  /** Name of the claim, the same in each namespace. For pods of other versions of cdk8s-plus, and for raw manifests. */
  public readonly claimName: string;
  /** Name of the StorageClass: with a hash of its content, because a class cannot be changed. */
  public readonly storageClassName: string;
  private readonly capacity: Size;
  private readonly claims = new Set<string | undefined>();
  private volume?: kplus.Volume;

  constructor(scope: Construct, id: string, props: AzureFilesDumpStoreProps = {}) {
    super(scope, id);
    const unknown = Object.keys(props).find((prop) => !PROPS.includes(prop));
    if (unknown !== undefined) throw new Error(`${this.node.path}: there is no prop '${unknown}'; it must be one of ${PROPS.join(', ')}`);
    this.claimName = Names.toDnsLabel(this);
    this.capacity = checkSize(`${this.node.path}: capacity`, props.capacity ?? defaultCapacity(props));
    if (this.capacity.toKibibytes() <= 0) throw new Error(`${this.node.path}: capacity (${this.capacity.asString()}) must be above 0`);
    this.storageClassName = props.storageClassName === undefined ? this.defineClass(props) : this.useClass(props, props.storageClassName);
    this.node.addValidation({ validate: () => this.ensureClaim() });
  }

  public bindDumpStore(namespace?: string): DumpStoreBinding {
    this.defineClaim(namespace);
    return { volume: { persistentVolumeClaim: { claimName: this.claimName } } };
  }

  /** The claim of this chart's namespace as a volume for a pod of cdk8s-plus-28; for other versions use `claimName`. */
  public asVolume(): kplus.Volume {
    this.defineClaim(Chart.of(this).namespace);
    this.volume ??= claimVolume(this, this.claimName);
    return this.volume;
  }

  private defineClass(props: AzureFilesDumpStoreProps): string {
    const where = this.node.path;
    const spec = {
      provisioner: DRIVER,
      allowVolumeExpansion: true,
      // Deleting a claim must not delete evidence; with Delete the driver deletes the share, whoever made it.
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'Immediate',
      parameters: renderAzureFilesParameters(props, { driverVersion: props.driverVersion, capacity: this.capacity, where }),
      mountOptions: renderMountOptions(props.protocol ?? AzureFilesProtocol.SMB, props, where),
    };
    const hash = createHash('sha256').update(canonical(spec)).digest('hex').slice(0, HASH_LENGTH);
    const name = Names.toDnsLabel(this, { includeHash: false, maxLen: 63 - 1 - HASH_LENGTH }) + `-${hash}`;
    const storageClass = new ApiObject(this, 'StorageClass', { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name }, ...spec });
    dropNamespace(storageClass);
    return name;
  }

  private useClass({ capacity, storageClassName, driverVersion, ...classProps }: AzureFilesDumpStoreProps, name: string): string {
    const given = Object.entries(classProps).filter(([, value]) => value !== undefined).map(([prop]) => prop);
    checkName(`${this.node.path}: storageClassName`, name);
    if (given.length > 0 || driverVersion !== undefined) {
      throw new Error(`${this.node.path}: ${[...given, ...(driverVersion === undefined ? [] : ['driverVersion'])].join(', ')} would have no effect: storageClassName `
        + `'${name}' takes a class that exists with its own parameters; remove storageClassName, or these props`);
    }
    return name;
  }

  /** One claim a namespace. */
  private defineClaim(namespace: string | undefined): void {
    if (this.claims.has(namespace)) return;
    this.claims.add(namespace);
    const home = Chart.of(this).namespace;
    const claim = new ApiObject(this, namespace === home ? 'Claim' : `Claim-${namespace ?? 'unset'}`, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: this.claimName, namespace },
      spec: {
        accessModes: ['ReadWriteMany'],
        storageClassName: this.storageClassName,
        resources: { requests: { storage: this.capacity.asString() } },
      },
    });
    if (namespace === undefined) dropNamespace(claim);
  }

  /** A store that no workload of this app uses is meant for pods that are made elsewhere. */
  private ensureClaim(): string[] {
    if (this.claims.size === 0) Attachments.of(this).prepare();
    if (this.claims.size === 0) this.defineClaim(Chart.of(this).namespace);
    return [];
  }
}

/** A chart gives its namespace to every object. */
function dropNamespace(object: ApiObject): void {
  if (object.metadata.namespace !== undefined) object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
}
