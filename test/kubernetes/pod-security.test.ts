import { findPodSecurityViolations, PodSecurityLevel } from '../../src/kubernetes/pod-security';
import { PodSecurityViolation, RenderedPod } from '../../src/kubernetes/pod-security-scope';

const BASELINE_CAPABILITIES =
  'only AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD, NET_BIND_SERVICE, SETFCAP, SETGID, SETPCAP, ' +
  'SETUID, SYS_CHROOT';
const SELINUX_TYPES = 'unset, container_t, container_init_t, container_kvm_t, container_engine_t';
const SAFE_SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_notsent_lowat',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_slow_start_after_idle',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
];
const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/app';

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

function secured(securityContext: object): RenderedPod {
  return plain({ securityContext });
}

function podSecured(securityContext: object): RenderedPod {
  return plain({}, { securityContext });
}

function annotated(value: string): RenderedPod {
  return { ...plain(), metadata: { annotations: { [APPARMOR]: value } } };
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

describe('baseline', () => {
  judge(PodSecurityLevel.BASELINE, [
    ...['hostNetwork', 'hostPID', 'hostIPC'].map((field) => ({
      edge: field,
      admitted: plain({}, { [field]: false }),
      refused: plain({}, { [field]: true }),
      violation: ofPod(`spec.${field}`, 'true', 'unset or false'),
    })),
    {
      edge: 'privileged',
      admitted: secured({ privileged: false }),
      refused: secured({ privileged: true }),
      violation: ofApp('securityContext.privileged', 'true', 'unset or false'),
    },
    {
      edge: 'added capability',
      admitted: secured({ capabilities: { add: ['KILL', 'DAC_OVERRIDE'] } }),
      refused: secured({ capabilities: { add: ['KILL', 'SYS_PTRACE'] } }),
      violation: ofApp('securityContext.capabilities.add', 'SYS_PTRACE', BASELINE_CAPABILITIES),
    },
    {
      edge: 'spelling of a capability',
      admitted: secured({ capabilities: { add: ['KILL'] } }),
      refused: secured({ capabilities: { add: ['CAP_KILL'] } }),
      violation: ofApp('securityContext.capabilities.add', 'CAP_KILL', BASELINE_CAPABILITIES),
    },
    {
      edge: 'hostPath volume',
      admitted: plain({}, { volumes: [{ name: 'dumps', nfs: { server: 'nas', path: '/dumps' } }] }),
      refused: plain({}, { volumes: [{ name: 'dumps', hostPath: { path: '/var/dumps' } }] }),
      violation: ofPod('spec.volumes[dumps].hostPath', '{"path":"/var/dumps"}', 'unset'),
    },
    {
      edge: 'host port',
      admitted: plain({ ports: [{ containerPort: 80, hostPort: 0 }] }),
      refused: plain({ ports: [{ containerPort: 80, hostPort: 8080 }] }),
      violation: ofApp('ports[0].hostPort', '8080', 'unset'),
    },
    {
      edge: 'host port of a named port',
      admitted: plain({ ports: [{ name: 'http', containerPort: 80 }] }),
      refused: plain({ ports: [{ name: 'http', containerPort: 80, hostPort: 80 }] }),
      violation: ofApp('ports[http].hostPort', '80', 'unset'),
    },
    ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((probe) =>
      ['httpGet', 'tcpSocket'].map((handler) => ({
        edge: `host of ${probe}.${handler}`,
        admitted: plain({ [probe]: { [handler]: { port: 80, host: '' } } }),
        refused: plain({ [probe]: { [handler]: { port: 80, host: 'localhost' } } }),
        violation: ofApp(`${probe}.${handler}.host`, 'localhost', 'unset'),
      })),
    ),
    ...['postStart', 'preStop'].flatMap((hook) =>
      ['httpGet', 'tcpSocket'].map((handler) => ({
        edge: `host of lifecycle.${hook}.${handler}`,
        admitted: plain({ lifecycle: { [hook]: { [handler]: { port: 80 } } } }),
        refused: plain({ lifecycle: { [hook]: { [handler]: { port: 80, host: '169.254.169.254' } } } }),
        violation: ofApp(`lifecycle.${hook}.${handler}.host`, '169.254.169.254', 'unset'),
      })),
    ),
    {
      edge: 'AppArmor profile of a container',
      admitted: secured({ appArmorProfile: { type: 'Localhost', localhostProfile: 'dumps' } }),
      refused: secured({ appArmorProfile: { type: 'Unconfined' } }),
      violation: ofApp('securityContext.appArmorProfile.type', 'Unconfined', 'unset, RuntimeDefault or Localhost'),
    },
    {
      edge: 'AppArmor profile of the pod',
      admitted: podSecured({ appArmorProfile: { type: 'RuntimeDefault' } }),
      refused: podSecured({ appArmorProfile: { type: 'Unconfined' } }),
      violation: ofPod('spec.securityContext.appArmorProfile.type', 'Unconfined', 'unset, RuntimeDefault or Localhost'),
    },
    ...['', 'runtime/default', 'localhost/dumps'].map((value) => ({
      edge: `AppArmor annotation '${value}'`,
      admitted: annotated(value),
      refused: annotated('unconfined'),
      violation: ofPod(`metadata.annotations[${APPARMOR}]`, 'unconfined', 'unset, runtime/default or localhost/…'),
    })),
    ...['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'].map((type) => ({
      edge: `SELinux type '${type}'`,
      admitted: secured({ seLinuxOptions: { type, level: 's0:c1,c2' } }),
      refused: secured({ seLinuxOptions: { type: 'spc_t', level: 's0:c1,c2' } }),
      violation: ofApp('securityContext.seLinuxOptions.type', 'spc_t', SELINUX_TYPES),
    })),
    ...['user', 'role'].map((option) => ({
      edge: `SELinux ${option}`,
      admitted: podSecured({ seLinuxOptions: { [option]: '' } }),
      refused: podSecured({ seLinuxOptions: { [option]: 'system' } }),
      violation: ofPod(`spec.securityContext.seLinuxOptions.${option}`, 'system', 'unset'),
    })),
    {
      edge: 'procMount',
      admitted: secured({ procMount: 'Default' }),
      refused: secured({ procMount: 'Unmasked' }),
      violation: ofApp('securityContext.procMount', 'Unmasked', 'unset or Default'),
    },
    {
      edge: 'procMount in a user namespace',
      admitted: plain({ securityContext: { procMount: 'Unmasked' } }, { hostUsers: false }),
      refused: plain({ securityContext: { procMount: 'Unmasked' } }, { hostUsers: true }),
      violation: ofApp('securityContext.procMount', 'Unmasked', 'unset or Default'),
    },
    {
      edge: 'seccomp profile of a container',
      admitted: secured({ seccompProfile: { type: 'Localhost', localhostProfile: 'dumps.json' } }),
      refused: secured({ seccompProfile: { type: 'Unconfined' } }),
      violation: ofApp('securityContext.seccompProfile.type', 'Unconfined', 'unset, RuntimeDefault or Localhost'),
    },
    {
      edge: 'seccomp profile of the pod',
      admitted: podSecured({ seccompProfile: { type: 'RuntimeDefault' } }),
      refused: podSecured({ seccompProfile: { type: 'Unconfined' } }),
      violation: ofPod('spec.securityContext.seccompProfile.type', 'Unconfined', 'unset, RuntimeDefault or Localhost'),
    },
    ...SAFE_SYSCTLS.map((name) => ({
      edge: `sysctl ${name}`,
      admitted: podSecured({ sysctls: [{ name, value: '1' }] }),
      refused: podSecured({
        sysctls: [
          { name, value: '1' },
          { name: 'kernel.core_pattern', value: 'core' },
        ],
      }),
      violation: ofPod(
        'spec.securityContext.sysctls[kernel.core_pattern].name',
        'kernel.core_pattern',
        `one of ${SAFE_SYSCTLS.join(', ')}`,
      ),
    })),
    {
      edge: 'Windows host process of a container',
      admitted: secured({ windowsOptions: { hostProcess: false } }),
      refused: secured({ windowsOptions: { hostProcess: true } }),
      violation: ofApp('securityContext.windowsOptions.hostProcess', 'true', 'unset or false'),
    },
    {
      edge: 'Windows host process of the pod',
      admitted: podSecured({ windowsOptions: { hostProcess: false } }),
      refused: podSecured({ windowsOptions: { hostProcess: true } }),
      violation: ofPod('spec.securityContext.windowsOptions.hostProcess', 'true', 'unset or false'),
    },
  ]);

  test.each(BASELINE_CAPABILITIES.slice('only '.length).split(', '))('admits the capability %s', (capability) => {
    expect(
      findPodSecurityViolations(secured({ capabilities: { add: [capability] } }), PodSecurityLevel.BASELINE),
    ).toStrictEqual([]);
  });

  test('does not look at shareProcessNamespace', () => {
    expect(
      findPodSecurityViolations(plain({}, { shareProcessNamespace: true }), PodSecurityLevel.BASELINE),
    ).toStrictEqual([]);
  });

  test('takes null for unset', () => {
    const pod = plain(
      { securityContext: null, ports: null },
      { volumes: null, securityContext: { seccompProfile: null, sysctls: null } },
    );
    expect(findPodSecurityViolations(pod, PodSecurityLevel.BASELINE)).toStrictEqual([]);
  });
});
