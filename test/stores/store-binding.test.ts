import { Lazy, Size } from 'cdk8s';
import { deployment, messageOf, newChart, podSpec, renderedPod, sidecar, wovenPod } from '../pods';

describe('the volume of a store that users write', () => {
  test('may be Lazy; with fields without a value, reaches the manifest as the one source that it is', () => {
    const chart = newChart();
    const nfs = Object.assign(Object.create(null), { server: 'nfs', path: '/', readOnly: undefined });
    const store = { bindDumpStore: () => ({ volume: Lazy.any({ produce: () => ({ nfs, csi: undefined }) }) }) };
    sidecar(chart, { store }).attachTo(deployment(chart));
    expect(renderedPod(chart).volumes).toContainEqual({ name: 'procdump-dumps', nfs: { server: 'nfs', path: '/' } });
  });

  test.each([
    ['a Size of cdk8s', { emptyDir: { sizeLimit: Size.gibibytes(9) } }, 'an object of class Size'],
    [
      'an object of a class',
      {
        nfs: new (class Share {
          public readonly server = 'a';
        })(),
      },
      'an object of class Share',
    ],
    ['a function', { nfs: { server: () => 'a' } }, 'a function'],
  ])('may not hold %s, which no manifest can hold', (_, volume, what) => {
    expect(messageOf(() => wovenPod(undefined, { store: { bindDumpStore: () => ({ volume }) } }))).toBe(
      `chart/ProcDump: bindDumpStore returned a volume that contains ${what}; expected Kubernetes' own form; return ` +
        'for example sizeLimit: Size.gibibytes(1).asString()',
    );
  });

  test.each([
    ['size', { volume: { emptyDir: {} }, size: Size.mebibytes(1000) }],
    ['sizeLimit', { volume: { emptyDir: { sizeLimit: '1000Mi' } } }],
  ])("is too small on the node's disk by its %s", (_, binding) => {
    const spec = podSpec({ resources: { limits: { memory: '1Gi' } } });
    expect(messageOf(() => wovenPod(spec, { store: { bindDumpStore: () => binding } }))).toContain(
      "the store of 1000Mi on the node's disk cannot hold 2 full dump(s)",
    );
  });
});
