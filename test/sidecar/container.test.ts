import { ApiObject, Duration, Size } from 'cdk8s';
import {
  DumpDelivery,
  GcHeap,
  ProcDumpSidecarProps,
  ProcDumpTarget,
  ProcDumpTrigger,
  SidecarPlacement,
  TargetAccess,
} from '../../src';
import { JsonObject } from '../../src/kubernetes/wire';
import { containerOf, messageOf, newChart, podSpec, renderedPod, sidecar, wovenPod, planned } from '../pods';

const native = ProcDumpTarget.native({ access: TargetAccess.privileged() });
const procdump = (...args: Parameters<typeof wovenPod>) => containerOf(wovenPod(...args), 'procdump');
const web = (...args: Parameters<typeof wovenPod>) => containerOf(wovenPod(...args), 'web');

/** The value behind an option in the agent's arguments. */
describe('target', () => {
  test('processName', () => {
    expect(
      planned(procdump(undefined, { target: ProcDumpTarget.dotnet({ processName: 'webapi' }) }), 'processName'),
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
    expect(planned(containerOf(pod, 'procdump'), 'container')).toBe('api');
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
    expect(planned(containerOf(pod, 'procdump'), 'container')).toBe('api');
    expect(containerOf(pod, 'procdump').securityContext.runAsUser).toBe(0);
  });

  test('dumpMask in hex, also for dumps on demand', () => {
    const container = procdump(undefined, {
      target: ProcDumpTarget.native({ access: TargetAccess.privileged(), dumpMask: 0x33 }),
    });
    expect(planned(container, 'dumpMask')).toBe('33');
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

  test('the memory limit in force, in a file that the kubelet updates, only when a trigger is in percent of it', () => {
    const spec = podSpec({ resources: { limits: { memory: '1Gi' } } });
    const files = (trigger: ProcDumpTrigger) =>
      wovenPod(spec, { triggers: [trigger] }).volumes!.find(({ name }) => name === 'procdump-annotations')!.downwardAPI;
    const annotation = {
      path: 'dump',
      fieldRef: { apiVersion: 'v1', fieldPath: "metadata.annotations['cdk8s-procdump/dump']" },
    };
    expect(files(ProcDumpTrigger.memoryAboveLimit(75))).toEqual({
      items: [
        annotation,
        {
          path: 'memory-limit',
          resourceFieldRef: { containerName: 'web', resource: 'limits.memory', divisor: '1Mi' },
        },
      ],
    });
    expect(files(ProcDumpTrigger.memoryAbove(Size.mebibytes(100)))).toEqual({ items: [annotation] });
  });
});

test('each volume on the node has a size limit, except the one that holds files of the application', () => {
  const { volumes } = wovenPod(undefined, { triggers: [ProcDumpTrigger.gcGeneration(2)] });
  const limits = volumes!.flatMap(({ name, emptyDir }) => (emptyDir ? [[name, emptyDir.sizeLimit]] : []));
  expect(Object.fromEntries(limits)).toEqual({
    'procdump-run': '8Mi',
    'procdump-tmp': undefined,
    'procdump-spool': '4Gi',
    'procdump-profiler': '64Mi',
    'procdump-dumps': '4Gi',
  });
});

describe('what the agent learns about the pod', () => {
  test('its identity, for the manifests of dumps', () => {
    expect(procdump().env).toEqual([
      expect.objectContaining({ name: 'PATH' }),
      { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
      { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } } },
      { name: 'POD_UID', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.uid' } } },
      { name: 'NODE_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } } },
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
        items: [
          { path: 'dump', fieldRef: { apiVersion: 'v1', fieldPath: "metadata.annotations['cdk8s-procdump/dump']" } },
        ],
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
      spec: { template: { spec: podSpec({ ports: [{ containerPort: 8080 }] }) } },
    });
    sidecar(chart, { acknowledge: ['PD009'], ...props }).attachTo(object);
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
    expect(containerOf(pod, 'procdump')).not.toHaveProperty('livenessProbe');
    expect(containerOf(pod, 'procdump')).not.toHaveProperty('readinessProbe');
  });

  test('has no native sidecars', () => {
    expect(messageOf(service({ placement: SidecarPlacement.NATIVE }))).toBe(
      "chart/ProcDump: Service 'web' (chart/Web): Knative refuses native sidecars (probes and restartPolicy of init " +
        'containers); use SidecarPlacement.CONTAINER or AUTO',
    );
  });
});
