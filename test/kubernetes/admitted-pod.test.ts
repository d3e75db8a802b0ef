import { admitted } from '../../src/kubernetes/admitted-pod';
import type { ContainerJson, PodSpecJson } from '../../src/kubernetes/wire';

const GIB = 2 ** 30;
const container = (name: string, cpu: string, memory?: string): ContainerJson => ({
  name,
  resources: { requests: { cpu }, ...(memory === undefined ? {} : { limits: { memory } }) },
});
const native = (name: string, cpu: string) => ({ ...container(name, cpu), restartPolicy: 'Always' });
const totals = (spec: PodSpecJson, items: object[] = []) => {
  const { requests, limits } = admitted(spec, items);
  return { requests, limits };
};

test('adds up containers and native sidecars', () =>
  expect(
    totals({ containers: [container('a', '1', '1Gi'), container('b', '2')], initContainers: [native('c', '3')] }),
  ).toEqual({ requests: { cpu: 6, memory: GIB }, limits: { memory: GIB } }));

test('an init container counts with the native sidecars before it, where that is more', () => {
  const containers = [container('a', '1')];
  expect(totals({ containers, initContainers: [native('b', '2'), container('c', '3')] }).requests.cpu).toBe(5);
  expect(totals({ containers, initContainers: [container('c', '3'), native('b', '2')] }).requests.cpu).toBe(3);
});

test('resources of the pod replace those of its containers', () => {
  const containers = [container('a', '1', '1Gi')];
  expect(totals({ containers, resources: { requests: { cpu: '4' }, limits: { cpu: '8', memory: '2Gi' } } })).toEqual({
    requests: { cpu: 4, memory: GIB },
    limits: { cpu: 8, memory: 2 * GIB },
  });
  expect(totals({ containers: [{ name: 'a' }], resources: { limits: { cpu: '8' } } }).requests).toEqual({ cpu: 8 });
});

test('a LimitRange completes each container', () =>
  expect(
    totals({ containers: [{ name: 'a' }, container('b', '2')] }, [
      { type: 'Container', max: { memory: '1Gi' }, defaultRequest: { cpu: '500m' } },
      { type: 'Pod', max: { cpu: '9' } },
    ]),
  ).toEqual({ requests: { cpu: 2.5, memory: 2 * GIB }, limits: { memory: 2 * GIB } }));
