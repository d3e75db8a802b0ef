import { Lazy, Testing } from 'cdk8s';
import { ProcDumpSidecarProps } from '../../src';
import { deployment, messageOf, newChart, podSpec, sidecar } from '../pods';

const lazy = (value: unknown) => Lazy.any({ produce: () => value }) as string;

function synthesized(resources: ProcDumpSidecarProps['resources']): () => unknown {
  return () => {
    const chart = newChart();
    sidecar(chart, { resources }).attachTo(deployment(chart, 'Web', podSpec()));
    return Testing.synth(chart);
  };
}

describe('a Lazy quantity of resources', () => {
  test('reaches the manifest', () => {
    expect(JSON.stringify(synthesized({ requests: { memory: lazy('70Mi') } })())).toContain('"memory":"70Mi"');
  });

  test.each([
    ['text that is no quantity', 'lots', "resources.requests: memory 'lots' is not a Kubernetes quantity"],
    ['nothing', undefined, "resources.requests: memory 'undefined' is not a Kubernetes quantity"],
    ['more than the limit', '257Mi', "resources.requests: memory '257Mi' is above limits.memory '256Mi'"],
  ])('that gives %s is an error', (_, value, message) => {
    expect(messageOf(synthesized({ requests: { memory: lazy(value) } }))).toContain(message);
  });

  test('that gives as much as the limit is none', () => {
    expect(synthesized({ requests: { memory: lazy('256Mi') } })).not.toThrow();
  });
});
