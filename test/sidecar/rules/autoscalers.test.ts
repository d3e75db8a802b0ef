import { Neighbourhood, said, WEB } from './neighbours';
import { ProcDumpTrigger } from '../../../src';
import type { JsonObject } from '../../../src/kubernetes/wire';

const PROFILER = { triggers: [ProcDumpTrigger.gcGeneration(2)] };
const REF = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const hpa = (spec: JsonObject, apiVersion = 'autoscaling/v2', namespace?: string): JsonObject => ({
  apiVersion,
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'scaler', namespace },
  spec: { scaleTargetRef: REF, ...spec },
});
const resource = (name: string) => ({ type: 'Resource', resource: { name } });
const containerResource = { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'web' } };
const keda = (triggers: JsonObject[], ref: JsonObject = { name: 'web' }): JsonObject => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name: 'scaler' },
  spec: { scaleTargetRef: ref, triggers },
});
const hint = (kind: string, metrics: string, remedy: string) =>
  `PD010: ${kind} 'scaler' (chart/Neighbour) scales by ${metrics} of all containers, the sidecar's included; ` + remedy;
const HPA_REMEDY = "use a metric of type ContainerResource with container 'web'";
const KEDA_REMEDY = "set containerName 'web' in the metadata of the trigger";

test.each<[string, JsonObject, string]>([
  ['a Resource metric', hpa({ metrics: [resource('cpu')] }), 'cpu'],
  [
    'two Resource metrics',
    hpa({ metrics: [resource('cpu'), containerResource, resource('memory')] }),
    'cpu and memory',
  ],
  ['no metric, which means CPU', hpa({}), 'cpu'],
  ['autoscaling/v1', hpa({ targetCPUUtilizationPercentage: 50 }, 'autoscaling/v1'), 'cpu'],
])('an autoscaler with %s is a hint', (_, neighbour, metrics) => {
  expect(said({ neighbour })).toEqual({ hints: [hint('HorizontalPodAutoscaler', metrics, HPA_REMEDY)] });
});

test.each<[string, JsonObject, string]>([
  ['cpu', keda([{ type: 'cpu', metadata: { value: '50' } }]), 'cpu'],
  ['memory', keda([{ type: 'memory', metadata: { value: '50' } }], REF), 'memory'],
])('a trigger %s of KEDA is a hint', (_, neighbour, metrics) => {
  expect(said({ neighbour })).toEqual({ hints: [hint('ScaledObject', metrics, KEDA_REMEDY)] });
});

test.each<[string, Neighbourhood]>([
  ['counts one container', { neighbour: hpa({ metrics: [containerResource] }) }],
  ['has another metric', { neighbour: hpa({ metrics: [{ type: 'External' }] }) }],
  ['scales another workload', { neighbour: hpa({ scaleTargetRef: { ...REF, name: 'other' } }) }],
  ['scales another kind', { neighbour: hpa({ scaleTargetRef: { ...REF, kind: 'StatefulSet' } }) }],
  ['is in another namespace', { neighbour: hpa({}, 'autoscaling/v2', 'other') }],
  ['is accepted', { neighbour: hpa({}), props: { acknowledge: ['PD010'] } }],
  ['is of KEDA and counts one container', { neighbour: keda([{ type: 'cpu', metadata: { containerName: 'web' } }]) }],
  ['is of KEDA and has another trigger', { neighbour: keda([{ type: 'kafka', metadata: {} }]) }],
])('nothing is said of an autoscaler that %s', (_, world) => expect(said({ props: PROFILER, ...world })).toEqual({}));

test('is an error with a profiler trigger', () => {
  expect(said({ neighbour: hpa({ metrics: [resource('cpu')] }), props: PROFILER })).toEqual({
    error:
      `${WEB}HorizontalPodAutoscaler 'scaler' (chart/Neighbour) scales by cpu of all containers, the sidecar's ` +
      `included, and the profiler of exception and GC triggers takes up to 250m of CPU there; ${HPA_REMEDY}, ` +
      'or use a trigger without a profiler, such as memoryAbove or a counter; or ' +
      "accept this with acknowledge: ['PD010']",
  });
  expect(said({ neighbour: keda([{ type: 'cpu', metadata: {} }]), props: PROFILER }).error).toContain(KEDA_REMEDY);
});
