import { Duration, Size } from 'cdk8s';
import { DumpDelivery, IDumpStore, ProcDumpSidecarProps, SidecarPlacement } from '../../src';
import { JsonObject, PodSpecJson } from '../../src/kubernetes/wire';
import { containerOf, messageOf, newChart, podSpec, sidecar, wovenPod, planned } from '../pods';

const CLAIM: IDumpStore = { bindDumpStore: () => ({ volume: { persistentVolumeClaim: { claimName: 'dumps' } } }) };

/** The sidecar of a workload with this pod; with a claim as its store. */
function procdump(pod: PodSpecJson = podSpec(), props: Partial<ProcDumpSidecarProps> = {}): JsonObject {
  return containerOf(wovenPod(pod, { store: CLAIM, ...props }), 'procdump');
}

describe('drainTimeout', () => {
  const drain = (props: Partial<ProcDumpSidecarProps>) =>
    planned(procdump(podSpec(), props), 'store.drainTimeoutSeconds');
  const spool = (sizeLimit: Size) => ({ delivery: DumpDelivery.spooled({ sizeLimit }) });

  test.each([
    [1, '31'],
    [40, '31'],
    [41, '32'],
    [4096, '133'],
    [22_800, '600'],
    [22_801, '600'],
  ])('of a spool of %s MiB is %s s by default: 40 MiB/s, and 30 s', (mebibytes, seconds) =>
    expect(drain(spool(Size.mebibytes(mebibytes)))).toBe(seconds),
  );

  test.each([1, 86_400])('may be %d s', (seconds) =>
    expect(drain({ drainTimeout: Duration.seconds(seconds) })).toBe(`${seconds}`),
  );

  test.each<[unknown, string]>([
    [Duration.seconds(0), 'drainTimeout in seconds must be a whole number from 1 to 86400, got 0'],
    [Duration.seconds(86_401), 'drainTimeout in seconds must be a whole number from 1 to 86400, got 86401'],
    [Duration.millis(1500), 'drainTimeout in seconds must be a whole number from 1 to 86400, got 1.5'],
    [90, 'drainTimeout must be a Duration of cdk8s, for example Duration.minutes(10), got 90'],
    [0, 'drainTimeout must be a Duration of cdk8s, for example Duration.minutes(10), got 0'],
  ])('may not be %j', (drainTimeout, message) => {
    expect(messageOf(() => sidecar(newChart(), { drainTimeout: drainTimeout as Duration }))).toBe(
      `chart/ProcDump: ${message}`,
    );
  });

  test.each<[number | undefined, number, number | undefined]>([
    [undefined, 20, undefined],
    [undefined, 21, 31],
    [60, 50, 60],
    [60, 51, 61],
    [0, 1, 11],
  ])('in a pod with a grace period of %p, %d s and 10 s for the agent: %p', (before, seconds, after) => {
    const pod = podSpec({}, before === undefined ? {} : { terminationGracePeriodSeconds: before });
    expect(wovenPod(pod, { drainTimeout: Duration.seconds(seconds) }).terminationGracePeriodSeconds).toBe(after);
  });

  test.each<[number | undefined, number]>([
    [undefined, 90],
    [100, 160],
  ])("a native sidecar has it after the application's %p s", (before, after) => {
    const pod = podSpec({}, before === undefined ? {} : { terminationGracePeriodSeconds: before });
    expect(
      wovenPod(pod, { drainTimeout: Duration.seconds(50), placement: SidecarPlacement.NATIVE })
        .terminationGracePeriodSeconds,
    ).toBe(after);
  });
});
