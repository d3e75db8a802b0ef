/**
 * The levels of the Kubernetes Pod Security Standards, from no rule at all to the strictest.
 *
 * A namespace chooses its level with the label `pod-security.kubernetes.io/enforce`; a pod that
 * breaks a rule of that level is refused by the API server.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export enum PodSecurityLevel {
  /**
   * Nothing is forbidden. The only level that admits a container with `SYS_PTRACE`.
   */
  PRIVILEGED = 'privileged',

  /**
   * Known privilege escalations are forbidden: host namespaces, privileged containers, host paths,
   * host ports, capabilities beyond those a container runtime gives by default. What is left unset passes.
   */
  BASELINE = 'baseline',

  /**
   * Baseline, and the hardening must be written down: not root, no privilege escalation, every
   * capability dropped, a seccomp profile, and no volume that names a node or a remote server directly.
   */
  RESTRICTED = 'restricted',
}

/**
 * One field of a pod that a Pod Security level does not admit.
 */
export interface PodSecurityViolation {
  /**
   * The container the field belongs to.
   *
   * @default - the field belongs to the pod as a whole
   */
  readonly container?: string;

  /**
   * Where the value stands, for example `spec.containers[procdump].securityContext.capabilities.add`.
   */
  readonly field: string;

  /**
   * The value that is refused, or `unset`.
   */
  readonly value: string;

  /**
   * What the level admits in that field.
   */
  readonly expected: string;
}

/**
 * A pod, or the template of one, as it is sent to the API server.
 *
 * @internal
 */
export interface RenderedPod {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: object;
}

/** A node of the manifest that knows its own path, so that a rule names each field only once. */
interface Scope {
  readonly container?: string;
  readonly path: string;
  readonly wire: unknown;
}

interface Subject {
  readonly annotations: Readonly<Record<string, string>>;
  readonly pod: Scope;
  readonly containers: readonly Scope[];
  readonly everyone: readonly Scope[];
}

type Check = (subject: Subject) => PodSecurityViolation[];
type Test = (value: unknown) => boolean;

interface Rule {
  readonly level: PodSecurityLevel;
  readonly check: Check;
  /** The weaker rule of the level below; running both would report one field twice. */
  readonly replaces?: Check;
}

const LEVELS = [PodSecurityLevel.PRIVILEGED, PodSecurityLevel.BASELINE, PodSecurityLevel.RESTRICTED];

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

// 'latest' follows the cluster: tcp_slow_start_after_idle and tcp_notsent_lowat pass from Kubernetes 1.37 on.
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

const hostNamespaces: Check = ({ pod }) =>
  ['hostNetwork', 'hostPID', 'hostIPC'].flatMap((field) => violationsOf([pod], field, isNotTrue, 'unset or false'));

const privileged: Check = ({ containers }) =>
  violationsOf(containers, 'securityContext.privileged', isNotTrue, 'unset or false');

const baselineCapabilities: Check = ({ containers }) => refuseAdded(containers, BASELINE_CAPABILITIES);

const hostPathVolumes: Check = ({ pod }) => violationsOf(elements(pod, 'volumes'), 'hostPath', isUnset, 'unset');

const hostPorts: Check = ({ containers }) =>
  violationsOf(
    containers.flatMap((container) => elements(container, 'ports')),
    'hostPort',
    orUnset(oneOf([0])),
    'unset',
  );

// The kubelet would call that host from the node: a request forgery (kubernetes/enhancements#4940).
const hostProbesAndHooks: Check = ({ containers }) =>
  containers.flatMap((container) =>
    HOST_FIELDS.flatMap((field) => violationsOf([container], field, orUnset(oneOf([''])), 'unset')),
  );

const appArmorProfile: Check = ({ everyone }) =>
  violationsOf(
    everyone,
    'securityContext.appArmorProfile.type',
    orUnset(oneOf(PROFILES)),
    'unset, RuntimeDefault or Localhost',
  );

const appArmorAnnotations: Check = ({ annotations }) =>
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

const seLinuxOptions: Check = ({ everyone }) =>
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

const restrictedProcMount: Check = ({ containers }) =>
  violationsOf(containers, 'securityContext.procMount', orUnset(oneOf(['Default'])), 'unset or Default');

const baselineProcMount: Check = (subject) => (hasUserNamespace(subject) ? [] : restrictedProcMount(subject));

const baselineSeccomp: Check = ({ everyone }) =>
  violationsOf(
    everyone,
    'securityContext.seccompProfile.type',
    orUnset(oneOf(PROFILES)),
    'unset, RuntimeDefault or Localhost',
  );

const restrictedSeccomp: Check = (subject) =>
  refuseUnlessInherited(subject, 'securityContext.seccompProfile.type', oneOf(PROFILES), 'RuntimeDefault or Localhost');

const sysctls: Check = ({ pod }) =>
  violationsOf(
    elements(pod, 'securityContext.sysctls'),
    'name',
    oneOf(SAFE_SYSCTLS),
    `one of ${SAFE_SYSCTLS.join(', ')}`,
  );

// Windows pods are refused elsewhere, but the policy refuses this field on a Linux pod too.
const windowsHostProcess: Check = ({ everyone }) =>
  violationsOf(everyone, 'securityContext.windowsOptions.hostProcess', isNotTrue, 'unset or false');

// A volume that names no source is an emptyDir: the API server fills that in before the policy looks.
const restrictedVolumes: Check = ({ pod }) =>
  elements(pod, 'volumes').flatMap((volume) =>
    Object.keys(Object(volume.wire))
      .filter((key) => key !== 'name' && !RESTRICTED_VOLUMES.includes(key))
      .flatMap((source) => violationsOf([volume], source, isUnset, `one of ${RESTRICTED_VOLUMES.join(', ')}`)),
  );

const allowPrivilegeEscalation: Check = ({ containers }) =>
  violationsOf(containers, 'securityContext.allowPrivilegeEscalation', oneOf([false]), 'false');

const runAsNonRoot: Check = (subject) =>
  hasUserNamespace(subject)
    ? []
    : refuseUnlessInherited(subject, 'securityContext.runAsNonRoot', oneOf([true]), 'true');

const runAsUser: Check = (subject) =>
  hasUserNamespace(subject)
    ? []
    : violationsOf(subject.everyone, 'securityContext.runAsUser', (value) => value !== 0, 'unset or not 0');

const droppedCapabilities: Check = ({ containers }) =>
  violationsOf(
    containers,
    'securityContext.capabilities.drop',
    (value) => Array.isArray(value) && value.includes('ALL'),
    'a list with ALL',
  );

const restrictedCapabilities: Check = ({ containers }) => refuseAdded(containers, ['NET_BIND_SERVICE']);

/**
 * The rules in the order they are reported, as of the newest policy version (Kubernetes 1.37).
 *
 * @see https://github.com/kubernetes/pod-security-admission/tree/master/policy
 */
const RULES: readonly Rule[] = [
  { level: PodSecurityLevel.BASELINE, check: hostNamespaces },
  { level: PodSecurityLevel.BASELINE, check: privileged },
  { level: PodSecurityLevel.BASELINE, check: baselineCapabilities },
  { level: PodSecurityLevel.BASELINE, check: hostPathVolumes },
  { level: PodSecurityLevel.BASELINE, check: hostPorts },
  { level: PodSecurityLevel.BASELINE, check: hostProbesAndHooks },
  { level: PodSecurityLevel.BASELINE, check: appArmorProfile },
  { level: PodSecurityLevel.BASELINE, check: appArmorAnnotations },
  { level: PodSecurityLevel.BASELINE, check: seLinuxOptions },
  { level: PodSecurityLevel.BASELINE, check: baselineProcMount },
  { level: PodSecurityLevel.BASELINE, check: baselineSeccomp },
  { level: PodSecurityLevel.BASELINE, check: sysctls },
  { level: PodSecurityLevel.BASELINE, check: windowsHostProcess },
  { level: PodSecurityLevel.RESTRICTED, check: restrictedVolumes, replaces: hostPathVolumes },
  { level: PodSecurityLevel.RESTRICTED, check: allowPrivilegeEscalation },
  { level: PodSecurityLevel.RESTRICTED, check: runAsNonRoot },
  { level: PodSecurityLevel.RESTRICTED, check: runAsUser },
  { level: PodSecurityLevel.RESTRICTED, check: restrictedSeccomp, replaces: baselineSeccomp },
  { level: PodSecurityLevel.RESTRICTED, check: droppedCapabilities },
  { level: PodSecurityLevel.RESTRICTED, check: restrictedCapabilities, replaces: baselineCapabilities },
  { level: PodSecurityLevel.RESTRICTED, check: restrictedProcMount, replaces: baselineProcMount },
];

/**
 * Every field of a Linux pod that a Pod Security level does not admit, by rule and then by container.
 *
 * @internal
 */
export function findPodSecurityViolations(pod: RenderedPod, level: PodSecurityLevel): PodSecurityViolation[] {
  const rules = RULES.filter((rule) => LEVELS.indexOf(rule.level) <= LEVELS.indexOf(level));
  const replaced = new Set(rules.map((rule) => rule.replaces));
  const subject = subjectOf(pod);
  return rules.filter((rule) => !replaced.has(rule.check)).flatMap((rule) => rule.check(subject));
}

// Root of a user namespace is nobody on the node, hence the waiver; its capabilities are still judged.
function hasUserNamespace({ pod }: Subject): boolean {
  return at(pod.wire, 'hostUsers') === false;
}

function violationsOf(scopes: readonly Scope[], field: string, admits: Test, expected: string): PodSecurityViolation[] {
  return scopes
    .filter((scope) => !admits(at(scope.wire, field)))
    .map((scope) => violation(scope, field, at(scope.wire, field), expected));
}

// A container that is silent takes the pod's value, so a bad value of the pod is reported once, where it stands.
function refuseUnlessInherited(
  { pod, containers }: Subject,
  field: string,
  admits: Test,
  expected: string,
): PodSecurityViolation[] {
  const podIsSilent = isUnset(at(pod.wire, field));
  return [
    ...violationsOf([pod], field, orUnset(admits), expected),
    ...violationsOf(containers, field, podIsSilent ? admits : orUnset(admits), expected),
  ];
}

function refuseAdded(containers: readonly Scope[], admitted: readonly string[]): PodSecurityViolation[] {
  const field = 'securityContext.capabilities.add';
  return containers.flatMap((container) =>
    list(container, field)
      .filter((capability) => !oneOf(admitted)(capability))
      .map((capability) => violation(container, field, capability, `only ${admitted.join(', ')}`)),
  );
}

function violation({ container, path }: Scope, field: string, value: unknown, expected: string): PodSecurityViolation {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'unset');
  return { ...(container === undefined ? {} : { container }), field: `${path}.${field}`, value: text, expected };
}

function subjectOf({ metadata, spec }: RenderedPod): Subject {
  const pod: Scope = { path: 'spec', wire: spec };
  const containers = ['initContainers', 'containers', 'ephemeralContainers']
    .flatMap((field) => elements(pod, field))
    .map((scope) => ({ ...scope, container: String(at(scope.wire, 'name')) }));
  return { annotations: metadata?.annotations ?? {}, pod, containers, everyone: [pod, ...containers] };
}

function elements(parent: Scope, field: string): Scope[] {
  return list(parent, field).map((wire, index) => ({
    container: parent.container,
    path: `${parent.path}.${field}[${at(wire, 'name') ?? index}]`,
    wire,
  }));
}

function list(scope: Scope, field: string): unknown[] {
  const value = at(scope.wire, field);
  return Array.isArray(value) ? value : [];
}

/** The value at a dotted path; null counts as unset, as it does for the API server. */
function at(wire: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key] ?? undefined, wire);
}

function oneOf(values: readonly unknown[]): Test {
  return (value) => values.includes(value);
}

function orUnset(test: Test): Test {
  return (value) => isUnset(value) || test(value);
}

function isUnset(value: unknown): boolean {
  return value === undefined;
}

function isNotTrue(value: unknown): boolean {
  return value !== true;
}
