import { ApiObject, JsonPatch, Size, Testing } from 'cdk8s';
import { DotnetDiagnosticsTmp, ProcDumpSidecarProps, ProcDumpTarget, ProcDumpTrigger } from '../../src';
import { JsonObject, PodSpecJson } from '../../src/kubernetes/wire';
import {
  agentPlan,
  containerOf,
  deployment,
  messageOf,
  newChart,
  podSpec,
  rendered,
  renderedPod,
  sidecar,
} from '../pods';

const names = (containers: JsonObject[] = []) => containers.map(({ name }) => name);
const two: PodSpecJson = {
  containers: [...podSpec().containers!, { name: 'monitor', image: 'monitor:1', securityContext: { runAsUser: 1654 } }],
};

/** Two sidecars for one target; what is wrong with the second one. */
function refused(first: Partial<ProcDumpSidecarProps>, second: Partial<ProcDumpSidecarProps>): string {
  const chart = newChart();
  const web = deployment(chart);
  sidecar(chart, first, 'A').attachTo(web);
  sidecar(chart, second, 'B').attachTo(web);
  return messageOf(() => Testing.synth(chart));
}

describe('a DotnetDiagnosticsTmp and a sidecar agree on the directory', () => {
  test.each(['Diagnostics', 'Tmp'])('whatever their ids: %s', (id) => {
    const chart = newChart();
    const web = deployment(chart, 'Web', two);
    sidecar(chart).attachTo(web, { container: 'web' });
    new DotnetDiagnosticsTmp(chart, id, { mountPath: '/diag' }).attachTo(web, { containers: ['web', 'monitor'] });

    const pod = renderedPod(chart);

    for (const name of ['web', 'monitor', 'procdump']) {
      expect(containerOf(pod, name).env).toContainEqual({ name: 'TMPDIR', value: '/diag' });
      expect(containerOf(pod, name).volumeMounts).toContainEqual({
        name: 'dotnet-diagnostics-tmp',
        mountPath: '/diag',
      });
    }
  });

  test.each(['A', 'Z'])("uses a given one before a sidecar's own: %s", (id) => {
    const chart = newChart();
    const web = deployment(chart);
    sidecar(chart).attachTo(web);
    const diagnosticsTmp = new DotnetDiagnosticsTmp(chart, 'Diag', { mountPath: '/diag' });
    sidecar(chart, { diagnosticsTmp, containerName: 'second', dumpDirectory: '/second' }, id).attachTo(web);

    for (const name of ['web', 'procdump', 'second']) {
      expect(containerOf(renderedPod(chart), name).env).toContainEqual({ name: 'TMPDIR', value: '/diag' });
    }
  });

  test.each(['A', 'Z'])('refuses the others: %s', (id) => {
    const chart = newChart();
    const web = deployment(chart, 'Web', two);
    new DotnetDiagnosticsTmp(chart, 'Shared').attachTo(web, { containers: ['web', 'monitor'] });
    sidecar(chart, { diagnosticsTmp: new DotnetDiagnosticsTmp(chart, 'Diag', { mountPath: '/diag' }) }, id).attachTo(
      web,
      { container: 'web' },
    );

    expect(messageOf(() => Testing.synth(chart))).toBe(
      `chart/${id}: Deployment 'web' (chart/Web): the diagnostics directory of container 'web' is '/tmp' for ` +
        "chart/Shared, and TMPDIR would move it to '/diag'; give both the same mountPath, or give the sidecar the " +
        'DotnetDiagnosticsTmp as its diagnosticsTmp',
    );
  });

  test('one of another container is none of its business', () => {
    const chart = newChart();
    const web = deployment(chart, 'Web', two);
    new DotnetDiagnosticsTmp(chart, 'Shared').attachTo(web, { containers: ['monitor'] });
    sidecar(chart, {
      diagnosticsTmp: new DotnetDiagnosticsTmp(chart, 'Diag', { mountPath: '/diag', volumeName: 'diag' }),
    }).attachTo(web, { container: 'web' });

    expect(containerOf(renderedPod(chart), 'monitor')).not.toHaveProperty('env');
    expect(containerOf(renderedPod(chart), 'procdump').env).toContainEqual({ name: 'TMPDIR', value: '/diag' });
  });

  test('two that name different paths', () => {
    const chart = newChart();
    const web = deployment(chart);
    for (const [id, mountPath] of [
      ['One', '/one'],
      ['Two', '/two'],
    ]) {
      new DotnetDiagnosticsTmp(chart, id, { mountPath }).attachTo(web);
    }

    expect(messageOf(() => Testing.synth(chart))).toBe(
      "chart/Two: Deployment 'web' (chart/Web): container 'web' has TMPDIR '/one' from chart/One, but the " +
        "diagnostics directory is '/two'; give both the same mountPath",
    );
  });
});

describe('two pod templates in one object', () => {
  const template = (app: string, image = 'web:1') => ({ metadata: { labels: { app } }, spec: podSpec({ image }) });
  const flink = (chart: ReturnType<typeof newChart>) =>
    new ApiObject(chart, 'Flink', {
      apiVersion: 'example.com/v1',
      kind: 'Flink',
      metadata: { name: 'flink' },
      spec: { a: template('a'), b: template('b', 'web:2') },
    });

  test.each([[['spec.a', 'spec.b']], [['spec.b', 'spec.a']]])('are both woven, in any order: %j', (paths) => {
    const chart = newChart();
    const object = flink(chart);
    const pod = sidecar(chart);
    for (const podTemplatePath of paths) pod.attachTo(object, { podTemplatePath });
    pod.addJsonPatch(
      JsonPatch.add('/metadata/labels', {}),
      JsonPatch.add('/metadata/labels/patched', 'once'),
      JsonPatch.add('/spec/list', []),
      JsonPatch.add('/spec/list/-', 1),
    );

    const { spec } = rendered(chart, 'Flink');

    expect([spec.a, spec.b].map((one) => names(one.spec.containers))).toEqual([
      ['web', 'procdump'],
      ['web', 'procdump'],
    ]);
    expect([spec.a, spec.b].map((one) => containerOf(one.spec, 'procdump').env.at(-1).value)).toEqual([
      'web:1',
      'web:2',
    ]);
    expect(spec.list).toEqual([1]);
  });

  test('what one construct does in one is nothing to another construct in the other', () => {
    const chart = newChart();
    const object = flink(chart);
    const target = ProcDumpTarget.dotnet({ crashDumps: true });
    sidecar(chart, { target }, 'A').attachTo(object, { podTemplatePath: 'spec.a' });
    sidecar(chart, { target, triggers: [ProcDumpTrigger.exception()] }, 'B').attachTo(object, {
      podTemplatePath: 'spec.b',
    });

    const { spec } = rendered(chart, 'Flink');

    expect([spec.a, spec.b].map((one) => agentPlan(containerOf(one.spec, 'procdump')).watches.length > 0)).toEqual([
      false,
      true,
    ]);
  });
});

describe('two sidecars that exclude each other: the message names the other one', () => {
  const other = { containerName: 'second', dumpDirectory: '/second' };
  const head = "chart/B: Deployment 'web' (chart/Web): ";

  test('one name, and different triggers: what differs is shown', () => {
    expect(
      refused({ triggers: [ProcDumpTrigger.threadsAbove(100)] }, { triggers: [ProcDumpTrigger.threadsAbove(200)] }),
    ).toBe(
      `${head}container 'procdump' already exists, from chart/A, with different content: {"args":` +
        '[{"watches":[{"triggers":[{"count":100}]}]}]}, to be added: ' +
        '{"args":[{"watches":[{"triggers":[{"count":200}]}]}]}; give one of the two another containerName',
    );
  });

  test('one name, and triggers in one of them alone', () => {
    expect(refused({}, { triggers: [ProcDumpTrigger.threadsAbove(200)] })).toBe(
      `${head}container 'procdump' already exists, from chart/A, with different content: {"args":` +
        '[{"watches":[]}]}, to be added: {"args":[{"watches":[{"name":"polling","triggers":' +
        '[{"count":200,"dumps":1,"kind":"threads","repeats":true}]}]}]}; give one of the two another containerName',
    );
  });

  test('crash dumps of one target', () => {
    const target = ProcDumpTarget.dotnet({ crashDumps: true });
    expect(refused({ target }, { target, ...other })).toBe(
      `${head}environment variable 'DOTNET_DbgMiniDumpName' of container 'web' already exists, from chart/A, with ` +
        'different content: {"value":"/dumps/crash/crash_%e_%p_%h_%t.dmp"}, to be added: ' +
        '{"value":"/second/crash/crash_%e_%p_%h_%t.dmp"}; set the same value in both, or in only one of them',
    );
  });

  test('profilers of one target', () => {
    expect(
      refused({ triggers: [ProcDumpTrigger.exception()] }, { triggers: [ProcDumpTrigger.gcGeneration(2)], ...other }),
    ).toBe(
      `${head}container 'web' already has the profiler of chart/A, but a .NET process loads only one; leave the ` +
        'exception or GC trigger out of one of the two sidecars',
    );
  });

  test('profilers of two targets are fine', () => {
    const chart = newChart();
    const web = deployment(chart, 'Web', two);
    sidecar(chart, { triggers: [ProcDumpTrigger.exception()] }, 'A').attachTo(web, { container: 'web' });
    sidecar(chart, { triggers: [ProcDumpTrigger.exception()], ...other }, 'B').attachTo(web, { container: 'monitor' });

    expect(() => Testing.synth(chart)).not.toThrow();
  });

  test('volumes of one name', () => {
    const chart = newChart();
    const web = deployment(chart, 'Web', two);
    new DotnetDiagnosticsTmp(chart, 'A').attachTo(web, { containers: ['web'] });
    new DotnetDiagnosticsTmp(chart, 'B', { sizeLimit: Size.mebibytes(64) }).attachTo(web, { containers: ['monitor'] });

    expect(messageOf(() => Testing.synth(chart))).toBe(
      `${head}volume 'dotnet-diagnostics-tmp' already exists, from chart/A, with different content: ` +
        '{"emptyDir":{}}, to be added: {"emptyDir":{"sizeLimit":"64Mi"}}; give one of the two another volumeName',
    );
  });
});
