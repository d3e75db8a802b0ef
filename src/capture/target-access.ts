import type { Check } from '../input/check';
import { INT32_MAX, madeBy, whole } from '../input/checks';
import { located } from '../input/located-error';
import { checkProps, Checks } from '../input/struct';

/** User and group of the official .NET images since .NET 8, and of this package's sidecar image. */
export const DOTNET_IMAGE_USER = 1654;

/** Options of `TargetAccess.sameUser`. */
export interface SameUserOptions {
  /**
   * User id of the target's image. It applies if the manifest sets neither user nor group. In a tree of workloads, a
   * manifest that sets both takes precedence; for a workload that is named in `attachTo`, a different user is an error.
   * @default - `runAsUser` of the target's container, otherwise of the pod, otherwise an error
   */
  readonly uid?: number;
  /**
   * Group id of the target's image. Linux requires equal users and equal groups for access to another process. It also
   * applies if the manifest sets `uid` as the user and no group.
   * @default - `runAsGroup` of the target's container, otherwise of the pod, otherwise 1654 for user 1654 (the user of
   * the official .NET images), otherwise an error
   */
  readonly gid?: number;
}

const SAME_USER_OPTIONS: Checks<SameUserOptions> = { uid: whole(0, INT32_MAX), gid: whole(0, INT32_MAX) };

/** How ProcDump gains access to another process. */
export class TargetAccess {
  /**
   * Runs the sidecar with the user and group of the target and without capabilities, so that a pod still meets the Pod
   * Security Standard `restricted`. Not sufficient for a target that runs as root, or for native dumps on nodes that
   * restrict ptrace (`kernel.yama.ptrace_scope` 1 and higher, as on AKS).
   */
  public static sameUser(options: SameUserOptions = {}): TargetAccess {
    const { uid, gid } = located('TargetAccess.sameUser', () => checkProps(options, SAME_USER_OPTIONS, 'options'));
    return new TargetAccess(false, uid, gid);
  }

  /**
   * Runs the sidecar with the user and group that the cluster assigns to every container in the namespace. OpenShift
   * does so with the SecurityContextConstraints `restricted-v2`, which refuse other users. The sidecar sets neither
   * `runAsUser` nor `runAsGroup`, and gets those of the target. A manifest that sets a user or group is an error.
   * @see https://docs.openshift.com/container-platform/latest/authentication/managing-security-context-constraints.html
   */
  public static assignedUser(): TargetAccess {
    return new TargetAccess(false, undefined, undefined, true);
  }

  /**
   * Runs the sidecar as root with exactly SYS_PTRACE, KILL and DAC_OVERRIDE. SYS_PTRACE allows ProcDump to read the
   * target. KILL is required because ProcDump treats a process that it may not signal as dead. DAC_OVERRIDE opens the
   * target's socket and files. Only namespaces with the Pod Security level `privileged` allow it.
   *
   * An error for a .NET process that does not run as root: at synth if the manifest sets the user, otherwise in the
   * pod. The runtime writes the dumps, and root would follow the links of the application.
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
    /** Whether the cluster assigns user and group. @internal */
    public readonly _assigned: boolean = false,
  ) {}
}

/** @internal */
export const ACCESS: Check = madeBy(
  'TargetAccess.sameUser(), TargetAccess.assignedUser() or TargetAccess.privileged()',
  '_privileged',
);
