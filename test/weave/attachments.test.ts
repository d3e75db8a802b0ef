import { ApiObject, Chart, JsonPatch, Lazy } from 'cdk8s';
import { ProcDumpTarget } from '../../src';
import { EVICTABLE_VOLUMES } from '../../src/kubernetes/local-volumes';
import { JsonObject } from '../../src/kubernetes/wire';
import { deployment, newChart, podSpec, sidecar } from '../pods';

const OFF = { 'cdk8s-procdump/inject': 'false' };

const custom = (
  chart: Chart,
  id: string,
  apiVersion: string,
  kind: string,
  spec: JsonObject = { template: { spec: podSpec() } },
) => new ApiObject(chart, id, { apiVersion, kind, metadata: { name: id.toLowerCase() }, spec });

describe('attachments', () => {
  const volumes = ['run', 'annotations', 'tmp', 'spool', 'dumps'].map((name) => `procdump-${name}`);
  const added = {
    containers: ['procdump'],
    volumes,
    changedContainers: ['web'],
    annotations: { [EVICTABLE_VOLUMES]: ['procdump-tmp', 'procdump-spool', 'procdump-dumps'] },
    terminationGracePeriodSeconds: 143,
  };
  const nothing = { containers: [], volumes: [], changedContainers: [] };
  const head = (id: string, kind = 'Deployment') => ({
    path: `chart/${id}`,
    kind,
    name: id.toLowerCase(),
    namespace: undefined,
  });

  test('say what is added to each workload, and why one is skipped', () => {
    const chart = newChart({ namespace: 'prod' });
    const web = deployment(chart, 'Web');
    deployment(chart, 'Off', podSpec(), { template: { metadata: { annotations: OFF } } });
    const pod = sidecar(chart);
    pod.attachTo(chart);
    pod.attachTo(web, { container: 'web' });
    deployment(chart, 'Late');

    expect(pod.attachments).toEqual([
      { ...head('Web'), namespace: 'prod', ...added },
      { ...head('Off'), namespace: 'prod', skipped: 'has the annotation cdk8s-procdump/inject: "false"', ...nothing },
      { ...head('Late'), namespace: 'prod', ...added },
    ]);
  });

  test('of several calls, have one entry for each workload: what one call weaves, no other skips', () => {
    const chart = newChart();
    for (const id of ['Web', 'Worker', 'Other']) deployment(chart, id);
    const pod = sidecar(chart);
    pod.attachTo(chart, { labels: { app: 'Web' } });
    pod.attachTo(chart, { labels: { app: 'Worker' } });

    expect(pod.attachments).toEqual([
      { ...head('Web'), ...added },
      { ...head('Worker'), ...added },
      {
        ...head('Other'),
        skipped: 'has no label app=Web on its pods; has no label app=Worker on its pods',
        ...nothing,
      },
    ]);
  });

  test('tell names as they are rendered, environment variables, and a grace period only where it is raised', () => {
    const chart = newChart();
    const web = deployment(chart, 'Web', podSpec({}, { terminationGracePeriodSeconds: 143 }), {
      metadata: { namespace: Lazy.any({ produce: () => 'late' }) },
    });
    web.addJsonPatch(JsonPatch.replace('/metadata/name', 'patched'));
    const pod = sidecar(chart, { target: ProcDumpTarget.dotnet({ crashDumps: true }) });
    pod.attachTo(web);

    const { terminationGracePeriodSeconds, ...rest } = added;
    expect(pod.attachments).toEqual([
      {
        ...head('Web'),
        name: 'patched',
        namespace: 'late',
        ...rest,
        environment: { web: ['DOTNET_DbgEnableMiniDump', 'DOTNET_DbgMiniDumpType', 'DOTNET_DbgMiniDumpName'] },
      },
    ]);
    expect(pod.attachments[0]).not.toHaveProperty('terminationGracePeriodSeconds');
  });

  test('list items of annotations and Secrets for images that the pod lacked', () => {
    const chart = newChart();
    const identity = 'azure.workload.identity';
    deployment(chart, 'Web', podSpec({}, { imagePullSecrets: [{ name: 'acr' }] }), {
      template: {
        metadata: {
          labels: { [`${identity}/use`]: 'true' },
          annotations: { [`${identity}/skip-containers`]: 'proxy', [EVICTABLE_VOLUMES]: 'cache, procdump-spool' },
        },
      },
    });
    const pod = sidecar(chart, { imagePullSecrets: ['acr', 'registry'] });
    pod.attachTo(chart);

    expect(pod.attachments).toEqual([
      {
        ...head('Web'),
        ...added,
        annotations: {
          [EVICTABLE_VOLUMES]: ['procdump-tmp', 'procdump-dumps'],
          [`${identity}/skip-containers`]: ['procdump'],
        },
        imagePullSecrets: ['registry'],
      },
    ]);
  });

  test('name neither where the pod has all of them', () => {
    const chart = newChart();
    const metadata = { annotations: { [EVICTABLE_VOLUMES]: 'procdump-tmp,procdump-spool,procdump-dumps' } };
    deployment(chart, 'Web', podSpec({}, { imagePullSecrets: [{ name: 'acr' }] }), { template: { metadata } });
    const pod = sidecar(chart, { imagePullSecrets: ['acr'] });
    pod.attachTo(chart);

    expect(pod.attachments[0]).not.toHaveProperty('annotations');
    expect(pod.attachments[0]).not.toHaveProperty('imagePullSecrets');
  });

  test('have one entry for each pod template of an object', () => {
    const chart = newChart();
    const flink = custom(chart, 'Flink', 'example.com/v1', 'Flink', { a: { spec: podSpec() }, b: { spec: podSpec() } });
    const pod = sidecar(chart);
    for (const podTemplatePath of ['spec.b', 'spec.a']) pod.attachTo(flink, { podTemplatePath });

    expect(pod.attachments).toEqual(
      ['spec.a', 'spec.b'].map((podTemplatePath) => ({ ...head('Flink', 'Flink'), podTemplatePath, ...added })),
    );
  });

  test('tell what stays without a sidecar, and the change to make', () => {
    const chart = newChart();
    deployment(chart);
    custom(chart, 'Old', 'extensions/v1beta1', 'DaemonSet');
    custom(chart, 'Bare', 'v1', 'DeploymentConfig');
    custom(chart, 'Task', 'tekton.dev/v1', 'TaskRun', { taskSpec: { steps: [] } });
    custom(chart, 'Service', 'v1', 'Service', {});
    custom(chart, 'Cache', 'example.com/v1', 'Cache', { size: 3 });
    new ApiObject(chart, 'List', { apiVersion: 'v1', kind: 'List', metadata: { name: 'list' }, items: [] });
    const pod = sidecar(chart);
    pod.attachTo(chart);

    expect(pod.attachments.map(({ name, skipped }) => [name, skipped])).toEqual([
      ['web', undefined],
      ['old', 'is of apiVersion extensions/v1beta1, which Kubernetes 1.16 removed; write apiVersion: apps/v1'],
      ['bare', 'is of apiVersion v1, which OpenShift no longer serves; write apiVersion: apps.openshift.io/v1'],
      [
        'task',
        'has steps, which Tekton runs in a pod that it builds; run the process in a workload, or dump it in a step',
      ],
    ]);
    expect(pod.attachments[1]).toEqual({
      ...head('Old', 'DaemonSet'),
      skipped: pod.attachments[1].skipped,
      ...nothing,
    });
  });

  test('are silent about what was left out by kinds, or is woven by another call', () => {
    const chart = newChart();
    deployment(chart);
    custom(chart, 'Canary', 'argoproj.io/v1alpha1', 'Rollout');
    const [both, one] = [
      sidecar(chart, {}, 'Both'),
      sidecar(chart, { containerName: 'one', dumpDirectory: '/one' }, 'One'),
    ];
    both.attachTo(chart);
    both.attachTo(chart, { kinds: ['Rollout'], podTemplatePath: 'spec.template' });
    one.attachTo(chart, { kinds: ['Deployment'] });

    expect(both.attachments.map(({ name, skipped }) => [name, skipped])).toEqual([
      ['web', undefined],
      ['canary', undefined],
    ]);
    expect(one.attachments.map(({ name, skipped }) => [name, skipped])).toEqual([['web', undefined]]);
  });
});
