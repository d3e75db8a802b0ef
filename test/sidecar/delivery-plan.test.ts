import { Duration, Size, Testing } from 'cdk8s';
import {
  DumpDelivery,
  EphemeralDumpStore,
  IDumpStore,
  ProcDumpSidecarProps,
  ProcDumpTarget,
  TargetAccess,
} from '../../src';
import { JsonObject, PodSpecJson } from '../../src/kubernetes/wire';
import {
  containerOf,
  deployment,
  messageOf,
  newChart,
  podSpec,
  renderedPod,
  sidecar,
  wovenPod,
  planned,
} from '../pods';

const CLAIM: IDumpStore = { bindDumpStore: () => ({ volume: { persistentVolumeClaim: { claimName: 'dumps' } } }) };
const direct = { delivery: DumpDelivery.direct() };
const native = ProcDumpTarget.native({ access: TargetAccess.privileged() });
const limited = (memory?: string) => podSpec({ resources: { limits: memory === undefined ? {} : { memory } } });

/** The sidecar of a workload with this pod; with a claim as its store. */
function procdump(pod: PodSpecJson = podSpec(), props: Partial<ProcDumpSidecarProps> = {}): JsonObject {
  return containerOf(wovenPod(pod, { store: CLAIM, ...props }), 'procdump');
}

const folders = ({ volumeMounts = [] }: JsonObject) =>
  Object.fromEntries(volumeMounts.map(({ mountPath, name }: JsonObject) => [mountPath, name]));

describe('spooled delivery', () => {
  test('the spool is in both containers, the store in the sidecar alone', () => {
    const pod = wovenPod(podSpec(), { store: CLAIM });

    expect(folders(containerOf(pod, 'web'))).toEqual({ '/tmp': 'procdump-tmp', '/dumps': 'procdump-spool' });
    expect(folders(containerOf(pod, 'procdump'))).toMatchObject({
      '/dumps': 'procdump-spool',
      '/store': 'procdump-dumps',
    });
    expect([
      planned(containerOf(pod, 'procdump'), 'dumpDirectory'),
      planned(containerOf(pod, 'procdump'), 'store.directory'),
    ]).toEqual(['/dumps', '/store']);
  });

  test('a native target does not get the spool: ProcDump writes in its own container', () => {
    const pod = wovenPod(podSpec(), { store: CLAIM, target: native });
    expect(containerOf(pod, 'web')).not.toHaveProperty('volumeMounts');
    expect(folders(containerOf(pod, 'procdump'))).toMatchObject({
      '/dumps': 'procdump-spool',
      '/store': 'procdump-dumps',
    });
  });

  test('is the default', () => expect(wovenPod(podSpec(), { delivery: DumpDelivery.spooled() })).toEqual(wovenPod()));

  test.each([
    [undefined, '4096', '4Gi'],
    ['0', '4096', '4Gi'],
    ['64Mi', '512', '512Mi'],
    ['256Mi', '512', '512Mi'],
    ['257Mi', '514', '514Mi'],
    ['1Gi', '2048', '2Gi'],
    ['1G', '1908', '1908Mi'], // 1e9 bytes are 953.67 MiB
    ['8Gi', '16384', '16Gi'],
  ])('sizes the spool for a memory limit of %s: %s MiB', (memory, mebibytes, sizeLimit) => {
    const pod = wovenPod(limited(memory), { store: CLAIM });
    expect(planned(containerOf(pod, 'procdump'), 'spoolMebibytes')).toBe(mebibytes);
    expect(pod.volumes).toContainEqual({ name: 'procdump-spool', emptyDir: { sizeLimit } });
  });

  test('uses the given size of the spool', () => {
    const pod = wovenPod(limited('1Gi'), {
      store: CLAIM,
      delivery: DumpDelivery.spooled({ sizeLimit: Size.mebibytes(1500) }),
    });
    expect(planned(containerOf(pod, 'procdump'), 'spoolMebibytes')).toBe('1500');
    expect(pod.volumes).toContainEqual({ name: 'procdump-spool', emptyDir: { sizeLimit: '1500Mi' } });
  });

  test('the limit is that of the target, not of another container', () => {
    const other = { name: 'api', resources: { limits: { memory: '16Gi' } } };
    const pod = wovenPod(
      { containers: [...limited('1Gi').containers!, other] },
      { store: CLAIM },
      { container: 'web' },
    );
    expect(planned(containerOf(pod, 'procdump'), 'spoolMebibytes')).toBe('2048');
  });
});

describe('direct delivery', () => {
  test('the store is in both containers, and there is no spool', () => {
    const pod = wovenPod(podSpec(), { store: CLAIM, ...direct });

    for (const name of ['web', 'procdump']) {
      expect(folders(containerOf(pod, name))).toMatchObject({ '/data': 'procdump-dumps' });
    }
    expect(pod.volumes!.map(({ name }) => name)).not.toContain('procdump-spool');
    expect(planned(containerOf(pod, 'procdump'), 'dumpDirectory')).toBe('/data');
    expect(
      ['store.directory', 'spoolMebibytes', 'store.drainTimeoutSeconds', 'retention.ageSeconds'].filter(
        (path) => planned(containerOf(pod, 'procdump'), path) !== undefined,
      ),
    ).toEqual([]);
  });

  test('the grace period and the disk of the pod stay as they are', () => {
    const pod = wovenPod(podSpec(), { store: CLAIM, ...direct });
    expect(pod).not.toHaveProperty('terminationGracePeriodSeconds');
    expect(containerOf(pod, 'procdump').resources).toEqual({
      requests: { cpu: '20m', memory: '64Mi' },
      limits: { memory: '256Mi' },
    });
  });

  test.each<[string, Partial<ProcDumpSidecarProps>]>([
    ['retention', { retention: {} }],
    ['drainTimeout', { drainTimeout: Duration.minutes(1) }],
  ])('%s has nothing to do', (prop, props) => {
    expect(messageOf(() => sidecar(newChart(), { ...direct, ...props }))).toBe(
      `chart/ProcDump: ${prop} needs spooled delivery, but delivery is DumpDelivery.direct(); remove ${prop}, or ` +
        'use DumpDelivery.spooled()',
    );
  });
});

describe('crash dumps of .NET go to a folder of their own, which the agent can close', () => {
  const target = ProcDumpTarget.dotnet({ crashDumps: true });

  test.each<[string, Partial<ProcDumpSidecarProps>, string]>([
    ['spooled', {}, '/dumps'],
    ['direct', direct, '/data'],
  ])('%s', (_, props, directory) => {
    const pod = wovenPod(podSpec(), { store: CLAIM, target, ...props });
    expect(containerOf(pod, 'web').env).toContainEqual({
      name: 'DOTNET_DbgMiniDumpName',
      value: `${directory}/crash/crash_%e_%p_%h_%t.dmp`,
    });
    expect(planned(containerOf(pod, 'procdump'), 'crashDumps')).toBe('true');
  });

  test('not asked for, the agent is not told', () => expect(planned(procdump(), 'crashDumps')).toBeUndefined());
});

describe('retention', () => {
  const bounds = (container: JsonObject) =>
    ['retention.ageSeconds', 'retention.count', 'retention.mebibytes'].map((option) => planned(container, option));

  test('14 days by default', () => expect(bounds(procdump())).toEqual(['1209600', undefined, undefined]));

  test('as asked for', () => {
    const retention = { maxAge: Duration.days(1), maxCount: 7, maxSize: Size.gibibytes(50) };
    expect(bounds(procdump(podSpec(), { retention }))).toEqual(['86400', '7', '51200']);
  });

  test("a store on the node's disk has a size that the agent keeps, whatever the retention; another has none", () => {
    const retention = { maxSize: Size.gibibytes(50) };
    const node = containerOf(wovenPod(limited('1Gi'), { retention }), 'procdump');
    expect([planned(node, 'store.mebibytes'), planned(node, 'retention.mebibytes')]).toEqual(['4096', '51200']);
    expect(planned(procdump(), 'store.mebibytes')).toBeUndefined();
  });

  test('is the size of the dump directory with direct delivery, and unset for a claim', () => {
    const sizeOf = (props: Partial<ProcDumpSidecarProps>) =>
      planned(containerOf(wovenPod(limited('1Gi'), { ...direct, ...props }), 'procdump'), 'spoolMebibytes');
    expect([sizeOf({}), sizeOf({ store: CLAIM })]).toEqual(['4096', undefined]);
  });

  test('the size of an EphemeralDumpStore', () => {
    const chart = newChart();
    const store = new EphemeralDumpStore(chart, 'Dumps', { sizeLimit: Size.gibibytes(1) });
    sidecar(chart, { store, limits: { dumpsPerProcess: 1, dumpsPerPod: 1 } }).attachTo(
      deployment(chart, 'Web', limited('1Gi')),
    );
    expect(planned(containerOf(renderedPod(chart), 'procdump'), 'store.mebibytes')).toBe('1024');
  });
});

describe('the disk of the node', () => {
  const disk = (container: JsonObject) => [
    container.resources.requests['ephemeral-storage'],
    container.resources.limits['ephemeral-storage'],
  ];

  test('the spool and the log are requested, without a limit', () =>
    expect(disk(procdump(limited('1Gi')))).toEqual(['2112Mi', undefined]));

  test("a store on the node's disk, too, also with direct delivery", () => {
    expect(disk(containerOf(wovenPod(limited('1Gi')), 'procdump'))).toEqual(['6208Mi', undefined]);
    expect(disk(containerOf(wovenPod(limited('1Gi'), direct), 'procdump'))).toEqual(['4160Mi', undefined]);
  });

  test.each(['containers', 'initContainers'])(
    "a limit of one of the %s is one of the whole pod, which the sidecar's adds to",
    (list) => {
      const pod = limited('1Gi');
      const other = { name: 'other', resources: { limits: { 'ephemeral-storage': '1Gi' } } };
      const woven = wovenPod({ ...pod, [list]: [...(pod[list] ?? []), other] }, { store: CLAIM }, { container: 'web' });
      expect(disk(containerOf(woven, 'procdump'))).toEqual(['2112Mi', '2112Mi']);
    },
  );

  test("the user's own word stands", () => {
    expect(disk(procdump(podSpec(), { resources: { requests: { 'ephemeral-storage': '1Gi' } } }))).toEqual([
      '1Gi',
      undefined,
    ]);
  });
});

describe('dumpDirectory and the store', () => {
  test.each(['/store', '/store/dumps'])('%s is where the store is', (dumpDirectory) => {
    expect(messageOf(() => sidecar(newChart(), { dumpDirectory }))).toBe(
      `chart/ProcDump: dumpDirectory '${dumpDirectory}' is in /store, where the sidecar mounts the store; choose ` +
        "another directory, for example '/dumps'",
    );
  });

  test('a folder of another name is not, and with direct delivery the store is the dump directory', () => {
    expect(() => sidecar(newChart(), { dumpDirectory: '/stores' })).not.toThrow();
    expect(() => sidecar(newChart(), { dumpDirectory: '/store', ...direct })).not.toThrow();
  });
});

describe('two sidecars in a pod', () => {
  function attach(second: Partial<ProcDumpSidecarProps>): () => JsonObject {
    const chart = newChart();
    const object = deployment(chart);
    sidecar(chart, {}, 'A').attachTo(object);
    sidecar(chart, { containerName: 'second', ...second }, 'B').attachTo(object);
    return () => Testing.synth(chart)[0];
  }

  test('have a spool, a store and annotations of their own', () => {
    const pod = attach({ dumpDirectory: '/second' })().spec.template.spec;
    expect(pod.volumes.map(({ name }: JsonObject) => name)).toEqual([
      'procdump-run',
      'procdump-annotations',
      'procdump-tmp',
      'procdump-spool',
      'procdump-dumps',
      'second-run',
      'second-annotations',
      'second-spool',
      'second-dumps',
    ]);
  });

  test('need two dump directories in one target', () => {
    expect(messageOf(attach({}))).toBe(
      "chart/B: Deployment 'web' (chart/Web): mount at '/dumps' of container 'web' already exists, from chart/A, " +
        'with different content: {"name":"procdump-spool"}, to be added: {"name":"second-spool"}; give one of the ' +
        'two another dumpDirectory',
    );
  });
});

test('one store in two sidecars of a pod gives two volumes, not one object twice (a YAML alias)', () => {
  const store = { bindDumpStore: () => binding };
  const binding = { volume: { nfs: { server: 'nfs', path: '/' } } };
  const chart = newChart();
  const web = deployment(chart, 'Web');
  for (const containerName of ['a', 'b']) {
    sidecar(chart, { store, containerName, dumpDirectory: `/${containerName}` }, containerName).attachTo(web);
  }
  const [a, b] = renderedPod(chart)
    .volumes!.filter(({ nfs }: JsonObject) => nfs)
    .map(({ nfs }: JsonObject) => nfs);
  expect(a).toEqual(b);
  expect(a).not.toBe(b);
});
