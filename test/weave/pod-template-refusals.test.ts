import { ApiObject, Chart, JsonPatch, Testing } from 'cdk8s';
import { deployment, messageOf, newChart, podSpec, sidecar } from '../pods';

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

  test('an empty List', () => {
    const chart = newChart();
    new ApiObject(chart, 'All', { apiVersion: 'v1', kind: 'List', metadata: { name: 'all' }, items: [] });
    sidecar(chart).attachTo(chart);

    expect(messageOf(() => Testing.synth(chart))).toBe(
      "Validation failed with the following errors:\n  [chart/ProcDump] attachTo('chart') found no pod to attach to: " +
        'v1 List is there; attach to a workload, to a construct that contains one, or give podTemplatePath and kinds ' +
        'for kinds that this library does not know',
    );
  });

  test('a tree where nothing matches', () => {
    const chart = newChart();
    deployment(chart, 'Web', podSpec(), {
      template: { metadata: { annotations: { 'cdk8s-procdump/inject': 'false' } } },
    });
    sidecar(chart).attachTo(chart);

    expect(messageOf(() => Testing.synth(chart))).toBe(
      "Validation failed with the following errors:\n  [chart/ProcDump] attachTo('chart') found no pod to attach to: " +
        'Deployment \'web\' has the annotation cdk8s-procdump/inject: "false"',
    );
  });

  test('a pod that cannot have the sidecar, with the reason alone', () => {
    const chart = newChart();
    deployment(chart, 'Web', podSpec({}, { hostPID: true }));
    new ApiObject(chart, 'Service', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } });
    sidecar(chart).attachTo(chart);

    expect(messageOf(() => Testing.synth(chart))).toBe(
      "Validation failed with the following errors:\n  [chart/ProcDump] attachTo('chart') found no pod to attach to: " +
        "Deployment 'web' has hostPID: true, which excludes the shared process namespace that ProcDump needs; remove " +
        'hostPID; v1 Service is there',
    );
  });

  test('a Service, for which no podTemplatePath exists', () => {
    const chart = newChart();
    const service = new ApiObject(chart, 'Service', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } });
    sidecar(chart).attachTo(service);

    expect(messageOf(() => Testing.synth(chart))).toBe(
      "Validation failed with the following errors:\n  [chart/ProcDump] attachTo('chart/Service') found no pod to " +
        'attach to: v1 Service is there; attach to a workload, or to a construct that contains one',
    );
  });

  test('a workload of another kind', () => {
    const chart = newChart();
    sidecar(chart).attachTo(deployment(chart), { kinds: ['StatefulSet'] });

    expect(messageOf(() => Testing.synth(chart))).toContain(
      'found no pod of kinds StatefulSet to attach to: apps/v1 Deployment is there; attach to a workload, to a ' +
        'construct that contains one, or give podTemplatePath and kinds for kinds that this library does not know',
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
        "name the kinds that have this path, for example kinds: ['example.com/Worker']",
    );
  });

  test('podTemplatePath that leads nowhere', () => {
    const chart = newChart();
    sidecar(chart).attachTo(deployment(chart), { podTemplatePath: 'spec.podTemplate' });

    expect(messageOf(() => Testing.synth(chart))).toBe(
      "chart/ProcDump: Deployment 'web' (chart/Web): has no pod with containers at podTemplatePath " +
        "'spec.podTemplate'; give the path of the object that has metadata and spec, with [] after a list",
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
      "attachTo('chart/Web') found no pod to attach to: Deployment 'web' has no label tier=x on its pods",
    );
  });

  test.each(['${TfToken[TOKEN.3]}', '#{TfToken[TOKEN.3]}'])(
    "nor one of the user's, such as the host of the storage: %s",
    (token) => {
      const chart = newChart();
      sidecar(chart).attachTo(deployment(chart, 'Web', podSpec({ env: [{ name: 'DUMP_HOST', value: token }] })));
      expect(messageOf(() => Testing.synth(chart))).toContain(
        `chart/ProcDump: Deployment 'web' (chart/Web): spec.template.spec.containers[0].env[0].value holds a value ` +
          `that Terraform knows only after apply ('${token}')`,
      );
    },
  );

  test('a value that Terraform knows only after apply', () => {
    const chart = newChart();
    sidecar(chart, { image: '${TfToken[TOKEN.3]}/procdump:1' }).attachTo(deployment(chart));

    expect(messageOf(() => Testing.synth(chart))).toBe(
      "chart/ProcDump: Deployment 'web' (chart/Web): containers[0].image holds a value that Terraform knows only " +
        "after apply ('${TfToken[TOKEN.3]}/procdump:1'), but nothing in this app resolves it; give the App a " +
        'resolver, such as azure.TerraformOutputResolver, or use the value itself',
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
