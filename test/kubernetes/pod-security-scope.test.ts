import { findPodSecurityViolations, PodSecurityLevel } from '../../src/kubernetes/pod-security';
import { RenderedPod } from '../../src/kubernetes/pod-security-scope';

const HARDENED = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

/** A pod of one container `app` that leaves its security unset: baseline admits it. */
function plain(app: object = {}, spec: object = {}): RenderedPod {
  return { spec: { containers: [{ name: 'app', ...app }], ...spec } };
}

/** A pod of one container `app` that restricted admits, hardened in the container alone. */
function hardened(securityContext: object = {}, spec: object = {}): RenderedPod {
  return plain({ securityContext: { ...HARDENED, ...securityContext } }, spec);
}

describe('levels', () => {
  const worst = plain(
    { securityContext: { privileged: true, capabilities: { add: ['SYS_PTRACE'] } } },
    { hostPID: true, volumes: [{ name: 'root', hostPath: {} }] },
  );

  test('privileged admits everything', () => {
    expect(findPodSecurityViolations(worst, PodSecurityLevel.PRIVILEGED)).toStrictEqual([]);
  });

  test('baseline does not apply the rules of restricted', () => {
    expect(
      findPodSecurityViolations(plain({}, { volumes: [{ name: 'nas', nfs: {} }] }), PodSecurityLevel.BASELINE),
    ).toStrictEqual([]);
  });

  test('restricted replaces the weaker rules of baseline, so each field is reported once', () => {
    expect(findPodSecurityViolations(worst, PodSecurityLevel.RESTRICTED).map(({ field }) => field)).toStrictEqual([
      'spec.hostPID',
      'spec.containers[app].securityContext.privileged',
      'spec.volumes[root].hostPath',
      'spec.containers[app].securityContext.allowPrivilegeEscalation',
      'spec.containers[app].securityContext.runAsNonRoot',
      'spec.containers[app].securityContext.seccompProfile.type',
      'spec.containers[app].securityContext.capabilities.drop',
      'spec.containers[app].securityContext.capabilities.add',
    ]);
  });
});

describe('containers', () => {
  const ptrace = { ...HARDENED, capabilities: { drop: ['ALL'], add: ['SYS_PTRACE'] } };

  test('init, regular and ephemeral containers are visited in that order', () => {
    // GIVEN
    const pod = {
      spec: {
        ephemeralContainers: [{ name: 'debugger', securityContext: ptrace }],
        containers: [
          { name: 'app', securityContext: ptrace },
          { name: 'proxy', securityContext: HARDENED },
        ],
        initContainers: [{ name: 'procdump', securityContext: ptrace }],
      },
    };

    // WHEN
    const violations = findPodSecurityViolations(pod, PodSecurityLevel.RESTRICTED);

    // THEN
    const refused = { value: 'SYS_PTRACE', expected: 'only NET_BIND_SERVICE' };
    expect(violations).toStrictEqual([
      { container: 'procdump', field: 'spec.initContainers[procdump].securityContext.capabilities.add', ...refused },
      { container: 'app', field: 'spec.containers[app].securityContext.capabilities.add', ...refused },
      {
        container: 'debugger',
        field: 'spec.ephemeralContainers[debugger].securityContext.capabilities.add',
        ...refused,
      },
    ]);
  });

  test('a silent init container is refused beside a hardened one', () => {
    const pod = hardened(
      {},
      { initContainers: [{ name: 'procdump', securityContext: { ...HARDENED, allowPrivilegeEscalation: undefined } }] },
    );
    expect(findPodSecurityViolations(pod, PodSecurityLevel.RESTRICTED)).toStrictEqual([
      {
        container: 'procdump',
        field: 'spec.initContainers[procdump].securityContext.allowPrivilegeEscalation',
        value: 'unset',
        expected: 'false',
      },
    ]);
  });

  test('annotations are reported by name, whatever their order', () => {
    const prefix = 'container.apparmor.security.beta.kubernetes.io/';
    const annotations = {
      [`${prefix}b`]: 'unconfined',
      'example.com/profile': 'unconfined',
      [`${prefix}a`]: 'unconfined',
    };
    const fields = findPodSecurityViolations({ ...plain(), metadata: { annotations } }, PodSecurityLevel.BASELINE).map(
      ({ field }) => field,
    );
    expect(fields).toStrictEqual([`metadata.annotations[${prefix}a]`, `metadata.annotations[${prefix}b]`]);
  });
});
