import { Neighbourhood, said, WEB } from './neighbours';
import type { JsonObject, PodSpecJson } from '../../../src/kubernetes/wire';
import { podSpec } from '../../pods';

const NAME = `${WEB}LimitRange 'limits' (chart/Neighbour) `;
const limits = (item: JsonObject, namespace?: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'limits', namespace },
  spec: { limits: [{ type: 'Container', ...item }] },
});

const OF_POD = podSpec({}, { resources: { requests: { memory: '1Gi' }, limits: { memory: '2Gi' } } });

test.each<[string, Neighbourhood]>([
  ['has the default limit that it requests', { neighbour: limits({ default: { 'ephemeral-storage': '8256Mi' } }) }],
  ['has the limit of the maximum', { neighbour: limits({ max: { memory: '256Mi' } }) }],
  ['requests the minimum', { neighbour: limits({ min: { memory: '64Mi' } }) }],
  ['has the largest ratio', { neighbour: limits({ maxLimitRequestRatio: { memory: '4' } }) }],
  ['is in another namespace', { neighbour: limits({ max: { memory: '1Mi' } }, 'other') }],
  ['is no container', { neighbour: limits({ type: 'PersistentVolumeClaim', max: { memory: '1Mi' } }) }],
  ['gets a default limit of CPU', { neighbour: limits({ max: { cpu: '1' } }) }],
  [
    'has the request as its limit',
    {
      neighbour: limits({ default: { 'ephemeral-storage': '1Gi' } }),
      props: { resources: { limits: { 'ephemeral-storage': '8256Mi' } } },
    },
  ],
  ['has no request either', { neighbour: limits({ maxLimitRequestRatio: { 'example.com/gpu': '1' } }) }],
])('nothing is wrong where the sidecar %s', (_, world) => expect(said(world)).toEqual({}));

test.each<[string, JsonObject, string]>([
  [
    'default below the request',
    { default: { 'ephemeral-storage': '1Gi' } },
    'gives the sidecar a default limit of ephemeral-storage of 1Gi, but it requests 8256Mi; set resources: { limits: ' +
      "{ 'ephemeral-storage': '8256Mi' } }",
  ],
  [
    'maximum below the limit',
    { max: { memory: '255Mi' } },
    'allows memory of at most 255Mi for a container, but the sidecar has a limit of 256Mi; raise its max, or set ' +
      "resources: { limits: { memory: '255Mi' } }",
  ],
  [
    'maximum below the request',
    { max: { memory: '63Mi' } },
    'allows memory of at most 63Mi for a container, but the sidecar requests 64Mi; raise its max to 64Mi, or set ' +
      "resources: { requests: { memory: '63Mi' }, limits: { memory: '63Mi' } }",
  ],
  [
    'maximum of the disk below the request',
    { max: { 'ephemeral-storage': '1Gi' } },
    'allows ephemeral-storage of at most 1Gi for a container, but the sidecar requests 8256Mi; raise its max to ' +
      '8256Mi, or set a lower sizeLimit of DumpDelivery.spooled()',
  ],
  [
    'minimum above the request',
    { min: { memory: '65Mi' } },
    'demands memory of at least 65Mi for a container, but the sidecar requests 64Mi; set resources: { requests: { ' +
      "memory: '65Mi' } }",
  ],
  [
    'minimum above the limit',
    { min: { memory: '300Mi' } },
    'demands memory of at least 300Mi for a container, but the sidecar requests 64Mi; set resources: { requests: { ' +
      "memory: '300Mi' }, limits: { memory: '300Mi' } }",
  ],
  [
    'ratio of CPU, of which the sidecar has no limit',
    { maxLimitRequestRatio: { cpu: '3' } },
    'allows a limit of cpu of at most 3 times the request, so that every container must have both, but the sidecar ' +
      "has no limit; set resources: { requests: { cpu: '334m' }, limits: { cpu: '1' } }",
  ],
  [
    'ratio of disk, of which the sidecar has no limit',
    { maxLimitRequestRatio: { 'ephemeral-storage': '2' } },
    'allows a limit of ephemeral-storage of at most 2 times the request, so that every container must have both, but ' +
      "the sidecar has no limit; set resources: { limits: { 'ephemeral-storage': '8256Mi' } }",
  ],
  [
    'ratio of limit and request',
    { maxLimitRequestRatio: { memory: '3.9' } },
    'allows a limit of memory of at most 3.9 times the request, but the sidecar requests 64Mi and has a limit of ' +
      "256Mi; set resources: { requests: { memory: '256Mi' } }",
  ],
])('refuses a %s', (_, item, message) => expect(said({ neighbour: limits(item) })).toEqual({ error: NAME + message }));

describe('the total of a pod', () => {
  const total = (item: JsonObject) => limits({ type: 'Pod', ...item });
  const memory = (request: string, limit?: string) => ({
    resources: { requests: { memory: request }, ...(limit === undefined ? {} : { limits: { memory: limit } }) },
  });
  const spec = podSpec(memory('512Mi', '1Gi'));
  const busy = podSpec(
    { resources: { requests: { cpu: '1' } } },
    {
      initContainers: [
        { name: 'proxy', restartPolicy: 'Always', resources: { requests: { cpu: '0' }, limits: { cpu: '1' } } },
      ],
    },
  );

  test.each<[string, Neighbourhood]>([
    ['is the maximum', { spec, neighbour: total({ max: { memory: '1280Mi' } }) }],
    ['is above the maximum without the sidecar', { spec, neighbour: total({ max: { memory: '1023Mi' } }) }],
    ['has no limit without the sidecar', { neighbour: total({ max: { memory: '1Mi' } }) }],
    ['has the minimum', { spec, neighbour: total({ min: { memory: '576Mi' } }) }],
    ['is below the minimum without the sidecar', { spec, neighbour: total({ min: { memory: '2Gi' } }) }],
    ['has the largest ratio', { spec, neighbour: total({ maxLimitRequestRatio: { memory: '2.3' } }) }],
    ['is that of the pod itself', { spec: OF_POD, neighbour: total({ max: { memory: '2Gi' } }) }],
    [
      'is that of an init container',
      {
        spec: { ...spec, initContainers: [{ name: 'init', ...memory('4Gi', '4Gi') }] },
        neighbour: total({ max: { memory: '4Gi' } }),
      },
    ],
  ])('is accepted where it %s', (_, world) => expect(said(world)).toEqual({}));

  test.each<[string, PodSpecJson, JsonObject, string]>([
    [
      'a limit above the maximum',
      spec,
      { max: { memory: '1279Mi' } },
      'allows limits of memory of at most 1279Mi for a pod, but with the sidecar they are 1280Mi; raise its max to ' +
        '1280Mi, or set a lower resources.limits of the sidecar',
    ],
    [
      'a request above the maximum',
      busy,
      { max: { cpu: '1' } },
      'allows requests of cpu of at most 1 for a pod, but with the sidecar they are 1020m; raise its max to 1020m, ' +
        'or set a lower resources.requests of the sidecar',
    ],
    [
      'disk above the maximum',
      podSpec({ resources: { limits: { 'ephemeral-storage': '1Gi' } } }),
      { max: { 'ephemeral-storage': '2Gi' } },
      'allows limits of ephemeral-storage of at most 2Gi for a pod, but with the sidecar they are 9280Mi; raise its ' +
        'max to 9280Mi, or set a lower sizeLimit of DumpDelivery.spooled()',
    ],
    [
      'a limit that only the sidecar has, below the minimum',
      podSpec(memory('1Gi')),
      { min: { memory: '512Mi' } },
      'demands memory of at least 512Mi for a pod, but with the sidecar its limit is 256Mi, because the other ' +
        "containers have none; set resources: { limits: { memory: '512Mi' } }",
    ],
    [
      'a ratio',
      spec,
      { maxLimitRequestRatio: { memory: '2' } },
      'allows limits of memory of at most 2 times the requests of a pod, but with the sidecar they are 1280Mi and ' +
        '576Mi; set a higher resources.requests of the sidecar, or lower its limits',
    ],
  ])('refuses %s', (_, pod, item, message) =>
    expect(said({ spec: pod, neighbour: total(item) })).toEqual({ error: NAME + message }),
  );
});
