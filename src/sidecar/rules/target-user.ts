import { DOTNET_IMAGE_USER, TargetAccess } from '../../capture/target-access';
import type { ContainerJson, PodSpecJson } from '../../kubernetes/wire';
import { UnsuitableWorkload } from '../../weave/attachment';

/** The user that the sidecar runs as. */
export interface SidecarUser {
  readonly uid: number;
  /** Undefined if only the target's image knows the group. */
  readonly gid?: number;
}

/**
 * Returns the user that may access the target: the target's own, or root.
 * @throws if the target's user is not known at synth, or is root while the sidecar would be root without capabilities
 * @see https://man7.org/linux/man-pages/man2/ptrace.2.html
 */
export function resolveSidecarUser(access: TargetAccess, container: ContainerJson, spec: PodSpecJson): SidecarUser {
  if (access._privileged) return { uid: 0, gid: 0 };
  const uid = agreed('uid', access._uid, 'runAsUser', container, spec);
  const gid = agreed('gid', access._gid, 'runAsGroup', container, spec);
  if (uid === undefined) {
    throw new UnsuitableWorkload(
      `the user of container '${container.name}' is not known at synth, but ProcDump can dump a process only as the ` +
        "same user; set securityContext.runAsUser and runAsGroup of the container or pod, or pass the image's user: " +
        `TargetAccess.sameUser({ uid: ${DOTNET_IMAGE_USER}, gid: ${DOTNET_IMAGE_USER} })`,
    );
  }
  if (uid === 0) {
    throw new Error(
      `container '${container.name}' runs as root (uid 0), but root without capabilities cannot dump it; run it as ` +
        `another user (the official .NET images have ${DOTNET_IMAGE_USER}), or choose access: ` +
        'TargetAccess.privileged()',
    );
  }
  return { uid, gid: gid ?? (uid === DOTNET_IMAGE_USER ? DOTNET_IMAGE_USER : undefined) };
}

function agreed(
  what: string,
  given: number | undefined,
  field: string,
  container: ContainerJson,
  spec: PodSpecJson,
): number | undefined {
  const value: number | string | undefined = container.securityContext?.[field] ?? spec.securityContext?.[field];
  const rendered = value === undefined ? undefined : Number(value);
  if (given !== undefined && rendered !== undefined && given !== rendered) {
    throw new Error(
      `TargetAccess.sameUser has ${what} ${given}, but container '${container.name}' has ${field} ${rendered}, ` +
        `which takes precedence; remove ${what} from sameUser(), or correct it`,
    );
  }
  return given ?? rendered;
}
