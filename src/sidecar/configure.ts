import type { Duration } from 'cdk8s';
import type { SidecarConfig } from './config';
import type { DiagnosticsDirectory } from './diagnostics-directory';
import { DumpDelivery } from './dump-delivery';
import { DumpRetention, dumpRetentionOf } from './dump-retention';
import { refuseStoreDirectory } from './dump-volumes';
import { checkSecurityProfiles, renderResources, SidecarResources, SidecarSecurityContext } from './overrides';
import { SidecarPlacement } from './placement';
import { DumpLimits, dumpLimitsOf } from '../capture/dump-limits';
import type { ProcDumpTarget } from '../capture/procdump-target';
import type { ProcDumpTrigger } from '../capture/procdump-trigger';
import { dumpsOf, planWatches } from '../capture/watches';
import { secondsOf } from '../input/units';
import type { PodSecurityLevel } from '../kubernetes/pod-security';

const LONGEST_DRAIN = 86_400;

/** The user's options, each checked individually. */
export interface SidecarRequest {
  readonly image: string;
  readonly target: ProcDumpTarget;
  readonly triggers?: ProcDumpTrigger[];
  readonly delivery?: DumpDelivery;
  readonly dumpDirectory?: string;
  readonly limits?: DumpLimits;
  readonly retention?: DumpRetention;
  readonly drainTimeout?: Duration;
  readonly placement?: SidecarPlacement;
  readonly podSecurity?: PodSecurityLevel;
  readonly resources?: SidecarResources;
  readonly imagePullPolicy?: string;
  readonly imagePullSecrets?: string[];
  readonly containerName?: string;
  readonly securityContext?: SidecarSecurityContext;
  readonly acknowledge?: string[];
}

/**
 * Returns the request with its defaults. Does all checks that do not depend on a pod, so that the stack trace points to
 * the user's line.
 */
export function configureSidecar(
  request: SidecarRequest,
  diagnosticsDirectory: DiagnosticsDirectory | undefined,
): SidecarConfig {
  const {
    target,
    triggers = [],
    delivery = DumpDelivery.spooled(),
    containerName = 'procdump',
    placement = SidecarPlacement.AUTO,
  } = request;
  if (delivery._direct) refuseWithoutSpool(request);
  const watches = planWatches(triggers, target._runtime);
  const limits = dumpLimitsOf(request.limits, dumpsOf(watches));
  renderResources(request.resources);
  checkSecurityProfiles(request.securityContext ?? {});
  const dumpDirectory = request.dumpDirectory ?? (delivery._direct ? '/data' : '/dumps');
  if (!delivery._direct) refuseStoreDirectory(dumpDirectory);
  return {
    image: request.image,
    containerName,
    imagePullPolicy: request.imagePullPolicy,
    imagePullSecrets: [...(request.imagePullSecrets ?? [])],
    target,
    triggers: [...triggers],
    watches,
    limits,
    delivery,
    retention: dumpRetentionOf(request.retention),
    drainSeconds:
      request.drainTimeout === undefined
        ? undefined
        : secondsOf('drainTimeout', request.drainTimeout, 1, LONGEST_DRAIN),
    dumpDirectory,
    diagnosticsDirectory,
    placement,
    podSecurity: request.podSecurity,
    resources: request.resources,
    securityContext: request.securityContext,
    acknowledge: [...(request.acknowledge ?? [])],
  };
}

/**
 * Direct delivery publishes nothing: there is nothing to retain in the store and nothing to drain when the pod is
 * deleted.
 */
function refuseWithoutSpool({ retention, drainTimeout }: SidecarRequest): void {
  const given = Object.entries({ retention, drainTimeout }).find(([, value]) => value !== undefined);
  if (given) {
    throw new Error(
      `${given[0]} needs spooled delivery, but delivery is DumpDelivery.direct(); remove ${given[0]}, or use ` +
        'DumpDelivery.spooled()',
    );
  }
}
