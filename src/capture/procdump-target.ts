import { checkAccess, TargetAccess } from './target-access';
import { checkFields, checkFlag, INT32_MAX } from '../input/arguments';

/** Options of `ProcDumpTarget.dotnet`. */
export interface DotnetTargetOptions {
  /**
   * Name of the target's container.
   * @default - the container in the annotation `kubectl.kubernetes.io/default-container`, else the only one; else an error
   */
  readonly container?: string;
  /**
   * Base name of the process's first argument, for example `dotnet` or `webapi`.
   * @default - every process with a diagnostics socket in the shared directory
   */
  readonly processName?: string;
  /**
   * The right by which ProcDump looks into the process.
   * @default TargetAccess.sameUser()
   */
  readonly access?: TargetAccess;
  /**
   * Lets the .NET runtime write a full dump when the process crashes, into the folder `crash` of the dump directory. ProcDump has no part in
   * it. The sidecar makes the folder when it starts, counts these dumps, and closes the folder when `limits` are reached or the spool is full.
   * @default false
   * @see https://learn.microsoft.com/dotnet/core/diagnostics/collect-dumps-crash
   */
  readonly crashDumps?: boolean;
}

/** Options of `ProcDumpTarget.native`. */
export interface NativeTargetOptions {
  /** The right by which ProcDump looks into the process; no default fits every node, so it must be named. */
  readonly access: TargetAccess;
  /**
   * Name of the target's container.
   * @default - the container in the annotation `kubectl.kubernetes.io/default-container`, else the only one; else an error
   */
  readonly container?: string;
  /**
   * Base name of the process's first argument, for example `postgres`. Needed where the pod has several containers.
   * @default - the main process of the container
   */
  readonly processName?: string;
  /**
   * Kinds of mappings in the dump, as bits of `/proc/PID/coredump_filter`. Writable memory is always in it; 1 adds address
   * space that is reserved but not used, which can be hundreds of gigabytes.
   * @default 0x10
   * @see https://man7.org/linux/man-pages/man5/core.5.html
   */
  readonly dumpMask?: number;
}

/** The process that ProcDump watches. */
export class ProcDumpTarget {
  /** A process of .NET Core 3 or later: its runtime writes the dump when ProcDump asks through the diagnostics socket. */
  public static dotnet(options: DotnetTargetOptions = {}): ProcDumpTarget {
    checkFields('ProcDumpTarget.dotnet: options', options, { container: true, processName: true, access: true, crashDumps: true });
    checkProcessName(options.processName);
    const access = checkAccess(options.access ?? TargetAccess.sameUser());
    const crashDumps = checkFlag('ProcDumpTarget.dotnet: crashDumps', options.crashDumps) ?? false;
    return new ProcDumpTarget('dotnet', access, options.container, options.processName, crashDumps);
  }

  /**
   * Any other process: ProcDump stops it and writes its memory. The dump is as large as the address space that the mask chooses.
   */
  public static native(options: NativeTargetOptions): ProcDumpTarget {
    checkFields('ProcDumpTarget.native: options', options, { access: true, container: true, processName: true, dumpMask: true });
    checkProcessName(options.processName);
    if (!options.access) {
      throw new Error('ProcDumpTarget.native: access is missing; no default fits every node: give TargetAccess.privileged(), or TargetAccess.sameUser() '
        + 'on nodes where kernel.yama.ptrace_scope is 0');
    }
    checkAccess(options.access);
    const mask = options.dumpMask ?? 0x10;
    if (!Number.isInteger(mask) || mask < 0 || mask > INT32_MAX) {
      throw new Error(`ProcDumpTarget.native: dumpMask (${mask}) must be a whole number from 0 to 0x7fffffff, as in /proc/PID/coredump_filter`);
    }
    return new ProcDumpTarget('native', options.access, options.container, options.processName, false, mask.toString(16));
  }

  private constructor(
    /** @internal */
    public readonly _runtime: 'dotnet' | 'native',
    /** @internal */
    public readonly _access: TargetAccess,
    /** @internal */
    public readonly _container?: string,
    /** @internal */
    public readonly _processName?: string,
    /** @internal */
    public readonly _crashDumps: boolean = false,
    /** In ProcDump's hex, without 0x. @internal */
    public readonly _dumpMask?: string,
  ) {}
}

/** ProcDump takes the first argument up to the first blank, after the last slash; digits alone are a process id to it. */
function checkProcessName(name: string | undefined): void {
  if (name === undefined || (typeof name === 'string' && /^[^\s/-][^\s/]*$/.test(name) && !/^\d+$/.test(name))) return;
  throw new Error(`ProcDumpTarget: processName '${name}' must be the base name of the process's first argument, without blanks and slashes, not made of `
    + 'digits alone and not starting with a dash');
}
