import { ApiObject, Size, Testing } from 'cdk8s';
import {
  DumpDelivery,
  EphemeralDumpStore,
  ProcDumpSidecarProps,
  ProcDumpTarget,
  ProcDumpTrigger,
  TargetAccess,
} from '../../../src';
import type { PodSpecJson } from '../../../src/kubernetes/wire';
import { INFERENCES } from '../../../src/sidecar/rules/findings';
import { deployment, messageOf, newChart, podSpec, sidecar } from '../../pods';

const limited = (memory: string, more: object = {}) => podSpec({ resources: { limits: { memory } }, ...more });
const bound = (more: object) => ({
  bindDumpStore: () => ({ volume: { persistentVolumeClaim: { claimName: 'dumps' } }, ...more }),
});

/** A pod and a request that each refusal of an inference is about. */
const REFUSED: { readonly [id: string]: [PodSpecJson, Partial<ProcDumpSidecarProps>] } = {
  PD003: [
    limited('16Gi', { livenessProbe: { httpGet: { port: 80 }, periodSeconds: 2, failureThreshold: 1 } }),
    { delivery: DumpDelivery.spooled({ sizeLimit: Size.gibibytes(32) }) },
  ],
  PD004: [limited('2Gi'), { delivery: DumpDelivery.spooled({ sizeLimit: Size.gibibytes(1) }) }],
  PD005: [limited('1Gi'), { triggers: [ProcDumpTrigger.memoryAbove(Size.gibibytes(2))] }],
  PD006: [
    podSpec({ command: ['/usr/local/bin/entrypoint.sh'] }),
    { triggers: [ProcDumpTrigger.exception({ include: ['System.Exception'] })] },
  ],
  PD013: [podSpec({ workingDir: '/dumps' }), {}],
  PD007: [podSpec(), { store: bound({ writers: { uid: 1000 } }) }],
  PD008: [podSpec({}, { hostUsers: false }), { store: bound({ idMappedMounts: false }) }],
};

/** These have tests of their own. */
const NEIGHBOURS = ['PD010', 'PD011', 'PD012'];

const world = (spec: PodSpecJson, props: Partial<ProcDumpSidecarProps>) => {
  const chart = newChart();
  const procdump = sidecar(chart, props);
  procdump.attachTo(deployment(chart, 'Web', spec));
  return { chart, procdump };
};

describe.each(Object.entries(REFUSED))('%s', (id, [spec, props]) => {
  test('is an error that says how to accept it', () => {
    expect(messageOf(() => Testing.synth(world(spec, props).chart))).toMatch(
      new RegExp(`; or accept this with acknowledge: \\['${id}'\\]$`),
    );
  });

  test('is listed as acknowledged where it is accepted', () => {
    const { chart, procdump } = world(spec, { ...props, acknowledge: [id] });
    Testing.synth(chart);

    expect(procdump.attachments[0].acknowledged).toEqual([expect.stringMatching(`^${id}: `)]);
    expect(procdump.attachments[0].hints).toBeUndefined();
  });

  test('is not accepted with another id', () => {
    const others = Object.keys(INFERENCES).filter((other) => other !== id);
    expect(() => Testing.synth(world(spec, { ...props, acknowledge: others }).chart)).toThrow(id);
  });
});

describe('helpers', () => {
  const synthesized = (acknowledge: string[], target = ProcDumpTarget.dotnet()) => {
    const chart = newChart();
    const procdump = sidecar(chart, { target, acknowledge });
    procdump.attachTo(
      deployment(chart, 'Web', podSpec({}, { containers: [{ name: 'daprd' }, ...podSpec().containers!] })),
    );
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    let message = '';
    try {
      Testing.synth(chart);
    } catch (error) {
      message = (error as Error).message;
    }
    const lines = write.mock.calls.map(([line]) => line);
    write.mockRestore();
    return { procdump, lines, message };
  };
  const HINT = "PD002: container 'web' is the target, because the others are usual helpers (daprd)";
  const ACCEPT = "; accept this with acknowledge: ['PD002']";

  test('are a hint in attachments and a line on standard error', () => {
    const { procdump, lines } = synthesized([]);

    expect(procdump.attachments[0].hints).toEqual([HINT]);
    expect(lines).toEqual([`chart/ProcDump: Deployment 'web' (chart/Web): ${HINT}${ACCEPT}\n`]);
  });

  test('are printed for the first of several workloads, and once more that others have them', () => {
    const chart = newChart();
    const helper = podSpec({}, { containers: [{ name: 'daprd' }, ...podSpec().containers!] });
    for (const id of ['A', 'B', 'C']) deployment(chart, id, helper);
    sidecar(chart, { target: ProcDumpTarget.dotnet(), acknowledge: [] }).attachTo(chart);
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    Testing.synth(chart);
    Testing.synth(chart);
    const lines = write.mock.calls.map(([line]) => line);
    write.mockRestore();

    expect(lines).toEqual([
      `chart/ProcDump: Deployment 'a' (chart/A): ${HINT}${ACCEPT}\n`,
      'chart/ProcDump: PD002 holds for other workloads too; attachments lists them\n',
    ]);
  });

  test('are silent where they are acknowledged', () => {
    const { procdump, lines } = synthesized(['PD002']);

    expect(procdump.attachments[0].acknowledged).toEqual([HINT]);
    expect(lines).toEqual([]);
  });

  test('do not settle the container of a native target', () => {
    const native = ProcDumpTarget.native({ access: TargetAccess.privileged(), processName: 'web' });
    expect(synthesized([], native).message).toContain('none is selected as the target');
  });
});

test('an id that does not exist is an error', () => {
  expect(messageOf(() => sidecar(newChart(), { acknowledge: ['PD999'] }))).toBe(
    `chart/ProcDump: acknowledge[0] must be one of ${Object.keys(INFERENCES).join(', ')}, got "PD999"`,
  );
});

test('each id is refused, or is a hint', () => {
  expect(Object.keys(INFERENCES).filter((id) => !(id in REFUSED))).toEqual(['PD001', 'PD002', 'PD009', ...NEIGHBOURS]);
});

test('an accepted refusal leaves a store on the node as it is', () => {
  const chart = newChart();
  const store = new EphemeralDumpStore(chart, 'Dumps', { sizeLimit: Size.mebibytes(100) });
  const procdump = sidecar(chart, { store, acknowledge: ['PD004'] });
  procdump.attachTo(deployment(chart, 'Web', limited('1Gi')));

  expect(() => Testing.synth(chart)).not.toThrow();
  expect(ApiObject.isApiObject(chart.node.findChild('Web'))).toBe(true);
});
