import { PodSecurityLevel } from '../../../src/kubernetes/pod-security';
import type { ContainerJson, JsonObject, PodTemplateJson } from '../../../src/kubernetes/wire';
import { assertPodSecurity } from '../../../src/sidecar/rules/pod-security-level';

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

const EXPOSED = web({ ports: [{ hostPort: 80 }] });
const PTRACE = procdump({ capabilities: { drop: ['ALL'], add: ['SYS_PTRACE'] } });

test('a pod that meets the level passes', () => {
  expect(() => assertPodSecurity(PodSecurityLevel.RESTRICTED, pod(web(), procdump()), pod(web()))).not.toThrow();
});

test.each([
  ['no level is wanted', undefined],
  ['the level forbids nothing', PodSecurityLevel.PRIVILEGED],
])('any pod passes where %s', (_, level) => {
  expect(() => assertPodSecurity(level, pod(EXPOSED, PTRACE), pod(EXPOSED))).not.toThrow();
});

test('a pod without a spec passes', () => {
  const empty = { template: {} };
  expect(() => assertPodSecurity(PodSecurityLevel.BASELINE, empty, empty)).not.toThrow();
});

test('reports fields that the sidecar added as its own', () => {
  expect(() => assertPodSecurity(PodSecurityLevel.BASELINE, pod(web(), PTRACE), pod(web()))).toThrow(
    new Error(
      `the pod does not meet Pod Security level 'baseline'; added by the sidecar: ${CAPABILITIES}; correct the ` +
        'fields, or lower podSecurity',
    ),
  );
});

test("reports fields of the manifest as the manifest's", () => {
  expect(() => assertPodSecurity(PodSecurityLevel.BASELINE, pod(EXPOSED, procdump()), pod(EXPOSED))).toThrow(
    new Error(
      `the pod does not meet Pod Security level 'baseline'; brought by the manifest: ${HOST_PORT}; correct the ` +
        'fields, or lower podSecurity',
    ),
  );
});

test('both are told apart', () => {
  expect(() => assertPodSecurity(PodSecurityLevel.BASELINE, pod(EXPOSED, PTRACE), pod(EXPOSED))).toThrow(
    new Error(
      `the pod does not meet Pod Security level 'baseline'; brought by the manifest: ${HOST_PORT}; added by the ` +
        `sidecar: ${CAPABILITIES}; correct the fields, or lower podSecurity`,
    ),
  );
});

test('several violations of one origin are told together', () => {
  const exposedTwice = web({ ports: [{ hostPort: 80 }, { hostPort: 443 }] });
  expect(() => assertPodSecurity(PodSecurityLevel.BASELINE, pod(exposedTwice), pod(exposedTwice))).toThrow(
    new Error(
      `the pod does not meet Pod Security level 'baseline'; brought by the manifest: ${HOST_PORT}, ` +
        'spec.containers[web].ports[1].hostPort is 443, must be unset; correct the fields, or lower podSecurity',
    ),
  );
});

test('a violation that is gone from the finished pod is not told', () => {
  expect(() => assertPodSecurity(PodSecurityLevel.BASELINE, pod(web(), procdump()), pod(EXPOSED))).not.toThrow();
});

describe('a container that may become root', () => {
  const lax = pod(web({ securityContext: { ...HARDENED, allowPrivilegeEscalation: true } }));

  test('passes baseline', () => {
    expect(() => assertPodSecurity(PodSecurityLevel.BASELINE, lax, lax)).not.toThrow();
  });

  test('does not pass restricted', () => {
    expect(() => assertPodSecurity(PodSecurityLevel.RESTRICTED, lax, lax)).toThrow(
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
  expect(() => assertPodSecurity(PodSecurityLevel.BASELINE, unconfined, unconfined)).toThrow(
    new Error(
      `the pod does not meet Pod Security level 'baseline'; brought by the manifest: metadata.annotations[${key}] ` +
        'is unconfined, must be unset, runtime/default or localhost/…; correct the fields, or lower podSecurity',
    ),
  );
});
