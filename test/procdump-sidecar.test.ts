import { ApiObject, App, Chart, Duration, JsonPatch, Size, Testing } from 'cdk8s';
import { containerOf, deployment, IMAGE, messageOf, newChart, podSpec, renderedPod, sidecar, wovenPod } from './pods';
import {
  AzureFilesDumpStore, DotnetDiagnosticsTmp, DumpDelivery, EphemeralDumpStore, GcHeap, IDumpStore, PodSecurityLevel, ProcDumpSidecar, ProcDumpTarget,
  ProcDumpTrigger, SidecarPlacement, TargetAccess,
} from '../src';
import { JsonObject } from '../src/wire';

const native = ProcDumpTarget.native({ access: TargetAccess.privileged() });
const procdump = (...args: Parameters<typeof wovenPod>) => containerOf(wovenPod(...args), 'procdump');
const web = (...args: Parameters<typeof wovenPod>) => containerOf(wovenPod(...args), 'web');

/** The value behind an option in the agent's arguments. */
function argument(container: JsonObject, option: string): string | undefined {
  const at = container.args.indexOf(option);
  return at < 0 ? undefined : container.args[at + 1];
}

test('whole pod of a .NET target with polling and profiler triggers', () => {
  expect(wovenPod(podSpec({ resources: { limits: { memory: '1Gi' } } }), {
    target: ProcDumpTarget.dotnet({ crashDumps: true }),
    triggers: [ProcDumpTrigger.memoryAboveLimit(75, 90), ProcDumpTrigger.exception({ include: ['System.OutOfMemoryException'] })],
  })).toMatchSnapshot();
});

test('whole pod of a native target', () => {
  expect(wovenPod(podSpec(), { target: native, triggers: [ProcDumpTrigger.threadsAbove(100)] })).toMatchSnapshot();
});

describe('props reach the pod', () => {
  test('image', () => expect(procdump(undefined, { image: 'other:2' }).image).toBe('other:2'));
  test('imagePullPolicy', () => expect(procdump(undefined, { imagePullPolicy: 'Never' }).imagePullPolicy).toBe('Never'));
  test('no imagePullPolicy by default', () => expect(procdump()).not.toHaveProperty('imagePullPolicy'));
  test('limits', () => {
    const container = procdump(undefined, { limits: { dumpsPerProcess: 3, dumpsPerPod: 7, cooldown: Duration.minutes(1) } });
    expect(['--dumps-per-process', '--dumps-per-pod', '--cooldown'].map((option) => argument(container, option))).toEqual(['3', '7', '60']);
  });
  test('triggers', () => {
    expect(argument(procdump(undefined, { triggers: [ProcDumpTrigger.every(Duration.hours(1))] }), '--monitor')).toBe('timer');
  });
  test('no triggers: the agent idles', () => expect(procdump().args).not.toContain('--monitor'));
  test('delivery', () => {
    expect(wovenPod(undefined, { delivery: DumpDelivery.direct() })).toEqual(wovenPod());
  });
  test('dumpDirectory, in both containers', () => {
    const pod = wovenPod(undefined, { dumpDirectory: '/var/dumps', target: ProcDumpTarget.dotnet({ crashDumps: true }) });
    expect(argument(containerOf(pod, 'procdump'), '--dump-directory')).toBe('/var/dumps');
    for (const name of ['web', 'procdump']) {
      expect(containerOf(pod, name).volumeMounts).toContainEqual({ name: 'procdump-dumps', mountPath: '/var/dumps' });
    }
    expect(containerOf(pod, 'web').env).toContainEqual({ name: 'DOTNET_DbgMiniDumpName', value: '/var/dumps/crash_%e_%p_%h_%t.dmp' });
  });
  test('containerName, also in the names of volumes', () => {
    const pod = wovenPod(undefined, { containerName: 'dumper', triggers: [ProcDumpTrigger.gcGeneration(2)] });
    expect(containerOf(pod, 'dumper').image).toBe(IMAGE);
    expect(pod.volumes!.map(({ name }) => name)).toEqual(['dumper-run', 'dumper-tmp', 'dumper-dumps', 'dumper-profiler']);
  });
  test('resources', () => {
    expect(procdump(undefined, { resources: { requests: { cpu: '1' }, limits: { 'memory': '1Gi', 'ephemeral-storage': '2Gi' } } }).resources).toEqual({
      requests: { cpu: '1', memory: '64Mi' }, limits: { 'memory': '1Gi', 'ephemeral-storage': '2Gi' },
    });
  });
  test('a profiler trigger asks for the CPU that ProcDump then uses', () => {
    expect(procdump(undefined, { triggers: [ProcDumpTrigger.exception()] }).resources.requests.cpu).toBe('250m');
    expect(procdump().resources.requests.cpu).toBe('20m');
  });
  test('securityContext', () => {
    expect(procdump(undefined, {
      securityContext: {
        readOnlyRootFilesystem: false,
        seccompProfile: { type: 'Localhost', localhostProfile: 'p' },
        appArmorProfile: { type: 'Unconfined' },
        seLinuxOptions: { level: 's0' },
      },
    }).securityContext).toMatchObject({
      readOnlyRootFilesystem: false,
      seccompProfile: { type: 'Localhost', localhostProfile: 'p' },
      appArmorProfile: { type: 'Unconfined' },
      seLinuxOptions: { level: 's0' },
    });
  });
  test("AppArmor and SELinux settings are the target's by default", () => {
    const settings = { appArmorProfile: { type: 'Localhost', localhostProfile: 'web' }, seLinuxOptions: { level: 's0:c1' } };
    expect(procdump(podSpec({ securityContext: { runAsUser: 1654, ...settings } })).securityContext).toMatchObject(settings);
  });
  test('store', () => {
    const store: IDumpStore = { bindDumpStore: (namespace) => ({ volume: { nfs: { server: `${namespace}.example`, path: '/' } } }) };
    const chart = newChart({ namespace: 'prod' });
    sidecar(chart, { store }).attachTo(deployment(chart));
    expect(renderedPod(chart).volumes).toContainEqual({ name: 'procdump-dumps', nfs: { server: 'prod.example', path: '/' } });
  });
  test('diagnosticsTmp', () => {
    const chart = newChart();
    sidecar(chart, { diagnosticsTmp: new DotnetDiagnosticsTmp(chart, 'Tmp', { mountPath: '/diag' }) }).attachTo(deployment(chart));
    for (const name of ['web', 'procdump']) {
      expect(containerOf(renderedPod(chart), name).volumeMounts).toContainEqual({ name: 'dotnet-diagnostics-tmp', mountPath: '/diag' });
      expect(containerOf(renderedPod(chart), name).env).toContainEqual({ name: 'TMPDIR', value: '/diag' });
    }
  });
});

describe('the store is mounted so that workloads do not see each other', () => {
  const shared: IDumpStore = { bindDumpStore: () => ({ volume: { persistentVolumeClaim: { claimName: 'dumps' } } }) };

  test.each([[undefined, 'deployment/web'], ['prod', 'prod/deployment/web']])('namespace %s: folder %s', (namespace, subPath) => {
    const chart = newChart({ namespace });
    sidecar(chart, { store: shared }).attachTo(deployment(chart));

    for (const name of ['web', 'procdump']) {
      expect(containerOf(renderedPod(chart), name).volumeMounts).toContainEqual({ name: 'procdump-dumps', mountPath: '/data', subPath });
    }
  });

  test('a store of the pod alone needs no folder', () => {
    expect(procdump().volumeMounts).toContainEqual({ name: 'procdump-dumps', mountPath: '/data' });
  });

  test('by default it is bounded and on the node', () => {
    expect(wovenPod().volumes).toContainEqual({ name: 'procdump-dumps', emptyDir: { sizeLimit: '4Gi' } });
  });

  test('a native target does not get it: ProcDump writes in its own container', () => {
    expect(web(undefined, { target: native })).not.toHaveProperty('volumeMounts');
  });
});

describe('target', () => {
  test('processName', () => {
    expect(argument(procdump(undefined, { target: ProcDumpTarget.dotnet({ processName: 'webapi' }) }), '--process-name')).toBe('webapi');
  });

  test('container: the named one', () => {
    const pod = wovenPod({ containers: [...podSpec().containers!, { name: 'api', securityContext: { runAsUser: 1000, runAsGroup: 1001 } }] }, {
      target: ProcDumpTarget.dotnet({ container: 'api' }),
    });
    expect(argument(containerOf(pod, 'procdump'), '--container')).toBe('api');
    expect(containerOf(pod, 'procdump').securityContext).toMatchObject({ runAsUser: 1000, runAsGroup: 1001 });
    expect(containerOf(pod, 'web')).not.toHaveProperty('volumeMounts');
  });

  test('the container and access of an attachment come before those of the target', () => {
    const pod = wovenPod({ containers: [...podSpec().containers!, { name: 'api' }] }, { target: ProcDumpTarget.dotnet({ container: 'web' }) }, {
      container: 'api', access: TargetAccess.privileged(),
    });
    expect(argument(containerOf(pod, 'procdump'), '--container')).toBe('api');
    expect(containerOf(pod, 'procdump').securityContext.runAsUser).toBe(0);
  });

  test('dumpMask in hex, also for dumps on demand', () => {
    const container = procdump(undefined, { target: ProcDumpTarget.native({ access: TargetAccess.privileged(), dumpMask: 0x33 }) });
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
      runAsUser: 0, runAsGroup: 0, runAsNonRoot: false, capabilities: { drop: ['ALL'], add: ['SYS_PTRACE', 'KILL', 'DAC_OVERRIDE'] },
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
    expect(mounts).toContainEqual({ name: 'procdump-run', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', subPath: 'no-token', readOnly: true });
  });

  test('a /tmp of its own for native targets, the shared one for .NET', () => {
    expect(procdump(undefined, { target: native }).volumeMounts).toContainEqual({ name: 'procdump-run', mountPath: '/tmp', subPath: 'tmp' });
    expect(procdump().volumeMounts).toContainEqual({ name: 'procdump-tmp', mountPath: '/tmp' });
  });

  test.each([
    ['exception', ProcDumpTrigger.exception()],
    ['gcHeapAbove', ProcDumpTrigger.gcHeapAbove({ heap: GcHeap.LOH, thresholds: [Size.mebibytes(100)] })],
    ['gcGeneration', ProcDumpTrigger.gcGeneration(2)],
  ])("the profiler's directory for %s, read-only in the application", (_, trigger) => {
    const pod = wovenPod(undefined, { triggers: [trigger] });
    expect(containerOf(pod, 'procdump').volumeMounts).toContainEqual({ name: 'procdump-profiler', mountPath: '/usr/local/bin' });
    expect(containerOf(pod, 'web').volumeMounts).toContainEqual({ name: 'procdump-profiler', mountPath: '/usr/local/bin', readOnly: true });
  });

  test('no profiler directory otherwise', () => {
    const { volumes } = wovenPod(undefined, { triggers: [ProcDumpTrigger.cpuAbove(80)] });
    expect(volumes!.map(({ name }) => name)).not.toContain('procdump-profiler');
  });

  test('the memory limit through the downward API only when a trigger is in percent of it', () => {
    const spec = podSpec({ resources: { limits: { memory: '1Gi' } } });
    const variable = { name: 'TARGET_MEMORY_LIMIT_MIB', valueFrom: { resourceFieldRef: { containerName: 'web', resource: 'limits.memory', divisor: '1Mi' } } };
    expect(procdump(spec, { triggers: [ProcDumpTrigger.memoryAboveLimit(75)] }).env).toContainEqual(variable);
    expect(procdump(spec, { triggers: [ProcDumpTrigger.memoryAbove(Size.mebibytes(100))] }).env).not.toContainEqual(variable);
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
    expect(messageOf(() => wovenPod(job, { placement: SidecarPlacement.CONTAINER }))).toBe("chart/ProcDump: Deployment 'web' (chart/Web): placement CONTAINER would "
      + 'keep a pod that runs to completion from ever completing; use SidecarPlacement.NATIVE or AUTO');
  });
});

describe('podSecurity', () => {
  const conforming = podSpec({
    securityContext: {
      runAsUser: 1654, runAsGroup: 1654, runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' },
    },
  });

  test('a conforming pod with the default access still meets restricted', () => {
    expect(() => wovenPod(conforming, { podSecurity: PodSecurityLevel.RESTRICTED, triggers: [ProcDumpTrigger.exception()] })).not.toThrow();
  });

  test('privileged access does not, and the sidecar is blamed', () => {
    expect(messageOf(() => wovenPod(conforming, { target: native, podSecurity: PodSecurityLevel.BASELINE }))).toMatch(
      /^chart\/ProcDump: Deployment 'web' \(chart\/Web\): the pod does not meet Pod Security level 'baseline'; added by the sidecar: spec.containers\[procdump\]/);
  });

  test('unset, nothing is looked at', () => {
    expect(() => wovenPod(podSpec(), { target: native })).not.toThrow();
  });
});

describe('refusals', () => {
  const text = (props: object) => messageOf(() => sidecar(newChart(), props));

  test.each([
    ['image with a blank', { image: 'a b' }, "image 'a b' must be the name of an image without blanks; there is no official image of ProcDump: build one with "
      + '`docker build node_modules/cdk8s-procdump/image` and push it to your registry'],
    ['no image', { image: undefined }, "image 'undefined' must be the name of an image without blanks; there is no official image of ProcDump: build one with "
      + '`docker build node_modules/cdk8s-procdump/image` and push it to your registry'],
    ['containerName', { containerName: 'Proc_Dump' }, "containerName 'Proc_Dump' must be at most 54 lower-case letters, digits and dashes, with a letter or digit at both ends"],
    ['imagePullPolicy', { imagePullPolicy: 'always' }, 'imagePullPolicy (always) must be one of Always, IfNotPresent, Never'],
    ['triggers that no pod can have', { target: native, triggers: [ProcDumpTrigger.cpuAbove(50)] }, 'trigger cpuAbove asks the .NET runtime and cannot watch a native '
      + 'process; use ProcDumpTarget.dotnet() if it is one of .NET, or a trigger that reads the process from outside, such as memoryAbove or averageCpuAbove'],
    ['limits', { limits: { dumpsPerProcess: 0 } }, 'limits.dumpsPerProcess (0) must be a whole number from 1 to 100'],
    ['resources', { resources: { limits: { memory: '1 GB' } } }, "resources.limits: memory '1 GB' is no quantity that Kubernetes takes; write it as in 100m or 256Mi"],
  ])('%s', (_, props, message) => expect(text(props)).toBe(`chart/ProcDump: ${message}`));

  test.each(['relative', '/data/', '/a:b', '/a/../b', '/a/./b', '/', '/tmp', '/proc', '/proc/1', '/usr/bin', '/opt', '/opt/procdump/bin', `/${'x'.repeat(255)}`])('dumpDirectory %s', (dumpDirectory) => {
    expect(text({ dumpDirectory })).toBe(`chart/ProcDump: dumpDirectory '${dumpDirectory}' must be an absolute path of letters, digits and . _ - without a slash at its `
      + 'end, and no folder of the system; ProcDump refuses other characters when it is too late');
  });

  test.each(['/dumps', '/var/a.b/c_d-e', '/opt/dumps', '/tmp/dumps', `/${'x'.repeat(254)}`])('dumpDirectory %s is fine', (dumpDirectory) => {
    expect(() => sidecar(newChart(), { dumpDirectory })).not.toThrow();
  });

  test('diagnosticsTmp for a native target', () => {
    const chart = newChart();
    expect(messageOf(() => sidecar(chart, { target: native, diagnosticsTmp: new DotnetDiagnosticsTmp(chart, 'Tmp') }))).toBe('chart/ProcDump: diagnosticsTmp is for .NET '
      + 'targets, but the target is ProcDumpTarget.native(); remove it, or use ProcDumpTarget.dotnet()');
  });

  test('a native target without a name beside other containers', () => {
    const spec = { containers: [...podSpec().containers!, { name: 'api' }] };
    const named = (processName?: string) => ProcDumpTarget.native({ access: TargetAccess.privileged(), container: 'web', processName });
    expect(messageOf(() => wovenPod(spec, { target: named() }))).toBe("chart/ProcDump: Deployment 'web' (chart/Web): the pod has 2 containers, whose processes are all "
      + "visible to the sidecar; name the one of container 'web': ProcDumpTarget.native({ processName: … })");
    expect(() => wovenPod(spec, { target: named('nginx') })).not.toThrow();
  });

  test('dump directory and diagnostics directory at one path', () => {
    const chart = newChart();
    sidecar(chart, { dumpDirectory: '/diag', diagnosticsTmp: new DotnetDiagnosticsTmp(chart, 'Tmp', { mountPath: '/diag' }) }).attachTo(deployment(chart));
    expect(messageOf(() => Testing.synth(chart))).toBe("chart/ProcDump: Deployment 'web' (chart/Web): the sidecar 'procdump' would mount two volumes at '/diag' (it has "
      + '/run/procdump, /dev/shm, /var/run/secrets/kubernetes.io/serviceaccount, /diag, /diag); choose another dumpDirectory or mountPath');
  });

  test('a volume of the application at the dump directory', () => {
    expect(messageOf(() => wovenPod(podSpec({ volumeMounts: [{ name: 'data', mountPath: '/data' }] })))).toBe("chart/ProcDump: Deployment 'web' (chart/Web): mount at "
      + '\'/data\' of container \'web\' is there already with another content: {"name":"data"}, to be added: {"name":"procdump-dumps"}; mount yours elsewhere, or give the construct another path');
  });

  test.each([
    [{}, 'the store gives a volume with 0 sources (); bindDumpStore must give exactly one, for example '
      + "{ persistentVolumeClaim: { claimName: 'dumps' } }"],
    [{ emptyDir: {}, name: 'x' }, 'the store gives a volume with 2 sources (emptyDir, name); bindDumpStore must give exactly one, for example '
      + "{ persistentVolumeClaim: { claimName: 'dumps' } }"],
    [{ emptyDir: { medium: 'Memory' } }, "the store gives an emptyDir with medium 'Memory', which counts against the memory of the process that is dumped; "
      + 'leave medium out, or use EphemeralDumpStore'],
  ])('a store that gives the volume %j', (volume, message) => {
    expect(messageOf(() => wovenPod(undefined, { store: { bindDumpStore: () => ({ volume }) } }))).toBe(`chart/ProcDump: Deployment 'web' (chart/Web): ${message}`);
  });

  test('two sidecars of one name in a pod', () => {
    const chart = newChart();
    const object = deployment(chart);
    sidecar(chart, {}, 'A').attachTo(object);
    sidecar(chart, { image: 'other:1' }, 'B').attachTo(object);
    expect(messageOf(() => Testing.synth(chart))).toMatch(/^chart\/B: Deployment 'web' \(chart\/Web\): container 'procdump' is there already .*another containerName$/);
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

  expect(messageOf(() => Testing.synth(chart))).toBe("chart/B: Deployment 'web' (chart/Web): container 'web' is watched by chart/A already, and a native process can be "
    + 'watched by one ProcDump only; give all triggers to one ProcDumpSidecar');
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
  const object = deployment(chart, 'Web', { containers: [...podSpec().containers!, { name: 'api', securityContext: { runAsUser: 1000, runAsGroup: 1000 } }] });
  sidecar(chart, { target: ProcDumpTarget.dotnet({ container: 'web' }) }, 'A').attachTo(object);
  sidecar(chart, { target: ProcDumpTarget.dotnet({ container: 'api' }), containerName: 'procdump-api' }, 'B').attachTo(object);

  const pod = renderedPod(chart);

  expect(['procdump', 'procdump-api'].map((name) => containerOf(pod, name).securityContext.runAsUser)).toEqual([1654, 1000]);
  expect(containerOf(pod, 'api').volumeMounts).toEqual([{ name: 'procdump-api-tmp', mountPath: '/tmp' }, { name: 'procdump-api-dumps', mountPath: '/data' }]);
});

test('one sidecar serves many workloads, each store bound once a namespace', () => {
  const chart = newChart();
  const bound: (string | undefined)[] = [];
  const store = new EphemeralDumpStore(chart, 'Store');
  const spy: IDumpStore = { bindDumpStore: (namespace) => { bound.push(namespace); return store.bindDumpStore(namespace); } };
  for (const [id, namespace] of [['A', 'one'], ['B', 'one'], ['C', 'two']]) deployment(chart, id, podSpec(), { metadata: { namespace } });
  new ProcDumpSidecar(chart, 'ProcDump', { image: IMAGE, target: ProcDumpTarget.dotnet(), store: spy }).attachTo(chart);

  Testing.synth(chart);

  expect(bound).toEqual(['one', 'two']);
});

test('a store is not bound for a namespace where every pod opts out', () => {
  const chart = newChart();
  const bound: (string | undefined)[] = [];
  const store: IDumpStore = { bindDumpStore: (namespace) => { bound.push(namespace); return { volume: { emptyDir: {} } }; } };
  deployment(chart, 'A', podSpec(), { metadata: { namespace: 'one' } });
  deployment(chart, 'B', podSpec(), { metadata: { namespace: 'two' }, template: { metadata: { annotations: { 'cdk8s-procdump/inject': 'false' } } } });
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

test("the claim is in the namespace that the user's patch gives the workload, however often the app is rendered", () => {
  const chart = newChart();
  const object = deployment(chart);
  object.addJsonPatch(JsonPatch.add('/metadata/namespace', 'patched'));
  sidecar(chart, { store: new AzureFilesDumpStore(chart, 'Dumps') }).attachTo(object);
  const claims = () => Testing.synth(chart).filter(({ kind }) => kind === 'PersistentVolumeClaim').map(({ metadata }) => metadata.namespace);

  expect([claims(), claims()]).toEqual([['patched'], ['patched']]);
});

describe('untyped callers', () => {
  const text = (props: object) => messageOf(() => sidecar(newChart(), props)).replace('chart/ProcDump: ', '');

  test.each([
    ['target', {}, 'target ({}) must be made by ProcDumpTarget.dotnet() or ProcDumpTarget.native()'],
    ['triggers', ProcDumpTrigger.cpuAbove(5), 'triggers ({"_name":"cpuAbove","_spec":{"kind":"cpu","below":false,"percent":5}}) must be a list'],
    ['triggers', ['cpu'], 'trigger (cpu) must be made by a factory of ProcDumpTrigger'],
    ['delivery', 'direct', 'delivery (direct) must be made by DumpDelivery.direct()'],
    ['podSecurity', 'Restricted', 'podSecurity (Restricted) must be one of privileged, baseline, restricted'],
    ['placement', 'NATIVE', 'placement (NATIVE) must be one of auto, native, container'],
    ['store', {}, 'store ({}) must be made by a dump store, or by a class that implements IDumpStore'],
    ['limits', { cooldown: 600 }, 'limits.cooldown (600) must be a Duration of cdk8s, for example Duration.minutes(10)'],
    ['securityContext', { seccompProfile: 'x' }, 'securityContext.seccompProfile (x) must be an object'],
    ['securityContext', { seccompProfile: { type: 'x' } }, 'securityContext.seccompProfile.type (x) must be one of RuntimeDefault, Localhost, Unconfined'],
    ['securityContext', { appArmorProfile: { type: 'Localhost' } }, 'securityContext.appArmorProfile.localhostProfile (undefined) must be a text that is not empty'],
  ])('%s %j', (prop, value, message) => expect(text({ [prop]: value })).toBe(message));

  test('access of an attachment', () => {
    const chart = newChart();
    expect(messageOf(() => sidecar(chart).attachTo(deployment(chart), { access: 'privileged' as never }))).toBe('chart/ProcDump: access (privileged) must be made by '
      + 'TargetAccess.sameUser() or TargetAccess.privileged()');
  });

  test('a store that gives nothing, and one that throws', () => {
    const give = (bindDumpStore: () => never) => messageOf(() => wovenPod(undefined, { store: { bindDumpStore } }));
    expect(give(() => undefined as never)).toBe("chart/ProcDump: Deployment 'web' (chart/Web): what bindDumpStore of the store gives (undefined) must be an object");
    expect(give(() => { throw new Error('boom'); })).toBe('chart/ProcDump: boom');
  });

  test('a store of another app', () => {
    const other = new Chart(new App(), 'other');
    expect(text({ store: new AzureFilesDumpStore(other, 'Dumps') })).toBe("'other/Dumps' belongs to another app; define it in this one");
  });
});
