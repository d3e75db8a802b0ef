import { Size } from 'cdk8s';
import { SIZE } from '../input/checks';
import { located } from '../input/located-error';
import { checkProps } from '../input/struct';
import { mebibytesOf } from '../input/units';

/** Options of `DumpDelivery.spooled`. */
export interface SpooledDeliveryOptions {
  /**
   * How much the dumps that are not published yet may take on the node's disk; whole mebibytes. Less than the memory
   * limit of the target cannot hold one full dump and is an error.
   * @default - twice the memory limit of the target, at least 512Mi; 4Gi where there is no limit
   */
  readonly sizeLimit?: Size;
}

/** How dumps get from the process to the store. */
export class DumpDelivery {
  /**
   * Dumps are written to a spool on the node's disk, so that the process stands still no longer than that disk needs;
   * the sidecar then publishes them: copies them to the store, compares, and only then frees the spool. A store that is
   * slow or gone blocks nobody.
   *
   * The sidecar requests `ephemeral-storage` of the spool's size, so that the scheduler counts it. It has no limit of
   * its own: the kubelet takes the limits of the containers for the limit of the whole pod, and would evict the
   * application for what the sidecar wrote. Where a container of the pod has such a limit already, the sidecar has one
   * too, so that the pod's has room for the spool.
   *
   * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#local-ephemeral-storage
   */
  public static spooled(options: SpooledDeliveryOptions = {}): DumpDelivery {
    return located('DumpDelivery.spooled', () => {
      const { sizeLimit } = checkProps(options, { sizeLimit: SIZE }, 'options');
      return new DumpDelivery(false, sizeLimit === undefined ? undefined : mebibytesOf('sizeLimit', sizeLimit));
    });
  }

  /**
   * Dumps are written into the store itself: nothing is copied afterwards, but the process stands still until the store
   * has taken the whole dump. Where its liveness probe would restart it meanwhile, that is an error.
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
