import { DumpDelivery, IDumpStore, ProcDumpSidecarProps } from '../../src';
import { refuseLongFreeze } from '../../src/checks/freeze-budget';
import { JsonObject } from '../../src/wire';
import { messageOf, podSpec, wovenPod } from '../pods';

const STORE: IDumpStore = { bindDumpStore: () => ({ volume: { persistentVolumeClaim: { claimName: 'dumps' } } }) };

describe('a liveness probe outlasts a full dump at 60 MiB/s', () => {
  test.each<[string, JsonObject | undefined, number | undefined]>([
    ['none', undefined, 1_000_000],
    ["Kubernetes' defaults, 31 s", {}, 1860],
    ["zeros, which are Kubernetes' defaults", { periodSeconds: 0, failureThreshold: 0, timeoutSeconds: 0 }, 1860],
    ['its own numbers', { periodSeconds: 20, failureThreshold: 5, timeoutSeconds: 10 }, 6600],
    ['a memory limit that is not known', { periodSeconds: 1, failureThreshold: 1 }, undefined],
    ['numbers that a template fills in', { periodSeconds: '{{ .period }}' }, 1_000_000],
  ])('%s', (_, livenessProbe, limit) => {
    expect(() => refuseLongFreeze({ name: 'web', livenessProbe }, limit)).not.toThrow();
  });
});

describe('or is refused with the arithmetic', () => {
  test.each<[JsonObject, number, string]>([
    [{}, 1861, "a full dump of container 'web' would stop it for 32 s (memory limit of 1861Mi at 60 MiB/s into the store), but its liveness probe restarts it "
      + "after 31 s (10 s × 3 + 1 s); use DumpDelivery.spooled(), which writes to the node's disk first, or raise failureThreshold to 4"],
    [{ periodSeconds: 20, failureThreshold: 5, timeoutSeconds: 10 }, 6601, "a full dump of container 'web' would stop it for 111 s (memory limit of 6601Mi at 60 MiB/s "
      + 'into the store), but its liveness probe restarts it after 110 s (20 s × 5 + 10 s); use DumpDelivery.spooled(), which writes to the node\'s disk first, or '
      + 'raise failureThreshold to 6'],
  ])('%j', (livenessProbe, limit, message) => {
    expect(() => refuseLongFreeze({ name: 'web', livenessProbe }, limit)).toThrow(new Error(message));
  });
});

describe('is looked at', () => {
  const spec = podSpec({ livenessProbe: { httpGet: { port: 80 } }, resources: { limits: { memory: '4Gi' } } });
  const weave = (props: Partial<ProcDumpSidecarProps>) => () => wovenPod(spec, props);

  test('with direct delivery into a store on the network', () => {
    expect(messageOf(weave({ delivery: DumpDelivery.direct(), store: STORE }))).toContain("chart/ProcDump: Deployment 'web' (chart/Web): a full dump of container 'web' "
      + 'would stop it for 69 s');
  });

  test.each<[string, Partial<ProcDumpSidecarProps>]>([
    ['spooled delivery', { store: STORE }],
    ["direct delivery to the node's disk", { delivery: DumpDelivery.direct() }],
  ])('but not with %s', (_, props) => expect(weave(props)).not.toThrow());
});
