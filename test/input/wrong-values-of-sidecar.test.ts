import { JsonPatch, Size, Testing } from 'cdk8s';
import { AttachOptions, DotnetDiagnosticsTmp, ProcDumpSidecarProps, ProcDumpTarget, ProcDumpTrigger } from '../../src';
import { deployment, messageOf, newChart, sidecar } from '../pods';

function attached(props: Partial<ProcDumpSidecarProps>, options: AttachOptions = {}) {
  return () => {
    const chart = newChart();
    deployment(chart);
    sidecar(chart, props).attachTo(chart, options);
    return Testing.synth(chart);
  };
}

const made = <T>(type: unknown) => new (type as new () => T)();

test.each([
  ['r.io:99999/a:1', 'r.io:65535/a:1'],
  ['r..io/a:1', 'r.io/a:1'],
  [`r.io/${'a'.repeat(251)}:1`, `r.io/${'a'.repeat(250)}:1`],
])('image %s is refused', (wrong, right) => {
  expect(messageOf(attached({ image: wrong }))).toContain('is not an image name');
  expect(attached({ image: right })).not.toThrow();
});

test.each([
  ['target', { target: made<ProcDumpTarget>(ProcDumpTarget) }],
  ['triggers[0]', { triggers: [made<ProcDumpTrigger>(ProcDumpTrigger)] }],
])('%s of a constructor that is private is refused', (prop, props) => {
  expect(messageOf(attached(props))).toContain(`${prop} must be a value made by`);
});

test.each([
  [[], 'options.kinds must be a list of at least one kind'],
  [['v1'], 'a kind, or an API group and a kind'],
  [['statefulsets.apps'], 'a kind, or an API group and a kind'],
  [['app/Deployment'], "no object is of kind 'app/Deployment'; expected 'apps/Deployment'"],
])('kinds %j are refused', (kinds, message) => {
  expect(messageOf(attached({}, { kinds }))).toContain(message.replace('options.', ''));
});

test('a threshold of the GC heap is named as in its options', () => {
  expect(messageOf(() => ProcDumpTrigger.gcHeapAbove({ thresholds: [] }))).toContain('thresholds is empty');
  expect(messageOf(() => ProcDumpTrigger.gcHeapAbove({ thresholds: [Size.kibibytes(1)] }))).toContain('thresholds[0]');
});

test('the path of a patch starts with a slash', () => {
  const patched = (path: string) => () => sidecar(newChart()).addJsonPatch(JsonPatch.add(path, 1));
  expect(messageOf(patched('metadata/x'))).toContain('ops[0].path must be a path that starts with');
  expect(patched('/metadata/x')).not.toThrow();
});

test('a list of patches in the place of several is named', () => {
  const patches = [JsonPatch.add('/metadata/x', 1), JsonPatch.remove('/metadata/y')];
  expect(messageOf(() => sidecar(newChart()).addJsonPatch(patches as never))).toMatch(
    /: addJsonPatch: ops\[0\] must be a value made by a factory of JsonPatch, got .*; write addJsonPatch\(\.\.\.ops\)$/,
  );
});

test('onExistingMount names the construct', () => {
  expect(messageOf(() => DotnetDiagnosticsTmp.onExistingMount(newChart(), 'T', '/tmp' as never))).toContain(
    'chart/T: props must be an object of props',
  );
});

test('a Lazy of another copy of cdk8s is an error', () => {
  let other!: { readonly Lazy: typeof import('cdk8s').Lazy };
  jest.isolateModules(() => {
    other = jest.requireActual('cdk8s');
  });
  const quantity = other.Lazy.any({ produce: () => '70Mi' }) as string;
  expect(messageOf(attached({ resources: { requests: { memory: quantity } } }))).toContain(
    'containers[0].resources.requests.memory is a Lazy of another copy of cdk8s',
  );
});
