import { Neighbourhood, said, WEB } from './neighbours';
import type { JsonObject } from '../../../src/kubernetes/wire';

const NAME = `${WEB}LimitRange 'limits' (chart/Neighbour) `;
const limits = (item: JsonObject, namespace?: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'limits', namespace },
  spec: { limits: [{ type: 'Container', ...item }] },
});

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
    'ratio of limit and request',
    { maxLimitRequestRatio: { memory: '3.9' } },
    'allows a limit of memory of at most 3.9 times the request, but the sidecar requests 64Mi and has a limit of ' +
      "256Mi; set resources: { requests: { memory: '256Mi' } }",
  ],
])('refuses a %s', (_, item, message) => expect(said({ neighbour: limits(item) })).toEqual({ error: NAME + message }));
