import { ApiObject, Chart, JsonPatch, Testing } from 'cdk8s';
import { AzureFilesDumpStore, DotnetDiagnosticsTmp, PodSecurityLevel, UnsuitableWorkloads } from '../../src';
import type { JsonObject, PodSpecJson } from '../../src/kubernetes/wire';
import { deployment, messageOf, newChart, podSpec, sidecar } from '../pods';

const SKIP = { unsuitable: UnsuitableWorkloads.SKIP };
const unknown = (): PodSpecJson => ({ containers: [{ name: 'web', image: 'contoso/web:1' }] });
const containers = (chart: Chart) =>
  (Testing.synth(chart) as JsonObject[])
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ metadata, spec }) => [metadata.name, spec.template.spec.containers.length]);

describe('SKIP', () => {
  test('weaves the rest and lists what it leaves out, with the reason', () => {
    const chart = newChart();
    deployment(chart, 'A', unknown());
    deployment(chart, 'B');
    const procdump = sidecar(chart);
    procdump.attachTo(chart, SKIP);

    expect(containers(chart)).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect(procdump.attachments.map(({ name, skipped }) => [name, skipped?.slice(0, 33)])).toEqual([
      ['a', "the user of container 'web' is no"],
      ['b', undefined],
    ]);
  });

  test.each([
    ['hostPID', { hostPID: true }, /^has hostPID: true, .*; remove hostPID$/],
    ['Windows', { os: { name: 'windows' } }, /^runs on Windows nodes, where ProcDump for Linux cannot run$/],
  ])('does not ask to leave out a workload with %s, named or not', (_, spec, reason) => {
    const chart = newChart();
    const web = deployment(chart, 'A', podSpec({}, spec));
    deployment(chart, 'B');
    const procdump = sidecar(chart);
    procdump.attachTo(chart);
    procdump.attachTo(web, SKIP);

    expect(procdump.attachments[0].skipped).toMatch(reason);
  });

  test('is an error where nothing is left', () => {
    const chart = newChart();
    deployment(chart, 'A', unknown());
    sidecar(chart).attachTo(chart, SKIP);

    expect(messageOf(() => Testing.synth(chart))).toContain(
      "attachTo('chart') found no pod to attach to: Deployment 'a' the user of container 'web' is not known at synth",
    );
  });

  test('leaves a workload as it is that only the finished pod shows to be unsuitable', () => {
    const chart = newChart();
    deployment(chart, 'A');
    deployment(chart, 'B', podSpec({ ports: [{ hostPort: 80 }] }));
    const procdump = sidecar(chart, { podSecurity: PodSecurityLevel.BASELINE });
    procdump.attachTo(chart, SKIP);

    expect(containers(chart)).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect(procdump.attachments[1].skipped).toContain("does not meet Pod Security level 'baseline'");
  });

  test('leaves a workload as it is that a patch does not fit', () => {
    const chart = newChart();
    deployment(chart, 'A', podSpec({}, { volumes: [{ name: 'own', emptyDir: {} }] }));
    deployment(chart, 'B', podSpec({}, { volumes: [] }));
    const procdump = sidecar(chart);
    procdump.addJsonPatch(JsonPatch.test('/spec/template/spec/volumes/0/name', 'own'));
    procdump.attachTo(chart, SKIP);

    expect(containers(chart)).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  test('of one construct leaves what another one adds', () => {
    const chart = newChart();
    deployment(chart, 'A', unknown());
    deployment(chart, 'B');
    new DotnetDiagnosticsTmp(chart, 'Tmp').attachTo(chart);
    sidecar(chart).attachTo(chart, SKIP);
    const [a]: JsonObject[] = Testing.synth(chart);

    expect(a.spec.template.spec.containers).toEqual([
      { ...unknown().containers![0], volumeMounts: [{ name: 'dotnet-diagnostics-tmp', mountPath: '/tmp' }] },
    ]);
  });

  test('makes no claim for a namespace in which every workload is left out', () => {
    const chart = newChart();
    for (const [namespace, spec] of [
      ['shop', podSpec()],
      ['legacy', unknown()],
    ] as [string, PodSpecJson][]) {
      new ApiObject(chart, namespace, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: namespace, namespace },
        spec: { template: { spec } },
      });
    }
    sidecar(chart, { store: new AzureFilesDumpStore(chart, 'Dumps') }).attachTo(chart, SKIP);
    const claims = (Testing.synth(chart) as JsonObject[]).filter(({ kind }) => kind === 'PersistentVolumeClaim');

    expect(claims.map(({ metadata }) => metadata.namespace)).toEqual(['shop']);
  });

  test('does not excuse two requests that contradict each other', () => {
    const chart = newChart();
    const web = deployment(chart);
    const procdump = sidecar(chart);
    procdump.attachTo(web, SKIP);
    procdump.attachTo(web, { ...SKIP, container: 'web' });

    expect(messageOf(() => Testing.synth(chart))).toContain('attached twice with different options');
  });
});

test('ERROR, the default, refuses', () => {
  const chart = newChart();
  deployment(chart, 'A', unknown());
  deployment(chart, 'B');
  sidecar(chart).attachTo(chart, { unsuitable: UnsuitableWorkloads.ERROR });

  expect(messageOf(() => Testing.synth(chart))).toContain("the user of container 'web' is not known at synth");
});
