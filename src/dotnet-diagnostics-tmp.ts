import { Size } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { checkFields, checkLabel, checkList, checkSize } from './input/arguments';
import { ContainerJson, EnvVarJson, normalizePath, PodSpecJson, VolumeJson, VolumeMountJson } from './kubernetes/wire';
import { isMountablePath } from './sidecar/mountable-path';
import { Attachment, validateAttachments } from './weave/attachment';
import { chooseContainer } from './weave/choose-container';
import { Conflict, PodContribution } from './weave/pod-contribution';
import { checkAttachOptions, WorkloadSelection } from './weave/workload-selection';

/** Socket paths end at 107 bytes, and ProcDump copies one without a check of its length. */
const MAX_PATH_LENGTH = 60;
/** Nothing can be written to these. */
const READ_ONLY_SOURCES = ['configMap', 'secret', 'projected', 'downwardAPI', 'image'];

/** Properties of `DotnetDiagnosticsTmp`. */
export interface DotnetDiagnosticsTmpProps {
  /**
   * Where the containers see it. Elsewhere than `/tmp`, `TMPDIR` is set to it. At most 60 bytes.
   * @default - the container's own TMPDIR, else `/tmp`
   */
  readonly mountPath?: string;
  /**
   * Name of the volume in the pod.
   * @default 'dotnet-diagnostics-tmp'
   */
  readonly volumeName?: string;
  /**
   * The kubelet evicts a pod that writes more.
   * @default - no limit
   */
  readonly sizeLimit?: Size;
}

/** Properties of `DotnetDiagnosticsTmp.onExistingMount`. */
export interface ExistingDiagnosticsMountProps {
  /** Where the container has a writable volume already. */
  readonly mountPath: string;
}

/** Options of `DotnetDiagnosticsTmp.attachTo`. */
export interface DotnetDiagnosticsTmpAttachOptions extends WorkloadSelection {
  /**
   * Names of the containers that share the directory.
   * @default - the container in the annotation `kubectl.kubernetes.io/default-container`, else the only one
   */
  readonly containers?: string[];
}

/** What a container gets that shares the directory. */
export interface DiagnosticsTmpPlan {
  readonly path: string;
  readonly volumes: VolumeJson[];
  readonly volumeMounts: VolumeMountJson[];
  readonly env: EnvVarJson[];
}

/**
 * The directory in which the .NET runtime makes its diagnostics socket, shared between containers: what ProcDump, dotnet-trace,
 * dotnet-counters, dotnet-dump and dotnet-monitor need in a sidecar. It is mounted in the containers that are named, not in all: a
 * volume hides what an image keeps there. A volume that a container mounts there already is shared instead.
 *
 * @see https://learn.microsoft.com/dotnet/core/diagnostics/diagnostic-port
 */
export class DotnetDiagnosticsTmp extends Construct {
  /**
   * Uses a volume that the container mounts already: for clusters where a pod may have no further volume. Sets `TMPDIR` to it.
   */
  public static onExistingMount(scope: Construct, id: string, props: ExistingDiagnosticsMountProps): DotnetDiagnosticsTmp {
    const tmp = new DotnetDiagnosticsTmp(scope, id, props);
    tmp.mustExist = true;
    return tmp;
  }

  private readonly mountPath?: string;
  private readonly volumeName: string;
  private readonly sizeLimit?: Size;
  private readonly attachments: Attachment[] = [];
  private mustExist = false;

  constructor(scope: Construct, id: string, props: DotnetDiagnosticsTmpProps = {}) {
    super(scope, id);
    checkFields(this.node.path, props, { mountPath: true, volumeName: true, sizeLimit: true }, 'prop');
    if (props.mountPath !== undefined) checkPath(`${this.node.path}: mountPath`, props.mountPath);
    this.mountPath = props.mountPath;
    this.volumeName = checkLabel(`${this.node.path}: volumeName`, props.volumeName ?? 'dotnet-diagnostics-tmp');
    this.sizeLimit = props.sizeLimit && checkSize(`${this.node.path}: sizeLimit`, props.sizeLimit);
    validateAttachments(this, this.attachments);
  }

  /** Shares the directory in each pod at or below a construct, also in those that are added later. */
  public attachTo(scope: IConstruct, options: DotnetDiagnosticsTmpAttachOptions = {}): void {
    const { containers, ...selection } = checkAttachOptions(this.node.path, options, { containers: true });
    if (containers && checkList(`${this.node.path}: containers`, containers).length === 0) {
      throw new Error(`${this.node.path}: containers is empty; name the containers that share the directory`);
    }
    this.attachments.push(new Attachment(this, scope, selection, {
      phase: this._rank,
      request: { containers },
      contribute: ({ template }, woven): PodContribution => {
        const chosen = (containers?.map((name) => chooseContainer(template, name)) ?? [chooseContainer(template)]).map(({ name }) => name);
        const plan = this._plan(woven, chosen);
        const additions = chosen.map((container) => ({ container, ...this._additionFor(plan, woven, container) }));
        return { volumes: plan.volumes, additions, diagnostics: { path: plan.path, containers: chosen } };
      },
    }));
  }

  /** Who names a path comes before who takes what is there. @internal */
  public get _rank(): number {
    if (this.mountPath === undefined) return 2;
    return this.mustExist ? 1 : 0;
  }

  /** What these containers need so that they share one directory. @internal */
  public _plan(spec: PodSpecJson, names: string[]): DiagnosticsTmpPlan {
    const containers = (spec.containers ?? []).filter(({ name }) => names.includes(name));
    const path = this.pathIn(containers);
    const env = path === '/tmp' ? [] : [{ name: 'TMPDIR', value: path }];
    const existing = containers.flatMap((container) => mountAt(container, path) ?? []);
    if (existing.length > 0) return { path, volumes: [], volumeMounts: [sharedMount(spec, existing, path)], env };
    if (this.mustExist) {
      throw new Error(`container '${containers[0].name}' mounts nothing at '${path}'; give onExistingMount the path of a writable mount, or use new DotnetDiagnosticsTmp()`);
    }
    return {
      path,
      volumes: [{ name: this.volumeName, emptyDir: this.sizeLimit ? { sizeLimit: this.sizeLimit.asString() } : {} }],
      volumeMounts: [{ name: this.volumeName, mountPath: path }],
      env,
    };
  }

  /** What one of them gets that it does not have yet, in objects of its own. @internal */
  public _additionFor({ env, volumeMounts }: DiagnosticsTmpPlan, spec: PodSpecJson, name: string): Pick<DiagnosticsTmpPlan, 'env' | 'volumeMounts'> {
    const container = spec.containers?.find((candidate) => candidate.name === name);
    const lacksVariable = ({ value }: EnvVarJson) => container === undefined || temporaryFolderOf(container)?.value !== value;
    const lacksMount = ({ mountPath }: VolumeMountJson) => container === undefined || !mountAt(container, normalizePath(mountPath));
    return {
      env: env.filter(lacksVariable).map((variable) => ({ ...variable })),
      volumeMounts: volumeMounts.filter(lacksMount).map((mount) => ({ ...mount })),
    };
  }

  /** The path as the containers will see it, compared as text: ProcDump does the same. */
  private pathIn(containers: ContainerJson[]): string {
    for (const container of containers) {
      const { name } = container;
      const variable = temporaryFolderOf(container);
      if (!variable) continue;
      if (variable.value === undefined) {
        throw new Error(`container '${name}' takes TMPDIR from elsewhere (${JSON.stringify(variable.valueFrom)}), so the diagnostics directory is not known `
          + 'at synth; set TMPDIR to a value');
      }
      if (this.mountPath !== undefined && variable.value !== this.mountPath) {
        throw otherDirectory(name, variable.value, this.mountPath);
      }
      checkPath(`TMPDIR of container '${name}'`, variable.value);
      return variable.value;
    }
    return this.mountPath ?? '/tmp';
  }
}

function checkPath(what: string, path: string): void {
  if (!isMountablePath(path, MAX_PATH_LENGTH)) {
    throw new Error(`${what} '${path}' must be an absolute path of at most ${MAX_PATH_LENGTH} letters, digits and . _ - without a slash at its end, and no folder of `
      + 'the system; ProcDump compares it as text, and socket paths are short');
  }
}

function otherDirectory(container: string, there: string, path: string): Conflict {
  return new Conflict(
    `container '${container}' has TMPDIR '${there}', but the diagnostics directory is '${path}'; remove TMPDIR, or give DotnetDiagnosticsTmp mountPath '${there}'`,
    ({ additions = [] }) => additions.some((addition) => addition.container === container && temporaryFolderOf(addition)),
    (construct) => `container '${container}' has TMPDIR '${there}' from ${construct}, but the diagnostics directory is '${path}'; give both the same mountPath`,
  );
}

/** Of two variables of one name the last one counts, and one without a value is empty text. */
function temporaryFolderOf({ env }: Pick<ContainerJson, 'env'>): EnvVarJson | undefined {
  const variable = env?.filter(({ name }) => name === 'TMPDIR').at(-1);
  return variable && variable.value === undefined && variable.valueFrom === undefined ? { ...variable, value: '' } : variable;
}

function mountAt(container: ContainerJson, path: string): VolumeMountJson | undefined {
  return container.volumeMounts?.find(({ mountPath }) => normalizePath(mountPath) === path);
}

/** The mount that is there already, for the containers that lack it. */
function sharedMount(spec: PodSpecJson, [mount, ...others]: VolumeMountJson[], path: string): VolumeMountJson {
  const other = others.find(({ name, subPath }) => name !== mount.name || subPath !== mount.subPath);
  if (other) {
    throw new Error(`the containers mount different volumes at '${path}' ('${mount.name}' and '${other.name}'), so they cannot share a diagnostics directory; `
      + 'mount one volume in all of them, or choose another mountPath');
  }
  if (mount.subPathExpr !== undefined) {
    throw new Error(`the mount at '${path}' has subPathExpr '${mount.subPathExpr}', which other containers would read differently; use subPath, or choose `
      + 'another mountPath');
  }
  const source = spec.volumes?.find(({ name }) => name === mount.name);
  const kind = READ_ONLY_SOURCES.find((candidate) => source?.[candidate] !== undefined);
  if (mount.readOnly || kind || source?.persistentVolumeClaim?.readOnly || source?.csi?.readOnly) {
    throw new Error(`the volume '${mount.name}' at '${path}' is read-only${kind ? ` (${kind})` : ''}, so the .NET runtime cannot make its diagnostics socket there; `
      + 'mount it writable, or choose another mountPath');
  }
  if (source?.azureFile || source?.csi?.driver === 'file.csi.azure.com') {
    throw new Error(`the volume '${mount.name}' at '${path}' is on Azure Files, where no socket can be made; use an emptyDir there, or choose another mountPath`);
  }
  const { mountPropagation, ...shared } = mount; // what the target does with the node's mounts is its own affair
  return shared as VolumeMountJson;
}
