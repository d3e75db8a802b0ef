import { ApiObject, JsonPatch, Testing } from 'cdk8s';
import { containerOf, deployment, IMAGE, messageOf, newChart, podSpec, renderedPod, sidecar, wovenPod } from './pods';
import {
  AzureFilesDumpStore,
  EphemeralDumpStore,
  IDumpStore,
  PodSecurityLevel,
  ProcDumpSidecar,
  ProcDumpTarget,
  ProcDumpTrigger,
  TargetAccess,
} from '../src';
import { JsonObject } from '../src/kubernetes/wire';

const native = ProcDumpTarget.native({ access: TargetAccess.privileged() });
const procdump = (...args: Parameters<typeof wovenPod>) => containerOf(wovenPod(...args), 'procdump');
const web = (...args: Parameters<typeof wovenPod>) => containerOf(wovenPod(...args), 'web');

test('whole pod of a .NET target with polling and profiler triggers', () => {
  expect(
    wovenPod(podSpec({ resources: { limits: { memory: '1Gi' } } }), {
      target: ProcDumpTarget.dotnet({ crashDumps: true }),
      triggers: [
        ProcDumpTrigger.memoryAboveLimit(75, 90),
        ProcDumpTrigger.exception({ include: ['System.OutOfMemoryException'] }),
      ],
    }),
  ).toMatchSnapshot();
});

test('whole pod of a native target', () => {
  expect(wovenPod(podSpec(), { target: native, triggers: [ProcDumpTrigger.threadsAbove(100)] })).toMatchSnapshot();
});

describe('the store is mounted so that workloads do not see each other', () => {
  const shared: IDumpStore = { bindDumpStore: () => ({ volume: { persistentVolumeClaim: { claimName: 'dumps' } } }) };

  test.each([
    [undefined, 'deployment/web'],
    ['prod', 'prod/deployment/web'],
  ])('namespace %s: folder %s', (namespace, subPath) => {
    const chart = newChart({ namespace });
    sidecar(chart, { store: shared }).attachTo(deployment(chart));

    const mounts = (name: string) => containerOf(renderedPod(chart), name).volumeMounts;
    expect(mounts('procdump')).toContainEqual({ name: 'procdump-dumps', mountPath: '/store', subPath });
    expect(mounts('web').map((mount: JsonObject) => mount.name)).not.toContain('procdump-dumps');
  });

  test('a store of the pod alone needs no folder', () => {
    expect(procdump().volumeMounts).toContainEqual({ name: 'procdump-dumps', mountPath: '/store' });
  });

  test('by default it is bounded and on the node', () => {
    expect(wovenPod().volumes).toContainEqual({ name: 'procdump-dumps', emptyDir: { sizeLimit: '4Gi' } });
  });

  test.each([
    ['2Gi', '4Gi'],
    ['3Gi', '6Gi'],
  ])('by default it holds two dumps of a target with a memory limit of %s: %s', (memory, sizeLimit) => {
    const pod = wovenPod(podSpec({ resources: { limits: { memory } } }));
    expect(pod.volumes).toContainEqual({ name: 'procdump-dumps', emptyDir: { sizeLimit } });
  });

  test('a native target does not get it: ProcDump writes in its own container', () => {
    expect(web(undefined, { target: native })).not.toHaveProperty('volumeMounts');
  });
});

describe('podSecurity', () => {
  const conforming = podSpec({
    securityContext: {
      runAsUser: 1654,
      runAsGroup: 1654,
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
  });

  test('a conforming pod with the default access still meets restricted', () => {
    expect(() =>
      wovenPod(conforming, { podSecurity: PodSecurityLevel.RESTRICTED, triggers: [ProcDumpTrigger.exception()] }),
    ).not.toThrow();
  });

  test('privileged access does not, and the sidecar is blamed', () => {
    expect(messageOf(() => wovenPod(conforming, { target: native, podSecurity: PodSecurityLevel.BASELINE }))).toMatch(
      /^chart\/ProcDump: Deployment 'web' \(chart\/Web\): the pod does not meet Pod Security level 'baseline'; added by the sidecar: spec.containers\[procdump\]/,
    );
  });

  test('unset, nothing is looked at', () => {
    expect(() => wovenPod(podSpec(), { target: native })).not.toThrow();
  });
});

test('two sidecars for one container share its diagnostics directory', () => {
  const chart = newChart();
  const object = deployment(chart);
  sidecar(chart, {}, 'A').attachTo(object);
  sidecar(chart, { containerName: 'second', dumpDirectory: '/second' }, 'B').attachTo(object);

  const pod = renderedPod(chart);

  expect(containerOf(pod, 'second').volumeMounts).toContainEqual({ name: 'procdump-tmp', mountPath: '/tmp' });
  expect(pod.volumes!.map(({ name }) => name)).not.toContain('second-tmp');
});

test('two native sidecars for one process are refused', () => {
  const chart = newChart();
  const object = deployment(chart);
  sidecar(chart, { target: native }, 'A').attachTo(object);
  sidecar(chart, { target: native, containerName: 'second', dumpDirectory: '/second' }, 'B').attachTo(object);

  expect(messageOf(() => Testing.synth(chart))).toBe(
    "chart/B: Deployment 'web' (chart/Web): container 'web' is already watched by chart/A, but only one ProcDump " +
      'can watch a native process; give all triggers to one ProcDumpSidecar',
  );
});

test('what looks like a variable is not expanded by Kubernetes', () => {
  const { args } = procdump(undefined, { triggers: [ProcDumpTrigger.exception({ include: ['A$(POD_NAME)'] })] });
  expect(args[4]).toContain('A$$(POD_NAME)');
});

test('a patch of each of two constructs is applied', () => {
  const chart = newChart();
  const object = deployment(chart);
  for (const id of ['A', 'B']) {
    const one = sidecar(chart, { containerName: id.toLowerCase(), dumpDirectory: `/data-${id}` }, id);
    one.attachTo(object);
    one.addJsonPatch(JsonPatch.add(`/metadata/${id}`, 'patched'));
  }
  expect(object.toJson().metadata).toMatchObject({ A: 'patched', B: 'patched' });
});

test('two sidecars for two containers of a pod, with two users', () => {
  const chart = newChart();
  const object = deployment(chart, 'Web', {
    containers: [...podSpec().containers!, { name: 'api', securityContext: { runAsUser: 1000, runAsGroup: 1000 } }],
  });
  sidecar(chart, { target: ProcDumpTarget.dotnet({ container: 'web' }) }, 'A').attachTo(object);
  sidecar(chart, { target: ProcDumpTarget.dotnet({ container: 'api' }), containerName: 'procdump-api' }, 'B').attachTo(
    object,
  );

  const pod = renderedPod(chart);

  expect(['procdump', 'procdump-api'].map((name) => containerOf(pod, name).securityContext.runAsUser)).toEqual([
    1654, 1000,
  ]);
  expect(containerOf(pod, 'api').volumeMounts).toEqual([
    { name: 'procdump-api-tmp', mountPath: '/tmp' },
    { name: 'procdump-api-spool', mountPath: '/dumps' },
  ]);
});

test('one sidecar serves many workloads, each store bound once a namespace', () => {
  const chart = newChart();
  const bound: (string | undefined)[] = [];
  const store = new EphemeralDumpStore(chart, 'Store');
  const spy: IDumpStore = {
    bindDumpStore: (namespace) => {
      bound.push(namespace);
      return store.bindDumpStore(namespace);
    },
  };
  for (const [id, namespace] of [
    ['A', 'one'],
    ['B', 'one'],
    ['C', 'two'],
  ]) {
    deployment(chart, id, podSpec(), { metadata: { namespace } });
  }
  new ProcDumpSidecar(chart, 'ProcDump', { image: IMAGE, target: ProcDumpTarget.dotnet(), store: spy }).attachTo(chart);

  Testing.synth(chart);

  expect(bound).toEqual(['one', 'two']);
});

test('a store is not bound for a namespace where every pod opts out', () => {
  const chart = newChart();
  const bound: (string | undefined)[] = [];
  const store: IDumpStore = {
    bindDumpStore: (namespace) => {
      bound.push(namespace);
      return { volume: { emptyDir: {} } };
    },
  };
  deployment(chart, 'A', podSpec(), { metadata: { namespace: 'one' } });
  deployment(chart, 'B', podSpec(), {
    metadata: { namespace: 'two' },
    template: { metadata: { annotations: { 'cdk8s-procdump/inject': 'false' } } },
  });
  sidecar(chart, { store }).attachTo(chart);

  Testing.synth(chart);

  expect(bound).toEqual(['one']);
});

test('an ApiObject rendered alone is woven too', () => {
  const chart = newChart();
  const object: ApiObject = deployment(chart);
  sidecar(chart).attachTo(object);

  expect(object.toJson().spec.template.spec.containers).toHaveLength(2);
});

test("the claim is in the namespace that the user's patch gives the workload, at every rendering", () => {
  const chart = newChart();
  const object = deployment(chart);
  object.addJsonPatch(JsonPatch.add('/metadata/namespace', 'patched'));
  sidecar(chart, { store: new AzureFilesDumpStore(chart, 'Dumps') }).attachTo(object);
  const claims = () =>
    Testing.synth(chart)
      .filter(({ kind }) => kind === 'PersistentVolumeClaim')
      .map(({ metadata }) => metadata.namespace);

  expect([claims(), claims()]).toEqual([['patched'], ['patched']]);
});
