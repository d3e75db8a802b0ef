import {
  Check,
  elements,
  hasUserNamespace,
  isNotTrue,
  isUnset,
  list,
  oneOf,
  orUnset,
  PodSecurityViolation,
  refuseUnlessInherited,
  Scope,
  violation,
  violationsOf,
} from './pod-security-scope';

/*
 * The rules of the Pod Security Standards, as of the newest policy version (Kubernetes 1.37).
 *
 * https://github.com/kubernetes/pod-security-admission/tree/master/policy
 */

const BASELINE_CAPABILITIES = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

// 'latest' follows the cluster: tcp_slow_start_after_idle and tcp_notsent_lowat are allowed from Kubernetes 1.37.
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

const RESTRICTED_VOLUMES = [
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

const SELINUX_TYPES = ['container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];
const PROFILES = ['RuntimeDefault', 'Localhost'];
const APPARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';

const HOST_FIELDS = [
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle.postStart',
  'lifecycle.preStop',
].flatMap((handler) => [`${handler}.httpGet.host`, `${handler}.tcpSocket.host`]);

export const hostNamespaces: Check = ({ pod }) =>
  ['hostNetwork', 'hostPID', 'hostIPC'].flatMap((field) => violationsOf([pod], field, isNotTrue, 'unset or false'));

export const privileged: Check = ({ containers }) =>
  violationsOf(containers, 'securityContext.privileged', isNotTrue, 'unset or false');

export const baselineCapabilities: Check = ({ containers }) => refuseAdded(containers, BASELINE_CAPABILITIES);

export const hostPathVolumes: Check = ({ pod }) => violationsOf(elements(pod, 'volumes'), 'hostPath', isUnset, 'unset');

export const hostPorts: Check = ({ containers }) =>
  violationsOf(
    containers.flatMap((container) => elements(container, 'ports')),
    'hostPort',
    orUnset(oneOf([0])),
    'unset',
  );

// The kubelet would call that host from the node: a request forgery (kubernetes/enhancements#4940).
export const hostProbesAndHooks: Check = ({ containers }) =>
  containers.flatMap((container) =>
    HOST_FIELDS.flatMap((field) => violationsOf([container], field, orUnset(oneOf([''])), 'unset')),
  );

export const appArmorProfile: Check = ({ everyone }) =>
  violationsOf(
    everyone,
    'securityContext.appArmorProfile.type',
    orUnset(oneOf(PROFILES)),
    'unset, RuntimeDefault or Localhost',
  );

export const appArmorAnnotations: Check = ({ annotations }) =>
  Object.keys(annotations)
    .sort()
    .filter(
      (key) => key.startsWith(APPARMOR_ANNOTATION) && !/^($|runtime\/default$|localhost\/)/.test(annotations[key]),
    )
    .map((key) => ({
      field: `metadata.annotations[${key}]`,
      value: annotations[key],
      expected: 'unset, runtime/default or localhost/…',
    }));

export const seLinuxOptions: Check = ({ everyone }) =>
  everyone.flatMap((scope) => [
    ...violationsOf(
      [scope],
      'securityContext.seLinuxOptions.type',
      orUnset(oneOf(['', ...SELINUX_TYPES])),
      `unset, ${SELINUX_TYPES.join(', ')}`,
    ),
    ...violationsOf([scope], 'securityContext.seLinuxOptions.user', orUnset(oneOf([''])), 'unset'),
    ...violationsOf([scope], 'securityContext.seLinuxOptions.role', orUnset(oneOf([''])), 'unset'),
  ]);

export const restrictedProcMount: Check = ({ containers }) =>
  violationsOf(containers, 'securityContext.procMount', orUnset(oneOf(['Default'])), 'unset or Default');

export const baselineProcMount: Check = (subject) => (hasUserNamespace(subject) ? [] : restrictedProcMount(subject));

export const baselineSeccomp: Check = ({ everyone }) =>
  violationsOf(
    everyone,
    'securityContext.seccompProfile.type',
    orUnset(oneOf(PROFILES)),
    'unset, RuntimeDefault or Localhost',
  );

export const restrictedSeccomp: Check = (subject) =>
  refuseUnlessInherited(subject, 'securityContext.seccompProfile.type', oneOf(PROFILES), 'RuntimeDefault or Localhost');

export const sysctls: Check = ({ pod }) =>
  violationsOf(
    elements(pod, 'securityContext.sysctls'),
    'name',
    oneOf(SAFE_SYSCTLS),
    `one of ${SAFE_SYSCTLS.join(', ')}`,
  );

// Windows pods are refused elsewhere, but the policy refuses this field on a Linux pod too.
export const windowsHostProcess: Check = ({ everyone }) =>
  violationsOf(everyone, 'securityContext.windowsOptions.hostProcess', isNotTrue, 'unset or false');

// A volume without a source is an emptyDir: the API server sets it before the policy is evaluated.
export const restrictedVolumes: Check = ({ pod }) =>
  elements(pod, 'volumes').flatMap((volume) =>
    Object.keys(Object(volume.wire))
      .filter((key) => key !== 'name' && !RESTRICTED_VOLUMES.includes(key))
      .flatMap((source) => violationsOf([volume], source, isUnset, `one of ${RESTRICTED_VOLUMES.join(', ')}`)),
  );

export const allowPrivilegeEscalation: Check = ({ containers }) =>
  violationsOf(containers, 'securityContext.allowPrivilegeEscalation', oneOf([false]), 'false');

export const runAsNonRoot: Check = (subject) =>
  hasUserNamespace(subject)
    ? []
    : refuseUnlessInherited(subject, 'securityContext.runAsNonRoot', oneOf([true]), 'true');

export const runAsUser: Check = (subject) =>
  hasUserNamespace(subject)
    ? []
    : violationsOf(subject.everyone, 'securityContext.runAsUser', (value) => value !== 0, 'unset or not 0');

export const droppedCapabilities: Check = ({ containers }) =>
  violationsOf(
    containers,
    'securityContext.capabilities.drop',
    (value) => Array.isArray(value) && value.includes('ALL'),
    'a list with ALL',
  );

export const restrictedCapabilities: Check = ({ containers }) => refuseAdded(containers, ['NET_BIND_SERVICE']);

function refuseAdded(containers: readonly Scope[], admitted: readonly string[]): PodSecurityViolation[] {
  const field = 'securityContext.capabilities.add';
  return containers.flatMap((container) =>
    list(container, field)
      .filter((capability) => !oneOf(admitted)(capability))
      .map((capability) => violation(container, field, capability, `only ${admitted.join(', ')}`)),
  );
}
