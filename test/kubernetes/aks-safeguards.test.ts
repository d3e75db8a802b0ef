import { ProcDumpSidecarProps, SidecarPlacement } from '../../src';
import { findPodSecurityViolations, PodSecurityLevel } from '../../src/kubernetes/pod-security';
import type { JsonObject } from '../../src/kubernetes/wire';
import { containerOf, messageOf, podSpec, wovenPod } from '../pods';

const PROBE = { httpGet: { path: '/', port: 80 } };
const GOOD = {
  image: 'contoso.azurecr.io:443/web:1',
  resources: { requests: { cpu: '100m', memory: '100Mi' } },
  livenessProbe: PROBE,
  readinessProbe: PROBE,
};
const found = (container: JsonObject, pod: JsonObject = {}, metadata: JsonObject = {}) =>
  findPodSecurityViolations(
    { metadata, spec: { containers: [{ name: 'web', ...GOOD, ...container }], ...pod } },
    PodSecurityLevel.AKS_SAFEGUARDS,
  ).map(
    ({ field, value, expected }) => `${field.replace('spec.containers[web].', '')} is ${value}, must be ${expected}`,
  );
const TAG = 'must be an image with a tag other than latest';
const asked = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });

test.each<[string, JsonObject, string[]]>([
  ['requests as AKS demands', {}, []],
  ['limits as requests', { resources: { limits: { cpu: '.1', memory: '1Gi' } } }, []],
  ['a low request of CPU', asked('99m', '1Gi'), ['resources.requests.cpu is 99m, must be at least 100m']],
  ['a low request of memory', asked('1', '99Mi'), ['resources.requests.memory is 99Mi, must be at least 100Mi']],
  [
    'no resources',
    { resources: undefined },
    [
      'resources.requests.cpu is unset, must be at least 100m',
      'resources.requests.memory is unset, must be at least 100Mi',
    ],
  ],
  ['no liveness probe', { livenessProbe: undefined }, ['livenessProbe is unset, must be set']],
  ['no readiness probe', { readinessProbe: undefined }, ['readinessProbe is unset, must be set']],
  ['tag latest', { image: 'web:latest' }, [`image is web:latest, ${TAG}`]],
  ['no tag', { image: 'contoso.azurecr.io:443/web' }, [`image is contoso.azurecr.io:443/web, ${TAG}`]],
  ['a digest alone', { image: 'web@sha256:0' }, [`image is web@sha256:0, ${TAG}`]],
  ['tag and digest', { image: 'web:1@sha256:0' }, []],
])('a container with %s', (_, container, violations) => expect(found(container)).toEqual(violations));

test('baseline holds too', () => {
  expect(found({}, { hostNetwork: true })).toEqual(['spec.hostNetwork is true, must be unset or false']);
  expect(found({ securityContext: { allowPrivilegeEscalation: true } })).toEqual([]);
});

test('init containers need requests and tags, and no probes', () => {
  const init = (container: JsonObject) => found({}, { initContainers: [{ name: 'init', ...container }] });
  expect(init({ image: 'init:1', resources: GOOD.resources })).toEqual([]);
  expect(init({ image: 'init:1' })).toHaveLength(2);
});

test('labels of AKS are reserved', () => {
  expect(found({}, {}, { labels: { 'kubernetes.azure.com/mode': 'system', app: 'web' } })).toEqual([
    'metadata.labels[kubernetes.azure.com/mode] is system, must be unset',
  ]);
});

describe('a woven pod', () => {
  const woven = (container: JsonObject = {}, props: Partial<ProcDumpSidecarProps> = {}) =>
    wovenPod(podSpec({ ...GOOD, ...container }), { podSecurity: PodSecurityLevel.AKS_SAFEGUARDS, ...props });

  test('meets the safeguards by default, as the sidecar requests enough', () => {
    const { requests, limits } = containerOf(woven(), 'procdump').resources;
    expect([requests.cpu, requests.memory, limits]).toEqual(['100m', '100Mi', { memory: '256Mi' }]);
    expect(() => woven({}, { placement: SidecarPlacement.NATIVE })).not.toThrow();
  });

  test('does not with lower resources of the user, or without probes of the application', () => {
    expect(messageOf(() => woven({}, { resources: { requests: { cpu: '20m' } } }))).toContain(
      'added by the sidecar: spec.containers[procdump].resources.requests.cpu is 20m, must be at least 100m',
    );
    expect(messageOf(() => woven({ livenessProbe: undefined }))).toContain(
      'brought by the manifest: spec.containers[web].livenessProbe is unset, must be set',
    );
  });
});
