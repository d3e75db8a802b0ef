import type { Check } from '../input/check';
import { INT32_MAX, madeBy, whole } from '../input/checks';
import { located } from '../input/located-error';
import { checkProps, Checks } from '../input/struct';

/**
 * The user of the official .NET images since .NET 8, and of this package's sidecar image; its group has the same
 * number.
 */
export const DOTNET_IMAGE_USER = 1654;

/** Options of `TargetAccess.sameUser`. */
export interface SameUserOptions {
  /**
   * User id that the target runs with.
   * @default - `runAsUser` of the target's container, else of the pod; an error where neither is set
   */
  readonly uid?: number;
  /**
   * Group id that the target runs with. Linux lets one process look into another only when user and group are both
   * equal.
   * @default - `runAsGroup` of the target's container, else of the pod; else 1654 for user 1654, the user of the
   * official .NET images; else left to the sidecar's image as the target's is left to its own: set `runAsGroup` to be
   * sure
   */
  readonly gid?: number;
}

const SAME_USER_OPTIONS: Checks<SameUserOptions> = { uid: whole(0, INT32_MAX), gid: whole(0, INT32_MAX) };

/** How ProcDump gains access to another process. */
export class TargetAccess {
  /**
   * The sidecar runs as the user and group of the target, without any capability: a pod that meets the Pod Security
   * Standard `restricted` still does. Not enough for a target that runs as root, nor for native dumps on nodes that
   * restrict ptrace (`kernel.yama.ptrace_scope` 1 and more, as on AKS).
   */
  public static sameUser(options: SameUserOptions = {}): TargetAccess {
    const { uid, gid } = located('TargetAccess.sameUser', () => checkProps(options, SAME_USER_OPTIONS, 'options'));
    return new TargetAccess(false, uid, gid);
  }

  /**
   * The sidecar runs as root with exactly SYS_PTRACE, KILL and DAC_OVERRIDE: SYS_PTRACE to read the target, KILL
   * because ProcDump takes a process that it may not signal for dead, DAC_OVERRIDE to open its socket and files. Only
   * namespaces of the Pod Security level `privileged` admit it.
   */
  public static privileged(): TargetAccess {
    return new TargetAccess(true);
  }

  private constructor(
    /** @internal */
    public readonly _privileged: boolean,
    /** @internal */
    public readonly _uid?: number,
    /** @internal */
    public readonly _gid?: number,
  ) {}
}

/** @internal */
export const ACCESS: Check = madeBy('TargetAccess.sameUser() or TargetAccess.privileged()', '_privileged');
