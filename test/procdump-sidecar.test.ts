import { ApiObject, Duration, JsonPatch, Size, Testing } from 'cdk8s';
import { containerOf, deployment, IMAGE, messageOf, newChart, podSpec, renderedPod, sidecar, wovenPod } from './pods';
import {
  AzureFilesDumpStore,
  DotnetDiagnosticsTmp,
  DumpDelivery,
  EphemeralDumpStore,
  GcHeap,
  IDumpStore,
  PodSecurityLevel,
  ProcDumpSidecar,
  ProcDumpSidecarProps,
  ProcDumpTarget,
  ProcDumpTrigger,
  SidecarPlacement,
  TargetAccess,
} from '../src';
import { JsonObject } from '../src/kubernetes/wire';

const native = ProcDumpTarget.native({ access: TargetAccess.privileged() });
const procdump = (...args: Parameters<typeof wovenPod>) => containerOf(wovenPod(...args), 'procdump');
const web = (...args: Parameters<typeof wovenPod>) => containerOf(wovenPod(...args), 'web');

/** The value behind an option in the agent's arguments. */
function argument(container: JsonObject, option: string): string | undefined {
  const at = container.args.indexOf(option);
  return at < 0 ? undefined : container.args[at + 1];
}

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

describe('props reach the pod', () => {
  test('image', () => expect(procdump(undefined, { image: 'other:2' }).image).toBe('other:2'));
  test('imagePullPolicy', () =>
    expect(procdump(undefined, { imagePullPolicy: 'Never' }).imagePullPolicy).toBe('Never'));
  test('no imagePullPolicy by default', () => expect(procdump()).not.toHaveProperty('imagePullPolicy'));
  test('limits', () => {
    const container = procdump(undefined, {
      limits: { dumpsPerProcess: 3, dumpsPerPod: 7, cooldown: Duration.minutes(1) },
    });
    expect(
      ['--dumps-per-process', '--dumps-per-pod', '--cooldown'].map((option) => argument(container, option)),
    ).toEqual(['3', '7', '60']);
  });
  test('triggers', () => {
    expect(argument(procdump(undefined, { triggers: [ProcDumpTrigger.every(Duration.hours(1))] }), '--monitor')).toBe(
      'timer',
    );
  });
  test('triggers as they are when the sidecar is made', () => {
    const triggers = [ProcDumpTrigger.memoryAbove(Size.mebibytes(100))];
    const chart = newChart();
    sidecar(chart, { triggers }).attachTo(deployment(chart));
    triggers.push(ProcDumpTrigger.memoryAboveLimit(75)); // which this pod, without a memory limit, could not have
    expect(argument(containerOf(renderedPod(chart), 'procdump'), '-m')).toContain('100');
  });
  test('no triggers: the agent idles', () => expect(procdump().args).not.toContain('--monitor'));
  test('dumpDirectory, in both containers', () => {
    const pod = wovenPod(undefined, {
      dumpDirectory: '/var/dumps',
      target: ProcDumpTarget.dotnet({ crashDumps: true }),
    });
    expect(argument(containerOf(pod, 'procdump'), '--dump-directory')).toBe('/var/dumps');
    for (const name of ['web', 'procdump']) {
      expect(containerOf(pod, name).volumeMounts).toContainEqual({ name: 'procdump-spool', mountPath: '/var/dumps' });
    }
    expect(containerOf(pod, 'web').env).toContainEqual({
      name: 'DOTNET_DbgMiniDumpName',
      value: '/var/dumps/crash/crash_%e_%p_%h_%t.dmp',
    });
  });
  test('containerName, also in the names of volumes', () => {
    const pod = wovenPod(undefined, { containerName: 'dumper', triggers: [ProcDumpTrigger.gcGeneration(2)] });
    expect(containerOf(pod, 'dumper').image).toBe(IMAGE);
    expect(pod.volumes!.map(({ name }) => name)).toEqual([
      'dumper-run',
      'dumper-annotations',
      'dumper-tmp',
      'dumper-spool',
      'dumper-dumps',
      'dumper-profiler',
    ]);
  });
  test('resources', () => {
    expect(
      procdump(undefined, {
        resources: { requests: { cpu: '1' }, limits: { memory: '1Gi', 'ephemeral-storage': '2Gi' } },
      }).resources,
    ).toEqual({
      requests: { cpu: '1', memory: '64Mi' },
      limits: { memory: '1Gi', 'ephemeral-storage': '2Gi' },
    });
  });
  test('a profiler trigger asks for the CPU that ProcDump then uses', () => {
    expect(procdump(undefined, { triggers: [ProcDumpTrigger.exception()] }).resources.requests.cpu).toBe('250m');
    expect(procdump().resources.requests.cpu).toBe('20m');
  });
  test('securityContext', () => {
    expect(
      procdump(undefined, {
        securityContext: {
          readOnlyRootFilesystem: false,
          seccompProfile: { type: 'Localhost', localhostProfile: 'p' },
          appArmorProfile: { type: 'Unconfined' },
          seLinuxOptions: { level: 's0' },
        },
      }).securityContext,
    ).toMatchObject({
      readOnlyRootFilesystem: false,
      seccompProfile: { type: 'Localhost', localhostProfile: 'p' },
      appArmorProfile: { type: 'Unconfined' },
      seLinuxOptions: { level: 's0' },
    });
  });
  test("AppArmor and SELinux settings are the target's by default", () => {
    const settings = {
      appArmorProfile: { type: 'Localhost', localhostProfile: 'web' },
      seLinuxOptions: { level: 's0:c1' },
    };
    expect(procdump(podSpec({ securityContext: { runAsUser: 1654, ...settings } })).securityContext).toMatchObject(
      settings,
    );
  });
  test('store', () => {
    const store: IDumpStore = {
      bindDumpStore: (namespace) => ({ volume: { nfs: { server: `${namespace}.example`, path: '/' } } }),
    };
    const chart = newChart({ namespace: 'prod' });
    sidecar(chart, { store }).attachTo(deployment(chart));
    expect(renderedPod(chart).volumes).toContainEqual({
      name: 'procdump-dumps',
      nfs: { server: 'prod.example', path: '/' },
    });
  });
  test('diagnosticsTmp', () => {
    const chart = newChart();
    sidecar(chart, { diagnosticsTmp: new DotnetDiagnosticsTmp(chart, 'Tmp', { mountPath: '/diag' }) }).attachTo(
      deployment(chart),
    );
    for (const name of ['web', 'procdump']) {
      expect(containerOf(renderedPod(chart), name).volumeMounts).toContainEqual({
        name: 'dotnet-diagnostics-tmp',
        mountPath: '/diag',
      });
      expect(containerOf(renderedPod(chart), name).env).toContainEqual({ name: 'TMPDIR', value: '/diag' });
    }
  });
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

describe('target', () => {
  test('processName', () => {
    expect(
      argument(procdump(undefined, { target: ProcDumpTarget.dotnet({ processName: 'webapi' }) }), '--process-name'),
    ).toBe('webapi');
  });

  test('container: the named one', () => {
    const pod = wovenPod(
      {
        containers: [...podSpec().containers!, { name: 'api', securityContext: { runAsUser: 1000, runAsGroup: 1001 } }],
      },
      {
        target: ProcDumpTarget.dotnet({ container: 'api' }),
      },
    );
    expect(argument(containerOf(pod, 'procdump'), '--container')).toBe('api');
    expect(containerOf(pod, 'procdump').securityContext).toMatchObject({ runAsUser: 1000, runAsGroup: 1001 });
    expect(containerOf(pod, 'web')).not.toHaveProperty('volumeMounts');
  });

  test('the container and access of an attachment come before those of the target', () => {
    const pod = wovenPod(
      { containers: [...podSpec().containers!, { name: 'api' }] },
      { target: ProcDumpTarget.dotnet({ container: 'web' }) },
      {
        container: 'api',
        access: TargetAccess.privileged(),
      },
    );
    expect(argument(containerOf(pod, 'procdump'), '--container')).toBe('api');
    expect(containerOf(pod, 'procdump').securityContext.runAsUser).toBe(0);
  });

  test('dumpMask in hex, also for dumps on demand', () => {
    const container = procdump(undefined, {
      target: ProcDumpTarget.native({ access: TargetAccess.privileged(), dumpMask: 0x33 }),
    });
    expect(argument(container, '--dump-mask')).toBe('33');
  });

  test('sameUser: user and group of the target, no capability', () => {
    expect(procdump(podSpec({ securityContext: { runAsUser: 1000, runAsGroup: 2000 } })).securityContext).toEqual({
      runAsUser: 1000,
      runAsGroup: 2000,
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });

  test('privileged: root with exactly three capabilities', () => {
    expect(procdump(undefined, { target: native }).securityContext).toMatchObject({
      runAsUser: 0,
      runAsGroup: 0,
      runAsNonRoot: false,
      capabilities: { drop: ['ALL'], add: ['SYS_PTRACE', 'KILL', 'DAC_OVERRIDE'] },
    });
  });

  test('crash dumps only when asked for', () => {
    expect(web()).not.toHaveProperty('env');
  });
});

describe('private parts of the sidecar', () => {
  test('/dev/shm, the state of the agent, and no service account token', () => {
    const mounts = procdump().volumeMounts;
    expect(mounts).toContainEqual({ name: 'procdump-run', mountPath: '/dev/shm', subPath: 'shm' });
    expect(mounts).toContainEqual({ name: 'procdump-run', mountPath: '/run/procdump', subPath: 'state' });
    expect(mounts).toContainEqual({
      name: 'procdump-run',
      mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
      subPath: 'no-token',
      readOnly: true,
    });
  });

  test('a /tmp of its own for native targets, the shared one for .NET', () => {
    expect(procdump(undefined, { target: native }).volumeMounts).toContainEqual({
      name: 'procdump-run',
      mountPath: '/tmp',
      subPath: 'tmp',
    });
    expect(procdump().volumeMounts).toContainEqual({ name: 'procdump-tmp', mountPath: '/tmp' });
  });

  test.each([
    ['exception', ProcDumpTrigger.exception()],
    ['gcHeapAbove', ProcDumpTrigger.gcHeapAbove({ heap: GcHeap.LOH, thresholds: [Size.mebibytes(100)] })],
    ['gcGeneration', ProcDumpTrigger.gcGeneration(2)],
  ])("the profiler's directory for %s, read-only in the application", (_, trigger) => {
    const pod = wovenPod(undefined, { triggers: [trigger] });
    expect(containerOf(pod, 'procdump').volumeMounts).toContainEqual({
      name: 'procdump-profiler',
      mountPath: '/usr/local/bin',
    });
    expect(containerOf(pod, 'web').volumeMounts).toContainEqual({
      name: 'procdump-profiler',
      mountPath: '/usr/local/bin',
      readOnly: true,
    });
  });

  test('no profiler directory otherwise', () => {
    const { volumes } = wovenPod(undefined, { triggers: [ProcDumpTrigger.cpuAbove(80)] });
    expect(volumes!.map(({ name }) => name)).not.toContain('procdump-profiler');
  });

  test('the memory limit through the downward API only when a trigger is in percent of it', () => {
    const spec = podSpec({ resources: { limits: { memory: '1Gi' } } });
    const variable = {
      name: 'TARGET_MEMORY_LIMIT_MIB',
      valueFrom: { resourceFieldRef: { containerName: 'web', resource: 'limits.memory', divisor: '1Mi' } },
    };
    expect(procdump(spec, { triggers: [ProcDumpTrigger.memoryAboveLimit(75)] }).env).toContainEqual(variable);
    expect(procdump(spec, { triggers: [ProcDumpTrigger.memoryAbove(Size.mebibytes(100))] }).env).not.toContainEqual(
      variable,
    );
  });
});

describe('what the agent is told of the pod', () => {
  test('its identity, for the manifests of dumps', () => {
    expect(procdump().env).toEqual([
      expect.objectContaining({ name: 'PATH' }),
      { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
      { name: 'POD_UID', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } },
      { name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
      { name: 'TARGET_IMAGE', value: 'web:1' },
    ]);
  });

  test("the target's image as it is written, or nothing where it has none", () => {
    const image = (value: unknown) =>
      procdump(podSpec({ image: value })).env.find(({ name }: JsonObject) => name === 'TARGET_IMAGE')?.value;
    expect([image('registry/$(NAME)@sha256:0'), image(undefined)]).toEqual(['registry/$$(NAME)@sha256:0', undefined]);
  });

  test('the annotation that asks for a dump, as a file that follows it', () => {
    const pod = wovenPod(undefined, { target: native });
    expect(pod.volumes).toContainEqual({
      name: 'procdump-annotations',
      downwardAPI: {
        items: [{ path: 'dump', fieldRef: { fieldPath: "metadata.annotations['cdk8s-procdump/dump']" } }],
      },
    });
    expect(containerOf(pod, 'procdump').volumeMounts).toContainEqual({
      name: 'procdump-annotations',
      mountPath: '/etc/procdump',
      readOnly: true,
    });
  });
});

describe('probes', () => {
  test.each([undefined, DumpDelivery.direct()])('ask the agent whether its loop turns', (delivery) => {
    const { livenessProbe, readinessProbe } = procdump(undefined, { delivery });
    expect(livenessProbe).toEqual({
      exec: { command: ['/opt/procdump/bin/status', '--live'] },
      periodSeconds: 30,
      timeoutSeconds: 10,
      failureThreshold: 4,
      terminationGracePeriodSeconds: 10,
    });
    expect(readinessProbe).toEqual({
      exec: { command: ['/opt/procdump/bin/status', '--ready'] },
      periodSeconds: 30,
      timeoutSeconds: 10,
      failureThreshold: 10,
    });
  });

  test('restart a stuck agent before they could make the pod unready', () => {
    const { livenessProbe, readinessProbe } = procdump();
    // Each asks once a period: the last of the failures of one against the first moment at which the other has had all
    // of its.
    const latestRestart =
      livenessProbe.periodSeconds * livenessProbe.failureThreshold +
      livenessProbe.timeoutSeconds +
      livenessProbe.terminationGracePeriodSeconds;
    const earliestUnready = readinessProbe.periodSeconds * (readinessProbe.failureThreshold - 1);
    expect(latestRestart + 30).toBeLessThan(earliestUnready); // 30 s for the container to end
  });
});

describe('placement', () => {
  const job = podSpec({}, { restartPolicy: 'OnFailure' });

  test.each([
    [SidecarPlacement.AUTO, podSpec(), 'containers'],
    [SidecarPlacement.AUTO, job, 'initContainers'],
    [SidecarPlacement.NATIVE, podSpec(), 'initContainers'],
    [SidecarPlacement.CONTAINER, podSpec(), 'containers'],
  ])('%s', (placement, spec, list) => {
    const pod = wovenPod(spec, { placement });
    const found = pod[list].find(({ name }: { name: string }) => name === 'procdump');
    expect(found.restartPolicy).toBe(list === 'initContainers' ? 'Always' : undefined);
  });

  test('CONTAINER in a pod that runs to completion', () => {
    expect(messageOf(() => wovenPod(job, { placement: SidecarPlacement.CONTAINER }))).toBe(
      "chart/ProcDump: Deployment 'web' (chart/Web): placement CONTAINER would keep a pod that runs to completion " +
        'from ever completing; use SidecarPlacement.NATIVE or AUTO',
    );
  });
});

describe('Knative', () => {
  function service(props: Partial<ProcDumpSidecarProps>): () => JsonObject {
    const chart = newChart();
    const metadata = { name: 'web' };
    const object = new ApiObject(chart, 'Web', {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata,
      spec: { template: { spec: podSpec() } },
    });
    sidecar(chart, props).attachTo(object, { podTemplatePath: 'spec.template' });
    return () => renderedPod(chart, 'Service');
  }

  test('gets nothing that its webhook refuses', () => {
    const pod = service({ drainTimeout: Duration.minutes(10) })();
    const sources = ['secret', 'configMap', 'projected', 'emptyDir', 'persistentVolumeClaim'];

    expect(Object.keys(pod)).toEqual(['containers', 'shareProcessNamespace', 'volumes']);
    expect(pod.volumes!.filter((volume: JsonObject) => !sources.some((source) => source in volume))).toEqual([]);
    expect(containerOf(pod, 'procdump').volumeMounts).toContainEqual({
      name: 'procdump-annotations',
      mountPath: '/etc/procdump',
      readOnly: true,
    });
  });

  test('has no native sidecars', () => {
    expect(messageOf(service({ placement: SidecarPlacement.NATIVE }))).toBe(
      "chart/ProcDump: Service 'web' (chart/Web): Knative refuses native sidecars (probes and restartPolicy of init " +
        'containers); use SidecarPlacement.CONTAINER or AUTO',
    );
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
  expect(args).toContain('A$$(POD_NAME)');
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
