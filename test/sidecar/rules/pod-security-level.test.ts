import { Neighbourhood, said, WEB } from './neighbours';
import { ProcDumpTarget, TargetAccess } from '../../../src';
import { PodSecurityLevel } from '../../../src/kubernetes/pod-security';
import type { ContainerJson, JsonObject, PodTemplateJson } from '../../../src/kubernetes/wire';
import { assertPodSecurity } from '../../../src/sidecar/rules/pod-security-level';
import { podSpec } from '../../pods';

const HARDENED = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};
const HOST_PORT = 'spec.containers[web].ports[0].hostPort is 80, must be unset';
const CAPABILITIES =
  'spec.containers[procdump].securityContext.capabilities.add is SYS_PTRACE, must be only AUDIT_WRITE, CHOWN, ' +
  'DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD, NET_BIND_SERVICE, SETFCAP, SETGID, SETPCAP, SETUID, SYS_CHROOT';

function pod(...containers: ContainerJson[]) {
  return { template: { spec: { containers } } };
}
const web = (more: JsonObject = {}): ContainerJson => ({ name: 'web', securityContext: HARDENED, ...more });
const procdump = (securityContext: JsonObject = {}): ContainerJson => ({
  name: 'procdump',
  securityContext: { ...HARDENED, ...securityContext },
});

const WARNS = { 'pod-security.kubernetes.io/warn': 'baseline' };
const UNKNOWN = { 'pod-security.kubernetes.io/enforce': 'aks-safeguards' };
const EXPOSED_POD = podSpec({ ports: [{ hostPort: 80 }] });
const EXPOSED = web({ ports: [{ hostPort: 80 }] });
const PTRACE = procdump({ capabilities: { drop: ['ALL'], add: ['SYS_PTRACE'] } });

test('a pod that meets the level passes', () => {
  expect(() =>
    assertPodSecurity({ level: PodSecurityLevel.RESTRICTED }, pod(web(), procdump()), pod(web())),
  ).not.toThrow();
});

test('any pod passes where the level forbids nothing', () => {
  const required = { level: PodSecurityLevel.PRIVILEGED };
  expect(() => assertPodSecurity(required, pod(EXPOSED, PTRACE), pod(EXPOSED))).not.toThrow();
});

test('a pod without a spec passes', () => {
  const empty = { template: {} };
  expect(() => assertPodSecurity({ level: PodSecurityLevel.BASELINE }, empty, empty)).not.toThrow();
});

test('reports fields that the sidecar added as its own', () => {
  expect(() => assertPodSecurity({ level: PodSecurityLevel.BASELINE }, pod(web(), PTRACE), pod(web()))).toThrow(
    new Error(
      `the pod does not meet Pod Security level 'baseline'; added by the sidecar: ${CAPABILITIES}; choose ` +
        'TargetAccess.sameUser(), or run the workload in a namespace of level privileged',
    ),
  );
});

test("reports fields of the manifest as the manifest's", () => {
  expect(() => assertPodSecurity({ level: PodSecurityLevel.BASELINE }, pod(EXPOSED, procdump()), pod(EXPOSED))).toThrow(
    new Error(
      `the pod does not meet Pod Security level 'baseline'; brought by the manifest: ${HOST_PORT}; correct the ` +
        'fields, or lower podSecurity',
    ),
  );
});

test('both are told apart', () => {
  expect(() => assertPodSecurity({ level: PodSecurityLevel.BASELINE }, pod(EXPOSED, PTRACE), pod(EXPOSED))).toThrow(
    new Error(
      `the pod does not meet Pod Security level 'baseline'; brought by the manifest: ${HOST_PORT}; added by the ` +
        `sidecar: ${CAPABILITIES}; correct the fields, or lower podSecurity`,
    ),
  );
});

test('several violations of one origin are told together', () => {
  const exposedTwice = web({ ports: [{ hostPort: 80 }, { hostPort: 443 }] });
  expect(() => assertPodSecurity({ level: PodSecurityLevel.BASELINE }, pod(exposedTwice), pod(exposedTwice))).toThrow(
    new Error(
      `the pod does not meet Pod Security level 'baseline'; brought by the manifest: ${HOST_PORT}, ` +
        'spec.containers[web].ports[1].hostPort is 443, must be unset; correct the fields, or lower podSecurity',
    ),
  );
});

test('a violation that is gone from the finished pod is not told', () => {
  expect(() =>
    assertPodSecurity({ level: PodSecurityLevel.BASELINE }, pod(web(), procdump()), pod(EXPOSED)),
  ).not.toThrow();
});

describe('a container that may become root', () => {
  const lax = pod(web({ securityContext: { ...HARDENED, allowPrivilegeEscalation: true } }));

  test('passes baseline', () => {
    expect(() => assertPodSecurity({ level: PodSecurityLevel.BASELINE }, lax, lax)).not.toThrow();
  });

  test('does not pass restricted', () => {
    expect(() => assertPodSecurity({ level: PodSecurityLevel.RESTRICTED }, lax, lax)).toThrow(
      new Error(
        "the pod does not meet Pod Security level 'restricted'; brought by the manifest: " +
          'spec.containers[web].securityContext.allowPrivilegeEscalation is true, must be false; correct the ' +
          'fields, or lower podSecurity',
      ),
    );
  });
});

test('annotations of the pod count', () => {
  // GIVEN
  const key = 'container.apparmor.security.beta.kubernetes.io/web';
  const template: PodTemplateJson = {
    metadata: { annotations: { [key]: 'unconfined' } },
    spec: { containers: [web()] },
  };
  const unconfined = { template };
  // THEN
  expect(() => assertPodSecurity({ level: PodSecurityLevel.BASELINE }, unconfined, unconfined)).toThrow(
    new Error(
      `the pod does not meet Pod Security level 'baseline'; brought by the manifest: metadata.annotations[${key}] ` +
        'is unconfined, must be unset, runtime/default or localhost/…; correct the fields, or lower podSecurity',
    ),
  );
});

describe('the level that the namespace enforces', () => {
  const shop = (labels: JsonObject, kind = 'Namespace') => ({
    apiVersion: 'v1',
    kind,
    metadata: { name: 'shop', labels },
  });
  const ENFORCED = { 'pod-security.kubernetes.io/enforce': 'baseline' };
  const privileged = { target: ProcDumpTarget.native({ access: TargetAccess.privileged() }) };

  test('refuses what the sidecar adds', () => {
    expect(said({ neighbour: shop(ENFORCED), namespace: 'shop', props: privileged })).toEqual({
      error:
        `${WEB}namespace 'shop' enforces Pod Security level 'baseline', which the pod does not meet; added by the ` +
        `sidecar: ${CAPABILITIES}; choose TargetAccess.sameUser(), or run the workload in a namespace of level ` +
        'privileged',
    });
  });

  test.each<[string, Neighbourhood]>([
    ['the pod meets it', { neighbour: shop(ENFORCED), namespace: 'shop' }],
    ['the pod is refused without the sidecar', { neighbour: shop(ENFORCED), namespace: 'shop', spec: EXPOSED_POD }],
    ['the namespace is another one', { neighbour: shop(ENFORCED), namespace: 'other', props: privileged }],
    ['the manifest names no namespace', { neighbour: shop(ENFORCED), props: privileged }],
    ['the namespace only warns', { neighbour: shop(WARNS), namespace: 'shop', props: privileged }],
    ['the level is unknown', { neighbour: shop(UNKNOWN), namespace: 'shop', props: privileged }],
    ['the object is no Namespace', { neighbour: shop(ENFORCED, 'ConfigMap'), namespace: 'shop', props: privileged }],
    [
      'the user says otherwise',
      {
        neighbour: shop(ENFORCED),
        namespace: 'shop',
        props: { ...privileged, podSecurity: PodSecurityLevel.PRIVILEGED },
      },
    ],
  ])('refuses nothing where %s', (_, world) => expect(said(world)).toEqual({}));
});
