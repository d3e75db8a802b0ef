import type { Size } from 'cdk8s';
import { isMountablePath } from './mountable-path';
import { Check, check } from '../input/check';
import { ContainerJson, EnvVarJson, normalizePath, PodSpecJson, VolumeJson, VolumeMountJson } from '../kubernetes/wire';
import { AZURE_FILES_DRIVER } from '../weave/claimed-storage';
import { Conflict } from '../weave/conflict';
import type { ExclusiveClaim } from '../weave/exclusive-claim';

/** A socket path has at most 107 bytes, and ProcDump copies it without checking its length. */
const MAX_PATH_LENGTH = 60;
/** Volumes that containers cannot write to. */
const READ_ONLY_SOURCES = ['configMap', 'secret', 'projected', 'downwardAPI', 'image'];

/** Volumes, mounts and variables that containers need to share the directory. */
export interface DiagnosticsTmpPlan {
  readonly path: string;
  readonly volumes: VolumeJson[];
  readonly volumeMounts: VolumeMountJson[];
  readonly env: EnvVarJson[];
}

/** Options of a diagnostics directory. */
export interface DiagnosticsDirectoryOptions {
  /** Undefined: the container's own TMPDIR, or `/tmp` if it has none. */
  readonly mountPath?: string;
  readonly volumeName: string;
  readonly sizeLimit?: Size;
  /** Whether the container must already mount a volume there. */
  readonly mustExist: boolean;
}

/** The directory in which the .NET runtime creates its diagnostics socket. */
export class DiagnosticsDirectory {
  constructor(private readonly options: DiagnosticsDirectoryOptions) {}

  /** Merge phase: explicit paths are merged before inherited ones. */
  public get phase(): number {
    if (this.options.mountPath === undefined) return 2;
    return this.options.mustExist ? 1 : 0;
  }

  /**
   * Returns the volumes, mounts and variables that these containers need to share one directory.
   * @param driverOf returns the driver of an existing mount; undefined if it is not known
   */
  public planFor(
    spec: PodSpecJson,
    names: string[],
    driverOf: (mount: VolumeMountJson) => string | undefined,
  ): DiagnosticsTmpPlan {
    const containers = (spec.containers ?? []).filter(({ name }) => names.includes(name));
    const path = this.pathIn(containers);
    const env = path === '/tmp' ? [] : [{ name: 'TMPDIR', value: path }];
    const existing = containers.flatMap((container) => mountAt(container, path) ?? []);
    if (existing.length > 0) {
      return { path, volumes: [], volumeMounts: [sharedMount(spec, existing, path, driverOf(existing[0]))], env };
    }
    if (this.options.mustExist) {
      throw new Error(
        `container '${containers[0].name}' mounts nothing at '${path}'; pass the path of a writable mount to ` +
          'onExistingMount, or use new DotnetDiagnosticsTmp()',
      );
    }
    return {
      path,
      volumes: [
        {
          name: this.options.volumeName,
          emptyDir: this.options.sizeLimit ? { sizeLimit: this.options.sizeLimit.asString() } : {},
        },
      ],
      volumeMounts: [{ name: this.options.volumeName, mountPath: path }],
      env,
    };
  }

  /** Returns the mounts and variables that one of the containers lacks, as new objects. */
  public additionFor(
    { env, volumeMounts }: DiagnosticsTmpPlan,
    spec: PodSpecJson,
    name: string,
  ): Pick<DiagnosticsTmpPlan, 'env' | 'volumeMounts'> {
    const container = spec.containers?.find((candidate) => candidate.name === name);
    const lacksVariable = ({ value }: EnvVarJson) =>
      container === undefined || temporaryFolderOf(container)?.value !== value;
    const lacksMount = ({ mountPath }: VolumeMountJson) =>
      container === undefined || !mountAt(container, normalizePath(mountPath));
    return {
      env: env.filter(lacksVariable).map((variable) => ({ ...variable })),
      volumeMounts: volumeMounts.filter(lacksMount).map((mount) => ({ ...mount })),
    };
  }

  /** Returns the path in the containers, compared as text because ProcDump does the same. */
  private pathIn(containers: ContainerJson[]): string {
    for (const container of containers) {
      const { name } = container;
      const variable = temporaryFolderOf(container);
      if (!variable) continue;
      if (variable.value === undefined) {
        throw new Error(
          `container '${name}' reads TMPDIR from another source (${JSON.stringify(variable.valueFrom)}), so the ` +
            'diagnostics directory is not known at synth; set TMPDIR to a value',
        );
      }
      if (this.options.mountPath !== undefined && variable.value !== this.options.mountPath) {
        throw otherDirectory(name, variable.value, this.options.mountPath);
      }
      check(`TMPDIR of container '${name}'`, variable.value, DIAGNOSTICS_PATH);
      return variable.value;
    }
    return this.options.mountPath ?? '/tmp';
  }
}

/**
 * A container has one diagnostics directory. A construct with a different one would wait for sockets in the wrong
 * directory.
 */
export function claimDiagnosticsDirectory(container: string, path: string): ExclusiveClaim {
  return {
    key: `diagnostics directory of container ${container}`,
    value: path,
    conflict:
      `the diagnostics directory of container '${container}' is '{value}' for {construct}, and TMPDIR would move it ` +
      `to '${path}'; give both the same mountPath, or give the sidecar the DotnetDiagnosticsTmp as its ` +
      'diagnosticsTmp',
  };
}

/** ProcDump compares the path as text, and socket paths are short. */
export const DIAGNOSTICS_PATH: Check = {
  expected:
    `an absolute path of at most ${MAX_PATH_LENGTH} letters, digits and . _ - without a slash at the end, and not a ` +
    'system folder',
  accepts: (path) => isMountablePath(path, MAX_PATH_LENGTH),
};

function otherDirectory(container: string, there: string, path: string): Conflict {
  return new Conflict(
    `container '${container}' has TMPDIR '${there}', but the diagnostics directory is '${path}'; remove TMPDIR, ` +
      `or give DotnetDiagnosticsTmp mountPath '${there}'`,
    ({ additions = [] }) =>
      additions.some((addition) => addition.container === container && temporaryFolderOf(addition)),
    (construct) =>
      `container '${container}' has TMPDIR '${there}' from ${construct}, but the diagnostics directory is ` +
      `'${path}'; give both the same mountPath`,
  );
}

/**
 * Returns the value of TMPDIR. Of several variables with the same name, the last one counts; one without a value is the
 * empty string.
 */
function temporaryFolderOf({ env }: Pick<ContainerJson, 'env'>): EnvVarJson | undefined {
  const variable = env?.filter(({ name }) => name === 'TMPDIR').at(-1);
  return variable && variable.value === undefined && variable.valueFrom === undefined
    ? { ...variable, value: '' }
    : variable;
}

function mountAt(container: ContainerJson, path: string): VolumeMountJson | undefined {
  return container.volumeMounts?.find(({ mountPath }) => normalizePath(mountPath) === path);
}

/** Returns the existing mount, for the containers that lack it. */
function sharedMount(
  spec: PodSpecJson,
  [mount, ...others]: VolumeMountJson[],
  path: string,
  driver: string | undefined,
): VolumeMountJson {
  const other = others.find(({ name, subPath }) => name !== mount.name || subPath !== mount.subPath);
  if (other) {
    throw new Error(
      `the containers mount different volumes at '${path}' ('${mount.name}' and '${other.name}'), so they cannot ` +
        'share a diagnostics directory; mount one volume in all of them, or choose another mountPath',
    );
  }
  if (mount.subPathExpr !== undefined) {
    throw new Error(
      `the mount at '${path}' has subPathExpr '${mount.subPathExpr}', which expands differently in other ` +
        'containers; use subPath, or choose another mountPath',
    );
  }
  const source = spec.volumes?.find(({ name }) => name === mount.name);
  const kind = READ_ONLY_SOURCES.find((candidate) => source?.[candidate] !== undefined);
  if (mount.readOnly || kind || source?.persistentVolumeClaim?.readOnly || source?.csi?.readOnly) {
    throw new Error(
      `the volume '${mount.name}' at '${path}' is read-only${kind ? ` (${kind})` : ''}, so the .NET runtime cannot ` +
        'create its diagnostics socket there; mount it writable, or choose another mountPath',
    );
  }
  if (driver === AZURE_FILES_DRIVER) {
    throw new Error(
      `the volume '${mount.name}' at '${path}' is on Azure Files, which does not support sockets; use an emptyDir ` +
        'there, or choose another mountPath',
    );
  }
  const { mountPropagation, ...shared } = mount; // mount propagation is specific to the target
  return shared as VolumeMountJson;
}
