import { Duration, JsonPatch } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { checkDumpLimits, DumpLimits } from './capture/dump-limits';
import { planProcDumpCommands } from './capture/procdump-command';
import { ProcDumpTarget } from './capture/procdump-target';
import { ProcDumpTrigger } from './capture/procdump-trigger';
import { checkAccess, TargetAccess } from './capture/target-access';
import { DotnetDiagnosticsTmp } from './dotnet-diagnostics-tmp';
import { checkDuration, checkFields, checkList, checkMade, checkOneOf, checkWhole, Fields } from './input/arguments';
import { located, messageOf } from './input/located-error';
import { PodSecurityLevel } from './kubernetes/pod-security';
import type { JsonObject } from './kubernetes/wire';
import type { SidecarConfig } from './sidecar/config';
import { NODE_DISK } from './sidecar/delivery-plan';
import { DumpDelivery } from './sidecar/dump-delivery';
import { checkDumpRetention, DumpRetention } from './sidecar/dump-retention';
import { checkDumpDirectory } from './sidecar/dump-volumes';
import { checkSecurityContext, renderResources, SidecarResources, SidecarSecurityContext } from './sidecar/overrides';
import { SidecarPlacement } from './sidecar/placement';
import { planSidecar } from './sidecar/plan';
import { assertPodSecurity } from './sidecar/rules/pod-security-level';
import { whyUnsupported } from './sidecar/rules/unsupported-pod';
import type { DumpStoreBinding, IDumpStore } from './stores/dump-store';
import { renderBinding } from './stores/store-binding';
import { ConstructAttachments } from './weave/attachments';
import type { Pod } from './weave/pod';
import { describeAttachments, WorkloadAttachment } from './weave/workload-attachment';
import { checkAttachOptions, WorkloadSelection } from './weave/workload-selection';

const PROPS: Fields<ProcDumpSidecarProps> = {
  image: true,
  target: true,
  triggers: true,
  store: true,
  diagnosticsTmp: true,
  delivery: true,
  dumpDirectory: true,
  limits: true,
  retention: true,
  drainTimeout: true,
  placement: true,
  podSecurity: true,
  resources: true,
  imagePullPolicy: true,
  containerName: true,
  securityContext: true,
};

/** Above the phase of any DotnetDiagnosticsTmp. */
const AFTER_STANDALONE = 3;

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
   * @default - on the node's disk for as long as the pod lives, as in an `EphemeralDumpStore` of 4Gi, or of twice the memory limit of the
   * target where that is more
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
   * Where ProcDump writes: the same absolute path in sidecar and target, because the .NET runtime writes its dumps itself.
   * @default - '/dumps'; '/data' with `DumpDelivery.direct()`
   */
  readonly dumpDirectory?: string;
  /**
   * How many dumps are taken.
   * @default - 2 of a process, 5 of a pod, 10 minutes apart
   */
  readonly limits?: DumpLimits;
  /**
   * What is kept of the dumps of a workload in the store. Only spooled delivery looks after it: with `DumpDelivery.direct()` it is an error.
   * @default - dumps of the last 14 days
   */
  readonly retention?: DumpRetention;
  /**
   * How long the sidecar goes on publishing when its pod is deleted; whole seconds, from 1 second to a day. Raises
   * `terminationGracePeriodSeconds` of the pod to 10 seconds more, never lowers it; a native sidecar, which Kubernetes ends after the
   * application within the same period, has this time on top of the application's. What is not published then is lost with the pod.
   * In a Knative Service the period is `timeoutSeconds` of the revision, which is yours to set.
   * With `DumpDelivery.direct()` there is nothing to publish, and it is an error.
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
   * @default - requests of 20m CPU (250m with a profiler trigger), 64Mi and the spool's size of ephemeral-storage; a limit of 256Mi, no CPU limit
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

/**
 * Microsoft's ProcDump for Linux beside any workload: shared process namespace, shared diagnostics directory, dumps on a shared
 * volume. A dump holds every secret of the process; choose the store accordingly.
 *
 * @see https://github.com/microsoft/ProcDump-for-Linux
 */
export class ProcDumpSidecar extends Construct {
  private readonly config: SidecarConfig;
  private readonly store: IDumpStore;
  private readonly podSecurity?: PodSecurityLevel;
  /** After each DotnetDiagnosticsTmp, which may be one of several containers; with one that was given before who makes its own. */
  private readonly phase: number;
  private readonly bindings = new Map<string | undefined, DumpStoreBinding>();
  private readonly attached = new ConstructAttachments(this);
  private readonly patches: JsonPatch[] = [];

  constructor(scope: Construct, id: string, props: ProcDumpSidecarProps) {
    super(scope, id);
    this.config = this.checked(() => this.configure(props));
    this.store = props.store ?? NODE_DISK;
    this.podSecurity = props.podSecurity;
    this.phase = AFTER_STANDALONE + (props.diagnosticsTmp?._directory.phase ?? AFTER_STANDALONE);
  }

  /**
   * Adds the sidecar to each pod at or below a construct: a workload of any cdk8s-plus, an `ApiObject`, an `Include`, a chart, an
   * app; also to those that are added later. Skips Helm hooks and workloads that have the annotation `cdk8s-procdump/inject: "false"`, on
   * themselves or on their pods.
   */
  public attachTo(scope: IConstruct, options: AttachOptions = {}): void {
    const { container, access, ...selection } = checkAttachOptions(this.node.path, options, { container: true, access: true });
    if (access !== undefined) this.checked(() => checkAccess(access));
    const config: SidecarConfig = { ...this.config, container: container ?? this.config.container, access: access ?? this.config.access };
    this.attached.add(scope, selection, {
      phase: this.phase,
      request: { container, access },
      prepare: (namespace) => this.bind(namespace),
      unsuitable: whyUnsupported,
      contribute: (pod, woven) => planSidecar(config, pod, woven, this.bind(pod.namespace)),
      patch: (object) => this.patches.reduce(patched, object),
      assert: (pod: Pod, before: Pod) => assertPodSecurity(this.podSecurity, pod, before),
    });
  }

  /**
   * Each workload that `attachTo` found so far, and what becomes of it: what is added, or why it is skipped. One entry for each pod template;
   * a `List`, and an object of an unknown kind that holds a pod template, are skipped with the change to make. Renders all objects of the
   * trees that were attached to, so ask when the app is complete.
   */
  public get attachments(): WorkloadAttachment[] {
    return describeAttachments(this.node.path, this.attached.all);
  }

  /** Changes the finished objects of the workloads, as `ApiObject.addJsonPatch` does: the last word is yours. */
  public addJsonPatch(...ops: JsonPatch[]): void {
    this.patches.push(...ops);
  }

  private bind(namespace: string | undefined): DumpStoreBinding {
    const binding = this.bindings.get(namespace) ?? this.checked(() => renderBinding(this.store.bindDumpStore(namespace), this));
    this.bindings.set(namespace, binding);
    return binding;
  }

  private configure(props: ProcDumpSidecarProps): SidecarConfig {
    const { target, triggers = [] } = checkFields('props', props, PROPS, 'prop');
    if (props.resources !== undefined) checkFields('resources', props.resources, { requests: true, limits: true }, 'list');
    checkMade('target', target, '_runtime', 'ProcDumpTarget.dotnet() or ProcDumpTarget.native()');
    checkList('triggers', triggers).forEach((trigger) => checkMade('trigger', trigger, '_spec', 'a factory of ProcDumpTrigger'));
    const { delivery = DumpDelivery.spooled() } = props;
    checkMade('delivery', delivery, '_direct', 'DumpDelivery.spooled() or DumpDelivery.direct()');
    if (delivery._direct) refuseWithoutSpool(props);
    checkOneOf('podSecurity', props.podSecurity, PodSecurityLevel);
    checkOneOf('placement', props.placement, SidecarPlacement);
    checkOneOf('imagePullPolicy', props.imagePullPolicy, ['Always', 'IfNotPresent', 'Never']);
    if (props.store !== undefined) checkMade('store', props.store, 'bindDumpStore', 'a dump store, or by a class that implements IDumpStore');
    for (const part of [props.store, props.diagnosticsTmp]) this.refuseOtherApp(part);
    const limits = checkDumpLimits(props.limits);
    // What does not depend on a pod is refused here, where the stack trace leads to the line that is wrong.
    const commands = planProcDumpCommands(triggers, { runtime: target._runtime, ...limits, dumpMask: target._dumpMask });
    renderResources(props.resources, false);
    if (target._runtime === 'native' && props.diagnosticsTmp) {
      throw new Error('diagnosticsTmp is for .NET targets, but the target is ProcDumpTarget.native(); remove it, or use ProcDumpTarget.dotnet()');
    }
    return {
      image: checkImage(props.image),
      containerName: checkContainerName(props.containerName ?? 'procdump'),
      imagePullPolicy: props.imagePullPolicy,
      target,
      container: target._container,
      access: target._access,
      triggers: [...triggers],
      commands,
      limits,
      delivery,
      retention: checkDumpRetention(props.retention),
      drainSeconds: props.drainTimeout === undefined ? undefined : checkDrainTimeout(props.drainTimeout),
      dumpDirectory: checkDumpDirectory(props.dumpDirectory ?? (delivery._direct ? '/data' : '/dumps'), delivery._direct),
      diagnosticsDirectory: target._runtime === 'dotnet' ? (props.diagnosticsTmp ?? this.makeDiagnosticsTmp(props.containerName))._directory : undefined,
      placement: props.placement ?? SidecarPlacement.AUTO,
      resources: props.resources,
      securityContext: checkSecurityContext(props.securityContext),
    };
  }

  /** What another app defines is not in the manifests of this one. */
  private refuseOtherApp(part: unknown): void {
    if (Construct.isConstruct(part) && part.node.root !== this.node.root) {
      throw new Error(`'${part.node.path}' belongs to another app; define it in this one`);
    }
  }

  private makeDiagnosticsTmp(containerName = 'procdump'): DotnetDiagnosticsTmp {
    return new DotnetDiagnosticsTmp(this, 'DiagnosticsTmp', { volumeName: `${containerName}-tmp` });
  }

  private checked<T>(action: () => T): T {
    return located(this.node.path, action);
  }
}

/** Fields that only some of the workloads have make a bare TypeError, which does not say which patch it is of. */
function patched(object: JsonObject, patch: JsonPatch): JsonObject {
  try {
    return JsonPatch.apply(object, patch) as JsonObject;
  } catch (error) {
    const { op, path } = patch._toJson();
    const [reason] = messageOf(error).split('\n');
    throw new Error(`addJsonPatch: ${op} '${path}' does not fit this object (${reason}); use a ProcDumpSidecar of its own for workloads that have this field`);
  }
}

function checkImage(image: string): string {
  // A Lazy in place of the text is resolved when it is rendered.
  if (image === undefined || image === null || (typeof image === 'string' && !/^\S+$/.test(image))) {
    throw new Error(`image '${image}' must be the name of an image without blanks; there is no official image of ProcDump: build one with `
      + '`docker build node_modules/cdk8s-procdump/image` and push it to your registry');
  }
  return image;
}

/** Nothing is published, so nothing is looked after in the store, and nothing is left to do when the pod is deleted. */
function refuseWithoutSpool({ retention, drainTimeout }: ProcDumpSidecarProps): void {
  const given = Object.entries({ retention, drainTimeout }).find(([, value]) => value !== undefined);
  if (given) throw new Error(`${given[0]} needs spooled delivery, but delivery is DumpDelivery.direct(); remove ${given[0]}, or use DumpDelivery.spooled()`);
}

function checkDrainTimeout(drainTimeout: Duration): number {
  return checkWhole('drainTimeout in seconds', checkDuration('drainTimeout', drainTimeout).toMilliseconds({ integral: false }) / 1000, 1, 86_400);
}

/** The volumes' names start with it and have room for the longest suffix. */
function checkContainerName(name: string): string {
  if (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) && name.length <= 51) return name;
  throw new Error(`containerName '${name}' must be at most 51 lower-case letters, digits and dashes, with a letter or digit at both ends`);
}
