import { DumpStoreWriters, TargetAccess, ProcDumpTarget } from '../../../src';
import { deployment, messageOf, newChart, podSpec, renderedPod, sidecar } from '../../pods';

/** The pod after attaching a sidecar whose store lets these write. */
function woven(
  writers: DumpStoreWriters | undefined,
  securityContext: object,
  pod: object = {},
  target = ProcDumpTarget.dotnet(),
) {
  const chart = newChart();
  const store = { bindDumpStore: () => ({ volume: { persistentVolumeClaim: { claimName: 'dumps' } }, writers }) };
  sidecar(chart, { store, target }).attachTo(
    deployment(chart, 'Web', podSpec({ securityContext }, { securityContext: pod })),
  );
  return renderedPod(chart);
}

const refusal = (...args: Parameters<typeof woven>) => messageOf(() => woven(...args));
const told = (owner: string, user: string, fix: string) =>
  `chart/ProcDump: Deployment 'web' (chart/Web): only ${owner} can write to the dump store, but the sidecar runs ` +
  `as ${user}; give the store the sidecar's user, ${fix}, or wider modes, { directoryMode: '0777', fileMode: ` +
  "'0666' }; or accept this with acknowledge: ['PD007']";

test.each<[string, DumpStoreWriters | undefined, object, object]>([
  ['a store in which everybody may', undefined, { runAsUser: 1000, runAsGroup: 1 }, {}],
  ['the owner', { uid: 1000, gid: 0 }, { runAsUser: 1000, runAsGroup: 1 }, {}],
  ['the group', { uid: 0, gid: 2000 }, { runAsUser: 1000, runAsGroup: 2000 }, {}],
  ['the fsGroup', { uid: 0, gid: 2000 }, { runAsUser: 1000, runAsGroup: 1 }, { fsGroup: 2000 }],
  [
    'another group of the pod',
    { uid: 0, gid: 2000 },
    { runAsUser: 1000, runAsGroup: 1 },
    { supplementalGroups: [7, 2000] },
  ],
])('takes %s', (_, writers, securityContext, pod) => {
  expect(() => woven(writers, securityContext, pod)).not.toThrow();
});

test('accepts root, whoever the owner is', () => {
  expect(() =>
    woven({ uid: 1654 }, { runAsUser: 0 }, {}, ProcDumpTarget.dotnet({ access: TargetAccess.privileged() })),
  ).not.toThrow();
});

test('refuses another user and group', () => {
  expect(refusal({ uid: 1654, gid: 1654 }, { runAsUser: 1000, runAsGroup: 2000 })).toBe(
    told('user 1654 and group 1654', 'user 1000 and group 2000', '{ uid: 1000, gid: 2000 }'),
  );
});

test('refuses a member of a group that may not write', () => {
  expect(refusal({ uid: 1654 }, { runAsUser: 1000, runAsGroup: 1654 })).toBe(
    told('user 1654', 'user 1000 and group 1654', '{ uid: 1000, gid: 1654 }'),
  );
});
