import { isGuaranteed } from '../../src/kubernetes/quality-of-service';
import type { ContainerJson, JsonObject } from '../../src/kubernetes/wire';

const EQUAL = { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '1000m', memory: '1024Mi' } };
const container = (resources: JsonObject | undefined, name = 'web'): ContainerJson => ({ name, resources });
const guaranteed = (resources: JsonObject | undefined, pod: JsonObject = {}) =>
  isGuaranteed({ containers: [container(resources), container(undefined, 'procdump')], ...pod }, 'procdump');

test.each<[string, JsonObject | undefined, boolean]>([
  ['equal requests and limits', EQUAL, true],
  ['limits without requests', { limits: EQUAL.limits }, true],
  ['another resource with a request only', { ...EQUAL, requests: { ...EQUAL.requests, 'example.com/a': 1 } }, true],
  ['no resources', undefined, false],
  ['a lower request of CPU', { ...EQUAL, requests: { cpu: '999m', memory: '1Gi' } }, false],
  ['a lower request of memory', { ...EQUAL, requests: { cpu: '1', memory: '1023Mi' } }, false],
  ['no limit of CPU', { requests: EQUAL.requests, limits: { memory: '1Gi' } }, false],
  ['no limit of memory', { requests: EQUAL.requests, limits: { cpu: '1' } }, false],
  ['a limit of zero', { limits: { cpu: 0, memory: '1Gi' } }, false],
])('a container with %s', (_, resources, expected) => expect(guaranteed(resources)).toBe(expected));

test('every container counts, init containers too', () => {
  expect(guaranteed(EQUAL, { initContainers: [container(EQUAL, 'init')] })).toBe(true);
  expect(guaranteed(EQUAL, { initContainers: [container(undefined, 'init')] })).toBe(false);
  expect(guaranteed(EQUAL, { containers: [container(EQUAL), container(undefined, 'proxy')] })).toBe(false);
});

test('a pod with resources of its own has its class by those', () => {
  expect(guaranteed(EQUAL, { resources: {} })).toBe(false);
  expect(guaranteed(EQUAL, { resources: { limits: { cpu: '4' } } })).toBe(false);
  expect(guaranteed(EQUAL, { resources: { requests: { cpu: '4' } } })).toBe(false);
  expect(guaranteed(EQUAL, { resources: { requests: { 'hugepages-2Mi': '4Mi' } } })).toBe(false);
  expect(guaranteed(EQUAL, { resources: null })).toBe(true);
});
