import { inspect } from 'util';
import { ApiObject, App, Chart, JsonPatch, Lazy, Testing } from 'cdk8s';
import { ProcDumpSidecarProps, ProcDumpTarget, TargetAccess } from '../../src';
import type { PodSpecJson } from '../../src/kubernetes/wire';
import { UnsuitableWorkload } from '../../src/weave/unsuitable-workload';
import { WeavingProblem } from '../../src/weave/weaving-problem';
import { deployment, messageOf, newChart, podSpec, sidecar } from '../pods';

const unknown = () => ({ containers: [{ name: 'web', image: 'contoso/web:1' }] });
const several = () => podSpec({}, { containers: [...podSpec().containers!, { name: 'cache' }] });
const FIX =
  "set securityContext.runAsUser and runAsGroup of the container or pod, or pass the image's user, for example " +
  'TargetAccess.sameUser({ uid: 1654, gid: 1654 }); `kubectl exec POD -c CONTAINER -- id` prints it, and `docker ' +
  'image inspect --format {{.Config.User}} IMAGE` too';
const unknownLine = (id: string, construct = 'chart/ProcDump') =>
  `  ${construct}: Deployment '${id.toLowerCase()}' (chart/${id}): the user of container 'web' is not known at ` +
  'synth, but ProcDump can dump a process only as the same user';

describe('several problems', () => {
  test('are one error, grouped by the change to make, with each workload once', () => {
    const chart = newChart();
    deployment(chart, 'Right');
    for (const id of ['A', 'B']) deployment(chart, id, unknown());
    deployment(chart, 'C', several());
    sidecar(chart).attachTo(chart);

    expect(messageOf(() => Testing.synth(chart))).toBe(
      [
        'found 3 problems of workloads:',
        `2 workloads: ${FIX}:\n${unknownLine('A')}\n${unknownLine('B')}`,
        '1 workload: set containers of the target, the preferred one first: ProcDumpTarget.dotnet({ containers: ' +
          "['web', 'cache'] }); or attach to this workload too, with attachTo(workload, { container: '…' }); or set " +
          'the annotation ' +
          'kubectl.kubernetes.io/default-container:\n' +
          "  chart/ProcDump: Deployment 'c' (chart/C): the pod has 2 containers (web, cache) and none is selected as " +
          'the target',
        "to leave a workload out of 'chart': choose by labels or kinds, give it the annotation " +
          'cdk8s-procdump/inject: "false", or use unsuitable: UnsuitableWorkloads.SKIP',
      ].join('\n\n'),
    );
  });

  test('of several charts and constructs are one error', () => {
    const app = new App();
    const [one, two] = ['One', 'Two'].map((id) => new Chart(app, id));
    deployment(one, 'A', unknown());
    deployment(two, 'B', unknown());
    sidecar(one).attachTo(one);
    sidecar(two, { containerName: 'other' }).attachTo(app, { kinds: ['apps/Deployment'] });
    const message = messageOf(() => Testing.synth(one));

    expect(message).toContain('found 2 problems of workloads:');
    expect(message.match(/One\/ProcDump: Deployment 'a'/g)).toHaveLength(1);
    expect(message.match(/Two\/ProcDump: Deployment 'b'/g)).toHaveLength(1);
  });

  test('of one object with several pod templates name each', () => {
    const chart = newChart();
    const worker = (image: string) => ({
      template: { spec: { template: { spec: { containers: [{ name: 'w', image }] } } } },
    });
    new ApiObject(chart, 'Set', {
      apiVersion: 'jobset.x-k8s.io/v1alpha2',
      kind: 'JobSet',
      metadata: { name: 'set' },
      spec: { replicatedJobs: [worker('a'), worker('b')] },
    });
    sidecar(chart).attachTo(chart);
    const message = messageOf(() => Testing.synth(chart));

    for (const index of [0, 1]) {
      expect(message).toContain(
        `JobSet 'set' (chart/Set, spec.replicatedJobs[${index}].template.spec.template): the user`,
      );
    }
  });

  test('of one object with two paths name each', () => {
    const chart = newChart();
    const part = { template: { spec: unknown() } };
    new ApiObject(chart, 'Spark', {
      apiVersion: 'sparkoperator.k8s.io/v1beta2',
      kind: 'SparkApplication',
      metadata: { name: 'pi' },
      spec: { driver: part, executor: part },
    });
    sidecar(chart).attachTo(chart);
    const message = messageOf(() => Testing.synth(chart));

    for (const path of ['spec.driver.template', 'spec.executor.template']) {
      expect(message).toContain(`SparkApplication 'pi' (chart/Spark, ${path}): the user of container 'web'`);
    }
  });

  test('appear beside those of an attachTo that finds nothing', () => {
    const chart = newChart();
    deployment(chart, 'A', unknown());
    const procdump = sidecar(chart);
    procdump.attachTo(chart);
    procdump.attachTo(new Chart(chart, 'Empty'));
    const message = messageOf(() => Testing.synth(chart));

    expect(message).toContain("attachTo('chart/Empty') found no pod to attach to");
    expect(message).toContain("Deployment 'a' (chart/A): the user of container 'web' is not known at synth");
  });

  test('make attachments throw the same error', () => {
    const chart = newChart();
    for (const id of ['A', 'B']) deployment(chart, id, unknown());
    const procdump = sidecar(chart);
    procdump.attachTo(chart);

    expect(messageOf(() => procdump.attachments)).toBe(messageOf(() => Testing.synth(chart)));
  });
});

test('the containers of a native target are named with its own factory', () => {
  const chart = newChart();
  sidecar(chart, { target: ProcDumpTarget.native({ access: TargetAccess.privileged() }) }).attachTo(
    deployment(chart, 'A', several()),
  );

  expect(messageOf(() => Testing.synth(chart))).toContain("ProcDumpTarget.native({ …, containers: ['web', 'cache'] })");
});

test('an object that cannot be rendered does not hide the problems of others', () => {
  const chart = newChart();
  deployment(chart, 'A', unknown());
  const broken = Lazy.any({
    produce: () => {
      throw new Error('not ready');
    },
  });
  deployment(chart, 'B', { ...unknown(), volumes: broken });
  sidecar(chart).attachTo(chart);

  expect(messageOf(() => Testing.synth(chart))).toContain("Deployment 'a' (chart/A): the user of container 'web'");
});

test('nothing of a failed synthesis is left in the next one', () => {
  const chart = newChart();
  const [a] = ['A', 'B'].map((id) => deployment(chart, id, unknown()));
  sidecar(chart, {
    target: ProcDumpTarget.dotnet({ access: TargetAccess.sameUser({ uid: 1654, gid: 1654 }) }),
  }).attachTo(chart, { labels: { app: 'web' } });
  const label = (id: string) => JsonPatch.add('/spec/template/metadata', { labels: { app: id } });
  a.addJsonPatch(label('web'), JsonPatch.add('/spec/template/spec/securityContext', { runAsUser: 0 }));

  expect(messageOf(() => Testing.synth(chart))).toContain('runs as root (uid 0)');
  a.addJsonPatch(JsonPatch.replace('/spec/template/spec/securityContext', { runAsUser: 7, runAsGroup: 7 }));
  expect(() => Testing.synth(chart)).not.toThrow();
});

describe('what Node prints of an error', () => {
  const thrown = (action: () => unknown): Error => {
    try {
      action();
    } catch (error) {
      return error as Error;
    }
    throw new Error('nothing was thrown');
  };
  const synth = (chart: Chart) => thrown(() => Testing.synth(chart));
  const attached = (props: Partial<ProcDumpSidecarProps>, ...specs: PodSpecJson[]) => {
    const chart = newChart();
    specs.forEach((spec, index) => deployment(chart, `W${index}`, spec));
    sidecar(chart, props).attachTo(chart);
    return chart;
  };

  test.each([
    ['one problem', () => synth(attached({}, unknown()))],
    ['one problem of the request', () => synth(attached({}, podSpec({ securityContext: { runAsUser: 0 } })))],
    ['several problems', () => synth(attached({}, unknown(), several()))],
    ['a wrong prop', () => thrown(() => sidecar(newChart(), { triggers: 'x' as never }))],
  ])('with %s is the message and one stack that reaches the caller', (_, made) => {
    const error = made();
    const printed = inspect(error);

    expect(printed).toBe(error.stack);
    expect(printed.startsWith(`Error: ${error.message}\n    at `)).toBe(true);
    expect(printed).toContain('weaving-problem.test');
  });

  test('with an unexpected error has its stack too', () => {
    const mine = new TypeError('mine');
    const store = {
      bindDumpStore: () => {
        throw mine;
      },
    };
    const message = "chart/ProcDump: Deployment 'web' (chart/Web): chart/ProcDump: mine";
    const chart = newChart();
    const web = deployment(chart);
    sidecar(chart, { store }).attachTo(web);
    const error = thrown(() => web.toJson());

    expect(error.message).toBe(message);
    expect((error as { cause?: unknown }).cause).toBe(mine);
  });

  test('has no fields of a problem, which other copies of the library can read', () => {
    const place = { construct: 'chart/ProcDump', workload: "Deployment 'web' (chart/Web)", tree: 'chart' };
    const problem = new WeavingProblem(place, new UnsuitableWorkload('is wrong', 'correct it'));

    expect(Object.keys(problem)).toEqual([]);
    expect([problem.place, problem.problem, problem.remedy]).toEqual([place, 'is wrong', 'correct it']);
  });
});
