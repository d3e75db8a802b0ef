import { Duration, Size } from 'cdk8s';
import {
  agentPlan,
  containerOf,
  deployment,
  IMAGE,
  newChart,
  planned,
  podSpec,
  renderedPod,
  sidecar,
  wovenPod,
} from './pods';
import { DotnetDiagnosticsTmp, IDumpStore, ProcDumpTarget, ProcDumpTrigger } from '../src';

const procdump = (...args: Parameters<typeof wovenPod>) => containerOf(wovenPod(...args), 'procdump');

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
      ['limits.dumpsPerProcess', 'limits.dumpsPerPod', 'limits.cooldownSeconds'].map((option) =>
        planned(container, option),
      ),
    ).toEqual(['3', '7', '60']);
  });
  test('triggers', () => {
    expect(
      planned(procdump(undefined, { triggers: [ProcDumpTrigger.every(Duration.hours(1))] }), 'watches.0.name'),
    ).toBe('timer');
  });
  test('triggers as they are when the sidecar is made', () => {
    const triggers = [ProcDumpTrigger.memoryAbove(Size.mebibytes(100))];
    const chart = newChart();
    sidecar(chart, { triggers }).attachTo(deployment(chart));
    triggers.push(ProcDumpTrigger.memoryAboveLimit(75)); // which this pod, without a memory limit, could not have
    expect(agentPlan(containerOf(renderedPod(chart), 'procdump')).watches[0].triggers).toEqual([
      { kind: 'memory', dumps: 1, thresholdsMebibytes: [100] },
    ]);
  });
  test('no triggers: the agent idles', () => expect(agentPlan(procdump()).watches).toEqual([]));
  test('dumpDirectory, in both containers', () => {
    const pod = wovenPod(undefined, {
      dumpDirectory: '/var/dumps',
      target: ProcDumpTarget.dotnet({ crashDumps: true }),
    });
    expect(planned(containerOf(pod, 'procdump'), 'dumpDirectory')).toBe('/var/dumps');
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
