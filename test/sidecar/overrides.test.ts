import { renderResources, SidecarResources } from '../../src/sidecar/overrides';
import { messageOf } from '../pods';

const DEFAULTS = { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '256Mi' } };

describe('resources', () => {
  test('by default: little is kept free, memory is bounded and CPU is not', () => {
    expect(renderResources(undefined)).toEqual(DEFAULTS);
  });

  test('keeps a quarter of a core free for a profiler', () => {
    expect(renderResources(undefined, { profiler: true })).toEqual({
      ...DEFAULTS,
      requests: { cpu: '250m', memory: '64Mi' },
    });
  });

  test.each<[string, SidecarResources, ReturnType<typeof renderResources>]>([
    ['the request of CPU', { requests: { cpu: '1' } }, { ...DEFAULTS, requests: { cpu: '1', memory: '64Mi' } }],
    [
      'the request of memory',
      { requests: { memory: '128Mi' } },
      { ...DEFAULTS, requests: { cpu: '20m', memory: '128Mi' } },
    ],
    ['the limit of memory', { limits: { memory: '1Gi' } }, { ...DEFAULTS, limits: { memory: '1Gi' } }],
    ['a limit of CPU', { limits: { cpu: '2' } }, { ...DEFAULTS, limits: { memory: '256Mi', cpu: '2' } }],
    [
      'a resource of a vendor',
      { limits: { 'example.com/gpu': '1' } },
      { ...DEFAULTS, limits: { ...DEFAULTS.limits, 'example.com/gpu': '1' } },
    ],
    [
      'any other resource',
      { requests: { 'ephemeral-storage': '1Gi' } },
      { ...DEFAULTS, requests: { ...DEFAULTS.requests, 'ephemeral-storage': '1Gi' } },
    ],
  ])('%s can be given and leaves the other defaults', (_, resources, expected) => {
    expect(renderResources(resources)).toEqual(expected);
  });

  test('a request of CPU overrules what a profiler needs', () => {
    expect(renderResources({ requests: { cpu: '100m' } }, { profiler: true }).requests.cpu).toBe('100m');
  });

  test('a request may be as high as its limit, in whatever unit', () => {
    // GIVEN
    const resources = { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '.5', memory: '1024Mi' } };
    // THEN
    expect(renderResources(resources)).toEqual(resources);
  });

  test.each<[string, SidecarResources, boolean, string]>([
    [
      'a request that is no quantity',
      { requests: { cpu: 'lots' } },
      false,
      "resources.requests: cpu 'lots' is not a Kubernetes quantity; expected a quantity such as 100m or 256Mi; " +
        'correct it',
    ],
    [
      'a name with a blank',
      { requests: { ' cpu': '1' } },
      false,
      "resources.requests: ' cpu' is not a resource name; expected a name such as memory, ephemeral-storage or " +
        'example.com/gpu; correct it',
    ],
    [
      'a misspelled resource',
      { limits: { memroy: '1Gi' } },
      false,
      "resources.limits: 'memroy' is not a resource name; expected a name such as memory, ephemeral-storage or " +
        'example.com/gpu; correct it',
    ],
    [
      'a name with two slashes',
      { limits: { 'example.com/gpu/0': '1' } },
      false,
      "resources.limits: 'example.com/gpu/0' is not a resource name; expected a name such as memory, " +
        'ephemeral-storage or example.com/gpu; correct it',
    ],
    [
      'a negative request',
      { requests: { cpu: '-1' } },
      false,
      "resources.requests: cpu '-1' is not a Kubernetes quantity; expected a quantity such as 100m or 256Mi; " +
        'correct it',
    ],
    [
      'a limit that is no quantity',
      { limits: { memory: '1GB' } },
      false,
      "resources.limits: memory '1GB' is not a Kubernetes quantity; expected a quantity such as 100m or 256Mi; " +
        'correct it',
    ],
    [
      'a request above its limit',
      { requests: { memory: '1025Mi' }, limits: { memory: '1Gi' } },
      false,
      "resources.requests: memory '1025Mi' is above limits.memory '1Gi'; raise limits.memory, or set a lower " +
        'requests.memory',
    ],
    [
      'a request above the default limit',
      { requests: { memory: '257Mi' } },
      false,
      "resources.requests: memory '257Mi' is above limits.memory '256Mi'; raise limits.memory, or set a lower " +
        'requests.memory',
    ],
    [
      'a limit below the default request',
      { limits: { cpu: '19m' } },
      false,
      "resources.requests: cpu '20m' (the default) is above limits.cpu '19m'; raise limits.cpu, or set a lower " +
        'requests.cpu',
    ],
    [
      'a limit below the request that a profiler needs',
      { limits: { cpu: '249m' } },
      true,
      "resources.requests: cpu '250m' (the default) is above limits.cpu '249m'; raise limits.cpu, or set a lower " +
        'requests.cpu',
    ],
  ])('refuses %s', (_, resources, profiler, message) => {
    expect(messageOf(() => renderResources(resources, { profiler }))).toBe(message);
  });

  describe('of the disk', () => {
    const disk = (resources?: SidecarResources, limited = false) => {
      const { requests, limits } = renderResources(resources, { disk: { quantity: '2112Mi', limited } });
      return [requests['ephemeral-storage'], limits['ephemeral-storage']];
    };

    test('a request, which the scheduler counts, and no limit, which would be one of the whole pod', () => {
      expect(disk()).toEqual(['2112Mi', undefined]);
    });

    test('a limit where the pod has one already', () => {
      expect(disk(undefined, true)).toEqual(['2112Mi', '2112Mi']);
    });

    test.each<[string, SidecarResources, (string | undefined)[]]>([
      ['a request', { requests: { 'ephemeral-storage': '1Gi' } }, ['1Gi', undefined]],
      ['a limit', { limits: { 'ephemeral-storage': '1Gi' } }, [undefined, '1Gi']],
      ['something else', { requests: { cpu: '1' } }, ['2112Mi', '2112Mi']],
    ])("%s of the user's", (_, resources, expected) => {
      expect(disk(resources, true)).toEqual(expected);
    });
  });

  test('each pod gets objects of its own: one used twice would become a YAML alias', () => {
    // GIVEN
    const resources = { requests: { cpu: '1' }, limits: { cpu: '2' } };
    // WHEN
    const [first, second] = [renderResources(resources), renderResources(resources)];
    // THEN
    expect([first.requests === second.requests, first.limits === second.limits]).toEqual([false, false]);
  });
});
