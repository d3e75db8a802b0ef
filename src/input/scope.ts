import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { Check, check } from './check';
import { CONSTRUCT, TEXT } from './checks';
import { located } from './located-error';

/** The place of constructs that define API objects. */
export const IN_CHART: Check = within('in a chart', (construct) => Chart.isChart(construct));

/** @param isRoot returns whether a construct, or one that contains it, is what the scope must be in */
export function within(expected: string, isRoot: (construct: unknown) => boolean): Check {
  return { expected, accepts: (scope) => (scope as Construct).node.scopes.some(isRoot) };
}

/**
 * Returns the scope of a new construct, checked. Called in the arguments of `super`: the library `constructs` accepts a
 * missing scope, and names neither the construct nor the parameter if the scope or the id is wrong.
 *
 * @param usage how the construct is created, for example `new ProcDumpSidecar(chart, 'ProcDump', { … })`
 * @param place where the scope must be, if not every construct fits
 */
export function checkedScope(usage: string, scope: Construct, id: string, place?: Check): Construct {
  const cure = () => `write ${usage}`;
  located(usage.slice(0, usage.indexOf('(')), () => {
    check('scope', scope, { ...CONSTRUCT, cure });
    check('id', id, { ...TEXT, cure });
    if (place) check('scope', scope, { ...place, cure });
  });
  return scope;
}
