import { Size } from 'cdk8s';
import { SIZE } from '../input/checks';
import { located } from '../input/located-error';
import { checkProps } from '../input/struct';
import { mebibytesOf } from '../input/units';

/** Options of `DumpDelivery.spooled`. */
export interface SpooledDeliveryOptions {
  /**
   * Disk space on the node for dumps that are not published yet, in whole mebibytes. Synth fails if it is smaller than
   * the target's memory limit, because one full dump would not fit.
   * @default - twice the target's memory limit, at least 512Mi; 4Gi if the target has no memory limit
   */
  readonly sizeLimit?: Size;
}

/** How dumps get from the process to the store. */
export class DumpDelivery {
  /**
   * Writes dumps to a spool on the node's disk, so that the process is stopped only as long as that disk needs. The
   * sidecar then publishes each dump: it copies the dump to the store, verifies the copy and frees the spool. A slow or
   * unreachable store never blocks the application.
   *
   * The sidecar requests `ephemeral-storage` for the spool, so that the scheduler counts it. It sets no
   * `ephemeral-storage` limit: the kubelet enforces the sum of container limits on the whole pod. If another container
   * already has such a limit, the sidecar sets one too, so that the sum leaves room for the spool.
   * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#local-ephemeral-storage
   */
  public static spooled(options: SpooledDeliveryOptions = {}): DumpDelivery {
    return located('DumpDelivery.spooled', () => {
      const { sizeLimit } = checkProps(options, { sizeLimit: SIZE }, 'options');
      return new DumpDelivery(false, sizeLimit === undefined ? undefined : mebibytesOf('sizeLimit', sizeLimit));
    });
  }

  /**
   * Writes dumps directly into the store. Nothing is copied afterwards, but the process is stopped until the store has
   * the whole dump. Synth fails if the liveness probe would restart the target first.
   */
  public static direct(): DumpDelivery {
    return new DumpDelivery(true);
  }

  private constructor(
    /** @internal */
    public readonly _direct: boolean,
    /** In mebibytes. @internal */
    public readonly _sizeLimit?: number,
  ) {}
}
