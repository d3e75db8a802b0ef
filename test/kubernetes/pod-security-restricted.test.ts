import { findPodSecurityViolations, PodSecurityLevel } from '../../src/kubernetes/pod-security';
import { PodSecurityViolation, RenderedPod } from '../../src/kubernetes/pod-security-scope';

const VOLUME_TYPES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
const HARDENED = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

interface Edge {
  readonly edge: string;
  readonly admitted: RenderedPod;
  readonly refused: RenderedPod;
  readonly violation: PodSecurityViolation;
}

/** A pod of one container `app` that leaves its security unset: baseline admits it. */
function plain(app: object = {}, spec: object = {}): RenderedPod {
  return { spec: { containers: [{ name: 'app', ...app }], ...spec } };
}

/** A pod of one container `app` that restricted admits, hardened in the container alone. */
function hardened(securityContext: object = {}, spec: object = {}): RenderedPod {
  return plain({ securityContext: { ...HARDENED, ...securityContext } }, spec);
}

function ofPod(field: string, value: string, expected: string): PodSecurityViolation {
  return { field, value, expected };
}

function ofApp(field: string, value: string, expected: string): PodSecurityViolation {
  return { container: 'app', field: `spec.containers[app].${field}`, value, expected };
}

function judge(level: PodSecurityLevel, edges: Edge[]) {
  describe.each(edges)('$edge', ({ admitted, refused, violation }) => {
    test('admits', () => expect(findPodSecurityViolations(admitted, level)).toStrictEqual([]));
    test('refuses', () => expect(findPodSecurityViolations(refused, level)).toStrictEqual([violation]));
  });
}

describe('restricted', () => {
  judge(PodSecurityLevel.RESTRICTED, [
    ...VOLUME_TYPES.map((type) => ({
      edge: `volume type ${type}`,
      admitted: hardened({}, { volumes: [{ name: 'dumps', [type]: {} }] }),
      refused: hardened({}, { volumes: [{ name: 'dumps', azureFile: { shareName: 'dumps' } }] }),
      violation: ofPod('spec.volumes[dumps].azureFile', '{"shareName":"dumps"}', `one of ${VOLUME_TYPES.join(', ')}`),
    })),
    {
      edge: 'volume without a type, hostPath reported once',
      admitted: hardened({}, { volumes: [{ name: 'dumps' }] }),
      refused: hardened({}, { volumes: [{ name: 'dumps', hostPath: { path: '/' } }] }),
      violation: ofPod('spec.volumes[dumps].hostPath', '{"path":"/"}', `one of ${VOLUME_TYPES.join(', ')}`),
    },
    {
      edge: 'allowPrivilegeEscalation true',
      admitted: hardened({ allowPrivilegeEscalation: false }),
      refused: hardened({ allowPrivilegeEscalation: true }),
      violation: ofApp('securityContext.allowPrivilegeEscalation', 'true', 'false'),
    },
    {
      edge: 'allowPrivilegeEscalation unset',
      admitted: hardened({ allowPrivilegeEscalation: false }),
      refused: hardened({ allowPrivilegeEscalation: undefined }),
      violation: ofApp('securityContext.allowPrivilegeEscalation', 'unset', 'false'),
    },
    {
      edge: 'runAsNonRoot of the pod covers a silent container',
      admitted: hardened({ runAsNonRoot: undefined }, { securityContext: { runAsNonRoot: true } }),
      refused: hardened({ runAsNonRoot: undefined }),
      violation: ofApp('securityContext.runAsNonRoot', 'unset', 'true'),
    },
    {
      edge: 'runAsNonRoot false in a container',
      admitted: hardened({}, { securityContext: { runAsNonRoot: true } }),
      refused: hardened({ runAsNonRoot: false }, { securityContext: { runAsNonRoot: true } }),
      violation: ofApp('securityContext.runAsNonRoot', 'false', 'true'),
    },
    {
      edge: 'runAsNonRoot false in the pod, whatever the container says',
      admitted: hardened({ runAsNonRoot: true }),
      refused: hardened({ runAsNonRoot: true }, { securityContext: { runAsNonRoot: false } }),
      violation: ofPod('spec.securityContext.runAsNonRoot', 'false', 'true'),
    },
    {
      edge: 'runAsNonRoot false in the pod, reported once for a silent container',
      admitted: hardened({ runAsNonRoot: undefined }, { securityContext: { runAsNonRoot: true } }),
      refused: hardened({ runAsNonRoot: undefined }, { securityContext: { runAsNonRoot: false } }),
      violation: ofPod('spec.securityContext.runAsNonRoot', 'false', 'true'),
    },
    {
      edge: 'runAsNonRoot in a user namespace',
      admitted: hardened({ runAsNonRoot: false }, { hostUsers: false }),
      refused: hardened({ runAsNonRoot: false }, { hostUsers: true }),
      violation: ofApp('securityContext.runAsNonRoot', 'false', 'true'),
    },
    {
      edge: 'runAsUser of a container',
      admitted: hardened({ runAsUser: 1 }),
      refused: hardened({ runAsUser: 0 }),
      violation: ofApp('securityContext.runAsUser', '0', 'unset or not 0'),
    },
    {
      edge: 'runAsUser of the pod',
      admitted: hardened({ runAsUser: 1654 }, { securityContext: { runAsUser: 1654 } }),
      refused: hardened({ runAsUser: 1654 }, { securityContext: { runAsUser: 0 } }),
      violation: ofPod('spec.securityContext.runAsUser', '0', 'unset or not 0'),
    },
    {
      edge: 'runAsUser in a user namespace',
      admitted: hardened({ runAsUser: 0 }, { hostUsers: false }),
      refused: hardened({ runAsUser: 0 }),
      violation: ofApp('securityContext.runAsUser', '0', 'unset or not 0'),
    },
    {
      edge: 'seccomp profile of the pod covers a silent container',
      admitted: hardened(
        { seccompProfile: undefined },
        { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } },
      ),
      refused: hardened({ seccompProfile: undefined }),
      violation: ofApp('securityContext.seccompProfile.type', 'unset', 'RuntimeDefault or Localhost'),
    },
    {
      edge: 'seccomp profile Unconfined in a container',
      admitted: hardened(
        { seccompProfile: { type: 'Localhost' } },
        { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } },
      ),
      refused: hardened(
        { seccompProfile: { type: 'Unconfined' } },
        { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } },
      ),
      violation: ofApp('securityContext.seccompProfile.type', 'Unconfined', 'RuntimeDefault or Localhost'),
    },
    {
      edge: 'seccomp profile Unconfined in the pod, whatever the container says',
      admitted: hardened(),
      refused: hardened({}, { securityContext: { seccompProfile: { type: 'Unconfined' } } }),
      violation: ofPod('spec.securityContext.seccompProfile.type', 'Unconfined', 'RuntimeDefault or Localhost'),
    },
    {
      edge: 'dropped capabilities unset',
      admitted: hardened({ capabilities: { drop: ['ALL'] } }),
      refused: hardened({ capabilities: undefined }),
      violation: ofApp('securityContext.capabilities.drop', 'unset', 'a list with ALL'),
    },
    {
      edge: 'dropped capabilities without ALL',
      admitted: hardened({ capabilities: { drop: ['NET_RAW', 'ALL'] } }),
      refused: hardened({ capabilities: { drop: ['NET_RAW', 'all'] } }),
      violation: ofApp('securityContext.capabilities.drop', '["NET_RAW","all"]', 'a list with ALL'),
    },
    {
      edge: 'added capability that baseline admits',
      admitted: hardened({ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } }),
      refused: hardened({ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE', 'KILL'] } }),
      violation: ofApp('securityContext.capabilities.add', 'KILL', 'only NET_BIND_SERVICE'),
    },
    {
      edge: 'capabilities in a user namespace',
      admitted: hardened({}, { hostUsers: false }),
      refused: hardened({ capabilities: { drop: ['ALL'], add: ['SYS_PTRACE'] } }, { hostUsers: false }),
      violation: ofApp('securityContext.capabilities.add', 'SYS_PTRACE', 'only NET_BIND_SERVICE'),
    },
    {
      edge: 'procMount in a user namespace',
      admitted: hardened({ procMount: 'Default' }, { hostUsers: false }),
      refused: hardened({ procMount: 'Unmasked' }, { hostUsers: false }),
      violation: ofApp('securityContext.procMount', 'Unmasked', 'unset or Default'),
    },
    {
      edge: 'a baseline rule that restricted keeps',
      admitted: hardened({}, { hostPID: false }),
      refused: hardened({}, { hostPID: true }),
      violation: ofPod('spec.hostPID', 'true', 'unset or false'),
    },
  ]);
});
