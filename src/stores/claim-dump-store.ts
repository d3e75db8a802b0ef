import { Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { DumpStoreBinding, IDumpStore } from './dump-store';
import { check } from '../input/check';
import { NAME } from '../input/checks';
import { located } from '../input/located-error';
import { checkedScope, IN_CHART } from '../input/scope';

/**
 * A dump store on an existing PersistentVolumeClaim. A workload with several replicas needs access mode
 * `ReadWriteMany`.
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/
 */
export class ClaimDumpStore extends Construct implements IDumpStore, kplus.IStorage {
  /** Imports a claim by its name, from the namespace of the chart that contains `scope`. */
  public static fromClaimName(scope: Construct, id: string, claimName: string): ClaimDumpStore {
    return new ClaimDumpStore(scope, id, claimName);
  }

  /** Name of the claim. */
  public readonly claimName: string;
  private volume?: kplus.Volume;

  private constructor(scope: Construct, id: string, claimName: string) {
    super(checkedScope("ClaimDumpStore.fromClaimName(chart, 'Dumps', …)", scope, id, IN_CHART), id);
    this.claimName = located(this.node.path, () => check('claimName', claimName, NAME));
  }

  public bindDumpStore(namespace?: string): DumpStoreBinding {
    const own = Chart.of(this).namespace;
    if (own !== undefined && namespace !== own) {
      throw new Error(
        `${this.node.path}: claim '${this.claimName}' is in namespace '${own}' and cannot be mounted in ` +
          `${namespace === undefined ? 'a workload whose manifest sets none' : `namespace '${namespace}'`}; import a ` +
          'claim in a chart of that namespace, or use AzureFilesDumpStore, which makes a claim for each namespace',
      );
    }
    return { volume: { persistentVolumeClaim: { claimName: this.claimName } } };
  }

  /** Returns the claim as a volume for a cdk8s-plus-28 pod; for other versions use `claimName`. */
  public asVolume(): kplus.Volume {
    this.volume ??= claimVolume(this, this.claimName);
    return this.volume;
  }
}

/** Returns a volume on a claim that cdk8s-plus did not create. */
export function claimVolume(scope: Construct, claimName: string): kplus.Volume {
  return kplus.Volume.fromPersistentVolumeClaim(
    scope,
    'Volume',
    kplus.PersistentVolumeClaim.fromClaimName(scope, 'MountedClaim', claimName),
  );
}
