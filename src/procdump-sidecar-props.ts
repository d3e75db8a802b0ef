import { Duration } from 'cdk8s';
import { DUMP_LIMITS, DumpLimits } from './capture/dump-limits';
import { ProcDumpTarget } from './capture/procdump-target';
import { ProcDumpTrigger } from './capture/procdump-trigger';
import { ACCESS, TargetAccess } from './capture/target-access';
import { DotnetDiagnosticsTmp } from './dotnet-diagnostics-tmp';
import { DURATION, listOf, madeBy, oneOf, TEXT } from './input/checks';
import { Checks, required, struct } from './input/struct';
import { PodSecurityLevel } from './kubernetes/pod-security';
import { CONTAINER_NAME } from './sidecar/container-name';
import { DumpDelivery } from './sidecar/dump-delivery';
import { DUMP_RETENTION, DumpRetention } from './sidecar/dump-retention';
import { IMAGE } from './sidecar/image';
import { DUMP_DIRECTORY } from './sidecar/mountable-path';
import { RESOURCES, SECURITY_CONTEXT, SidecarResources, SidecarSecurityContext } from './sidecar/overrides';
import { SidecarPlacement } from './sidecar/placement';
import type { IDumpStore } from './stores/dump-store';
import { SELECTION, WorkloadSelection } from './weave/workload-selection';

/** Properties of `ProcDumpSidecar`. */
export interface ProcDumpSidecarProps {
  /**
   * Image of the sidecar, with tag or digest. There is no official one: build it with
   * `docker build node_modules/cdk8s-procdump/image`.
   */
  readonly image: string;
  /** The process to watch. */
  readonly target: ProcDumpTarget;
  /**
   * When to take a dump.
   * @default - never by itself; the sidecar idles, ready for a dump on demand
   */
  readonly triggers?: ProcDumpTrigger[];
  /**
   * Where dumps end up.
   * @default - on the node's disk for as long as the pod lives, as in an `EphemeralDumpStore` of 4Gi, or of twice the
   * memory limit of the target where that is more
   */
  readonly store?: IDumpStore;
  /**
   * The shared diagnostics directory of a .NET target.
   * @default - one is made for .NET targets
   */
  readonly diagnosticsTmp?: DotnetDiagnosticsTmp;
  /**
   * How dumps get to the store.
   * @default DumpDelivery.spooled()
   */
  readonly delivery?: DumpDelivery;
  /**
   * Where ProcDump writes: the same absolute path in sidecar and target, because the .NET runtime writes its dumps
   * itself.
   * @default - '/dumps'; '/data' with `DumpDelivery.direct()`
   */
  readonly dumpDirectory?: string;
  /**
   * How many dumps are taken.
   * @default - 2 of a process, 5 of a pod, 10 minutes apart
   */
  readonly limits?: DumpLimits;
  /**
   * What is kept of the dumps of a workload in the store. Only spooled delivery looks after it: with
   * `DumpDelivery.direct()` it is an error.
   * @default - dumps of the last 14 days
   */
  readonly retention?: DumpRetention;
  /**
   * How long the sidecar goes on publishing when its pod is deleted; whole seconds, from 1 second to a day. Raises
   * `terminationGracePeriodSeconds` of the pod to 10 seconds more, never lowers it; a native sidecar, which Kubernetes
   * ends after the application within the same period, has this time on top of the application's. What is not published
   * then is lost with the pod. In a Knative Service the period is `timeoutSeconds` of the revision, which is yours to
   * set. With `DumpDelivery.direct()` there is nothing to publish, and it is an error.
   * @default - what publishing the full spool takes at 40 MiB/s, and 30 seconds; at most 10 minutes
   * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
   */
  readonly drainTimeout?: Duration;
  /**
   * How the sidecar stands in the pod.
   * @default SidecarPlacement.AUTO
   */
  readonly placement?: SidecarPlacement;
  /**
   * Makes sure that the whole pod, with the sidecar in it, meets this level of the Pod Security Standards.
   * @default - not looked at
   * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
   */
  readonly podSecurity?: PodSecurityLevel;
  /**
   * CPU, memory and disk of the sidecar.
   * @default - requests of 20m CPU (250m with a profiler trigger), 64Mi and the spool's size of ephemeral-storage; a
   * limit of 256Mi, no CPU limit
   */
  readonly resources?: SidecarResources;
  /**
   * `Always`, `IfNotPresent` or `Never`.
   * @default - Kubernetes' default for the image's tag
   */
  readonly imagePullPolicy?: string;
  /**
   * Name of the sidecar's container; its volumes start with it. Two sidecars in one pod need two names.
   * @default 'procdump'
   */
  readonly containerName?: string;
  /**
   * Security settings that do not follow from the access to the target.
   * @default - read-only root file system, seccomp RuntimeDefault, the target's AppArmor and SELinux settings
   */
  readonly securityContext?: SidecarSecurityContext;
}

/** @internal */
export const SIDECAR_PROPS: Checks<ProcDumpSidecarProps> = {
  image: required(IMAGE),
  target: required(madeBy('ProcDumpTarget.dotnet() or ProcDumpTarget.native()', '_runtime')),
  triggers: listOf(madeBy('a factory of ProcDumpTrigger', '_spec')),
  store: madeBy('a dump store, or by a class that implements IDumpStore', 'bindDumpStore'),
  diagnosticsTmp: madeBy('new DotnetDiagnosticsTmp()', '_directory'),
  delivery: madeBy('DumpDelivery.spooled() or DumpDelivery.direct()', '_direct'),
  dumpDirectory: DUMP_DIRECTORY,
  limits: struct(DUMP_LIMITS),
  retention: struct(DUMP_RETENTION),
  drainTimeout: DURATION,
  placement: oneOf(SidecarPlacement),
  podSecurity: oneOf(PodSecurityLevel),
  resources: struct(RESOURCES),
  imagePullPolicy: oneOf(['Always', 'IfNotPresent', 'Never']),
  containerName: CONTAINER_NAME,
  securityContext: struct(SECURITY_CONTEXT),
};

/** Options of `ProcDumpSidecar.attachTo`. */
export interface AttachOptions extends WorkloadSelection {
  /**
   * Name of the target's container in these workloads.
   * @default - as the target says
   */
  readonly container?: string;
  /**
   * The right by which ProcDump looks into the target in these workloads.
   * @default - as the target says
   */
  readonly access?: TargetAccess;
}

/** @internal */
export const ATTACH_OPTIONS: Checks<AttachOptions> = { ...SELECTION, container: TEXT, access: ACCESS };
