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
    "['example.com/Fleet'] }, or leave it out by kinds";

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

  test.each([
    ['acknowledge', {}, { acknowledge: ['PD001'] }],
    ['SKIP', { unsuitable: UnsuitableWorkloads.SKIP }, {}],
  ])('is listed as skipped with %s', (_, options, props) => {
    const { chart, procdump } = world(options, props);
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    Testing.synth(chart);
    write.mockRestore();

    expect(procdump.attachments[1]).toMatchObject({
      name: 'fleet',
      skipped: REFUSAL.replace(/^.*\): /, ''),
      containers: [],
    });
  });
});
