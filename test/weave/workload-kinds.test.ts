import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, ApiObjectProps, Chart, Include, Testing } from 'cdk8s';
import { ProcDumpSidecar } from '../../src';
import type { ContainerJson, JsonObject, PodSpecJson } from '../../src/kubernetes/wire';
import { expandPath, replaceAt, valueAt } from '../../src/weave/template-path';
import { WorkloadKind, WORKLOAD_KINDS } from '../../src/weave/workload-kinds';
import { unannotated, unwoven } from '../matrix-woven';
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

/** Adds a template at a pattern: two where it leads through a list or a map. */
function withTemplate(json: JsonObject, [step, ...others]: string[]): JsonObject {
  if (step === undefined) return { ...json, spec: podSpec() };
  if (step === '*') return { A: withTemplate({}, others), B: withTemplate({}, others) };
  if (step.endsWith('[]')) {
    const items = ['a', 'b'].map((name) => withTemplate({ name }, others));
    return { ...json, [step.slice(0, -2)]: items };
  }
  return { ...json, [step]: withTemplate(json[step] ?? {}, others) };
}

function manifest({ group, kind, paths }: WorkloadKind): JsonObject & ApiObjectProps {
  const apiVersion = group === 'core' ? 'v1' : `${group}/v1`;
  const head = { apiVersion, kind, metadata: { name: `${group}-${kind}`.toLowerCase().replace(/\./g, '-') } };
  return paths.reduce<JsonObject>((json, path) => withTemplate(json, path.split('.').filter(Boolean)), head) as never;
}

const title = ({ group, kind }: WorkloadKind) => `${group}/${kind}`;
const rows = WORKLOAD_KINDS.map((row): [string, WorkloadKind] => [title(row), row]);
const quiet = { acknowledge: ['PD009'] };

function include(chart: Chart, objects: JsonObject[]): void {
  const file = join(mkdtempSync(join(tmpdir(), 'kinds-')), 'all.yaml');
  writeFileSync(file, objects.map((object) => JSON.stringify(object)).join('\n---\n'));
  new Include(chart, 'All', { url: file });
}

const FORMS: [string, (chart: Chart, procdump: ProcDumpSidecar) => void][] = [
  [
    'objects of a tree',
    (chart, procdump) => {
      for (const [id, row] of rows) new ApiObject(chart, id.replace('/', '.'), manifest(row));
      procdump.attachTo(chart);
    },
  ],
  [
    'objects that are named',
    (chart, procdump) => {
      for (const [id, row] of rows) procdump.attachTo(new ApiObject(chart, id.replace('/', '.'), manifest(row)));
    },
  ],
  [
    'an Include',
    (chart, procdump) => {
      include(
        chart,
        rows.map(([, row]) => manifest(row)),
      );
      procdump.attachTo(chart);
    },
  ],
  [
    'a List',
    (chart, procdump) => {
      new ApiObject(chart, 'List', {
        apiVersion: 'v1',
        kind: 'List',
        items: rows.map(([, row]) => manifest(row)),
      } as never);
      procdump.attachTo(chart);
    },
  ],
  [
    'a List in an Include',
    (chart, procdump) => {
      include(chart, [
        { apiVersion: 'v1', kind: 'List', metadata: { name: 'all' }, items: rows.map(([, row]) => manifest(row)) },
      ]);
      procdump.attachTo(chart);
    },
  ],
];

describe.each(FORMS)('%s', (_, define) => {
  const chart = newChart();
  const procdump = sidecar(chart, quiet);
  define(chart, procdump);
  const synthesized: JsonObject[] = Testing.synth(chart);
  const objects = synthesized.flatMap((object) => (object.kind === 'List' ? object.items : [object]));

  test.each(rows)('%s gets the sidecar in each pod template, and changes nowhere else', (id, row) => {
    const before = manifest(row);
    const after = objects.find(({ metadata }) => metadata?.name === before.metadata?.name)!;
    let restored = after;

    for (const path of row.paths.flatMap((pattern) => expandPath(before, pattern))) {
      const spec: PodSpecJson = valueAt(after, path).spec;
      const [own, others] = row.completes ? [spec.initContainers, spec.containers] : [spec.containers, []];
      expect(own?.map(({ name }: ContainerJson) => name)).toContain('procdump');
      expect(others?.map(({ name }: ContainerJson) => name)).not.toContain('procdump');
      restored = replaceAt(restored, path, (template: JsonObject) => ({ ...template, spec: unwoven(podSpec(), spec) }));
    }

    expect(unannotated(restored)).toEqual(before);
    expect(id).toBe(title(row));
  });

  test('attachments lists each pod template once', () => {
    const paths = rows.flatMap(([, row]) => row.paths.flatMap((pattern) => expandPath(manifest(row), pattern)));

    expect(procdump.attachments.filter(({ skipped }) => skipped === undefined)).toHaveLength(paths.length);
    expect(procdump.attachments.filter(({ skipped }) => skipped !== undefined)).toEqual([]);
  });
});

describe('a kind without a pod template', () => {
  test.each([
    ['Rollout', 'argoproj.io/v1alpha1', { workloadRef: { name: 'web' } }, 'with workloadRef, attach to the Deployment'],
    ['SparkApplication', 'sparkoperator.k8s.io/v1beta2', { driver: {} }, 'add spec.driver.template or'],
  ])('%s is an error by name', (kind, apiVersion, spec, remedy) => {
    const chart = newChart();
    sidecar(chart).attachTo(new ApiObject(chart, 'Web', { apiVersion, kind, metadata: { name: 'web' }, spec }));

    const message = messageOf(() => Testing.synth(chart));
    expect(message).toContain(`${kind} 'web' (chart/Web): has no pod with containers`);
    expect(message).toContain(remedy);
  });

  test('is skipped in a tree', () => {
    const chart = newChart();
    new ApiObject(chart, 'Spark', {
      apiVersion: 'sparkoperator.k8s.io/v1beta2',
      kind: 'SparkApplication',
      metadata: { name: 'spark' },
      spec: { driver: {}, executor: { template: { spec: podSpec() } } },
    });
    new ApiObject(chart, 'Canary', {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'canary' },
      spec: { workloadRef: { name: 'web' } },
    });
    const procdump = sidecar(chart);
    procdump.attachTo(chart);
    Testing.synth(chart);

    expect(procdump.attachments.map(({ name, podTemplatePath, skipped }) => [name, podTemplatePath, skipped])).toEqual([
      ['spark', 'spec.executor.template', undefined],
      ['canary', undefined, 'has no pod with containers; with workloadRef, attach to the Deployment that it names'],
    ]);
  });
});
