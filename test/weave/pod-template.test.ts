import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart, Include, JsonPatch, Lazy, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { JsonObject } from '../../src/kubernetes/wire';
import {
  containerOf,
  deployment,
  messageOf,
  newChart,
  plusDeployment,
  podSpec,
  rendered,
  renderedPod,
  sidecar,
} from '../pods';

const names = (containers: JsonObject[] = []) => containers.map(({ name }) => name);

function include(scope: Chart, yaml: string): Include {
  const file = join(mkdtempSync(join(tmpdir(), 'include-')), 'manifest.yaml');
  writeFileSync(file, yaml);
  return new Include(scope, 'Include', { url: file });
}

describe('kinds and forms', () => {
  const template = { metadata: { labels: { app: 'web' } }, spec: podSpec() };
  const job = { ...template, spec: { ...template.spec, restartPolicy: 'Never' } };

  test.each([
    ['apps/v1', 'Deployment', { template }, ['spec', 'template']],
    ['apps/v1', 'StatefulSet', { template }, ['spec', 'template']],
    ['apps/v1', 'DaemonSet', { template }, ['spec', 'template']],
    ['apps/v1', 'ReplicaSet', { template }, ['spec', 'template']],
    ['v1', 'ReplicationController', { template }, ['spec', 'template']],
    ['v1', 'Pod', template.spec, []],
    ['batch/v1', 'Job', { template: job }, ['spec', 'template']],
    ['batch/v1', 'CronJob', { jobTemplate: { spec: { template: job } } }, ['spec', 'jobTemplate', 'spec', 'template']],
  ])('%s %s gets the sidecar', (apiVersion, kind, spec, path) => {
    const chart = newChart();
    sidecar(chart).attachTo(new ApiObject(chart, 'Web', { apiVersion, kind, metadata: { name: 'web' }, spec }));

    const pod = path.reduce((value, field) => value[field], rendered(chart, kind)).spec;

    expect(containerOf(pod, 'procdump').image).toBe('contoso.azurecr.io/procdump:3.5.2');
    expect(pod.shareProcessNamespace).toBe(true);
  });

  test('PodTemplate keeps its template at the top', () => {
    const chart = newChart();
    sidecar(chart).attachTo(new ApiObject(chart, 'Web', { apiVersion: 'v1', kind: 'PodTemplate', template }));

    expect(names(rendered(chart, 'PodTemplate').template.spec.containers)).toEqual(['web', 'procdump']);
  });

  test('a kind of the same name in another API group is not taken for one of Kubernetes', () => {
    const chart = newChart();
    const object = new ApiObject(chart, 'Web', {
      apiVersion: 'example.com/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { template },
    });
    sidecar(chart).attachTo(object);

    expect(messageOf(() => Testing.synth(chart))).toContain(
      "attachTo('chart/Web') found no pod to attach to: Deployment 'web' is of kind example.com/Deployment, which " +
        'this library does not know, and has pods at spec.template; also attach with { podTemplatePath: ' +
        "'spec.template', kinds: ['example.com/Deployment'] }",
    );
  });

  test('a workload of cdk8s-plus, its L1 and a raw object get the same containers', () => {
    const chart = newChart();
    const pod = sidecar(chart);
    pod.attachTo(plusDeployment(chart, 'L2'));
    pod.attachTo(
      new kplus.k8s.KubeDeployment(chart, 'L1', {
        metadata: { name: 'l1' },
        spec: {
          selector: {},
          template: {
            spec: {
              containers: [{ name: 'web', image: 'web:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 } }],
            },
          },
        },
      }),
    );
    pod.attachTo(deployment(chart, 'Raw'));

    const [l2, l1, raw] = ['l2', 'l1', 'raw'].map((name) =>
      containerOf(renderedPod(chart, 'Deployment', name), 'procdump'),
    );

    expect(l1).toEqual(raw);
    expect(l2).toEqual(raw);
  });

  test('Include, chart and app: every pod template below', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    const yaml = ['one', 'two']
      .map((name) =>
        JSON.stringify({
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name },
          spec: { template: { metadata: {}, spec: podSpec() } },
        }),
      )
      .join('\n---\n');
    include(chart, `${yaml}\n---\n{"apiVersion":"v1","kind":"Service","metadata":{"name":"one"},"spec":{}}`);
    deployment(chart, 'Three');
    sidecar(chart).attachTo(app);

    for (const name of ['one', 'two', 'three']) {
      expect(names(renderedPod(chart, 'Deployment', name).containers)).toEqual(['web', 'procdump']);
    }
    expect(rendered(chart, 'Service')).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'one' },
      spec: {},
    });
  });

  test('a custom resource by podTemplatePath, dotted or as a JSON pointer', () => {
    const chart = newChart();
    const rollout = (id: string) =>
      new ApiObject(chart, id, {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Rollout',
        metadata: { name: id.toLowerCase() },
        spec: { template },
      });
    sidecar(chart).attachTo(rollout('A'), { podTemplatePath: 'spec.template' });
    sidecar(chart, {}, 'Other').attachTo(rollout('B'), { podTemplatePath: '/spec/template' });

    expect(names(renderedPod(chart, 'Rollout', 'a').containers)).toEqual(['web', 'procdump']);
    expect(names(renderedPod(chart, 'Rollout', 'b').containers)).toEqual(['web', 'procdump']);
  });
});

describe('rendering', () => {
  test('containers and workloads that are added after attachTo count', () => {
    const chart = newChart();
    const web = new kplus.Deployment(chart, 'Web', { metadata: { name: 'web' } });
    sidecar(chart).attachTo(chart);
    web.addContainer({ name: 'late', image: 'late:1', securityContext: { user: 1654, group: 1654 } });
    deployment(chart, 'Later');

    expect(containerOf(renderedPod(chart, 'Deployment', 'web'), 'late').volumeMounts).toEqual([
      { name: 'procdump-tmp', mountPath: '/tmp' },
      { name: 'procdump-spool', mountPath: '/dumps' },
    ]);
    expect(names(renderedPod(chart, 'Deployment', 'later').containers)).toEqual(['web', 'procdump']);
  });

  test('nothing is lost that generated renderers would drop in patches', () => {
    const chart = newChart();
    const web = plusDeployment(chart);
    web.addVolume(kplus.Volume.fromEmptyDir(chart, 'Cache', 'cache', { sizeLimit: Size.mebibytes(64) }));
    sidecar(chart).attachTo(web);

    const { volumes } = renderedPod(chart);

    expect(volumes).toContainEqual({ name: 'cache', emptyDir: { sizeLimit: '64Mi' } });
    expect(volumes).toContainEqual({ name: 'procdump-run', emptyDir: { medium: 'Memory', sizeLimit: '8Mi' } });
  });

  test("the user's JSON patches come first, the sidecar's last", () => {
    const chart = newChart();
    const web = deployment(chart);
    web.addJsonPatch(JsonPatch.add('/spec/template/spec/containers/0/env', [{ name: 'A', value: '1' }]));
    const pod = sidecar(chart);
    pod.attachTo(web);
    pod.addJsonPatch(JsonPatch.replace('/spec/template/spec/containers/1/name', 'renamed'));

    expect(containerOf(renderedPod(chart), 'web').env).toEqual([{ name: 'A', value: '1' }]);
    expect(names(renderedPod(chart).containers)).toEqual(['web', 'renamed']);
  });

  test('a Lazy value of the sidecar reaches the manifest resolved', () => {
    const chart = newChart();
    sidecar(chart, { image: Lazy.any({ produce: () => 'late:1' }) }).attachTo(deployment(chart));

    expect(containerOf(renderedPod(chart), 'procdump').image).toBe('late:1');
  });

  test('Lazy quantities, and those that a resolver of the app knows, reach the manifest', () => {
    const resolver = {
      resolve: (context: { value: unknown; replaceValue(value: unknown): void }) => {
        if (context.value === '${TfToken[TOKEN.0]}') context.replaceValue('70Mi');
      },
    };
    const chart = new Chart(new App({ resolvers: [resolver] }), 'chart');
    const resources = { requests: { cpu: Lazy.any({ produce: () => '30m' }), memory: '${TfToken[TOKEN.0]}' } };
    sidecar(chart, { resources }).attachTo(deployment(chart));
    expect(containerOf(renderedPod(chart), 'procdump').resources.requests).toMatchObject({
      cpu: '30m',
      memory: '70Mi',
    });
  });

  test("resolvers of the app see the sidecar's values", () => {
    const chart = new Chart(
      new App({
        resolvers: [
          {
            resolve: (context) => {
              if (context.value === 'token:1') context.replaceValue('resolved:1');
            },
          },
        ],
      }),
      'chart',
    );
    sidecar(chart, { image: 'token:1' }).attachTo(deployment(chart));

    expect(containerOf(renderedPod(chart), 'procdump').image).toBe('resolved:1');
  });

  test("Lazy values of the user's pod are resolved before it is read", () => {
    const chart = newChart();
    sidecar(chart).attachTo(
      deployment(
        chart,
        'Web',
        podSpec({ securityContext: Lazy.any({ produce: () => ({ runAsUser: 5, runAsGroup: 6 }) }) }),
      ),
    );

    expect(containerOf(renderedPod(chart), 'procdump').securityContext).toMatchObject({ runAsUser: 5, runAsGroup: 6 });
  });

  test('attaching twice and rendering twice change nothing', () => {
    const chart = newChart();
    const web = deployment(chart);
    const pod = sidecar(chart);
    pod.attachTo(web);
    const once = renderedPod(chart);
    pod.attachTo(web);
    pod.attachTo(chart);

    expect(renderedPod(chart)).toEqual(once);
    expect(renderedPod(chart)).toEqual(once);
  });

  test('a second copy of the library finds the same pod template', () => {
    const chart = newChart();
    const web = deployment(chart);
    sidecar(chart).attachTo(web);
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { ProcDumpSidecar, ProcDumpTarget } = require('../../src') as typeof import('../../src');
      new ProcDumpSidecar(chart, 'A', {
        image: 'other:1',
        containerName: 'other',
        target: ProcDumpTarget.dotnet({ container: 'web' }),
        dumpDirectory: '/other',
      }).attachTo(web);
    });

    expect(names(renderedPod(chart).containers)).toEqual(['web', 'other', 'procdump']);
  });

  test('nothing is shared between objects: no YAML aliases', () => {
    const chart = newChart();
    deployment(chart, 'A');
    deployment(chart, 'B');
    sidecar(chart, { securityContext: { seccompProfile: { type: 'Unconfined' } } }).attachTo(chart);

    expect((chart.node.root as App).synthYaml()).not.toMatch(/[&*]a\d/);
  });
});
