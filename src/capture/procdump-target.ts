import { ACCESS, TargetAccess } from './target-access';
import { Check } from '../input/check';
import { FLAG, INT32_MAX, listOf, TEXT, whole } from '../input/checks';
import { located } from '../input/located-error';
import { checkProps, Checks, required } from '../input/struct';

/** Options of `ProcDumpTarget.dotnet`. */
export interface DotnetTargetOptions {
  /**
   * Name of the target's container. Known helpers are istio-proxy, linkerd-proxy, daprd, kube-rbac-proxy,
   * cloud-sql-proxy, cloudsql-proxy, and dotnet-monitor by its image.
   * @default - the container in the annotation `kubectl.kubernetes.io/default-container`, otherwise the only container,
   * otherwise the only one that is not a known helper, otherwise an error
   */
  readonly container?: string;
  /**
   * Names of containers; in each pod, the first existing name is the target. For trees of workloads whose containers
   * have different names. For a pod without any of them, the default of `container` applies.
   * @default - none
   */
  readonly containers?: string[];
  /**
   * Base name of the first argument of the process, for example `dotnet` or `webapi`. Health probes and tools that are
   * executed in the container are never targets.
   * @default - every process with a diagnostics socket in the shared directory
   */
  readonly processName?: string;
  /**
   * How ProcDump gains access to the target.
   * @default TargetAccess.sameUser()
   */
  readonly access?: TargetAccess;
  /**
   * Whether the .NET runtime writes a full dump when the process crashes, into the folder `crash` of the dump
   * directory. ProcDump is not involved. The sidecar creates the folder, counts these dumps, and closes the folder when
   * `limits` are reached or the spool is full.
   * @default false
   * @see https://learn.microsoft.com/dotnet/core/diagnostics/collect-dumps-crash
   */
  readonly crashDumps?: boolean;
}

/** Options of `ProcDumpTarget.native`. */
export interface NativeTargetOptions {
  /** How ProcDump gains access to the target. Required, because no default works on every node. */
  readonly access: TargetAccess;
  /**
   * Name of the target's container.
   * @default - the container in the annotation `kubectl.kubernetes.io/default-container`, otherwise the only container,
   * otherwise an error
   */
  readonly container?: string;
  /**
   * Names of containers; in each pod, the first existing name is the target. For a pod without any of them, the default
   * of `container` applies.
   * @default - none
   */
  readonly containers?: string[];
  /**
   * Base name of the first argument of the process, for example `postgres`. Required if the pod has several containers.
   * Health probes and tools that are executed in the container are never targets.
   * @default - the main process of the container; for `tini`, `dumb-init` or a shell, its only child
   */
  readonly processName?: string;
  /**
   * Mappings in the dump, as bits of `/proc/PID/coredump_filter`. Writable memory is always included. Bit 1 adds
   * reserved but unused address space, which can be hundreds of gigabytes.
   * @default 0x10
   * @see https://man7.org/linux/man-pages/man5/core.5.html
   */
  readonly dumpMask?: number;
}

/**
 * ProcDump compares the first argument after its last slash, up to its first blank, and interprets digits alone as a
 * process id.
 */
const PROCESS_NAME: Check = {
  expected:
    "the base name of the process's first argument, without blanks and slashes, not made of digits alone and not " +
    'starting with a dash',
  accepts: (value) => typeof value === 'string' && /^[^\s/-][^\s/]*$/.test(value) && !/^\d+$/.test(value),
};
const CONTAINERS: Check = {
  ...listOf(TEXT),
  expected: 'a list of at least one name',
  accepts: (value) => Array.isArray(value) && value.length > 0,
};
const DOTNET_OPTIONS: Checks<DotnetTargetOptions> = {
  container: TEXT,
  containers: CONTAINERS,
  processName: PROCESS_NAME,
  access: ACCESS,
  crashDumps: FLAG,
};
const NATIVE_OPTIONS: Checks<NativeTargetOptions> = {
  container: TEXT,
  containers: CONTAINERS,
  processName: PROCESS_NAME,
  access: required({
    ...ACCESS,
    expected: `${ACCESS.expected}; sameUser() needs nodes where kernel.yama.ptrace_scope is 0`,
  }),
  dumpMask: {
    ...whole(0, INT32_MAX),
    expected: 'a whole number from 0 to 0x7fffffff, as in /proc/PID/coredump_filter',
  },
};
/** ProcDump's own default: anonymous and private mappings. */
const DEFAULT_DUMP_MASK = 0x10;

/** The process that ProcDump watches. */
export class ProcDumpTarget {
  /**
   * Watches a process of .NET Core 3 or later. ProcDump requests the dump through the diagnostics socket, and the .NET
   * runtime writes it.
   */
  public static dotnet(options: DotnetTargetOptions = {}): ProcDumpTarget {
    const { access, container, containers, processName, crashDumps } = located('ProcDumpTarget.dotnet', () =>
      oneChoice(checkProps(options, DOTNET_OPTIONS, 'options')),
    );
    return new ProcDumpTarget(
      'dotnet',
      access ?? TargetAccess.sameUser(),
      { container, containers },
      processName,
      crashDumps,
    );
  }

  /**
   * Watches any other process. ProcDump stops it and writes its memory. The dump is as large as the address space that
   * the mask selects.
   */
  public static native(options: NativeTargetOptions): ProcDumpTarget {
    const {
      access,
      container,
      containers,
      processName,
      dumpMask = DEFAULT_DUMP_MASK,
    } = located('ProcDumpTarget.native', () => oneChoice(checkProps(options, NATIVE_OPTIONS, 'options')));
    return new ProcDumpTarget('native', access, { container, containers }, processName, false, dumpMask.toString(16));
  }

  /** Returns the target with another container or access, for some of the workloads. @internal */
  public static _with(
    target: ProcDumpTarget,
    overrides: { container?: string; access?: TargetAccess },
  ): ProcDumpTarget {
    const { container, access = target._access } = overrides;
    return new ProcDumpTarget(
      target._runtime,
      access,
      container === undefined ? target._choice : { container },
      target._processName,
      target._crashDumps,
      target._dumpMask,
    );
  }

  private constructor(
    /** @internal */
    public readonly _runtime: 'dotnet' | 'native',
    /** @internal */
    public readonly _access: TargetAccess,
    /** @internal */
    public readonly _choice: TargetContainers,
    /** @internal */
    public readonly _processName?: string,
    /** @internal */
    public readonly _crashDumps: boolean = false,
    /** In ProcDump's hex, without 0x. @internal */
    public readonly _dumpMask?: string,
  ) {}
}

/** The user's choice of the target's container. @internal */
export interface TargetContainers {
  readonly container?: string;
  readonly containers?: readonly string[];
}

function oneChoice<T extends TargetContainers>(options: T): T {
  if (options.container === undefined || options.containers === undefined) return options;
  throw new Error(
    `container '${options.container}' is given together with containers, which are its alternatives; expected one of ` +
      'them; remove the other',
  );
}
