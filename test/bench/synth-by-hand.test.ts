import { App, Chart, Testing } from 'cdk8s';
import { normalized } from '../../bench/same-pods';
import { writeByHand } from '../../bench/synth-by-hand';
import { finishedObjects } from '../../bench/synth-variants';
import type { JsonObject } from '../../src/kubernetes/wire';

test('the sidecar by hand that weaving is compared with makes the same pod, plus the defaults of that L2', () => {
  const chart = new Chart(new App(), 'chart');
  writeByHand(chart, 'app-0');
  const [byHand] = Testing.synth(chart) as JsonObject[];
  const [woven] = finishedObjects(1) as JsonObject[];

  expect(normalized(byHand.spec.template.spec)).toMatchObject(normalized(woven.spec.template.spec) as object);
});
