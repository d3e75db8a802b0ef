import { ApiObject } from 'cdk8s';
import { containerOf, deployment, newChart, podSpec, renderedPod, sidecar } from './pods';
import { JsonObject } from '../src/wire';

const names = (containers: JsonObject[] = []) => containers.map(({ name }) => name);

describe('choosing in a tree', () => {
  test('kinds, with and without the API group', () => {
    const chart = newChart();
    deployment(chart, 'Web');
    new ApiObject(chart, 'Db', { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db' }, spec: { template: { spec: podSpec() } } });
    new ApiObject(chart, 'Canary', { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'canary' }, spec: { template: { spec: podSpec() } } });
    sidecar(chart).attachTo(chart, { kinds: ['StatefulSet'] });
    sidecar(chart, { containerName: 'other' }, 'Other').attachTo(chart, { kinds: ['argoproj.io/Rollout'], podTemplatePath: 'spec.template' });

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

    for (const name of ['web', 'worker']) expect(names(renderedPod(chart, 'Deployment', name).containers)).toContain('procdump');
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
    ['the annotation', { template: { metadata: { annotations: { 'cdk8s-procdump/inject': 'false' } } } }],
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
    ['a pod for Windows nodes by affinity', {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/os', operator: 'In', values: ['windows'] }] },
            ],
          },
        },
      },
    }],
    ['a pod with hostPID', { hostPID: true }],
  ])('%s in a tree stays as it is', (_, spec) => {
    const chart = newChart();
    deployment(chart, 'Web');
    deployment(chart, 'Other', podSpec({}, spec));
    sidecar(chart).attachTo(chart);

    expect(renderedPod(chart, 'Deployment', 'other')).toEqual(podSpec({}, spec));
  });

  test('who names a workload overrules who met it in a tree, in any order', () => {
    const woven = [true, false].map((treeFirst) => {
      const chart = newChart();
      const web = deployment(chart, 'Web', { containers: [...podSpec().containers!, { name: 'api', securityContext: { runAsUser: 1000 } }] });
      const pod = sidecar(chart);
      if (treeFirst) pod.attachTo(chart, { container: 'web' });
      pod.attachTo(web, { container: 'api' });
      if (!treeFirst) pod.attachTo(chart, { container: 'web' });
      return renderedPod(chart);
    });

    expect(containerOf(woven[0], 'procdump').args).toContain('api');
    expect(woven[1]).toEqual(woven[0]);
  });
});

describe('attachments', () => {
  test('say what is added to each workload, and why one is skipped', () => {
    const chart = newChart({ namespace: 'prod' });
    const web = deployment(chart, 'Web');
    deployment(chart, 'Off', podSpec(), { template: { metadata: { annotations: { 'cdk8s-procdump/inject': 'false' } } } });
    const pod = sidecar(chart);
    pod.attachTo(chart);
    pod.attachTo(web, { container: 'web' });
    deployment(chart, 'Late');

    const volumes = ['run', 'annotations', 'tmp', 'spool', 'dumps'].map((name) => `procdump-${name}`);
    const added = { containers: ['procdump'], volumes, changedContainers: ['web'] };
    const nothing = { containers: [], volumes: [], changedContainers: [] };
    const workload = (id: string) => ({ path: `chart/${id}`, kind: 'Deployment', name: id.toLowerCase(), namespace: 'prod' });

    expect(pod.attachments).toEqual([
      { ...workload('Off'), skipped: 'has the annotation cdk8s-procdump/inject: "false"', ...nothing },
      { ...workload('Late'), skipped: undefined, ...added },
      { ...workload('Web'), skipped: undefined, ...added },
    ]);
  });
});
