import { DumpDelivery, IDumpStore, ProcDumpSidecarProps } from '../../../src';
import { JsonObject } from '../../../src/kubernetes/wire';
import { refuseLongFreeze } from '../../../src/sidecar/rules/freeze-budget';
import { messageOf, podSpec, wovenPod } from '../../pods';

const STORE: IDumpStore = { bindDumpStore: () => ({ volume: { persistentVolumeClaim: { claimName: 'dumps' } } }) };

describe.each([
  [true, 60],
  [false, 500],
])('a liveness probe outlasts a full dump, direct %s: at %d MiB/s', (direct, rate) => {
  test.each<[string, JsonObject | undefined, number | undefined]>([
    ['none', undefined, 1_000_000],
    ["Kubernetes' defaults, 21 s", {}, 21 * rate - 1],
    [
      "zeros, which are Kubernetes' defaults",
      { periodSeconds: 0, failureThreshold: 0, timeoutSeconds: 0 },
      21 * rate - 1,
    ],
    ['its own numbers', { periodSeconds: 20, failureThreshold: 5, timeoutSeconds: 10 }, 90 * rate - 1],
    ['a single failure', { periodSeconds: 60, failureThreshold: 1, timeoutSeconds: 5 }, 5 * rate - 1],
    ['a memory limit that is not known', { periodSeconds: 1, failureThreshold: 1 }, undefined],
    ['numbers that a template fills in', { periodSeconds: '{{ .period }}' }, 1_000_000],
  ])('%s', (_, livenessProbe, limit) => {
    expect(() => refuseLongFreeze({ name: 'web', livenessProbe }, limit, direct)).not.toThrow();
  });
});

describe('refuses a smaller size and shows the comparison', () => {
  const own = { periodSeconds: 20, failureThreshold: 5, timeoutSeconds: 10 };
  const single = { periodSeconds: 60, failureThreshold: 1, timeoutSeconds: 5 };

  test.each<[JsonObject, number, string, string, number]>([
    [{}, 1260, '21 s (memory limit of 1260Mi', '21 s (10 s × (3 - 1) + 1 s)', 4],
    [{}, 1800, '30 s (memory limit of 1800Mi', '21 s (10 s × (3 - 1) + 1 s)', 4],
    [{}, 1860, '31 s (memory limit of 1860Mi', '21 s (10 s × (3 - 1) + 1 s)', 5],
    [own, 5400, '90 s (memory limit of 5400Mi', '90 s (20 s × (5 - 1) + 10 s)', 6],
    [single, 301, '6 s (memory limit of 301Mi', '5 s (60 s × (1 - 1) + 5 s)', 2],
  ])('direct: %j, %d Mi', (livenessProbe, limit, freeze, patience, threshold) => {
    expect(() => refuseLongFreeze({ name: 'web', livenessProbe }, limit, true)).toThrow(
      new Error(
        `a full dump of container 'web' would stop it for ${freeze} at 60 MiB/s into the store), but its liveness ` +
          `probe may restart it after ${patience}; use DumpDelivery.spooled(), which writes to the node's disk ` +
          `first, or raise failureThreshold to ${threshold}, or lower the memory limit`,
      ),
    );
    const raised = { ...livenessProbe, failureThreshold: threshold };
    expect(() => refuseLongFreeze({ name: 'web', livenessProbe: raised }, limit, true)).not.toThrow();
  });

  test('spooled', () => {
    expect(() => refuseLongFreeze({ name: 'web', livenessProbe: {} }, 10_500, false)).toThrow(
      new Error(
        "a full dump of container 'web' would stop it for 21 s (memory limit of 10500Mi at 500 MiB/s to the " +
          "node's disk), but its liveness probe may restart it after 21 s (10 s × (3 - 1) + 1 s); raise " +
          'failureThreshold to 4, or lower the memory limit',
      ),
    );
  });
});

describe('is looked at', () => {
  const limited = (memory: string) =>
    podSpec({ livenessProbe: { httpGet: { port: 80 } }, resources: { limits: { memory } } });
  const direct = { delivery: DumpDelivery.direct() };

  test.each<[string, string, Partial<ProcDumpSidecarProps>, string]>([
    [
      'direct delivery into a store on the network',
      '4Gi',
      { ...direct, store: STORE },
      '69 s (memory limit of 4096Mi at 60 MiB/s',
    ],
    ["direct delivery to the node's disk", '20Gi', direct, '41 s (memory limit of 20480Mi at 500 MiB/s'],
    ['spooled delivery', '20Gi', { store: STORE }, '41 s (memory limit of 20480Mi at 500 MiB/s'],
  ])('with %s', (_, memory, props, freeze) => {
    expect(messageOf(() => wovenPod(limited(memory), props))).toContain(
      `chart/ProcDump: Deployment 'web' (chart/Web): a full dump of container 'web' would stop it for ${freeze}`,
    );
  });

  test.each<[string, Partial<ProcDumpSidecarProps>]>([
    ['spooled delivery', { store: STORE }],
    ["direct delivery to the node's disk", direct],
  ])("%s is as fast as the node's disk", (_, props) => expect(() => wovenPod(limited('4Gi'), props)).not.toThrow());
});
