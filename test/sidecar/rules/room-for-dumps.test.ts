import { Size, Testing } from 'cdk8s';
import { DumpDelivery, EphemeralDumpStore, ProcDumpSidecarProps } from '../../../src';
import { deployment, messageOf, newChart, podSpec, sidecar, wovenPod } from '../../pods';

const spec = podSpec({ resources: { limits: { memory: '1Gi' } } });
const WEB = "chart/ProcDump: Deployment 'web' (chart/Web): ";

describe('a spool', () => {
  const weave =
    (sizeLimit: Size, pod = spec) =>
    () =>
      wovenPod(pod, { delivery: DumpDelivery.spooled({ sizeLimit }) });

  test('holds one full dump', () => expect(weave(Size.gibibytes(1))).not.toThrow());

  test('refuses a smaller size and shows the comparison', () => {
    expect(messageOf(weave(Size.mebibytes(1023)))).toBe(
      `${WEB}the spool of 1023Mi cannot hold one full dump of container 'web', whose memory limit is 1Gi (1023 ` +
        'MiB < 1024 MiB); raise sizeLimit of DumpDelivery.spooled() to 1Gi or more, better 2Gi, or leave it out; or ' +
        "accept this with acknowledge: ['PD004']",
    );
  });

  test('of any size will do where the memory has no limit', () =>
    expect(weave(Size.mebibytes(1), podSpec())).not.toThrow());
});

describe("a store on the node's disk", () => {
  function weave(sizeLimit: Size, props: Partial<ProcDumpSidecarProps> = {}, pod = spec): () => unknown {
    const chart = newChart();
    sidecar(chart, { store: new EphemeralDumpStore(chart, 'Dumps', { sizeLimit }), ...props }).attachTo(
      deployment(chart, 'Web', pod),
    );
    return () => Testing.synth(chart);
  }

  test('holds two full dumps: the newest stays while the next one is published', () =>
    expect(weave(Size.gibibytes(2))).not.toThrow());

  test('refuses a smaller size and shows the comparison', () => {
    expect(messageOf(weave(Size.mebibytes(2047)))).toBe(
      `${WEB}the store of 2047Mi on the node's disk cannot hold 2 full dump(s) of container 'web', whose memory ` +
        'limit is 1Gi (2047 MiB < 2 × 1024 MiB), and the pod would be evicted; raise sizeLimit of the store to 2Gi ' +
        "or more; or accept this with acknowledge: ['PD004']",
    );
  });

  test('holds one where one is all that is taken', () => {
    const once = { limits: { dumpsPerProcess: 1, dumpsPerPod: 1 } };
    expect(weave(Size.gibibytes(1), once)).not.toThrow();
    expect(messageOf(weave(Size.mebibytes(1023), once))).toContain('cannot hold 1 full dump(s)');
  });

  test('passes the size to the agent with direct delivery', () => {
    const direct = { delivery: DumpDelivery.direct() };
    expect(weave(Size.gibibytes(1), direct)).not.toThrow();
    expect(messageOf(weave(Size.mebibytes(1023), direct))).toContain('cannot hold 1 full dump(s)');
  });

  test('is not looked at where the memory has no limit', () =>
    expect(weave(Size.mebibytes(1), {}, podSpec())).not.toThrow());
});
