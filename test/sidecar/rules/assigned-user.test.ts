import { IDumpStore, ProcDumpTarget, TargetAccess } from '../../../src';
import type { JsonObject } from '../../../src/kubernetes/wire';
import { containerOf, deployment, messageOf, newChart, podSpec, sidecar, wovenPod } from '../../pods';

const target = ProcDumpTarget.dotnet({ access: TargetAccess.assignedUser() });
const silent = (container: JsonObject = {}, spec: JsonObject = {}) =>
  podSpec({ securityContext: undefined, ...container }, spec);
const WEB = "chart/ProcDump: Deployment 'web' (chart/Web): ";

test('the sidecar names neither user nor group, and may not be root', () => {
  const { securityContext } = containerOf(wovenPod(silent(), { target }), 'procdump');

  expect(securityContext).not.toHaveProperty('runAsUser');
  expect(securityContext).not.toHaveProperty('runAsGroup');
  expect(securityContext).toMatchObject({ runAsNonRoot: true, capabilities: { drop: ['ALL'] } });
});

test('attachments say what is assumed', () => {
  const chart = newChart();
  const procdump = sidecar(chart, { target: ProcDumpTarget.dotnet() });
  procdump.attachTo(deployment(chart, 'Web', silent()), { access: TargetAccess.assignedUser() });

  expect(procdump.attachments[0].assumptions).toEqual([
    "container 'web' runs as the user and group that the cluster assigns",
  ]);
});

test.each<[string, JsonObject, JsonObject, string]>([
  ['user of the container', { securityContext: { runAsUser: 1654 } }, {}, 'runAsUser 1654'],
  ['group of the container', { securityContext: { runAsGroup: 0 } }, {}, 'runAsGroup 0'],
  ['user of the pod', {}, { securityContext: { runAsUser: 1000 } }, 'runAsUser 1000'],
  ['group of the pod', {}, { securityContext: { runAsGroup: 1000 } }, 'runAsGroup 1000'],
])('a manifest that names the %s is an error', (_, container, spec, said) => {
  expect(messageOf(() => wovenPod(silent(container, spec), { target }))).toBe(
    `${WEB}container 'web' has ${said}, but with TargetAccess.assignedUser() the cluster assigns user and group, and ` +
      'refuses others; remove runAsUser and runAsGroup from container and pod, or choose access: ' +
      'TargetAccess.sameUser()',
  );
});

test('a store with certain writers needs the fsGroup of the pod', () => {
  const store: IDumpStore = {
    bindDumpStore: () => ({ volume: { nfs: { server: 'a', path: '/' } }, writers: { uid: 1654, gid: 1654 } }),
  };
  expect(messageOf(() => wovenPod(silent(), { target, store }))).toContain(
    'only user 1654 and group 1654 can write to the dump store, but the sidecar runs as the user and group that the ' +
      "cluster assigns; give the store a gid that is the pod's fsGroup, or wider modes",
  );
  expect(() => wovenPod(silent({}, { securityContext: { fsGroup: 1654 } }), { target, store })).not.toThrow();
});
