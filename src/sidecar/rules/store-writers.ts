import { describeUser, SidecarUser } from './target-user';
import type { PodSpecJson } from '../../kubernetes/wire';
import type { DumpStoreWriters } from '../../stores/dump-store';
import type { RenderedBinding } from '../../stores/store-binding';

/** Owner and modes apply to the whole mount. A sidecar without write access could store no dump. */
export function refuseForeignWriter({ writers }: RenderedBinding, user: SidecarUser, spec: PodSpecJson): void {
  const { uid, gid } = user;
  if (writers === undefined || uid === 0 || uid === writers.uid) return;
  const { fsGroup, supplementalGroups = [] } = spec.securityContext ?? {};
  if (writers.gid !== undefined && [gid, fsGroup, ...supplementalGroups].includes(writers.gid)) return;
  const remedy =
    uid === undefined ? "a gid that is the pod's fsGroup" : `the sidecar's user, { uid: ${uid}, gid: ${gid} }`;
  throw new Error(
    `only ${describe(writers)} can write to the dump store, but the sidecar runs as ${describeUser(user)}; give the ` +
      `store ${remedy}, or wider modes, { directoryMode: '0777', fileMode: '0666' }`,
  );
}

function describe({ uid = 0, gid }: DumpStoreWriters): string {
  return `user ${uid}${gid === undefined ? '' : ` and group ${gid}`}`;
}
