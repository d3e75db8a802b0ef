import type { DiagnosticsDirectory } from './diagnostics-directory';
import type { DumpDelivery } from './dump-delivery';
import type { CheckedDumpRetention } from './dump-retention';
import type { SidecarResources, SidecarSecurityContext } from './overrides';
import type { SidecarPlacement } from './placement';
import type { CheckedDumpLimits } from '../capture/dump-limits';
import type { ProcDumpTarget } from '../capture/procdump-target';
import type { ProcDumpTrigger } from '../capture/procdump-trigger';
import type { Watch } from '../capture/watches';
import type { PodSecurityLevel } from '../kubernetes/pod-security';

/** Checked configuration of one sidecar, with defaults, independent of any pod. */
export interface SidecarConfig {
  readonly image: string;
  readonly containerName: string;
  readonly imagePullPolicy?: string;
  readonly imagePullSecrets: readonly string[];
  readonly target: ProcDumpTarget;
  readonly triggers: ProcDumpTrigger[];
  readonly watches: Watch[];
  readonly limits: CheckedDumpLimits;
  readonly delivery: DumpDelivery;
  readonly retention: CheckedDumpRetention;
  readonly drainSeconds?: number;
  readonly dumpDirectory: string;
  readonly diagnosticsDirectory?: DiagnosticsDirectory;
  readonly placement: SidecarPlacement;
  readonly podSecurity?: PodSecurityLevel;
  readonly resources?: SidecarResources;
  readonly securityContext?: SidecarSecurityContext;
  /** Ids of refusals and hints that the user accepts. */
  readonly acknowledge: readonly string[];
}
