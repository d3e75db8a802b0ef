import { ApiObject, Chart, Testing } from 'cdk8s';
import * as fc from 'fast-check';
import { newChartInMemory, RUNS } from './arbitrary-pod';
import { anyWorkload, ArbitraryWorkload } from './arbitrary-workload';
import { unannotated, unwoven } from './matrix-woven';
import { sidecar } from './pods';
import { ProcDumpSidecar, ProcDumpTarget, TargetAccess, UnsuitableWorkloads } from '../src';
import { JsonObject, sameJson } from '../src/kubernetes/wire';
import { replaceAt, valueAt } from '../src/weave/template-path';
import { groupAndKind, workloadKindOf } from '../src/weave/workload-kinds';

jest.setTimeout(60_000 + 100 * RUNS.numRuns);

const trees = fc.array(anyWorkload, { minLength: 1, maxLength: 5 });
const nameOf = (index: number) => `w${index}`;

/** All workloads in one chart, or as the items of a List. */
function define(workloads: ArbitraryWorkload[], inList = false): Chart {
  const chart = newChartInMemory();
  const objects = workloads.map(({ object }, index): JsonObject & { apiVersion: string; kind: string } => ({
    ...(object as { apiVersion: string; kind: string }),
    metadata: { ...object.metadata, name: nameOf(index) },
  }));
  if (inList) new ApiObject(chart, 'List', { apiVersion: 'v1', kind: 'List', items: objects } as never);
  else objects.forEach((object, index) => new ApiObject(chart, nameOf(index), object));
  return chart;
}

function attach(chart: Chart, unsuitable: UnsuitableWorkloads): ProcDumpSidecar {
  const access = TargetAccess.sameUser({ uid: 1654, gid: 1654 });
  const procdump = sidecar(chart, { target: ProcDumpTarget.dotnet({ access }), acknowledge: ['PD002'] });
  procdump.attachTo(chart, { unsuitable });
  return procdump;
}

function synthesized(chart: Chart): JsonObject[] | Error {
  try {
    return (Testing.synth(chart) as JsonObject[]).flatMap((object) =>
      object.kind === 'List' ? object.items : [object],
    );
  } catch (error) {
    return error as Error;
  }
}

test('each workload of a tree is woven with nothing lost, or stays as it is', () => {
  fc.assert(
    fc.property(trees, fc.boolean(), (workloads, inList) => {
      const before = synthesized(define(workloads, inList)) as JsonObject[];
      const chart = define(workloads, inList);
      const { attachments } = attach(chart, UnsuitableWorkloads.SKIP);
      const after = synthesized(chart);
      if (after instanceof Error) {
        expect(attachments.every(({ skipped }) => skipped !== undefined)).toBe(true);
        return;
      }
      after.forEach((object, index) => {
        const attachment = attachments.find(({ name }) => name === nameOf(index))!;
        const [path] = workloadKindOf(groupAndKind(object))!.paths;
        const [was, is] = [before[index], object].map((json) => valueAt(json, path).spec);
        const restored = replaceAt(object, path, (template) => ({ ...template, spec: unwoven(was, is) }));

        expect(unannotated(restored)).toEqual(before[index]);
        expect(sameJson(object, before[index])).toBe(attachment.skipped !== undefined);
      });
    }),
    RUNS,
  );
});

test('by default, an error names exactly the workloads that SKIP leaves out', () => {
  fc.assert(
    fc.property(trees, (workloads) => {
      const { attachments } = attach(define(workloads), UnsuitableWorkloads.SKIP);
      const chart = define(workloads);
      attach(chart, UnsuitableWorkloads.ERROR);
      const result = synthesized(chart);
      const message = result instanceof Error ? result.message : '';

      for (const { path, skipped } of attachments) expect(message.includes(`(${path})`)).toBe(skipped !== undefined);
      expect(result instanceof Error).toBe(attachments.some(({ skipped }) => skipped !== undefined));
    }),
    RUNS,
  );
});

test('a workload gets the same in a tree as alone', () => {
  fc.assert(
    fc.property(trees, (workloads) => {
      const chart = define(workloads);
      attach(chart, UnsuitableWorkloads.SKIP);
      const together = synthesized(chart);
      if (together instanceof Error) return;
      workloads.forEach((_, index) => {
        const alone = define(workloads);
        for (const child of alone.node.children) {
          if (child.node.id !== nameOf(index)) alone.node.tryRemoveChild(child.node.id);
        }
        attach(alone, UnsuitableWorkloads.SKIP);
        const [object] = [synthesized(alone)].flat();
        if (!(object instanceof Error)) expect(object).toEqual(together[index]);
      });
    }),
    RUNS,
  );
});
