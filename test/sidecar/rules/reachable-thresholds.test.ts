import { Size } from 'cdk8s';
import { ProcDumpTrigger } from '../../../src/capture/procdump-trigger';
import { GcHeap } from '../../../src/capture/trigger-options';
import type { ContainerJson } from '../../../src/kubernetes/wire';
import { refuseMissingMemoryLimit, refuseUnreachableThresholds } from '../../../src/sidecar/rules/reachable-thresholds';

type Resources = NonNullable<ContainerJson['resources']>;
const check = (trigger: ProcDumpTrigger, resources?: Resources) => () =>
  refuseUnreachableThresholds([trigger], { name: 'web', resources }, {});
const mib = Size.mebibytes;

describe('CPU of the cores that the runtime sees', () => {
  test.each([
    ['290m', 29],
    ['500m', 50],
    ['1', 100],
    ['1200m', 60],
    ['1500m', 75],
    ['2', 100],
    ['2500m', 83.3],
  ])('at a limit of %s %d %% can be reached', (cpu, percent) => {
    expect(check(ProcDumpTrigger.cpuAbove(percent), { limits: { cpu } })).not.toThrow();
  });

  test.each([
    [
      '500m',
      51,
      "trigger cpuAbove(51) can never fire: at a CPU limit of 500m the runtime of container 'web' counts 1 " +
        'core(s), so the highest value is 100 × 0.5 / 1 = 50 %; lower the threshold, or raise the limit',
    ],
    [
      '1200m',
      60.1,
      "trigger cpuAbove(60.1) can never fire: at a CPU limit of 1200m the runtime of container 'web' counts 2 " +
        'core(s), so the highest value is 100 × 1.2 / 2 = 60 %; lower the threshold, or raise the limit',
    ],
    [
      '1500m',
      75.1,
      "trigger cpuAbove(75.1) can never fire: at a CPU limit of 1500m the runtime of container 'web' counts 2 " +
        'core(s), so the highest value is 100 × 1.5 / 2 = 75 %; lower the threshold, or raise the limit',
    ],
    [
      '2500m',
      83.4,
      "trigger cpuAbove(83.4) can never fire: at a CPU limit of 2500m the runtime of container 'web' counts 3 " +
        'core(s), so the highest value is 100 × 2.5 / 3 = 83.33 %; lower the threshold, or raise the limit',
    ],
  ])('at a limit of %s %d %% cannot', (cpu, percent, message) => {
    expect(check(ProcDumpTrigger.cpuAbove(percent), { limits: { cpu } })).toThrow(new Error(message));
  });

  test('without a limit any value can be reached', () => {
    expect(check(ProcDumpTrigger.cpuAbove(100), { requests: { cpu: '100m' } })).not.toThrow();
  });

  test('falling below is possible at any limit', () => {
    expect(check(ProcDumpTrigger.cpuBelow(99), { limits: { cpu: '500m' } })).not.toThrow();
  });
});

describe('average CPU, of one core', () => {
  test.each([
    ['290m', 29],
    ['500m', 50],
    ['2', 200],
  ])('at a limit of %s %d %% can be reached', (cpu, percent) => {
    expect(check(ProcDumpTrigger.averageCpuAbove(percent), { limits: { cpu } })).not.toThrow();
  });

  test.each([
    [
      '500m',
      51,
      "trigger averageCpuAbove(51) can never fire: container 'web' has a CPU limit of 500m, so the highest value " +
        'is 100 × 0.5 = 50 % of one core; lower the threshold, or raise the limit',
    ],
    [
      '2',
      201,
      "trigger averageCpuAbove(201) can never fire: container 'web' has a CPU limit of 2, so the highest value is " +
        '100 × 2 = 200 % of one core; lower the threshold, or raise the limit',
    ],
    [
      '1.2344',
      124,
      "trigger averageCpuAbove(124) can never fire: container 'web' has a CPU limit of 1.2344, so the highest " +
        'value is 100 × 1.2344 = 123.44 % of one core; lower the threshold, or raise the limit',
    ],
  ])('at a limit of %s %d %% cannot', (cpu, percent, message) => {
    expect(check(ProcDumpTrigger.averageCpuAbove(percent), { limits: { cpu } })).toThrow(new Error(message));
  });

  test('without a limit any value can be reached', () => {
    expect(check(ProcDumpTrigger.averageCpuAbove(10000))).not.toThrow();
  });

  test('falling below is possible at any limit', () => {
    expect(check(ProcDumpTrigger.averageCpuBelow(300), { limits: { cpu: '500m' } })).not.toThrow();
  });
});

describe('memory', () => {
  test('just below the limit can be reached', () => {
    expect(check(ProcDumpTrigger.memoryAbove(mib(100), mib(511)), { limits: { memory: '512Mi' } })).not.toThrow();
  });

  test('at the limit cannot: the container is killed', () => {
    expect(check(ProcDumpTrigger.memoryAbove(mib(512)), { limits: { memory: '512Mi' } })).toThrow(
      new Error(
        "trigger memoryAbove(512Mi) can never fire: container 'web' is killed at its memory limit of 512Mi; lower " +
          'the threshold, or use memoryAboveLimit(75, 90)',
      ),
    );
  });

  test('the highest of several sizes counts', () => {
    expect(check(ProcDumpTrigger.memoryAbove(mib(100), mib(1025)), { limits: { memory: '1Gi' } })).toThrow(
      new Error(
        "trigger memoryAbove(1025Mi) can never fire: container 'web' is killed at its memory limit of 1Gi; lower " +
          'the threshold, or use memoryAboveLimit(75, 90)',
      ),
    );
  });

  test('without a limit any size can be reached', () => {
    expect(check(ProcDumpTrigger.memoryAbove(mib(100_000)), { requests: { memory: '1Gi' } })).not.toThrow();
  });

  test('falling below is possible at any limit', () => {
    expect(check(ProcDumpTrigger.memoryBelow(mib(1024)), { limits: { memory: '512Mi' } })).not.toThrow();
  });

  test('in percent of the limit it can be reached', () => {
    const resources = { limits: { memory: '1Mi' } };
    expect(check(ProcDumpTrigger.memoryAboveLimit(99), resources)).not.toThrow();
    expect(() =>
      refuseMissingMemoryLimit([ProcDumpTrigger.memoryAboveLimit(99)], { name: 'web', resources }),
    ).not.toThrow();
  });

  test.each([
    ['no resources', undefined],
    ['a request alone', { requests: { memory: '1Gi' } }],
    ['a limit of CPU alone', { limits: { cpu: '1' } }],
  ])('percent of the limit need one: refuses %s', (_, resources) => {
    const triggers = [ProcDumpTrigger.memoryAbove(mib(1)), ProcDumpTrigger.memoryAboveLimit(75, 90)];
    expect(() => refuseMissingMemoryLimit(triggers, { name: 'web', resources })).toThrow(
      new Error(
        "trigger memoryAboveLimit(75, 90) is in percent of the memory limit, but container 'web' has none; set " +
          'resources.limits.memory, or use memoryAbove with sizes',
      ),
    );
  });
});

test('a limit of the pod bounds a container that has none of its own', () => {
  const ofPod = (limit: string, resources?: Resources) => () =>
    refuseUnreachableThresholds(
      [ProcDumpTrigger.memoryAbove(mib(512))],
      { name: 'web', resources },
      { resources: { limits: { memory: limit } } },
    );
  expect(ofPod('512Mi')).toThrow(
    new Error(
      "trigger memoryAbove(512Mi) can never fire: container 'web' is killed at the pod's memory limit of 512Mi; " +
        'lower the threshold, or use memoryAboveLimit(75, 90)',
    ),
  );
  expect(ofPod('513Mi')).not.toThrow();
  expect(ofPod('512Mi', { limits: { memory: '1Gi' } })).not.toThrow();
});

test('every trigger is looked at, not the first alone', () => {
  const triggers = [
    ProcDumpTrigger.threadsAbove(10),
    ProcDumpTrigger.memoryAbove(mib(1)),
    ProcDumpTrigger.memoryAbove(mib(512)),
  ];
  expect(() =>
    refuseUnreachableThresholds(triggers, { name: 'web', resources: { limits: { memory: '512Mi' } } }, {}),
  ).toThrow(
    new Error(
      "trigger memoryAbove(512Mi) can never fire: container 'web' is killed at its memory limit of 512Mi; lower " +
        'the threshold, or use memoryAboveLimit(75, 90)',
    ),
  );
});

test.each([
  ['threadsAbove', ProcDumpTrigger.threadsAbove(100_000)],
  [
    'counterAbove, whose unit is not known',
    ProcDumpTrigger.counterAbove({ provider: 'System.Runtime', counter: 'cpu-usage', threshold: 1e9 }),
  ],
  ['gcGeneration', ProcDumpTrigger.gcGeneration(2)],
  ['gcHeapAbove a size that fits', ProcDumpTrigger.gcHeapAbove({ heap: GcHeap.LOH, thresholds: [mib(1)] })],
])('limits put nothing out of reach of %s', (_, trigger) => {
  expect(check(trigger, { limits: { cpu: '100m', memory: '64Mi' } })).not.toThrow();
});

test.each(['cpu', 'memory'])('a limit of 0 is none for %s', (resource) => {
  const trigger = resource === 'cpu' ? ProcDumpTrigger.cpuAbove(50) : ProcDumpTrigger.memoryAbove(mib(1));
  expect(check(trigger, { limits: { [resource]: '0' } })).not.toThrow();
});

test('the managed heap is part of the memory', () => {
  const trigger = ProcDumpTrigger.gcHeapAbove({ thresholds: [mib(512)] });
  expect(check(trigger, { limits: { memory: '683Mi' } })).not.toThrow();
  expect(check(trigger, { limits: { memory: '512Mi' } })).toThrow(
    new Error(
      "trigger gcHeapAbove(512Mi) can never fire: container 'web' is killed at its memory limit of 512Mi; lower " +
        'the threshold, or use memoryAboveLimit(75, 90)',
    ),
  );
});
