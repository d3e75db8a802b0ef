import { ApiObject, Testing } from 'cdk8s';
import { DotnetDiagnosticsTmp, IDumpStore, ProcDumpSidecarProps } from '../../src';
import type { JsonObject } from '../../src/kubernetes/wire';
import { deployment, newChart, podSpec, rendered, sidecar } from '../pods';

const EVICTABLE = 'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes';
const SKIPPED = 'azure.workload.identity/skip-containers';
const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';
const CLAIM: IDumpStore = {
  bindDumpStore: () => ({ volume: { persistentVolumeClaim: { claimName: 'dumps' } }, idMappedMounts: false }),
};
const metadata = (annotations: JsonObject = {}, labels: JsonObject = {}): JsonObject => ({ annotations, labels });

function annotationsOf(given: JsonObject, spec: JsonObject = {}, props: Partial<ProcDumpSidecarProps> = {}) {
  const chart = newChart();
  const web = deployment(chart, 'Web', podSpec({}, spec), { template: { metadata: given } });
  sidecar(chart, props).attachTo(web);
  return rendered(chart).spec.template.metadata.annotations ?? {};
}

describe('volumes that the cluster autoscaler may delete', () => {
  const evictable = (given: JsonObject, spec?: JsonObject, props?: Partial<ProcDumpSidecarProps>) =>
    annotationsOf(metadata(given), spec, props)[EVICTABLE];

  test('are listed where the pod has no local volume', () => {
    expect(evictable({})).toBe('procdump-tmp,procdump-spool,procdump-dumps');
    expect(evictable({}, { volumes: [{ name: 'cm', configMap: { name: 'cm' } }] })).toBeDefined();
    expect(evictable({}, { volumes: [{ name: 'memory', emptyDir: { medium: 'Memory' } }] })).toBeDefined();
  });

  test('are only those on the node', () => {
    expect(evictable({}, {}, { store: CLAIM })).toBe('procdump-tmp,procdump-spool');
  });

  test('join the list that is there', () => {
    expect(evictable({ [EVICTABLE]: 'cache' }, { volumes: [{ name: 'cache', emptyDir: {} }] })).toBe(
      'cache,procdump-tmp,procdump-spool,procdump-dumps',
    );
    expect(evictable({ [EVICTABLE]: 'procdump-spool, procdump-tmp' })).toBe(
      'procdump-spool, procdump-tmp,procdump-dumps',
    );
  });

  test('are not listed where local volumes of the pod keep its node', () => {
    expect(evictable({}, { volumes: [{ name: 'cache', emptyDir: {} }] })).toBeUndefined();
    expect(evictable({}, { volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }] })).toBeUndefined();
  });

  test('include those of a DotnetDiagnosticsTmp and of a second sidecar, in any order', () => {
    const both = (reversed: boolean) => {
      const chart = newChart();
      const web = deployment(chart, 'Web');
      const steps = [
        () => new DotnetDiagnosticsTmp(chart, 'Tmp').attachTo(web),
        () => sidecar(chart, { containerName: 'a', store: CLAIM, dumpDirectory: '/a' }, 'A').attachTo(web),
        () => sidecar(chart, { containerName: 'b', store: CLAIM, dumpDirectory: '/b' }, 'B').attachTo(web),
      ];
      for (const step of reversed ? steps.reverse() : steps) step();
      return rendered(chart).spec.template.metadata;
    };
    expect(both(false).annotations).toEqual({ [EVICTABLE]: 'dotnet-diagnostics-tmp,a-spool,b-spool' });
    expect(both(true)).toEqual(both(false));
  });

  test('are listed on a bare Pod, whose metadata are those of the object', () => {
    const chart = newChart();
    const pod = new ApiObject(chart, 'Pod', { apiVersion: 'v1', kind: 'Pod', spec: podSpec() });
    sidecar(chart, { store: CLAIM }).attachTo(pod);

    expect(Testing.synth(chart)[0].metadata).toEqual({
      name: pod.name,
      annotations: { [EVICTABLE]: 'procdump-tmp,procdump-spool' },
    });
  });
});

describe('the token of a workload identity', () => {
  const used = { 'azure.workload.identity/use': 'true' };
  const skipped = (annotations: JsonObject, labels: JsonObject, props?: Partial<ProcDumpSidecarProps>) =>
    annotationsOf(metadata(annotations, labels), { serviceAccountName: 'web' }, props)[SKIPPED];

  test('is kept from the sidecar', () => {
    expect(skipped({}, used)).toBe('procdump');
    expect(skipped({ [SKIPPED]: 'proxy' }, used)).toBe('proxy;procdump');
    expect(skipped({}, used, { containerName: 'dumper' })).toBe('dumper');
  });

  test('is kept from nobody where the webhook does not act', () => {
    expect(skipped({}, {})).toBeUndefined();
    expect(skipped({}, { 'azure.workload.identity/use': 'false' })).toBeUndefined();
  });

  test('reaches a sidecar whose store trusts the service account', () => {
    const store = { bindDumpStore: () => ({ ...CLAIM.bindDumpStore(), serviceAccountName: 'web' }) };
    expect(skipped({}, used, { store })).toBeUndefined();
  });
});

describe('an AppArmor profile by annotation', () => {
  const profile = (annotations: JsonObject, props?: Partial<ProcDumpSidecarProps>) =>
    annotationsOf(metadata(annotations), {}, props)[`${APPARMOR}procdump`];

  test("is the target's", () => {
    expect(profile({ [`${APPARMOR}web`]: 'localhost/web' })).toBe('localhost/web');
    expect(profile({ [`${APPARMOR}proxy`]: 'localhost/proxy' })).toBeUndefined();
  });

  test('gives way to what the user says of the sidecar', () => {
    const web = { [`${APPARMOR}web`]: 'localhost/web' };
    expect(profile({ ...web, [`${APPARMOR}procdump`]: 'runtime/default' })).toBe('runtime/default');
    expect(
      profile(web, { securityContext: { appArmorProfile: { type: 'Localhost', localhostProfile: 'procdump' } } }),
    ).toBeUndefined();
  });
});
