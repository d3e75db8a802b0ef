import { ApiObject, ApiObjectProps, Chart, Testing } from 'cdk8s';
import { parse } from 'yaml';
import { KINDS, podSpecOf } from './matrix-kinds';
import { unannotated, unwoven } from './matrix-woven';
import { containerOf, deployment, messageOf, newChart, sidecar } from './pods';
import { ASKED, AskedFor, NOT_FOUND, REFUSED, SKIPPED, WOVEN } from './wild-shapes-expected';
import { NEIGHBOURS } from './wild-shapes-neighbours';
import { OTHERS } from './wild-shapes-others';
import { SECURITY } from './wild-shapes-security';
import { SERVICES } from './wild-shapes-services';
import { ProcDumpSidecar } from '../src';
import type { JsonObject, PodSpecJson } from '../src/kubernetes/wire';

const SHAPES: { [shape: string]: string } = { ...SERVICES, ...NEIGHBOURS, ...SECURITY, ...OTHERS };

interface Woven {
  readonly chart: Chart;
  readonly object: ApiObject;
  readonly procdump: ProcDumpSidecar;
}

function define(shape: string): { chart: Chart; object: ApiObject } {
  const chart = newChart();
  return { chart, object: new ApiObject(chart, 'Wild', parse(SHAPES[shape]) as ApiObjectProps) };
}

function weave(shape: string, asked: AskedFor = 'nothing'): Woven {
  const { container, access, ...props } = ASKED[asked];
  const { chart, object } = define(shape);
  const procdump = sidecar(chart, props);
  procdump.attachTo(chart, { container, access });
  return { chart, object, procdump };
}

function kindOf({ kind }: ApiObject) {
  return KINDS.find((candidate) => candidate.kind === kind)!;
}

function withPodSpec(object: JsonObject, [field, ...path]: string[], spec: PodSpecJson): JsonObject {
  return field === undefined ? { ...object, spec } : { ...object, [field]: withPodSpec(object[field], path, spec) };
}

/** The sidecar as `name [native] as user:group`, with the directory that it shares with the target. */
function describeSidecar(spec: PodSpecJson, name: string): { sidecar: string; diagnostics?: string } {
  const { restartPolicy, securityContext, volumeMounts } = containerOf(spec, name);
  const shared = (volumeMounts as JsonObject[]).find((mount) => !/-(run|annotations|spool|dumps)$/.test(mount.name));
  const user = `${securityContext.runAsUser}:${securityContext.runAsGroup ?? '?'}`;
  return {
    sidecar: `${name}${restartPolicy ? ' native' : ''} as ${user}`,
    diagnostics: shared && `${[shared.name, shared.subPath].filter(Boolean).join('/')} at ${shared.mountPath}`,
  };
}

const NO_POD =
  "Validation failed with the following errors:\n  [chart/ProcDump] attachTo('chart') found no pod to attach to: ";

test.each(WOVEN)('%s, asked for %s: woven', (shape, asked, ...expected) => {
  const { chart, object, procdump } = weave(shape, asked);
  const spec = podSpecOf(kindOf(object), Testing.synth(chart)[0]);
  const [{ containers, volumes, changedContainers }] = procdump.attachments;
  const { sidecar: container, diagnostics } = describeSidecar(spec, containers.join());

  expect([container, diagnostics, volumes.join(' '), changedContainers.join(' ')]).toEqual(expected);
});

test.each(WOVEN)("%s, asked for %s: nothing of the user's is lost", (shape, asked) => {
  const { chart, object } = weave(shape, asked);
  const { path } = kindOf(object);
  const [before, after]: JsonObject[] = [define(shape).object.toJson(), Testing.synth(chart)[0]];
  const [specBefore, specAfter] = [before, after].map((json) => podSpecOf(kindOf(object), json));

  expect(unannotated(withPodSpec(after, path, unwoven(specBefore, specAfter)))).toEqual(before);
});

test.each(SKIPPED)('%s: skipped, %s', (shape, reason) => {
  const { object, procdump } = weave(shape);

  expect(procdump.attachments).toEqual([
    {
      path: 'chart/Wild',
      kind: object.kind,
      name: object.name,
      namespace: undefined,
      skipped: reason,
      containers: [],
      volumes: [],
      changedContainers: [],
    },
  ]);
});

test.each(SKIPPED)('%s: stays as it is beside a workload that is woven', (shape) => {
  const { chart, object } = weave(shape);
  deployment(chart, 'Woven');

  expect(Testing.synth(chart)[0]).toEqual(define(shape).object.toJson());
  expect(object.node.path).toBe('chart/Wild');
});

test.each(REFUSED)('%s, asked for %s: refused', (shape, asked, message) => {
  const { chart, object } = weave(shape, asked);

  expect(messageOf(() => Testing.synth(chart))).toBe(
    `chart/ProcDump: ${object.kind} '${object.name}' (chart/Wild): ${message}`,
  );
});

test.each(NOT_FOUND)('%s: no pod is found', (shape, instead) => {
  expect(messageOf(() => Testing.synth(weave(shape).chart))).toBe(`${NO_POD}${instead}`);
});

test('each shape is in one of the tables', () => {
  const shown = [...WOVEN, ...SKIPPED, ...REFUSED, ...NOT_FOUND].map(([shape]) => shape);

  expect(Object.keys(SHAPES).filter((shape) => !shown.includes(shape))).toEqual([]);
});
