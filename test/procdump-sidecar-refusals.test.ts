import { Testing } from 'cdk8s';
import { deployment, messageOf, newChart, podSpec, sidecar, wovenPod } from './pods';
import { DotnetDiagnosticsTmp, ProcDumpTarget, ProcDumpTrigger, TargetAccess } from '../src';

const native = ProcDumpTarget.native({ access: TargetAccess.privileged() });

describe('refusals', () => {
  const text = (props: object) => messageOf(() => sidecar(newChart(), props));

  test.each([
    [
      'image with a blank',
      { image: 'a b' },
      'image "a b" is not an image name; expected a name such as contoso.azurecr.io/procdump:3.5.2; correct it',
    ],
    [
      'no image',
      { image: undefined },
      'image is missing; expected an image name; Microsoft publishes no image: build one with `docker build ' +
        'node_modules/cdk8s-procdump/image`, or copy ghcr.io/cdk8s-procdump/procdump',
    ],
    [
      'an image that is no text',
      { image: 5 },
      'image must be an image name, got 5; Microsoft publishes no image: build one with `docker build ' +
        'node_modules/cdk8s-procdump/image`, or copy ghcr.io/cdk8s-procdump/procdump',
    ],
    [
      'containerName',
      { containerName: 'Proc_Dump' },
      'containerName must be at most 51 lower-case letters, digits and dashes, that start and end with a letter or ' +
        'digit, got "Proc_Dump"',
    ],
    [
      'imagePullPolicy',
      { imagePullPolicy: 'always' },
      'imagePullPolicy must be one of Always, IfNotPresent, Never, got "always"',
    ],
    [
      'triggers that no pod can have',
      { target: native, triggers: [ProcDumpTrigger.cpuAbove(50)] },
      'trigger cpuAbove asks the .NET runtime and cannot watch a native process; use ProcDumpTarget.dotnet() for ' +
        'a .NET process, or a trigger that reads the process from outside, such as memoryAbove or averageCpuAbove',
    ],
    [
      'limits',
      { limits: { dumpsPerProcess: 0 } },
      'limits.dumpsPerProcess must be a whole number from 1 to 100, got 0',
    ],
    [
      'resources',
      { resources: { limits: { memory: '1 GB' } } },
      "resources.limits: memory '1 GB' is not a Kubernetes quantity; expected a quantity such as 100m or 256Mi; " +
        'correct it',
    ],
  ])('%s', (_, props, message) => expect(text(props)).toBe(`chart/ProcDump: ${message}`));

  test('containerName of 51 characters is fine, of 52 is not', () => {
    expect(() => wovenPod(undefined, { containerName: 'x'.repeat(51) })).not.toThrow();
    expect(text({ containerName: 'x'.repeat(52) })).toContain('containerName must be at most 51');
  });

  test.each([
    'relative',
    '/data/',
    '/a:b',
    '/a/../b',
    '/a/./b',
    '/',
    '/tmp',
    '/proc',
    '/proc/1',
    '/usr/bin',
    '/opt',
    '/opt/procdump/bin',
    `/${'x'.repeat(255)}`,
  ])('dumpDirectory %s', (dumpDirectory) => {
    expect(text({ dumpDirectory })).toMatch(
      /^chart\/ProcDump: dumpDirectory must be an absolute path of letters, digits and \. _ - without a slash at the end, and not a system folder, got "/,
    );
  });

  test.each(['/dumps', '/var/a.b/c_d-e', '/opt/dumps', '/tmp/dumps', `/${'x'.repeat(254)}`])(
    'dumpDirectory %s is fine',
    (dumpDirectory) => {
      expect(() => sidecar(newChart(), { dumpDirectory })).not.toThrow();
    },
  );

  test('diagnosticsTmp for a native target', () => {
    const chart = newChart();
    expect(
      messageOf(() => sidecar(chart, { target: native, diagnosticsTmp: new DotnetDiagnosticsTmp(chart, 'Tmp') })),
    ).toBe(
      'chart/ProcDump: diagnosticsTmp is for .NET targets, but the target is ProcDumpTarget.native(); remove it, ' +
        'or use ProcDumpTarget.dotnet()',
    );
  });

  test('a native target without a name beside other containers', () => {
    const spec = { containers: [...podSpec().containers!, { name: 'api' }] };
    const named = (processName?: string) =>
      ProcDumpTarget.native({ access: TargetAccess.privileged(), container: 'web', processName });
    expect(messageOf(() => wovenPod(spec, { target: named() }))).toBe(
      "chart/ProcDump: Deployment 'web' (chart/Web): the pod has 2 containers, whose processes are all visible to " +
        "the sidecar; set the process name of container 'web': ProcDumpTarget.native({ processName: … })",
    );
    expect(() => wovenPod(spec, { target: named('nginx') })).not.toThrow();
  });

  test('dump directory and diagnostics directory at one path', () => {
    const chart = newChart();
    sidecar(chart, {
      dumpDirectory: '/diag',
      diagnosticsTmp: new DotnetDiagnosticsTmp(chart, 'Tmp', { mountPath: '/diag' }),
    }).attachTo(deployment(chart));
    expect(messageOf(() => Testing.synth(chart))).toBe(
      "chart/ProcDump: Deployment 'web' (chart/Web): the sidecar 'procdump' would mount two volumes at '/diag' " +
        '(it has /run/procdump, /dev/shm, /var/run/secrets/kubernetes.io/serviceaccount, /etc/procdump, /diag, ' +
        '/diag, /store); choose another dumpDirectory or mountPath',
    );
  });

  test('a volume of the application at the dump directory', () => {
    expect(messageOf(() => wovenPod(podSpec({ volumeMounts: [{ name: 'data', mountPath: '/dumps' }] })))).toBe(
      "chart/ProcDump: Deployment 'web' (chart/Web): mount at '/dumps' of container 'web' already exists with " +
        'different content: {"name":"data"}, to be added: {"name":"procdump-spool"}; mount yours elsewhere, or give ' +
        'the construct another dumpDirectory',
    );
  });

  test.each([
    [
      {},
      'bindDumpStore returned a volume with 0 sources (); expected exactly one; return for example { ' +
        "persistentVolumeClaim: { claimName: 'dumps' } }",
    ],
    [
      { emptyDir: {}, name: 'x' },
      'bindDumpStore returned a volume with 2 sources (emptyDir, name); expected exactly one; return for example ' +
        "{ persistentVolumeClaim: { claimName: 'dumps' } }",
    ],
    [
      { emptyDir: { medium: 'Memory' } },
      "bindDumpStore returned an emptyDir with medium 'Memory', which counts against the memory of the dumped " +
        'process; remove medium, or use EphemeralDumpStore',
    ],
  ])('a store that gives the volume %j', (volume, message) => {
    expect(messageOf(() => wovenPod(undefined, { store: { bindDumpStore: () => ({ volume }) } }))).toBe(
      `chart/ProcDump: Deployment 'web' (chart/Web): ${message}`,
    );
  });

  test('a dash with nothing after it, as templates leave it behind', () => {
    const WEB = "chart/ProcDump: Deployment 'web' (chart/Web): ";
    const empty = [null as never];
    expect(messageOf(() => wovenPod(podSpec({}, { volumes: empty })))).toBe(
      `${WEB}volumes of the pod has an empty item at position 1, which is a dash with nothing after it; remove it`,
    );
    expect(messageOf(() => wovenPod(podSpec({ env: [{ name: 'A', value: '1' }, ...empty] })))).toBe(
      `${WEB}env of container 'web' has an empty item at position 2, which is a dash with nothing after it; ` +
        'remove it',
    );
    expect(messageOf(() => wovenPod(podSpec({ volumeMounts: empty })))).toContain(
      "volumeMounts of container 'web' has an empty item at position 1",
    );
    expect(messageOf(() => wovenPod(podSpec({}, { initContainers: empty })))).toContain(
      'initContainers of the pod has an empty item',
    );
    expect(() =>
      wovenPod(podSpec({ env: [], volumeMounts: null }, { volumes: null, initContainers: [] })),
    ).not.toThrow();
  });

  test('a store that lets in another service account', () => {
    const store = { bindDumpStore: () => ({ volume: { emptyDir: {} }, serviceAccountName: 'dumps' }) };
    expect(messageOf(() => wovenPod(podSpec(), { store }))).toContain(
      "the pod runs under service account 'default', but the workload identity of the dump store trusts only " +
        "'dumps'",
    );
    expect(() => wovenPod(podSpec({}, { serviceAccountName: 'dumps' }), { store })).not.toThrow();
  });
});

describe('a construct that is attached to nothing', () => {
  const NOTHING = 'is attached to nothing; call attachTo with a workload, a chart or an app, or remove it';

  test('a sidecar is an error at synth', () => {
    const chart = newChart();
    sidecar(chart);
    expect(messageOf(() => Testing.synth(chart))).toContain(`[chart/ProcDump] ${NOTHING}`);
  });

  test('so is a DotnetDiagnosticsTmp, unless a sidecar uses it', () => {
    const chart = newChart();
    const diagnosticsTmp = new DotnetDiagnosticsTmp(chart, 'Tmp');
    expect(messageOf(() => Testing.synth(chart))).toContain(`[chart/Tmp] ${NOTHING}`);

    sidecar(chart, { diagnosticsTmp }).attachTo(deployment(chart));
    expect(() => Testing.synth(chart)).not.toThrow();
  });
});
