import { JsonPatch } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { ProcDumpTarget } from './capture/procdump-target';
import { DotnetDiagnosticsTmp } from './dotnet-diagnostics-tmp';
import { check } from './input/check';
import { argumentOf, listOf, madeBy, matching } from './input/checks';
import { located, messageOf } from './input/located-error';
import { checkedScope } from './input/scope';
import { checkProps } from './input/struct';
import type { PodSecurityLevel } from './kubernetes/pod-security';
import type { JsonObject } from './kubernetes/wire';
import { ATTACH_OPTIONS, AttachOptions, ProcDumpSidecarProps, SIDECAR_PROPS } from './procdump-sidecar-props';
import type { SidecarConfig } from './sidecar/config';
import { configureSidecar } from './sidecar/configure';
import { checkLateValues, hasLateValues } from './sidecar/late-values';
import { planSidecar } from './sidecar/plan';
import { assertPodSecurity, requiredLevel } from './sidecar/rules/pod-security-level';
import { whyUnsupported } from './sidecar/rules/unsupported-pod';
import type { IDumpStore } from './stores/dump-store';
import { renderBinding, RenderedBinding } from './stores/store-binding';
import { StoreObject } from './stores/store-object';
import { ConstructAttachments } from './weave/attachments';
import { describeAttachments, WorkloadAttachment } from './weave/workload-attachment';

/** A phase above that of any DotnetDiagnosticsTmp. */
const AFTER_STANDALONE = 3;
/** @see https://datatracker.ietf.org/doc/html/rfc6901 */
const POINTER = matching({ pattern: /^(\/|$)/, expected: "a path that starts with '/', for example /metadata/labels" });
const PATCHES = listOf(
  argumentOf(['addJsonPatch', 'ops'], {
    ...madeBy('a factory of JsonPatch', '_toJson'),
    inside: (what, patch) => {
      const { path } = (patch as JsonPatch)._toJson() as { readonly path: string };
      check(`${what}.path`, path, POINTER);
    },
  }),
);

/**
 * A sidecar that takes core dumps of a workload with Microsoft ProcDump for Linux.
 *
 * The pod gets a shared process namespace, a shared diagnostics directory and a volume for dumps. A dump contains every
 * secret of the process: choose the store accordingly.
 *
 * @see https://github.com/microsoft/ProcDump-for-Linux
 */
export class ProcDumpSidecar extends Construct {
  private readonly config: SidecarConfig;
  private readonly store?: IDumpStore;
  private readonly podSecurity?: PodSecurityLevel;
  /**
   * After each DotnetDiagnosticsTmp, which may name several containers. Sidecars with a given diagnostics directory are
   * merged before those that create one.
   */
  private readonly phase: number;
  private readonly bindings = new Map<string | undefined, RenderedBinding>();
  private readonly attached = new ConstructAttachments(this);
  private readonly patches: JsonPatch[] = [];

  constructor(scope: Construct, id: string, props: ProcDumpSidecarProps) {
    super(checkedScope("new ProcDumpSidecar(chart, 'ProcDump', { … })", scope, id), id);
    this.config = this.checked(() => {
      checkProps(props, SIDECAR_PROPS);
      for (const part of [props.store, props.diagnosticsTmp]) this.refuseOtherApp(part);
      const diagnosticsTmp = this.diagnosticsOf(props);
      diagnosticsTmp?._markUsed();
      return configureSidecar(props, diagnosticsTmp?._directory);
    });
    this.store = props.store;
    this.podSecurity = props.podSecurity;
    this.phase = AFTER_STANDALONE + (props.diagnosticsTmp?._directory.phase ?? AFTER_STANDALONE);
  }

  /**
   * Adds the sidecar to each pod at or below a construct: a workload of any cdk8s-plus version, an `ApiObject`, an
   * `Include`, a chart or an app. Pods that are added to the construct later get it too.
   *
   * Helm hooks are skipped, and so are workloads with the annotation `cdk8s-procdump/inject: "false"` on themselves or
   * on their pods. Other workloads that cannot get the sidecar are an error at synth, or are skipped with
   * `unsuitable: UnsuitableWorkloads.SKIP`.
   */
  public attachTo(scope: IConstruct, options: AttachOptions = {}): void {
    const { container, access, ...selection } = located(`${this.node.path}: attachTo`, () =>
      checkProps(options, ATTACH_OPTIONS, 'options'),
    );
    const config: SidecarConfig = {
      ...this.config,
      target: ProcDumpTarget._with(this.config.target, { container, access }),
    };
    const late = hasLateValues(config);
    this.attached.add(scope, selection, {
      phase: this.phase,
      request: { container, access },
      prepare: (namespace) => this.bind(namespace),
      unknownKinds: { id: 'PD001', accepted: config.acknowledge.includes('PD001') },
      isOwn: (object) => StoreObject.isStoreObject(object),
      remedies: { name: 'containerName', path: 'dumpDirectory' },
      unsuitable: whyUnsupported,
      contribute: (pod, woven, named) =>
        planSidecar({
          config,
          pod,
          woven,
          named,
          neighbours: this.attached.neighbours,
          bind: () => this.bind(pod.namespace),
        }),
      patch: (object) => this.patches.reduce(patched, object),
      assert: (pod, finished) => {
        if (late) checkLateValues(config, finished());
        const required = requiredLevel(this.podSecurity, pod, this.attached.neighbours);
        if (required) assertPodSecurity(required, finished(), pod);
      },
    });
  }

  /**
   * The workloads that `attachTo` found, with the additions, or the reason why a workload is skipped.
   *
   * Each pod template has one entry. Read this property when the app is complete: it renders all objects below the
   * constructs that were attached to. Throws if a workload cannot be changed, as synth does.
   */
  public get attachments(): WorkloadAttachment[] {
    return describeAttachments(this.node.path, this.attached.workloads());
  }

  /** Changes the finished objects of the workloads, as `ApiObject.addJsonPatch` does. Patches are applied last. */
  public addJsonPatch(...ops: JsonPatch[]): void {
    this.patches.push(...located(`${this.node.path}: addJsonPatch`, () => check('ops', ops, PATCHES)));
  }

  /** Returns undefined without a store: each pod then gets its own volume, sized for its target. */
  private bind(namespace: string | undefined): RenderedBinding | undefined {
    const { store } = this;
    if (!store) return undefined;
    const binding =
      this.bindings.get(namespace) ?? this.checked(() => renderBinding(store.bindDumpStore(namespace), this));
    this.bindings.set(namespace, binding);
    return binding;
  }

  /** Returns the diagnostics directory of a .NET target: the given one, or a new one. */
  private diagnosticsOf({
    target,
    diagnosticsTmp,
    containerName = 'procdump',
  }: ProcDumpSidecarProps): DotnetDiagnosticsTmp | undefined {
    if (target._runtime === 'dotnet') {
      return diagnosticsTmp ?? new DotnetDiagnosticsTmp(this, 'DiagnosticsTmp', { volumeName: `${containerName}-tmp` });
    }
    if (diagnosticsTmp === undefined) return undefined;
    throw new Error(
      'diagnosticsTmp is for .NET targets, but the target is ProcDumpTarget.native(); remove it, or use ' +
        'ProcDumpTarget.dotnet()',
    );
  }

  /** Constructs of another app are not in the manifests of this one. */
  private refuseOtherApp(part: unknown): void {
    if (Construct.isConstruct(part) && part.node.root !== this.node.root) {
      throw new Error(`'${part.node.path}' belongs to another app; define it in this one`);
    }
  }

  private checked<T>(action: () => T): T {
    return located(this.node.path, action);
  }
}

/** A field that is missing in some workloads causes a TypeError that does not name the patch. */
function patched(object: JsonObject, patch: JsonPatch): JsonObject {
  try {
    return JsonPatch.apply(object, patch) as JsonObject;
  } catch (error) {
    const { op, path } = patch._toJson();
    const [reason] = messageOf(error).split('\n');
    throw new Error(
      `addJsonPatch: ${op} '${path}' does not fit this object (${reason}); use a ProcDumpSidecar of its own for ` +
        'workloads that have this field',
    );
  }
}
