import { Duration } from 'cdk8s';
import { DUMP_LIMITS, DumpLimits } from './capture/dump-limits';
import { ProcDumpTarget } from './capture/procdump-target';
import { ProcDumpTrigger } from './capture/procdump-trigger';
import { ACCESS, TargetAccess } from './capture/target-access';
import { DotnetDiagnosticsTmp } from './dotnet-diagnostics-tmp';
import { DURATION, listOf, madeBy, NAME, oneOf, TEXT } from './input/checks';
import { Checks, required, struct } from './input/struct';
import { PodSecurityLevel } from './kubernetes/pod-security';
import { CONTAINER_NAME } from './sidecar/container-name';
import { DumpDelivery } from './sidecar/dump-delivery';
import { DUMP_RETENTION, DumpRetention } from './sidecar/dump-retention';
import { IMAGE } from './sidecar/image';
import { DUMP_DIRECTORY } from './sidecar/mountable-path';
import { RESOURCES, SECURITY_CONTEXT, SidecarResources, SidecarSecurityContext } from './sidecar/overrides';
import { SidecarPlacement } from './sidecar/placement';
import { INFERENCES } from './sidecar/rules/findings';
import type { IDumpStore } from './stores/dump-store';
import { SELECTION, WorkloadSelection } from './weave/workload-selection';

/** Properties of `ProcDumpSidecar`. */
export interface ProcDumpSidecarProps {
  /**
   * Image of the sidecar, with a tag or a digest. Microsoft publishes no image: build one with `docker build
   * node_modules/cdk8s-procdump/image`, or use a copy of `ghcr.io/cdk8s-procdump/procdump`.
   */
  readonly image: string;
  /** The process to watch. */
  readonly target: ProcDumpTarget;
  /**
   * When ProcDump takes a dump.
   * @default - the sidecar takes dumps on demand only
   */
  readonly triggers?: ProcDumpTrigger[];
  /**
   * Storage for the dumps.
   * @default - the node's disk as long as the pod exists, as in an `EphemeralDumpStore` of 4Gi or twice the memory
   * limit of the target, whichever is larger
   */
  readonly store?: IDumpStore;
  /**
   * The diagnostics directory that sidecar and target share; .NET targets only.
   * @default - a new DotnetDiagnosticsTmp
   */
  readonly diagnosticsTmp?: DotnetDiagnosticsTmp;
  /**
   * How dumps reach the store.
   * @default DumpDelivery.spooled()
   */
  readonly delivery?: DumpDelivery;
  /**
   * Absolute path that ProcDump writes to. It is the same in sidecar and target, because the .NET runtime writes its
   * dumps itself.
   * @default - '/dumps'; '/data' with `DumpDelivery.direct()`
   */
  readonly dumpDirectory?: string;
  /**
   * Limits on automatic dumps.
   * @default - at least 2 dumps per process and 5 per pod, as in `DumpLimits`; a cool-down of 10 minutes
   */
  readonly limits?: DumpLimits;
  /**
   * How long the store keeps the dumps of a workload. An error with `DumpDelivery.direct()`, because only spooled
   * delivery deletes dumps.
   * @default - 14 days
   */
  readonly retention?: DumpRetention;
  /**
   * How long the sidecar continues to publish dumps after its pod is deleted; whole seconds, from 1 second to 1 day.
   * Dumps that are not published by then are lost with the pod.
   *
   * The sidecar raises `terminationGracePeriodSeconds` of the pod to this time plus 10 seconds, and never lowers it.
   * Kubernetes stops a native sidecar after the application and within the same period, so its time is added to the
   * application's. In a Knative Service the period is `timeoutSeconds` of the revision, which you set yourself.
   *
   * An error with `DumpDelivery.direct()`, which has nothing to publish.
   * @default - the time to publish a full spool at 40 MiB/s, plus 30 seconds; at most 10 minutes
   * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
   */
  readonly drainTimeout?: Duration;
  /**
   * Whether the sidecar is a native sidecar or an ordinary container.
   * @default SidecarPlacement.AUTO
   */
  readonly placement?: SidecarPlacement;
  /**
   * Pod Security level that the whole pod must meet, with the sidecar in it.
   * @default - the level that the pod's namespace enforces, if the app defines the Namespace: synth then fails for what
   * the sidecar adds, not for what the manifest itself brings
   * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
   */
  readonly podSecurity?: PodSecurityLevel;
  /**
   * CPU, memory and disk of the sidecar.
   * @default - requests 20m CPU (250m with a profiler trigger), 64Mi memory and ephemeral-storage for the spool; limits
   * memory to 256Mi, and CPU not at all
   */
  readonly resources?: SidecarResources;
  /**
   * When the kubelet pulls the image: `Always`, `IfNotPresent` or `Never`.
   * @default - Kubernetes' default for the tag of the image
   */
  readonly imagePullPolicy?: string;
  /**
   * Names of Secrets with the credentials of the image's registry, in the namespace of the pod. They are added to
   * `imagePullSecrets` of the pod.
   * @default - none; the pod's own and those of its service account apply
   * @see https://kubernetes.io/docs/concepts/containers/images/#specifying-imagepullsecrets-on-a-pod
   */
  readonly imagePullSecrets?: string[];
  /**
   * Name of the sidecar's container, and prefix of its volumes. Two sidecars in one pod need two names.
   * @default 'procdump'
   */
  readonly containerName?: string;
  /**
   * Security settings that do not follow from the access to the target.
   * @default - read-only root file system, seccomp RuntimeDefault, the target's AppArmor and SELinux settings
   */
  readonly securityContext?: SidecarSecurityContext;
  /**
   * Ids of refusals and hints to accept, for example `PD003`. Only those that rest on inference have an id.
   * `attachments` lists what was accepted as `acknowledged`.
   * @default - none
   */
  readonly acknowledge?: string[];
}

/** @internal */
export const SIDECAR_PROPS: Checks<ProcDumpSidecarProps> = {
  image: required(IMAGE),
  target: required(madeBy('ProcDumpTarget.dotnet() or ProcDumpTarget.native()', '_runtime')),
  triggers: listOf(madeBy('a factory of ProcDumpTrigger', '_spec')),
  store: {
    expected: 'a value made by a dump store, or by a class that implements IDumpStore',
    accepts: (value) => typeof (value as Partial<IDumpStore> | null | undefined)?.bindDumpStore === 'function',
    cure: (value) => {
      const name = NAME.accepts(value) ? value : '<name>';
      return `for an existing claim write ClaimDumpStore.fromClaimName(chart, 'Dumps', '${name}')`;
    },
  },
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
  imagePullSecrets: listOf(NAME),
  containerName: CONTAINER_NAME,
  securityContext: struct(SECURITY_CONTEXT),
  acknowledge: listOf(oneOf(Object.keys(INFERENCES))),
};

/** Options of `ProcDumpSidecar.attachTo`. */
export interface AttachOptions extends WorkloadSelection {
  /**
   * Name of the target's container in these workloads.
   * @default - the container that `target` names
   */
  readonly container?: string;
  /**
   * How ProcDump gains access to the target in these workloads.
   * @default - the access that `target` names
   */
  readonly access?: TargetAccess;
}

/** @internal */
export const ATTACH_OPTIONS: Checks<AttachOptions> = { ...SELECTION, container: TEXT, access: ACCESS };
