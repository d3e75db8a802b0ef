import type { ProcDumpTarget } from '../../capture/procdump-target';
import { DOTNET_IMAGE_USER, TargetAccess } from '../../capture/target-access';
import type { ContainerJson, PodSpecJson } from '../../kubernetes/wire';
import { UnsuitableWorkload } from '../../weave/unsuitable-workload';

/** The user that the sidecar runs as. */
export interface SidecarUser {
  /** Undefined if the cluster assigns it. */
  readonly uid?: number;
  /** Undefined if the cluster assigns it. */
  readonly gid?: number;
  /** Whether the manifest leaves user or group to the image. */
  readonly assumed: boolean;
}

interface UserIds {
  readonly uid?: number;
  readonly gid?: number;
}

const HOW_TO_FIND =
  '`kubectl exec POD -c CONTAINER -- id` prints it, and `docker image inspect --format {{.Config.User}} IMAGE` too';

/**
 * Returns the user that may access the target: the target's own, or root. Linux requires equal users and equal groups.
 * @param named whether the workload was named: a given user that contradicts the manifest is then an error; in a tree,
 * the manifest takes precedence
 * @throws if the target's user is not known at synth, or is root while the sidecar would be root without capabilities
 * @see https://man7.org/linux/man-pages/man2/ptrace.2.html
 */
export function resolveSidecarUser(
  access: TargetAccess,
  container: ContainerJson,
  spec: PodSpecJson,
  named: boolean,
): SidecarUser {
  if (access._privileged) return { uid: 0, gid: 0, assumed: false };
  const given: UserIds = { uid: access._uid, gid: access._gid };
  if (access._assigned) return assignedUser(container, spec);
  const rendered: UserIds = { uid: idOf('runAsUser', container, spec), gid: idOf('runAsGroup', container, spec) };
  if (named) refuseContradiction(given, rendered, container);
  const { uid, gid } = complete(rendered, given);
  if (uid === undefined) {
    throw new UnsuitableWorkload(
      `the user of container '${container.name}' is not known at synth, but ProcDump can dump a process only as the ` +
        'same user',
      "set securityContext.runAsUser and runAsGroup of the container or pod, or pass the image's user, for example " +
        `TargetAccess.sameUser({ uid: ${DOTNET_IMAGE_USER}, gid: ${DOTNET_IMAGE_USER} }); ${HOW_TO_FIND}`,
    );
  }
  if (uid === 0) {
    throw new UnsuitableWorkload(
      `container '${container.name}' runs as root (uid 0), but root without capabilities cannot dump it`,
      `run it as another user (the official .NET images have ${DOTNET_IMAGE_USER}), or choose access: ` +
        'TargetAccess.privileged()',
    );
  }
  if (gid === undefined) {
    throw new UnsuitableWorkload(
      `the group of container '${container.name}', which runs as user ${uid}, is not known at synth, but ProcDump ` +
        'can dump a process only as the same user and group',
      'set securityContext.runAsGroup of the container or pod, or pass both ids for this workload: ' +
        `TargetAccess.sameUser({ uid, gid }); ${HOW_TO_FIND}`,
    );
  }
  return { uid, gid, assumed: rendered.uid === undefined || rendered.gid === undefined };
}

/**
 * Refuses root beside a .NET process of another user. The runtime writes the dump as the application's user, so root
 * would read and remove files in folders that the application controls, and follow its links.
 * @throws if the manifest sets another user; if it sets none, the agent checks the process
 */
export function refuseRootBesideDotnet(target: ProcDumpTarget, container: ContainerJson, spec: PodSpecJson): void {
  if (target._runtime !== 'dotnet' || !target._access._privileged) return;
  const uid = idOf('runAsUser', container, spec);
  if (uid === undefined || uid === 0) return;
  throw new UnsuitableWorkload(
    `container '${container.name}' runs as user ${uid}, and its .NET runtime writes the dumps as that user, into ` +
      'folders where root would follow its links',
    'choose access: TargetAccess.sameUser(), with gid where the manifest names no group',
  );
}

/** Returns the user for messages. */
export function describeUser({ uid, gid }: SidecarUser): string {
  return uid === undefined ? 'the user and group that the cluster assigns' : `user ${uid} and group ${gid}`;
}

/** The cluster assigns one user to all containers in the namespace that set none. */
function assignedUser(container: ContainerJson, spec: PodSpecJson): SidecarUser {
  for (const field of ['runAsUser', 'runAsGroup']) {
    const id = idOf(field, container, spec);
    if (id === undefined) continue;
    throw new UnsuitableWorkload(
      `container '${container.name}' has ${field} ${id}, but with TargetAccess.assignedUser() the cluster assigns ` +
        'user and group, and refuses others',
      'remove runAsUser and runAsGroup from container and pod, or choose access: TargetAccess.sameUser()',
    );
  }
  return { assumed: true };
}

function idOf(field: string, container: ContainerJson, spec: PodSpecJson): number | undefined {
  const value: number | string | undefined = container.securityContext?.[field] ?? spec.securityContext?.[field];
  return value === undefined ? undefined : Number(value);
}

/**
 * The image determines ids that the manifest does not set: a given id applies if the other one does not contradict it.
 */
function complete(rendered: UserIds, given: UserIds): UserIds {
  const agrees = (id: keyof UserIds) =>
    rendered[id] === undefined || given[id] === undefined || rendered[id] === given[id];
  const uid = rendered.uid ?? (agrees('gid') ? given.uid : undefined);
  const gid = rendered.gid ?? (agrees('uid') ? given.gid : undefined);
  return { uid, gid: gid ?? (uid === DOTNET_IMAGE_USER ? DOTNET_IMAGE_USER : undefined) };
}

function refuseContradiction(given: UserIds, rendered: UserIds, { name }: ContainerJson): void {
  for (const [id, field] of [
    ['uid', 'runAsUser'],
    ['gid', 'runAsGroup'],
  ] as const) {
    if (given[id] === undefined || rendered[id] === undefined || given[id] === rendered[id]) continue;
    throw new Error(
      `TargetAccess.sameUser has ${id} ${given[id]}, but container '${name}' has ${field} ${rendered[id]}, which ` +
        `takes precedence; remove ${id} from sameUser(), or correct it`,
    );
  }
}
