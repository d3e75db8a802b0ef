import { ApiObject, Chart, Testing } from 'cdk8s';
import { ClaimDumpStore } from '../../src';
import { JsonObject } from '../../src/kubernetes/wire';
import {
  containerOf,
  deployment,
  messageOf,
  newChart,
  podSpec,
  rendered,
  renderedPod,
  sidecar,
  planned,
} from '../pods';

const OFF = { 'cdk8s-procdump/inject': 'false' };

const custom = (
  chart: Chart,
  id: string,
  apiVersion: string,
  kind: string,
  spec: JsonObject = { template: { spec: podSpec() } },
) => new ApiObject(chart, id, { apiVersion, kind, metadata: { name: id.toLowerCase() }, spec });

const names = (containers: JsonObject[] = []) => containers.map(({ name }) => name);

describe('choosing in a tree', () => {
  test('kinds, with and without the API group', () => {
    const chart = newChart();
    deployment(chart, 'Web');
    new ApiObject(chart, 'Db', {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'db' },
      spec: { template: { spec: podSpec() } },
    });
    new ApiObject(chart, 'Canary', {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'canary' },
      spec: { template: { spec: podSpec() } },
    });
    sidecar(chart).attachTo(chart, { kinds: ['StatefulSet'] });
    sidecar(chart, { containerName: 'other' }, 'Other').attachTo(chart, {
      kinds: ['argoproj.io/Rollout'],
      podTemplatePath: 'spec.template',
    });

    expect(names(renderedPod(chart, 'Deployment').containers)).toEqual(['web']);
    expect(names(renderedPod(chart, 'StatefulSet').containers)).toEqual(['web', 'procdump']);
    expect(names(renderedPod(chart, 'Rollout').containers)).toEqual(['web', 'other']);
  });

  test('several calls that choose different pods', () => {
    const chart = newChart();
    deployment(chart, 'Web');
    deployment(chart, 'Worker', { containers: [...podSpec().containers!, { name: 'other' }] });
    const pod = sidecar(chart);
    pod.attachTo(chart, { labels: { app: 'Web' } });
    pod.attachTo(chart, { labels: { app: 'Worker' }, container: 'web' });

    for (const name of ['web', 'worker']) {
      expect(names(renderedPod(chart, 'Deployment', name).containers)).toContain('procdump');
    }
  });

  test('labels of the pod template', () => {
    const chart = newChart();
    deployment(chart, 'Web');
    deployment(chart, 'Worker');
    sidecar(chart).attachTo(chart, { labels: { app: 'Worker' } });

    expect(names(renderedPod(chart, 'Deployment', 'web').containers)).toEqual(['web']);
    expect(names(renderedPod(chart, 'Deployment', 'worker').containers)).toEqual(['web', 'procdump']);
  });

  test.each([
    ['the annotation', { template: { metadata: { annotations: OFF } } }],
    ['the annotation of its workload', { metadata: { annotations: OFF } }],
    ['a Helm hook', { metadata: { annotations: { 'helm.sh/hook': 'pre-install' } } }],
  ])('a pod with %s stays as it is', (_, options) => {
    const chart = newChart();
    deployment(chart, 'Web');
    deployment(chart, 'Other', podSpec(), options);
    sidecar(chart).attachTo(chart);

    expect(renderedPod(chart, 'Deployment', 'other')).toEqual(podSpec());
    expect(names(renderedPod(chart, 'Deployment', 'web').containers)).toEqual(['web', 'procdump']);
  });

  test.each([
    ['a Windows pod', { os: { name: 'windows' } }],
    ['a pod for Windows nodes', { nodeSelector: { 'kubernetes.io/os': 'windows' } }],
    [
      'a pod for Windows nodes by affinity',
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: 'kubernetes.io/os', operator: 'In', values: ['windows'] }] },
              ],
            },
          },
        },
      },
    ],
    ['a pod with windowsOptions', { securityContext: { windowsOptions: {} } }],
    ['a pod with hostPID', { hostPID: true }],
  ])('%s in a tree stays as it is', (_, spec) => {
    const chart = newChart();
    deployment(chart, 'Web');
    deployment(chart, 'Other', podSpec({}, spec));
    sidecar(chart).attachTo(chart);

    expect(renderedPod(chart, 'Deployment', 'other')).toEqual(podSpec({}, spec));
  });

  test('podTemplatePath says nothing of kinds that are known', () => {
    const chart = newChart();
    custom(chart, 'Canary', 'argoproj.io/v1alpha1', 'Rollout');
    deployment(chart, 'Web');
    custom(chart, 'Nightly', 'batch/v1', 'CronJob', {
      jobTemplate: { spec: { template: { spec: podSpec({}, { restartPolicy: 'Never' }) } } },
    });
    custom(chart, 'Alone', 'v1', 'Pod', podSpec());
    sidecar(chart).attachTo(chart, {
      kinds: ['Deployment', 'CronJob', 'Pod', 'Rollout'],
      podTemplatePath: 'spec.template',
    });

    const objects: JsonObject = Object.fromEntries(Testing.synth(chart).map(({ kind, spec }) => [kind, spec]));

    expect(names(objects.Rollout.template.spec.containers)).toEqual(['web', 'procdump']);
    expect(names(objects.Deployment.template.spec.containers)).toEqual(['web', 'procdump']);
    expect(names(objects.CronJob.jobTemplate.spec.template.spec.initContainers)).toEqual(['procdump']);
    expect(names(objects.Pod.containers)).toEqual(['web', 'procdump']);
  });

  test('is obeyed in a named object of any kind', () => {
    const chart = newChart();
    const web = custom(chart, 'Web', 'apps/v1', 'Deployment', {
      shadow: { spec: podSpec() },
      template: { spec: podSpec() },
    });
    sidecar(chart).attachTo(web, { podTemplatePath: 'spec.shadow' });

    const { spec } = rendered(chart);
    expect([spec.shadow, spec.template].map(({ spec: { containers } }) => names(containers))).toEqual([
      ['web', 'procdump'],
      ['web'],
    ]);
  });

  test.each([
    ['Statefulset', 'StatefulSet'],
    ['apps/statefulSet', 'apps/StatefulSet'],
  ])('kinds that are misspelled: %s', (kind, meant) => {
    const chart = newChart();
    deployment(chart);
    sidecar(chart).attachTo(chart, { kinds: ['Deployment', kind] });

    expect(messageOf(() => Testing.synth(chart))).toBe(
      "Validation failed with the following errors:\n  [chart/ProcDump] attachTo('chart'): no object is of kind " +
        `'${kind}'; expected '${meant}'; correct kinds`,
    );
  });

  test.each([
    ['apps/v1/StatefulSet', 'apps/StatefulSet'],
    ['v1/Pod', 'Pod'],
    ['argoproj.io/v1alpha1/Rollout', 'argoproj.io/Rollout'],
  ])('kinds with a version: %s', (kind, meant) => {
    const chart = newChart();
    deployment(chart);
    expect(messageOf(() => sidecar(chart).attachTo(chart, { kinds: ['Deployment', kind] }))).toBe(
      `chart/ProcDump: attachTo: kinds[1] '${kind}' contains an API version, which is ignored; write '${meant}'`,
    );
  });

  test("accepts kinds that no object has, and a user's own kinds that look misspelled", () => {
    const chart = newChart();
    deployment(chart);
    custom(chart, 'Own', 'example.com/v1', 'Statefulset');
    sidecar(chart).attachTo(chart, {
      kinds: ['Deployment', 'StatefulSet', 'Statefulset', 'Rollout'],
      podTemplatePath: 'spec.template',
    });

    expect(names(renderedPod(chart, 'Statefulset').containers)).toEqual(['web', 'procdump']);
  });

  test.each([
    ['that was named', false, ''],
    [
      'met in a tree: the message says how to leave it out',
      true,
      "; or leave this workload out of 'chart': choose by labels or kinds, give it the annotation " +
        'cdk8s-procdump/inject: "false", or use unsuitable: UnsuitableWorkloads.SKIP',
    ],
  ])('a workload of an unknown user %s', (_, tree, remedy) => {
    const chart = newChart();
    const foreign = deployment(chart, 'Foreign', { containers: [{ name: 'web' }] });
    sidecar(chart).attachTo(tree ? chart : foreign);

    expect(messageOf(() => Testing.synth(chart))).toBe(
      "chart/ProcDump: Deployment 'foreign' (chart/Foreign): the user of container 'web' is not known at synth, but " +
        'ProcDump can dump a process only as the same user; set securityContext.runAsUser and runAsGroup of the ' +
        "container or pod, or pass the image's user, for example TargetAccess.sameUser({ uid: 1654, gid: 1654 }); " +
        '`kubectl exec POD -c CONTAINER -- id` prints it, and `docker image inspect --format {{.Config.User}} IMAGE` ' +
        `too${remedy}`,
    );
  });

  test('what an attachment found in an earlier state of the app is forgotten', () => {
    const chart = newChart();
    const web = deployment(chart);
    sidecar(chart).attachTo(web, { labels: { tier: 'x' } });
    expect(messageOf(() => Testing.synth(chart))).toContain(
      "found no pod to attach to: Deployment 'web' has no label tier=x on its pods",
    );

    web.metadata.addAnnotation('cdk8s-procdump/inject', 'false');

    expect(messageOf(() => Testing.synth(chart))).toContain(
      'found no pod to attach to: Deployment \'web\' has the annotation cdk8s-procdump/inject: "false"',
    );
  });

  test('who names a workload overrules who met it in a tree, in any order', () => {
    const woven = [true, false].map((treeFirst) => {
      const chart = newChart();
      const web = deployment(chart, 'Web', {
        containers: [...podSpec().containers!, { name: 'api', securityContext: { runAsUser: 1000, runAsGroup: 1000 } }],
      });
      const pod = sidecar(chart);
      if (treeFirst) pod.attachTo(chart, { container: 'web' });
      pod.attachTo(web, { container: 'api' });
      if (!treeFirst) pod.attachTo(chart, { container: 'web' });
      return renderedPod(chart);
    });

    expect(planned(containerOf(woven[0], 'procdump'), 'container')).toBe('api');
    expect(woven[1]).toEqual(woven[0]);
  });
});

describe('podTemplatePath', () => {
  const list = (chart: Chart) =>
    new ApiObject(chart, 'List', {
      apiVersion: 'v1',
      kind: 'List',
      items: ['a', 'b'].map((name) => ({
        apiVersion: 'example.com/v1',
        kind: 'Fleet',
        metadata: { name },
        spec: { pools: { blue: { template: { spec: podSpec() } }, green: { template: { spec: podSpec() } } } },
      })),
    } as never);

  test.each([
    ['a List that is named', true, 'items[].spec.pools.*.template', ['a', 'a', 'b', 'b']],
    ['a List in a tree', false, 'items[].spec.pools.*.template', ['a', 'a', 'b', 'b']],
    ['one item of a List, as a JSON pointer', true, '/items/1/spec/pools/blue/template', ['b']],
  ])('leads into %s', (_, named, podTemplatePath, expected) => {
    const chart = newChart();
    const procdump = sidecar(chart);
    const object = list(chart);
    procdump.attachTo(named ? object : chart, { podTemplatePath, kinds: ['List'] });
    const text = JSON.stringify(Testing.synth(chart));

    expect(text.match(/"name":"procdump","image"/g)).toHaveLength(expected.length);
    expect(procdump.attachments.map(({ kind, name }) => [kind, name])).toEqual(expected.map((name) => ['Fleet', name]));
  });

  test('gives the items of a List folders of their own in the store', () => {
    const chart = newChart();
    const store = ClaimDumpStore.fromClaimName(chart, 'Store', 'dumps');
    sidecar(chart, { store }).attachTo(list(chart), { podTemplatePath: 'items[].spec.pools.blue.template' });
    const text = JSON.stringify(Testing.synth(chart));

    expect(text.match(/"subPath":"fleet\/[ab]"/g)).toEqual(['"subPath":"fleet/a"', '"subPath":"fleet/b"']);
  });
});

describe('the annotation that opts out', () => {
  const synthWith = (value: string) => {
    const chart = newChart();
    const web = deployment(chart, 'Web', podSpec());
    web.metadata.addAnnotation('cdk8s-procdump/inject', value);
    sidecar(chart).attachTo(chart);
    return Testing.synth(chart);
  };

  test.each(['false', 'False', 'no', 'OFF', '0'])('leaves a workload out with %s', (value) => {
    expect(messageOf(() => synthWith(value))).toContain(`has the annotation cdk8s-procdump/inject: "${value}"`);
  });

  test.each(['true', 'Yes', 'on', '1'])('does not with %s', (value) => {
    expect(JSON.stringify(synthWith(value))).toContain('/opt/procdump/bin/procdump-agent');
  });

  test.each(['', 'nope', 'enabled'])('is an error with %j, which is neither', (value) => {
    expect(messageOf(() => synthWith(value))).toContain(
      `has the annotation cdk8s-procdump/inject: "${value}", which must be one of true, yes, on, 1, false, no, off, 0`,
    );
  });
});
