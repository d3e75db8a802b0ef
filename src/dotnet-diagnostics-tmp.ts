import { Size } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { LABEL, listOf, SIZE, TEXT } from './input/checks';
import { located } from './input/located-error';
import { checkedScope } from './input/scope';
import { checkProps, Checks, required } from './input/struct';
import { EVICTABLE_VOLUMES, volumesToEvict } from './kubernetes/local-volumes';
import { isWindowsPod } from './kubernetes/windows-pod';
import { claimDiagnosticsDirectory, DIAGNOSTICS_PATH, DiagnosticsDirectory } from './sidecar/diagnostics-directory';
import { isHelperContainer } from './sidecar/helper-containers';
import { ConstructAttachments } from './weave/attachments';
import { chooseContainer, ContainerChoice } from './weave/choose-container';
import { driverOf, volumeNamed } from './weave/claimed-storage';
import type { PodContribution } from './weave/pod-contribution';
import { SELECTION, WorkloadSelection } from './weave/workload-selection';

/** Properties of `DotnetDiagnosticsTmp`. */
export interface DotnetDiagnosticsTmpProps {
  /**
   * Path of the directory in the containers; at most 60 bytes. A path other than `/tmp` is set as `TMPDIR` too.
   * @default - the container's own TMPDIR, otherwise `/tmp`
   */
  readonly mountPath?: string;
  /**
   * Name of the volume in the pod.
   * @default 'dotnet-diagnostics-tmp'
   */
  readonly volumeName?: string;
  /**
   * Size of the volume. The kubelet evicts a pod that writes more.
   * @default - no limit
   */
  readonly sizeLimit?: Size;
}

/** Properties of `DotnetDiagnosticsTmp.onExistingMount`. */
export interface ExistingDiagnosticsMountProps {
  /** Path at which the container already mounts a writable volume. */
  readonly mountPath: string;
}

/** Options of `DotnetDiagnosticsTmp.attachTo`. */
export interface DotnetDiagnosticsTmpAttachOptions extends WorkloadSelection {
  /**
   * Names of the containers that share the directory.
   * @default - the container in the annotation `kubectl.kubernetes.io/default-container`, otherwise the only one that
   * is not a known helper
   */
  readonly containers?: string[];
}

const PROPS: Checks<DotnetDiagnosticsTmpProps> = { mountPath: DIAGNOSTICS_PATH, volumeName: LABEL, sizeLimit: SIZE };
const EXISTING_MOUNT_PROPS: Checks<ExistingDiagnosticsMountProps> = { mountPath: required(DIAGNOSTICS_PATH) };
const ATTACH_OPTIONS: Checks<DotnetDiagnosticsTmpAttachOptions> = { ...SELECTION, containers: listOf(TEXT) };

const ONE_CONTAINER: ContainerChoice = {
  isHelper: isHelperContainer,
  remedies: (names) => [`name those that share the directory: attachTo(workload, { containers: [${names}] })`],
};

/**
 * The directory in which the .NET runtime creates its diagnostics socket, shared between containers. ProcDump,
 * dotnet-trace, dotnet-counters, dotnet-dump and dotnet-monitor need it in a sidecar.
 *
 * Only the named containers mount it, because a volume hides the files that an image keeps at its path. If a container
 * already mounts a volume there, the other containers mount the same volume.
 *
 * @see https://learn.microsoft.com/dotnet/core/diagnostics/diagnostic-port
 */
export class DotnetDiagnosticsTmp extends Construct {
  /**
   * Uses a volume that the container already mounts, for clusters where a pod may not have additional volumes. Sets
   * `TMPDIR` to its path.
   */
  public static onExistingMount(
    scope: Construct,
    id: string,
    props: ExistingDiagnosticsMountProps,
  ): DotnetDiagnosticsTmp {
    checkedScope("DotnetDiagnosticsTmp.onExistingMount(chart, 'DiagnosticsTmp', { … })", scope, id);
    located(`${scope.node.path}/${id}`, () => checkProps(props, EXISTING_MOUNT_PROPS));
    const tmp = new DotnetDiagnosticsTmp(scope, id, props);
    tmp.mustExist = true;
    return tmp;
  }

  private readonly mountPath?: string;
  private readonly volumeName: string;
  private readonly sizeLimit?: Size;
  private readonly attachments = new ConstructAttachments(this);
  private mustExist = false;

  constructor(scope: Construct, id: string, props: DotnetDiagnosticsTmpProps = {}) {
    super(checkedScope("new DotnetDiagnosticsTmp(chart, 'DiagnosticsTmp')", scope, id), id);
    const {
      mountPath,
      volumeName = 'dotnet-diagnostics-tmp',
      sizeLimit,
    } = located(this.node.path, () => checkProps(props, PROPS));
    if (sizeLimit && sizeLimit.toKibibytes() <= 0) {
      throw new Error(
        `${this.node.path}: sizeLimit must be above 0, got ${sizeLimit.asString()}; give the size of the files in it`,
      );
    }
    this.mountPath = mountPath;
    this.volumeName = volumeName;
    this.sizeLimit = sizeLimit;
  }

  /** Shares the directory in each pod at or below a construct, and in pods that are added to it later. */
  public attachTo(scope: IConstruct, options: DotnetDiagnosticsTmpAttachOptions = {}): void {
    const { containers, ...selection } = located(`${this.node.path}: attachTo`, () =>
      checkProps(options, ATTACH_OPTIONS, 'options'),
    );
    if (containers?.length === 0) {
      throw new Error(`${this.node.path}: containers is empty; name the containers that share the directory`);
    }
    const directory = this._directory;
    this.attachments.add(scope, selection, {
      phase: directory.phase,
      request: { containers },
      remedies: { name: 'volumeName', path: 'mountPath' },
      unsuitable: (spec) =>
        isWindowsPod(spec) ? 'runs on Windows nodes, where .NET creates no diagnostics socket' : undefined,
      contribute: (pod, woven): PodContribution => {
        const { template } = pod;
        const { neighbours } = this.attachments;
        const chosen = (containers?.map((name) => ({ name })) ?? [ONE_CONTAINER]).map(
          (choice) => chooseContainer(template, choice).container.name,
        );
        const plan = directory.planFor(woven, chosen, ({ name }) => driverOf(volumeNamed(name, pod), pod, neighbours));
        const evictable = volumesToEvict(template, plan.volumes);
        return {
          volumes: plan.volumes,
          annotations: evictable.length > 0 ? [{ name: EVICTABLE_VOLUMES, separator: ',', items: evictable }] : [],
          additions: chosen.map((container) => ({ container, ...directory.additionFor(plan, woven, container) })),
          claims: chosen.map((container) => claimDiagnosticsDirectory(container, plan.path)),
        };
      },
    });
  }

  /** Records that a sidecar uses the directory, in the workloads that the sidecar is attached to. @internal */
  public _markUsed(): void {
    this.attachments.markUsed();
  }

  /** @internal */
  public get _directory(): DiagnosticsDirectory {
    const { mountPath, volumeName, sizeLimit, mustExist } = this;
    return new DiagnosticsDirectory({ mountPath, volumeName, sizeLimit, mustExist });
  }
}
