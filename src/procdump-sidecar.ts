import { JsonPatch } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { ProcDumpTarget } from './capture/procdump-target';
import { DotnetDiagnosticsTmp } from './dotnet-diagnostics-tmp';
import { check } from './input/check';
import { listOf, madeBy } from './input/checks';
import { located, messageOf } from './input/located-error';
import { checkProps } from './input/struct';
import type { PodSecurityLevel } from './kubernetes/pod-security';
import type { JsonObject } from './kubernetes/wire';
import { ATTACH_OPTIONS, AttachOptions, ProcDumpSidecarProps, SIDECAR_PROPS } from './procdump-sidecar-props';
import type { SidecarConfig } from './sidecar/config';
import { configureSidecar } from './sidecar/configure';
import { planSidecar } from './sidecar/plan';
import { assertPodSecurity } from './sidecar/rules/pod-security-level';
import { whyUnsupported } from './sidecar/rules/unsupported-pod';
import type { IDumpStore } from './stores/dump-store';
import { renderBinding, RenderedBinding } from './stores/store-binding';
import { ConstructAttachments } from './weave/attachments';
import type { Pod } from './weave/pod';
import { describeAttachments, WorkloadAttachment } from './weave/workload-attachment';

/** Above the phase of any DotnetDiagnosticsTmp. */
const AFTER_STANDALONE = 3;
const PATCHES = listOf(madeBy('a factory of JsonPatch', '_toJson'));

/**
 * Microsoft's ProcDump for Linux beside any workload: shared process namespace, shared diagnostics directory, dumps on
 * a shared volume. A dump holds every secret of the process; choose the store accordingly.
 *
 * @see https://github.com/microsoft/ProcDump-for-Linux
 */
export class ProcDumpSidecar extends Construct {
  private readonly config: SidecarConfig;
  private readonly store?: IDumpStore;
  private readonly podSecurity?: PodSecurityLevel;
  /**
   * After each DotnetDiagnosticsTmp, which may be one of several containers; with one that was given before who makes
   * its own.
   */
  private readonly phase: number;
  private readonly bindings = new Map<string | undefined, RenderedBinding>();
  private readonly attached = new ConstructAttachments(this);
  private readonly patches: JsonPatch[] = [];

  constructor(scope: Construct, id: string, props: ProcDumpSidecarProps) {
    super(scope, id);
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
   * Adds the sidecar to each pod at or below a construct: a workload of any cdk8s-plus, an `ApiObject`, an `Include`, a
   * chart, an app; also to those that are added later. Skips Helm hooks and workloads that have the annotation
   * `cdk8s-procdump/inject: "false"`, on themselves or on their pods.
   */
  public attachTo(scope: IConstruct, options: AttachOptions = {}): void {
    const { container, access, ...selection } = located(`${this.node.path}: attachTo`, () =>
      checkProps(options, ATTACH_OPTIONS, 'options'),
    );
    const config: SidecarConfig = {
      ...this.config,
      target: ProcDumpTarget._with(this.config.target, { container, access }),
    };
    this.attached.add(scope, selection, {
      phase: this.phase,
      request: { container, access },
      prepare: (namespace) => this.bind(namespace),
      remedies: { name: 'containerName', path: 'dumpDirectory' },
      unsuitable: whyUnsupported,
      contribute: (pod, woven) => planSidecar(config, pod, woven, this.bind(pod.namespace)),
      patch: (object) => this.patches.reduce(patched, object),
      assert: (pod: Pod, before: Pod) => assertPodSecurity(this.podSecurity, pod, before),
    });
  }

  /**
   * Each workload that `attachTo` found so far, and what becomes of it: what is added, or why it is skipped. One entry
   * for each pod template; a `List`, and an object of an unknown kind that holds a pod template, are skipped with the
   * change to make. Renders all objects of the trees that were attached to, so ask when the app is complete.
   */
  public get attachments(): WorkloadAttachment[] {
    return describeAttachments(this.node.path, this.attached.all);
  }

  /** Changes the finished objects of the workloads, as `ApiObject.addJsonPatch` does: the last word is yours. */
  public addJsonPatch(...ops: JsonPatch[]): void {
    this.patches.push(...located(`${this.node.path}: addJsonPatch`, () => check('ops', ops, PATCHES)));
  }

  /** Undefined without a store: each pod then gets a volume of its own, as its target needs it. */
  private bind(namespace: string | undefined): RenderedBinding | undefined {
    const { store } = this;
    if (!store) return undefined;
    const binding =
      this.bindings.get(namespace) ?? this.checked(() => renderBinding(store.bindDumpStore(namespace), this));
    this.bindings.set(namespace, binding);
    return binding;
  }

  /** The diagnostics directory of a .NET target: the one given, or one of its own. */
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

  /** What another app defines is not in the manifests of this one. */
  private refuseOtherApp(part: unknown): void {
    if (Construct.isConstruct(part) && part.node.root !== this.node.root) {
      throw new Error(`'${part.node.path}' belongs to another app; define it in this one`);
    }
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
    throw new Error(
      `addJsonPatch: ${op} '${path}' does not fit this object (${reason}); use a ProcDumpSidecar of its own for ` +
        `workloads that have this field`,
    );
  }
}
