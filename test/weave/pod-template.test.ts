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
      "attachTo('chart/Web') found no pod to attach to: Deployment is there",
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

describe('refusals name the construct, the workload, what is wrong and the change to make', () => {
  test.each([
    [
      'hostPID',
      { hostPID: true },
      'has hostPID: true, which excludes the shared process namespace that ProcDump needs; remove hostPID, or ' +
        'leave this workload out',
    ],
    [
      'Windows',
      { os: { name: 'windows' } },
      'runs on Windows nodes, where ProcDump for Linux cannot run; leave this workload out',
    ],
    ['no containers', { containers: undefined }, 'has no pod with containers'],
    ['an empty list of containers', { containers: [] }, 'has no pod with containers'],
  ])('%s in a workload that was named', (_, spec, message) => {
    const chart = newChart();
    sidecar(chart).attachTo(deployment(chart, 'Web', podSpec({}, spec)));

    expect(messageOf(() => Testing.synth(chart))).toBe(`chart/ProcDump: Deployment 'web' (chart/Web): ${message}`);
  });

  test('kind List', () => {
    const chart = newChart();
    new ApiObject(chart, 'All', { apiVersion: 'v1', kind: 'List', metadata: { name: 'all' }, items: [] });
    sidecar(chart).attachTo(chart);

    expect(messageOf(() => Testing.synth(chart))).toBe(
      "Validation failed with the following errors:\n  [chart/ProcDump] attachTo('chart') found no pod to attach to: " +
        "List 'all' hides its objects from cdk8s; write its items as separate documents, separated by ---; attach to " +
        'a workload, to a construct that contains one, or give podTemplatePath and kinds for kinds that this library ' +
        'does not know',
    );
  });

  test('a tree where nothing matches', () => {
    const chart = newChart();
    deployment(chart, 'Web', podSpec(), {
      template: { metadata: { annotations: { 'cdk8s-procdump/inject': 'false' } } },
    });
    sidecar(chart).attachTo(chart);

    expect(messageOf(() => Testing.synth(chart))).toContain(
      "[chart/ProcDump] attachTo('chart') found no pod to attach to: Deployment 'web' has the annotation " +
        'cdk8s-procdump/inject: "false"; attach to a workload',
    );
  });

  test('an empty chart', () => {
    const chart = newChart();
    const empty = new Chart(chart, 'Empty');
    sidecar(chart).attachTo(empty);

    expect(messageOf(() => Testing.synth(chart))).toContain(
      "attachTo('chart/Empty') found no pod to attach to: there is no API object at or below it;",
    );
  });

  test('podTemplatePath on a tree without kinds', () => {
    const chart = newChart();

    expect(messageOf(() => sidecar(chart).attachTo(chart, { podTemplatePath: 'spec.template' }))).toBe(
      "chart/ProcDump: podTemplatePath 'spec.template' on 'chart', which is not a single workload, needs kinds; " +
        "name the kinds that have this path, for example kinds: ['argoproj.io/Rollout']",
    );
  });

  test('podTemplatePath that leads nowhere', () => {
    const chart = newChart();
    sidecar(chart).attachTo(deployment(chart), { podTemplatePath: 'spec.podTemplate' });

    expect(messageOf(() => Testing.synth(chart))).toBe(
      "chart/ProcDump: Deployment 'web' (chart/Web): has no pod with containers at podTemplatePath " +
        "'spec.podTemplate'; give the path of the object that has metadata and spec",
    );
  });

  test('another app', () => {
    expect(messageOf(() => sidecar(newChart()).attachTo(deployment(newChart())))).toBe(
      "chart/ProcDump: cannot attach to 'chart/Web', which belongs to another app; define both in one app",
    );
  });

  test('two requests of one construct for one workload', () => {
    const chart = newChart();
    const web = deployment(chart);
    const pod = sidecar(chart);
    pod.attachTo(web);
    pod.attachTo(web, { container: 'web' });

    expect(messageOf(() => Testing.synth(chart))).toBe(
      "chart/ProcDump: Deployment 'web' (chart/Web): attached twice with different options: {}, " +
        '{"container":"web"}; attach it once, or use a second construct',
    );
  });

  test('what is no construct', () => {
    expect(messageOf(() => sidecar(newChart()).attachTo(undefined as never))).toBe(
      'chart/ProcDump: attachTo: scope is missing; expected a construct: a workload, an Include, a chart or an app',
    );
  });

  test('a JSON patch that fits no field', () => {
    const chart = newChart();
    const pod = sidecar(chart);
    pod.attachTo(deployment(chart));
    pod.addJsonPatch(JsonPatch.add('/metadata/labels', {}), JsonPatch.replace('/spec/nope/1', 'x'));

    expect(messageOf(() => Testing.synth(chart))).toBe(
      "chart/ProcDump: Deployment 'web' (chart/Web): addJsonPatch: replace '/spec/nope/1' does not fit this " +
        "object (Cannot read properties of undefined (reading '1')); use a ProcDumpSidecar of its own for workloads " +
        'that have this field',
    );
  });

  test('a podTemplatePath through a list', () => {
    const chart = newChart();
    const cluster = new ApiObject(chart, 'Ray', {
      apiVersion: 'ray.io/v1',
      kind: 'RayCluster',
      metadata: { name: 'ray' },
      spec: { groups: [{ template: { spec: podSpec() } }] },
    });
    sidecar(chart).attachTo(cluster, { podTemplatePath: 'spec.groups.0.template' });

    expect(messageOf(() => Testing.synth(chart))).toBe(
      "chart/ProcDump: RayCluster 'ray' (chart/Ray): podTemplatePath leads through a list at '0', but can only name " +
        'fields of objects; attach to each workload by itself',
    );
  });

  test('a container without a name', () => {
    const chart = newChart();
    sidecar(chart).attachTo(deployment(chart, 'Web', { containers: [{ image: 'x' } as never] }));

    expect(messageOf(() => Testing.synth(chart))).toBe(
      "chart/ProcDump: Deployment 'web' (chart/Web): the container with image 'x' has no name, so the sidecar " +
        'cannot refer to it; give it one',
    );
  });

  test('a workload that was named and whose labels do not match', () => {
    const chart = newChart();
    sidecar(chart).attachTo(deployment(chart), { labels: { tier: 'x' } });

    expect(messageOf(() => Testing.synth(chart))).toContain(
      "attachTo('chart/Web') found no pod to attach to: Deployment 'web' has no label tier=x on its pods;",
    );
  });

  test.each(['${TfToken[TOKEN.3]}', '#{TfToken[TOKEN.3]}'])(
    "nor one of the user's, such as the host of the storage: %s",
    (token) => {
      const chart = newChart();
      sidecar(chart).attachTo(deployment(chart, 'Web', podSpec({ env: [{ name: 'DUMP_HOST', value: token }] })));
      expect(messageOf(() => Testing.synth(chart))).toContain(
        `chart/ProcDump: Deployment 'web' (chart/Web): '${token}' holds a value that Terraform`,
      );
    },
  );

  test('a value that Terraform knows only after apply', () => {
    const chart = newChart();
    sidecar(chart, { image: '${TfToken[TOKEN.3]}/procdump:1' }).attachTo(deployment(chart));

    expect(messageOf(() => Testing.synth(chart))).toBe(
      "chart/ProcDump: Deployment 'web' (chart/Web): '${TfToken[TOKEN.3]}/procdump:1' holds a value that Terraform " +
        'knows only after apply, but nothing in this app resolves it; give the App a resolver, such as ' +
        'azure.TerraformOutputResolver, or use the value itself',
    );
  });

  test('a volume that a volumeClaimTemplate of the StatefulSet would replace', () => {
    const chart = newChart();
    sidecar(chart).attachTo(
      new ApiObject(chart, 'Db', {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'db' },
        spec: { template: { spec: podSpec() }, volumeClaimTemplates: [{ metadata: { name: 'procdump-dumps' } }] },
      }),
    );

    expect(messageOf(() => Testing.synth(chart))).toBe(
      "chart/ProcDump: StatefulSet 'db' (chart/Db): volume 'procdump-dumps' already exists as a " +
        'volumeClaimTemplate; rename yours, or give the construct another containerName',
    );
  });
});
