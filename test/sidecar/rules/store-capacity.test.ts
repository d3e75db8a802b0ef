import { Size } from 'cdk8s';
import { said, WEB } from './neighbours';
import { AzureFilesDumpStore, DumpDelivery, EphemeralDumpStore, ProcDumpSidecarProps } from '../../../src';
import { containerOf, deployment, newChart, podSpec, renderedPod, sidecar, wovenPod, planned } from '../../pods';

const limited = (memory: string) => podSpec({ resources: { limits: { memory } } });
const store = (size: Size) => ({
  bindDumpStore: () => ({ volume: { nfs: { server: 'nfs', path: '/' } }, size }),
});
const saidOf = (capacity: Size, memory: string, props: Partial<ProcDumpSidecarProps> = {}) =>
  said({ spec: limited(memory), props: { store: store(capacity), ...props } });

test('a store for two full dumps is enough', () => {
  expect(saidOf(Size.gibibytes(8), '4Gi')).toEqual({});
});

test('a store for one full dump is a hint', () => {
  const hint = (capacity: string, mebibytes: number) =>
    `PD004: the store of ${capacity} cannot hold 2 full dump(s) of container 'web', whose memory limit is 4Gi ` +
    `(${mebibytes} MiB < 2 × 4096 MiB); raise the capacity of the store to 8Gi or more`;
  expect(saidOf(Size.mebibytes(8191), '4Gi')).toEqual({ hints: [hint('8191Mi', 8191)] });
  expect(saidOf(Size.gibibytes(4), '4Gi')).toEqual({ hints: [hint('4Gi', 4096)] });
  expect(saidOf(Size.gibibytes(4), '4Gi', { acknowledge: ['PD004'] })).toEqual({});
});

test('a store for less is an error, also with direct delivery', () => {
  const error =
    `${WEB}the store of 4095Mi cannot hold 1 full dump(s) of container 'web', whose memory limit is 4Gi (4095 MiB < ` +
    "4096 MiB); raise the capacity of the store to 8Gi or more; or accept this with acknowledge: ['PD004']";
  expect(saidOf(Size.mebibytes(4095), '4Gi')).toEqual({ error });
  expect(saidOf(Size.mebibytes(4095), '4Gi', { delivery: DumpDelivery.direct() })).toEqual({ error });
});

test('retention.maxSize may be as large as the store', () => {
  const kept = (maxSize: Size) => saidOf(Size.gibibytes(8), '4Gi', { retention: { maxSize } });
  expect(kept(Size.gibibytes(8))).toEqual({});
  expect(kept(Size.mebibytes(8193))).toEqual({
    error:
      `${WEB}retention.maxSize of 8193Mi is above the capacity of the store of 8Gi, which is full before dumps are ` +
      'deleted; lower maxSize, or raise the capacity of the store to 8193Mi or more; or accept this with ' +
      "acknowledge: ['PD004']",
  });
});

test('a target without a limit says nothing', () => {
  expect(said({ props: { store: store(Size.mebibytes(1)) } })).toEqual({});
});

describe('stores on Azure Files', () => {
  const share = { storageAccountName: 'dumps', resourceGroupName: 'rg', shareName: 'dumps' };
  const hintsOf = (memory: string, define: (chart: ReturnType<typeof newChart>) => AzureFilesDumpStore) => {
    const chart = newChart({ namespace: 'shop' });
    const procdump = sidecar(chart, { store: define(chart) });
    procdump.attachTo(deployment(chart, 'Web', limited(memory)));
    return () => procdump.attachments[0].hints;
  };

  test('have the default capacity of 5Gi', () => {
    expect(hintsOf('2560Mi', (chart) => new AzureFilesDumpStore(chart, 'Dumps'))()).toBeUndefined();
    expect(hintsOf('5Gi', (chart) => new AzureFilesDumpStore(chart, 'Dumps'))()).toHaveLength(1);
    expect(hintsOf('5121Mi', (chart) => new AzureFilesDumpStore(chart, 'Dumps'))).toThrow('the store of 5Gi');
  });

  test('have the capacity of a share, if it is given', () => {
    const from = (size: { capacity?: Size; capacityGibibytes?: number }) => (chart: ReturnType<typeof newChart>) =>
      AzureFilesDumpStore.fromShare(chart, 'Dumps', { share: { ...share, ...size } }) as never;
    expect(hintsOf('200Gi', from({}))()).toBeUndefined();
    expect(hintsOf('2Gi', from({ capacity: Size.gibibytes(1) }))).toThrow('the store of 1Gi');
    expect(hintsOf('2Gi', from({ capacityGibibytes: 1 }))).toThrow('the store of 1Gi');
  });
});

describe('an EphemeralDumpStore without sizeLimit', () => {
  test.each([
    ['4Gi', '8Gi'],
    ['1Gi', '4Gi'],
    [undefined, '4Gi'],
  ])('scales with a limit of %s like no store at all', (memory, size) => {
    const spec = memory === undefined ? podSpec() : limited(memory);
    const chart = newChart();
    sidecar(chart, { store: new EphemeralDumpStore(chart, 'Dumps') }).attachTo(deployment(chart, 'Web', spec));
    const pod = renderedPod(chart);

    expect(pod).toEqual(wovenPod(spec));
    expect(pod.volumes!.find(({ name }) => name === 'procdump-dumps')!.emptyDir).toEqual({ sizeLimit: size });
    expect(planned(containerOf(pod, 'procdump'), 'store.mebibytes')).toBeDefined();
  });

  test('has a limit in any store on the node', () => {
    const pod = wovenPod(podSpec(), { store: { bindDumpStore: () => ({ volume: { emptyDir: {} }, shared: false }) } });
    expect(pod).toEqual(wovenPod(podSpec()));
  });
});
