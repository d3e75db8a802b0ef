import Ajv from 'ajv';
import { ApiObject, Testing } from 'cdk8s';
import * as fc from 'fast-check';
import schema from '../../image/agent/internal/plan/plan.schema.json';
import { newChartInMemory, RUNS } from '../arbitrary-pod';
import { anySidecar, attach } from '../arbitrary-sidecar';
import { anyWorkload } from '../arbitrary-workload';
import { agentPlan, containerOf, wovenPod } from '../pods';

/*
 * The schema is the contract: image/agent/internal/plan has a test that the agent's types agree with it.
 */

const validate = new Ajv({ allErrors: true }).compile(schema);

function problems(plan: unknown): string[] {
  return validate(plan) ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
}

test('each plan has the form of the schema', () => {
  fc.assert(
    fc.property(anyWorkload, anySidecar, (workload, wish) => {
      const chart = newChartInMemory();
      const { apiVersion, kind, ...props } = workload.object;
      attach(chart, new ApiObject(chart, 'Web', { apiVersion, kind, ...props }), workload, wish);
      const plans = JSON.stringify(Testing.synth(chart)).match(/"--plan","(?:[^"\\]|\\.)*"/g)!;

      expect(plans.map((text) => problems(agentPlan({ args: ['', '', '', ...JSON.parse(`[${text}]`)] })))).toEqual([
        [],
      ]);
    }),
    RUNS,
  );
});

test.each<[string, object]>([
  ['an unknown field', { colour: 'red' }],
  ['no container', { container: undefined }],
  ['a number as text', { limits: { dumpsPerProcess: '2', dumpsPerPod: 5, cooldownSeconds: 600 } }],
  ['a trigger of no kind', { watches: [{ name: 'a', triggers: [{ dumps: 1 }] }] }],
  ['a watch without triggers', { watches: [{ name: 'a', triggers: [] }] }],
  ['a store without the size of the spool', { spoolMebibytes: undefined }],
])('the schema refuses a plan with %s', (_, change) => {
  const plan = agentPlan(containerOf(wovenPod(), 'procdump'));

  expect(problems(plan)).toEqual([]);
  expect(problems(JSON.parse(JSON.stringify({ ...plan, ...change })))).not.toEqual([]);
});
