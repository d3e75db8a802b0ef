import { Neighbourhood, said, WEB } from './neighbours';
import type { JsonObject } from '../../../src/kubernetes/wire';
import { podSpec } from '../../pods';

const NAME = `${WEB}ResourceQuota 'quota' (chart/Neighbour) `;
const quota = (hard: JsonObject, spec: JsonObject = {}, namespace?: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'quota', namespace },
  spec: { hard, ...spec },
});
const DEFAULTS = {
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'limits' },
  spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '50m' } }] },
};
const HIGH = { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] };
const NOT_BEST_EFFORT: [JsonObject, JsonObject] = [{ 'requests.cpu': '10' }, { scopes: ['NotBestEffort'] }];
const spec = podSpec({ resources: { requests: { cpu: '1', memory: '1Gi' } } });

test.each<[string, Neighbourhood]>([
  ['has what is counted', { neighbour: quota({ 'limits.memory': '10Gi', 'requests.cpu': '10', pods: 1 }) }],
  ['is not about these pods', { neighbour: quota({ 'limits.cpu': '10' }, { scopes: ['BestEffort'] }) }],
  ['is not about this priority', { neighbour: quota({ 'limits.cpu': '10' }, { scopeSelector: HIGH }) }],
  ['counts the pod with other containers that have what is counted', { spec, neighbour: quota(...NOT_BEST_EFFORT) }],
  [
    'is about a pod with resources of its own',
    {
      spec: podSpec({}, { resources: { requests: { cpu: '1', memory: '1Gi' } } }),
      neighbour: quota({ 'limits.cpu': '10', cpu: '1' }),
    },
  ],
  [
    'is about a pod with huge pages of its own',
    {
      spec: podSpec({}, { resources: { limits: { 'hugepages-2Mi': '4Mi' } } }),
      neighbour: quota({ 'limits.cpu': '10' }),
    },
  ],
  [
    'counts an init container that needs more',
    {
      spec: podSpec({}, { initContainers: [{ name: 'init', resources: { requests: { cpu: '2' } } }] }),
      neighbour: quota({ cpu: '2' }),
    },
  ],
  [
    'does not count limits that no container has',
    { spec: podSpec({}, { overhead: { cpu: '1' } }), neighbour: quota({ 'limits.ephemeral-storage': '1Mi' }) },
  ],
  ['is in another namespace', { neighbour: quota({ 'limits.cpu': '10' }, {}, 'other') }],
  [
    'counts disks, of which a container need not say anything',
    {
      neighbour: quota({ 'limits.ephemeral-storage': '1Mi' }),
    },
  ],
  ['has a limit of CPU', { neighbour: quota({ 'limits.cpu': '10' }), props: { resources: { limits: { cpu: '1' } } } }],
  ['holds the pod', { spec, neighbour: quota({ cpu: '1020m', 'requests.memory': '1088Mi' }) }],
  ['does not hold the pod without the sidecar', { spec, neighbour: quota({ cpu: '999m' }) }],
])('nothing is wrong where the quota %s', (_, world) => expect(said(world)).toEqual({}));

test.each<[string, JsonObject, string]>([
  [
    'a limit that the sidecar lacks',
    { 'limits.cpu': '10' },
    'counts limits.cpu, so that every container must have it, but the sidecar has none; set resources: { limits: { ' +
      "cpu: '1' } }",
  ],
  [
    'CPU for less than one pod',
    { cpu: '1019m' },
    'allows cpu of 1019m, but one pod needs 1000m and the sidecar 20m; raise the quota, or set a lower ' +
      'resources.requests of the sidecar',
  ],
  [
    'memory for less than one pod',
    { 'requests.memory': '1087Mi' },
    'allows requests.memory of 1087Mi, but one pod needs 1024Mi and the sidecar 64Mi; raise the quota, or set a ' +
      'lower resources.requests of the sidecar',
  ],
  [
    'disk for less than the spool',
    { 'requests.ephemeral-storage': '1Gi' },
    'allows requests.ephemeral-storage of 1Gi, but one pod needs 0Mi and the sidecar 8256Mi; raise the quota, or set ' +
      'a lower resources.requests of the sidecar',
  ],
])('refuses a quota of %s', (_, hard, message) =>
  expect(said({ spec, neighbour: quota(hard) })).toEqual({ error: NAME + message }),
);

test('refuses a quota of the priority of the pod', () =>
  expect(
    said({ spec: { ...spec, priorityClassName: 'high' }, neighbour: quota({ cpu: '1' }, { scopeSelector: HIGH }) }),
  ).toEqual({
    error:
      `${NAME}allows cpu of 1, but one pod needs 1000m and the sidecar 20m; raise the quota, or set a lower ` +
      'resources.requests of the sidecar',
  }));

test('counts the overhead of a runtime class', () =>
  expect(said({ spec: { ...spec, overhead: { cpu: '250m' } }, neighbour: quota({ cpu: '1260m' }) })).toEqual({
    error:
      `${NAME}allows cpu of 1260m, but one pod needs 1250m and the sidecar 20m; raise the quota, or set a lower ` +
      'resources.requests of the sidecar',
  }));

describe('a pod that is BestEffort without the sidecar', () => {
  test('is refused by a quota for other pods, where a container lacks what it counts', () =>
    expect(said({ neighbour: quota(...NOT_BEST_EFFORT) })).toEqual({
      error:
        `${NAME}counts requests.cpu of pods that are not BestEffort, as this one is with the sidecar, so that every ` +
        "container must have it, but container 'web' has none; set resources.requests.cpu of container 'web'",
    }));

  test('counts as a whole where the sidecar alone exceeds the quota', () =>
    expect(said({ neighbour: quota({ 'requests.ephemeral-storage': '1Gi' }, { scopes: ['NotBestEffort'] }) })).toEqual({
      error:
        `${NAME}allows requests.ephemeral-storage of 1Gi, but one pod needs 0Mi and the sidecar 8256Mi; raise the ` +
        'quota, or set a lower resources.requests of the sidecar',
    }));

  test('gets its requests from a LimitRange', () => {
    const items = [quota(...NOT_BEST_EFFORT), DEFAULTS];
    expect(said({ neighbour: { apiVersion: 'v1', kind: 'List', items } })).toEqual({});
  });
});

test('demands limits of every container where the resources of the pod are empty', () => {
  const empty = podSpec({}, { resources: { requests: {} } });

  expect(said({ spec: empty, neighbour: quota({ 'limits.cpu': '10' }) }).error).toContain(
    'every container must have it',
  );
});
