import { admitted } from '../../src/kubernetes/admitted-pod';
import { isCounted } from '../../src/kubernetes/quota-scopes';
import type { JsonObject, PodSpecJson } from '../../src/kubernetes/wire';

const small = { name: 'web', resources: { requests: { memory: '1Mi' } } };
const zero = { name: 'web', resources: { requests: { cpu: '0', 'ephemeral-storage': '1Gi' } } };
const scoped = (...scopes: string[]) => ({ scopes });
const priority = (operator: string, ...values: string[]) => ({
  scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator, values }] },
});
const affinity = (kind: string, term: JsonObject): PodSpecJson => ({
  affinity: {
    [kind]: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone' }],
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term }],
    },
  },
});

test.each<[JsonObject | undefined, PodSpecJson]>([
  [undefined, {}],
  [{}, {}],
  [{ scopeSelector: {} }, {}],
  [scoped('BestEffort'), { containers: [zero] }],
  [scoped('BestEffort'), { containers: [small], resources: { requests: {} } }],
  [scoped('NotBestEffort'), { containers: [zero], initContainers: [small] }],
  [scoped('NotBestEffort'), { containers: [zero], resources: { limits: { cpu: '1' } } }],
  [scoped('Terminating'), { activeDeadlineSeconds: 0 }],
  [scoped('NotTerminating', 'NotBestEffort'), { containers: [small] }],
  [scoped('PriorityClass'), { priorityClassName: 'high' }],
  [priority('Exists'), { priorityClassName: 'high' }],
  [priority('DoesNotExist'), {}],
  [priority('In', 'high', 'low'), { priorityClassName: 'high' }],
  [priority('NotIn', 'low'), { priorityClassName: 'high' }],
  [priority('NotIn', 'low'), {}],
  [scoped('CrossNamespacePodAffinity'), affinity('podAffinity', { namespaces: ['a'] })],
  [scoped('CrossNamespacePodAffinity'), affinity('podAntiAffinity', { namespaceSelector: {} })],
])('a quota of %j counts the pod %j', (quota, spec) => expect(isCounted(quota, admitted(spec, []))).toBe(true));

test.each<[JsonObject, PodSpecJson]>([
  [scoped('BestEffort'), { containers: [small] }],
  [scoped('NotBestEffort'), { containers: [zero] }],
  [scoped('Terminating'), {}],
  [scoped('NotTerminating'), { activeDeadlineSeconds: 60 }],
  [scoped('NotTerminating', 'NotBestEffort'), { containers: [zero] }],
  [scoped('PriorityClass'), {}],
  [priority('Exists'), { priorityClassName: '' }],
  [priority('DoesNotExist'), { priorityClassName: 'high' }],
  [priority('In', 'low'), { priorityClassName: 'high' }],
  [priority('In', 'low'), {}],
  [priority('NotIn', 'high'), { priorityClassName: 'high' }],
  [priority('Gt', '1'), { priorityClassName: 'high' }],
  [scoped('CrossNamespacePodAffinity'), affinity('podAffinity', { namespaces: [] })],
  [scoped('CrossNamespacePodAffinity'), {}],
  [scoped('VolumeAttributesClass'), {}],
])('a quota of %j does not count the pod %j', (quota, spec) =>
  expect(isCounted(quota, admitted(spec, []))).toBe(false),
);
