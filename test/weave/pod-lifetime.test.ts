import { ApiObject, Testing } from 'cdk8s';
import type { JsonObject, PodSpecJson } from '../../src/kubernetes/wire';
import { messageOf, newChart, sidecar } from '../pods';

/** A pod as each kind accepts it. */
const podSpec = (): PodSpecJson => ({
  containers: [
    {
      name: 'web',
      image: 'contoso/web:1',
      ports: [{ containerPort: 8080 }],
      securityContext: { runAsUser: 1654, runAsGroup: 1654 },
    },
  ],
});

describe('run to completion', () => {
  const custom = (kind: string, template: JsonObject, beside: JsonObject = {}, props: object = {}) => {
    const chart = newChart();
    const object = new ApiObject(chart, 'Web', {
      apiVersion: 'example.com/v1',
      kind,
      metadata: { name: 'web' },
      spec: { worker: { ...beside, template } },
    });
    sidecar(chart, props).attachTo(object, { podTemplatePath: 'spec.worker.template' });
    return () => (Testing.synth(chart)[0] as JsonObject).spec.worker.template.spec as PodSpecJson;
  };
  const isNative = (spec: PodSpecJson) => spec.initContainers?.some(({ name }) => name === 'procdump') ?? false;

  test.each<[string, JsonObject, JsonObject, boolean]>([
    ['restartPolicy in the template', { spec: { ...podSpec(), restartPolicy: 'Never' } }, {}, true],
    ['restartPolicy beside the template', { spec: podSpec() }, { restartPolicy: 'OnFailure' }, true],
    ['restartPolicy Always beside the template', { spec: podSpec() }, { restartPolicy: 'Always' }, false],
    [
      'restartPolicy in the template before the one beside it',
      { spec: { ...podSpec(), restartPolicy: 'Always' } },
      { restartPolicy: 'Never' },
      false,
    ],
  ])('is known from %s', (_, template, beside, native) => {
    expect(isNative(custom('RenderJob', template, beside)())).toBe(native);
  });

  test('is not assumed for a kind of another name', () => {
    expect(isNative(custom('Renderer', { spec: podSpec() })())).toBe(false);
  });

  test('is asked for where a kind ends in Job and nothing tells', () => {
    expect(messageOf(custom('RenderJob', { spec: podSpec() }))).toBe(
      "chart/ProcDump: RenderJob 'web' (chart/Web): neither kind 'RenderJob' nor restartPolicy says whether the pods " +
        'run to completion; set restartPolicy in the pod template, or placement: SidecarPlacement.NATIVE if they do ' +
        'and SidecarPlacement.CONTAINER if they do not',
    );
  });

  test.each([
    ['native', true],
    ['container', false],
  ])('follows placement %s for such a kind', (placement, native) => {
    expect(isNative(custom('RenderJob', { spec: podSpec() }, {}, { placement })())).toBe(native);
  });
});
