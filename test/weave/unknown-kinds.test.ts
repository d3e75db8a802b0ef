import { ApiObject, Testing } from 'cdk8s';
import { UnsuitableWorkloads } from '../../src';
import type { JsonObject, PodSpecJson } from '../../src/kubernetes/wire';
import { messageOf, newChart, sidecar } from '../pods';

/** A pod as each kind accepts it. */
const podSpec = (): PodSpecJson => ({
  containers: [
    {
      name: 'web',
      image: 'contoso/web:1',
      ports: [{ containerPort: 8080 }],
      securityContext: { runAsUser: 1654, runAsGroup: 1654 },
    },
  ],
});

describe('a kind that is not known', () => {
  const world = (options = {}, props = {}, spec: JsonObject = { pools: [{ template: { spec: podSpec() } }] }) => {
    const chart = newChart();
    new ApiObject(chart, 'Web', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { template: { metadata: { labels: { app: 'web' } }, spec: podSpec() } },
    });
    new ApiObject(chart, 'Fleet', { apiVersion: 'example.com/v1', kind: 'Fleet', metadata: { name: 'fleet' }, spec });
    const procdump = sidecar(chart, props);
    procdump.attachTo(chart, options);
    return { chart, procdump };
  };
  const REFUSAL =
    "chart/ProcDump: Fleet 'fleet' (chart/Fleet): is of kind example.com/Fleet, which this library does not know, " +
    "and has pods at spec.pools[].template; also attach with { podTemplatePath: 'spec.pools[].template', kinds: " +
    "['example.com/Fleet'] }, or leave it out by kinds, or accept this with acknowledge: ['PD001']";

  test('is an error with the options to write', () => {
    expect(messageOf(() => Testing.synth(world().chart))).toContain(REFUSAL);
  });

  test('is woven with these options', () => {
    const { chart, procdump } = world();
    procdump.attachTo(chart, { podTemplatePath: 'spec.pools[].template', kinds: ['example.com/Fleet'] });
    const fleet = (Testing.synth(chart) as JsonObject[]).find(({ kind }) => kind === 'Fleet')!;

    expect(fleet.spec.pools[0].template.spec.containers).toHaveLength(2);
    expect(procdump.attachments.map(({ name, skipped }) => [name, skipped])).toEqual([
      ['web', undefined],
      ['fleet', undefined],
    ]);
  });

  test.each<[string, object, object, JsonObject | undefined]>([
    ['kinds leaves it out', { kinds: ['Deployment'] }, {}, undefined],
    ['its pods lack the label', { labels: { app: 'web' }, unsuitable: UnsuitableWorkloads.ERROR }, {}, undefined],
    ['it has no pods', {}, {}, { size: 3 }],
    ['its containers are no containers', {}, {}, { template: { spec: { containers: ['a', 'b'] } } }],
  ])('is no error where %s', (_, options, props, spec) => {
    const { chart } = world(options, props, spec);

    expect(() => Testing.synth(chart)).not.toThrow();
  });

  const skipped = {
    path: 'chart/Fleet',
    kind: 'Fleet',
    name: 'fleet',
    namespace: undefined,
    containers: [],
    volumes: [],
    changedContainers: [],
  };
  const REASON = REFUSAL.replace(/^.*\): /, '');
  const BARE = REASON.replace(/, or leave it out by kinds, or accept.*$/, '');

  test.each<[string, object, object, object]>([
    ['acknowledge', {}, { acknowledge: ['PD001'] }, { skipped: BARE, acknowledged: [`PD001: ${BARE}`] }],
    ['SKIP', { unsuitable: UnsuitableWorkloads.SKIP }, {}, { skipped: BARE }],
  ])('is listed as skipped with %s, and not printed', (_, options, props, expected) => {
    const { chart, procdump } = world(options, props);
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    Testing.synth(chart);
    const lines = write.mock.calls.length;
    write.mockRestore();

    expect(procdump.attachments[1]).toEqual({ ...skipped, ...expected });
    expect(lines).toBe(0);
  });
});

test('a kind that no sidecar can be added to is printed with the reason', () => {
  const chart = newChart();
  new ApiObject(chart, 'Web', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: podSpec() });
  new ApiObject(chart, 'Flow', { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'flow' } });
  sidecar(chart).attachTo(chart);
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  Testing.synth(chart);
  const lines = write.mock.calls.map(([line]) => line);
  write.mockRestore();

  expect(lines).toEqual([
    "chart/ProcDump: Workflow 'flow' (chart/Flow): has templates from which Argo builds the pods; let a resource " +
      'template create a Job that has the sidecar\n',
  ]);
});
