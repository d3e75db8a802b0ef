import { PodSpecJson } from '../../src/kubernetes/wire';
import { mergeContribution } from '../../src/weave/merge-contribution';
import { PodContribution } from '../../src/weave/pod-contribution';
import { messageOf } from '../pods';

const merged = (pod: PodSpecJson, contribution: PodContribution) =>
  mergeContribution(pod, contribution, { name: 'name', path: 'path' });

const spec: PodSpecJson = {
  containers: [
    { name: 'web', env: [{ name: 'A', value: '1' }], volumeMounts: [{ name: 'cache', mountPath: '/cache/' }] },
  ],
  initContainers: [{ name: 'init' }],
  ephemeralContainers: [{ name: 'debugger' }],
  volumes: [{ name: 'cache', emptyDir: {} }],
};

test('adds behind what is there, and leaves the given pod as it was', () => {
  const before = structuredClone(spec);

  expect(
    merged(spec, {
      containers: [{ name: 'sidecar' }],
      initContainers: [{ name: 'native' }],
      volumes: [{ name: 'dumps', emptyDir: {} }],
      additions: [
        { container: 'web', env: [{ name: 'B', value: '2' }], volumeMounts: [{ name: 'dumps', mountPath: '/data' }] },
      ],
      shareProcessNamespace: true,
    }),
  ).toEqual({
    containers: [
      {
        name: 'web',
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
        volumeMounts: [
          { name: 'cache', mountPath: '/cache/' },
          { name: 'dumps', mountPath: '/data' },
        ],
      },
      { name: 'sidecar' },
    ],
    initContainers: [{ name: 'init' }, { name: 'native' }],
    ephemeralContainers: [{ name: 'debugger' }],
    volumes: [
      { name: 'cache', emptyDir: {} },
      { name: 'dumps', emptyDir: {} },
    ],
    shareProcessNamespace: true,
  });
  expect(spec).toEqual(before);
});

test('of two variables of one name the last one is compared', () => {
  const twice = (first: string, last: string): PodSpecJson => ({
    containers: [
      {
        name: 'web',
        env: [
          { name: 'A', value: first },
          { name: 'A', value: last },
        ],
      },
    ],
  });
  const merge = (pod: PodSpecJson) => () =>
    merged(pod, { additions: [{ container: 'web', env: [{ name: 'A', value: '1' }] }] });

  expect(merge(twice('0', '1'))).not.toThrow();
  expect(merge(twice('1', '0'))).toThrow(
    "environment variable 'A' of container 'web' already exists with different content",
  );
});

test('shareProcessNamespace: false counts as unset', () => {
  expect(merged({ ...spec, shareProcessNamespace: false }, { shareProcessNamespace: true }).shareProcessNamespace).toBe(
    true,
  );
});

describe('terminationGracePeriodSeconds', () => {
  test.each<[number | undefined, number, number | undefined]>([
    [undefined, 30, undefined],
    [undefined, 31, 31],
    [60, 60, 60],
    [60, 61, 61],
    [0, 1, 1],
    [600, 90, 600],
  ])('of %p with a need of %p is %p', (before, needed, after) => {
    const pod: PodSpecJson = before === undefined ? spec : { ...spec, terminationGracePeriodSeconds: before };
    expect(merged(pod, { terminationGracePeriodSeconds: needed }).terminationGracePeriodSeconds).toBe(after);
  });

  test('leaves a value alone that is not a number', () => {
    expect(
      merged({ ...spec, terminationGracePeriodSeconds: '{{ .grace }}' }, { terminationGracePeriodSeconds: 90 }),
    ).toMatchObject({
      terminationGracePeriodSeconds: '{{ .grace }}',
    });
  });
});

test('what is there already and equal, in whatever order of keys, is left', () => {
  expect(
    merged(spec, {
      volumes: [{ emptyDir: {}, name: 'cache' }],
      initContainers: [{ name: 'init' }],
      additions: [
        { container: 'web', env: [{ value: '1', name: 'A' }], volumeMounts: [{ mountPath: '/cache/', name: 'cache' }] },
      ],
    }),
  ).toEqual(spec);
});

test.each([
  [
    'a container in containers',
    { initContainers: [{ name: 'web' }] },
    "container 'web' already exists with different content: " +
      '{"env":[{"name":"A","value":"1"}],"volumeMounts":[{"mountPath":"/cache/","name":"cache"}]}, to be added: {}; ' +
      'rename yours, or give the construct another name',
  ],
  [
    'a container in initContainers',
    { containers: [{ name: 'init', image: 'x' }] },
    `container 'init' already exists with different content: {}, to be added: {"image":"x"}; rename yours, or ` +
      'give the construct another name',
  ],
  [
    'a container in ephemeralContainers',
    { containers: [{ name: 'debugger', image: 'x' }] },
    `container 'debugger' already exists with different content: {}, to be added: {"image":"x"}; rename yours, or ` +
      'give the construct another name',
  ],
  [
    'a volume',
    { volumes: [{ name: 'cache', emptyDir: { sizeLimit: '1Gi' } }] },
    `volume 'cache' already exists with different content: {"emptyDir":{}}, to be added: ` +
      '{"emptyDir":{"sizeLimit":"1Gi"}}; rename yours, or give the construct another name',
  ],
  [
    'an environment variable',
    { additions: [{ container: 'web', env: [{ name: 'A', value: '2' }] }] },
    `environment variable 'A' of container 'web' already exists with different content: {"value":"1"}, to be ` +
      'added: {"value":"2"}; remove yours, or give the construct the same value',
  ],
  [
    'a mount',
    { additions: [{ container: 'web', volumeMounts: [{ name: 'dumps', mountPath: '/cache' }] }] },
    "mount at '/cache' of container 'web' already exists with different content: " +
      '{"mountPath":"/cache/","name":"cache"}, to be added: {"mountPath":"/cache","name":"dumps"}; mount yours ' +
      'elsewhere, or give the construct another path',
  ],
])('refuses %s of the same name and another content', (_, contribution, message) => {
  expect(messageOf(() => merged(spec, contribution))).toBe(message);
});
