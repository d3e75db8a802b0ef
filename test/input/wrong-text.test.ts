import { ApiObject, Lazy, Size, Testing } from 'cdk8s';
import { AzureFilesDumpStore, DotnetDiagnosticsTmp, EphemeralDumpStore, ProcDumpSidecarProps } from '../../src';
import { deployment, messageOf, newChart, podSpec, sidecar } from '../pods';

const attached = (props: Partial<ProcDumpSidecarProps>) => () => {
  const chart = newChart();
  sidecar(chart, props).attachTo(deployment(chart));
  return Testing.synth(chart);
};

test.each([
  ['no tag', () => 'contoso/procdump', 'image "contoso/procdump" has neither tag nor digest'],
  ['nothing', () => undefined, 'image is missing'],
  ['a number', () => 5, 'image must be an image name'],
])('a Lazy image that gives %s is an error at synth', (_, produce, message) => {
  expect(messageOf(attached({ image: Lazy.any({ produce }) as string }))).toContain(message);
});

test('a Lazy image that gives a name reaches the manifest', () => {
  expect(JSON.stringify(attached({ image: Lazy.any({ produce: () => 'x/p:1' }) as string })())).toContain('"x/p:1"');
});

test.each(['x:${TAG}', 'x:$TAG', '{{ .Values.image }}:1'])('image %s holds a placeholder', (image) => {
  expect(messageOf(attached({ image }))).toContain('which nothing replaces in a manifest');
});

test.each([`x/p@sha256:${'0'.repeat(63)}`, `x/p@sha256:${'A'.repeat(64)}`, `x/p@md5:${'0'.repeat(32)}`])(
  'image %s has no digest that container engines take',
  (image) => {
    expect(attached({ image })).toThrow(/^chart\/ProcDump: image /);
  },
);

test('a quantity with a blank is an error', () => {
  expect(messageOf(attached({ resources: { limits: { memory: '256Mi ' } } }))).toContain(
    "'256Mi ' is not a Kubernetes",
  );
});

test.each([NaN, Infinity, 8.3])('a size of %d gibibytes is an error that names the prop', (amount) => {
  const size = () => Size.gibibytes(amount);
  expect(messageOf(() => new EphemeralDumpStore(newChart(), 'D', { sizeLimit: size() }))).toMatch(
    /^chart\/D: sizeLimit/,
  );
  expect(messageOf(() => new AzureFilesDumpStore(newChart(), 'D', { capacity: size() }))).toMatch(
    /^chart\/D: capacity/,
  );
});

test('a diagnostics directory has room', () => {
  expect(messageOf(() => new DotnetDiagnosticsTmp(newChart(), 'T', { sizeLimit: Size.mebibytes(0) }))).toContain(
    'chart/T: sizeLimit must be above 0',
  );
});

test.each(['cdk8s-procdump/Inject', 'cdk8s-procdump/skip'])('annotation %s is an error, not ignored', (key) => {
  const chart = newChart();
  deployment(chart, 'Web', podSpec(), { metadata: { annotations: { [key]: 'false' } } });
  sidecar(chart).attachTo(chart);

  expect(messageOf(() => Testing.synth(chart))).toContain(`has the annotation '${key}', which is ignored`);
});

test('an opt-out as a label is an error, and the annotation that asks for a dump is none', () => {
  const synth = (metadata: object) => () => {
    const chart = newChart();
    deployment(chart, 'Web', podSpec(), { metadata });
    sidecar(chart).attachTo(chart);
    return Testing.synth(chart);
  };

  expect(messageOf(synth({ labels: { 'cdk8s-procdump/inject': 'false' } }))).toContain('move it to annotations');
  expect(synth({ annotations: { 'cdk8s-procdump/dump': '1' } })).not.toThrow();
});

test.each([
  ['StatefulSet ', 'a kind without blanks'],
  ['StatefulSets', "expected 'StatefulSet'"],
])('kind %j is an error', (kind, message) => {
  const chart = newChart();
  deployment(chart);
  expect(
    messageOf(() => {
      sidecar(chart).attachTo(chart, { kinds: ['Deployment', kind] });
      Testing.synth(chart);
    }),
  ).toContain(message);
});

test('a storage account that is computed to nothing is an error', () => {
  const nothing = Lazy.any({ produce: () => undefined }) as string;
  expect(
    messageOf(() =>
      AzureFilesDumpStore.fromStorageAccount(newChart(), 'D', { storageAccountName: nothing, resourceGroupName: 'rg' }),
    ),
  ).toContain('chart/D: storageAccountName is missing');
});

test('objects that refer to themselves and lists with holes are refused by name', () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const hole = [,] as never; // eslint-disable-line no-sparse-arrays

  expect(messageOf(attached({ image: circle as never }))).toContain('image must be an image name');
  expect(messageOf(attached({ triggers: hole }))).toContain('triggers[0]');
  expect(messageOf(attached({ store: { bindDumpStore: 'x' } as never }))).toContain('store must be');
  expect(ApiObject.isApiObject(circle as never)).toBe(false);
});
