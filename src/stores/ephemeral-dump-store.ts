import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { DumpStoreBinding, IDumpStore } from './dump-store';
import { SIZE } from '../input/checks';
import { located } from '../input/located-error';
import { checkedScope } from '../input/scope';
import { checkProps } from '../input/struct';

/** Properties of `EphemeralDumpStore`. */
export interface EphemeralDumpStoreProps {
  /**
   * Disk space on the node for the dumps of one pod. The kubelet evicts a pod that writes more. With spooled delivery,
   * the sidecar first deletes the oldest dumps but keeps the newest: synth fails if the size is less than twice the
   * target's memory limit, unless only one dump is taken.
   * @default - 4Gi or twice the memory limit of the target, whichever is larger
   */
  readonly sizeLimit?: Size;
}

/**
 * A dump store on the node's disk that exists as long as the pod, for clusters where dumps are copied out with
 * `kubectl cp`. With spooled delivery, the disk holds spool and store, and the sidecar requests `ephemeral-storage` for
 * both.
 * @see https://kubernetes.io/docs/concepts/storage/volumes/#emptydir
 */
export class EphemeralDumpStore extends Construct implements IDumpStore, kplus.IStorage {
  private readonly sizeLimit?: Size;
  private volume?: kplus.Volume;

  constructor(scope: Construct, id: string, props: EphemeralDumpStoreProps = {}) {
    super(checkedScope("new EphemeralDumpStore(chart, 'Dumps')", scope, id), id);
    const { sizeLimit } = located(this.node.path, () => checkProps(props, { sizeLimit: SIZE }));
    if (sizeLimit !== undefined && sizeLimit.toKibibytes() <= 0) {
      throw new Error(
        `${this.node.path}: sizeLimit must be above 0, got ${sizeLimit.asString()}; give the size of the dumps of ` +
          'one pod',
      );
    }
    this.sizeLimit = sizeLimit;
  }

  public bindDumpStore(_namespace?: string): DumpStoreBinding {
    const { sizeLimit } = this;
    if (sizeLimit === undefined) return { volume: { emptyDir: {} }, shared: false };
    return { volume: { emptyDir: { sizeLimit: sizeLimit.asString() } }, size: sizeLimit, shared: false };
  }

  /** Returns a volume of this size, 4Gi by default, for a cdk8s-plus-28 pod. Each pod has its own volume. */
  public asVolume(): kplus.Volume {
    this.volume ??= kplus.Volume.fromEmptyDir(this, 'Volume', 'dumps', {
      sizeLimit: this.sizeLimit ?? Size.gibibytes(4),
    });
    return this.volume;
  }
}
