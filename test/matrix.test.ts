import * as cdk8s from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { Cdk8s, Form, FORMS, secondCdk8s, VERSIONS } from './matrix-forms';
import { Kind, KINDS, podSpecOf } from './matrix-kinds';
import { unwoven, Woven, wovenInto } from './matrix-woven';
import { AzureFilesDumpStore, ClaimDumpStore, ProcDumpSidecar, ProcDumpTarget, ProcDumpTrigger } from '../src';
import type { JsonObject, PodSpecJson } from '../src/kubernetes/wire';

interface Cell {
  readonly form: Form;
  readonly kind: Kind;
}

/** All that an app of this copy of cdk8s can hold. */
function cellsOf(app: Cdk8s): Cell[] {
  const forms = FORMS.filter(({ lazy, cdk8s: own }) => !lazy || own === app);
  return forms.flatMap((form) => KINDS.filter(({ kind }) => form.kinds.includes(kind)).map((kind) => ({ form, kind })));
}

const raw = (kind: Kind): Cell => ({ form: FORMS[0], kind });
const title = ({ form, kind }: Cell) => `${kind.kind}, ${form.name}`;
const titles = (cells: Cell[]) => cells.map((cell): [string, Cell] => [title(cell), cell]);

/**
 * One app with a chart of each copy of cdk8s, which hold the workloads of all cells under one name. Each chart renders
 * once: to render one is to validate the whole app.
 */
function synth(
  copy: Cdk8s,
  attach: (app: Construct, workloads: [Cell, IConstruct][]) => void = () => {},
): Map<string, JsonObject> {
  const app = new copy.App();
  const charts = new Map(
    [cdk8s, secondCdk8s].map((own, i): [Cdk8s, cdk8s.Chart] => [own, new own.Chart(app, `Chart${i}`)]),
  );
  const workloads = cellsOf(copy).map((cell): [Cell, IConstruct] => {
    const chart = charts.get(cell.form.cdk8s)!;
    const workload = cell.form.define(
      (chart.node.tryFindChild(cell.form.name) as Construct) ?? new Construct(chart, cell.form.name),
      cell.kind,
    );
    cdk8s.ApiObject.of(workload).metadata.addAnnotation('cell', title(cell));
    return [cell, workload];
  });
  attach(app, workloads);
  const objects: JsonObject[] = [...charts.values()].flatMap((chart) => chart.toJson());
  return new Map(
    workloads.map(([cell]) => {
      return [title(cell), objects.find(({ metadata }) => metadata.annotations?.cell === title(cell))!];
    }),
  );
}

function sidecar(app: Construct): ProcDumpSidecar {
  const chart = new cdk8s.Chart(app, 'Tools');
  return new ProcDumpSidecar(chart, 'ProcDump', {
    image: 'procdump:3.5.2',
    target: ProcDumpTarget.dotnet({ container: 'web', crashDumps: true }),
    triggers: [
      ProcDumpTrigger.memoryAboveLimit(75),
      ProcDumpTrigger.exception({ include: ['System.OutOfMemoryException'] }),
    ],
    store: ClaimDumpStore.fromClaimName(chart, 'Store', 'dumps'),
    acknowledge: ['PD009'],
  });
}

function attachToApp(app: Construct): void {
  sidecar(app).attachTo(app);
}

function attachToEach(app: Construct, workloads: [Cell, IConstruct][]): void {
  const procdump = sidecar(app);
  for (const [, workload] of workloads) procdump.attachTo(workload);
}

const plain = new Map([cdk8s, secondCdk8s].map((copy): [Cdk8s, Map<string, JsonObject>] => [copy, synth(copy)]));

/**
 * Apart from the kind's folder in the store, the place of the sidecar and what Knative does not admit, all kinds are
 * alike.
 */
function expectedFor({ apiVersion, kind, runsToCompletion }: Kind): Woven {
  const knative = apiVersion === 'serving.knative.dev/v1';
  const downwardAPI = {
    items: [
      { path: 'dump', fieldRef: { apiVersion: 'v1', fieldPath: "metadata.annotations['cdk8s-procdump/dump']" } },
      { path: 'memory-limit', resourceFieldRef: { containerName: 'web', resource: 'limits.memory', divisor: '1Mi' } },
    ],
  };
  const spool = { name: 'procdump-spool', mountPath: '/dumps' };
  const probe = (question: string, failureThreshold: number) => ({
    exec: { command: ['/opt/procdump/bin/status', question] },
    periodSeconds: 30,
    timeoutSeconds: 10,
    failureThreshold,
  });
  const container = {
    name: 'procdump',
    image: 'procdump:3.5.2',
    command: ['/opt/procdump/bin/procdump-agent'],
    args: [
      'run',
      '--contract',
      '3',
      '--plan',
      JSON.stringify(
        {
          runtime: 'dotnet',
          container: 'web',
          dumpDirectory: '/dumps',
          crashDumps: true,
          limits: { dumpsPerProcess: 2, dumpsPerPod: 5, cooldownSeconds: 600 },
          spoolMebibytes: 2048,
          store: { directory: '/store', drainTimeoutSeconds: 82 },
          retention: { ageSeconds: 1209600 },
          watches: [
            { name: 'polling', triggers: [{ kind: 'memory', dumps: 1, thresholdsPercentOfLimit: [75] }] },
            {
              name: 'exception',
              profiler: true,
              triggers: [{ kind: 'exception', dumps: 1, repeats: true, exceptions: ['System.OutOfMemoryException'] }],
            },
          ],
        },
        null,
        2,
      ),
    ],
    env: [
      { name: 'PATH', value: '/opt/procdump/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
      { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
      { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } } },
      { name: 'POD_UID', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.uid' } } },
      { name: 'NODE_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } } },
      { name: 'TARGET_IMAGE', value: 'web:1' },
    ],
    resources: {
      requests: { cpu: '250m', memory: '64Mi', 'ephemeral-storage': '2112Mi' },
      limits: { memory: '256Mi' },
    },
    securityContext: {
      runAsUser: 1654,
      runAsGroup: 1654,
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    ...(knative
      ? {}
      : {
          livenessProbe: { ...probe('--live', 4), terminationGracePeriodSeconds: 10 },
          readinessProbe: probe('--ready', 10),
        }),
    volumeMounts: [
      { name: 'procdump-run', mountPath: '/run/procdump', subPath: 'state' },
      { name: 'procdump-run', mountPath: '/dev/shm', subPath: 'shm' },
      {
        name: 'procdump-run',
        mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
        subPath: 'no-token',
        readOnly: true,
      },
      { name: 'procdump-annotations', mountPath: '/etc/procdump', readOnly: true },
      { name: 'procdump-tmp', mountPath: '/tmp' },
      spool,
      { name: 'procdump-dumps', mountPath: '/store', subPath: `${kind.toLowerCase()}/web` },
      { name: 'procdump-profiler', mountPath: '/usr/local/bin' },
    ],
  };
  return {
    containers: runsToCompletion ? [] : [container],
    initContainers: runsToCompletion ? [{ ...container, restartPolicy: 'Always' }] : [],
    volumes: [
      { name: 'procdump-run', emptyDir: { medium: 'Memory', sizeLimit: '8Mi' } },
      { name: 'procdump-annotations', ...(knative ? { projected: { sources: [{ downwardAPI }] } } : { downwardAPI }) },
      { name: 'procdump-tmp', emptyDir: {} },
      { name: 'procdump-spool', emptyDir: { sizeLimit: '2Gi' } },
      { name: 'procdump-dumps', persistentVolumeClaim: { claimName: 'dumps' } },
      { name: 'procdump-profiler', emptyDir: { sizeLimit: '64Mi' } },
    ],
    changed: {
      web: {
        env: [
          { name: 'DOTNET_DbgEnableMiniDump', value: '1' },
          { name: 'DOTNET_DbgMiniDumpType', value: '4' },
          { name: 'DOTNET_DbgMiniDumpName', value: '/dumps/crash/crash_%e_%p_%h_%t.dmp' },
        ],
        volumeMounts: [
          { name: 'procdump-tmp', mountPath: '/tmp' },
          spool,
          { name: 'procdump-profiler', mountPath: '/usr/local/bin', readOnly: true },
        ],
      },
    },
    shareProcessNamespace: true,
    terminationGracePeriodSeconds: knative ? undefined : runsToCompletion ? 122 : 92,
  };
}

describe.each([
  ['attachTo(app)', cdk8s, attachToApp],
  ['attachTo(app), the app of a second cdk8s', secondCdk8s, attachToApp],
  ['attachTo(workload)', cdk8s, attachToEach],
])('%s', (_, copy, attach) => {
  const woven = synth(copy, attach);
  const podIn = (objects: Map<string, JsonObject>, cell: Cell): PodSpecJson =>
    podSpecOf(cell.kind, objects.get(title(cell))!);
  const pods = (cell: Cell): [PodSpecJson, PodSpecJson] => [podIn(plain.get(copy)!, cell), podIn(woven, cell)];

  test.each(titles(KINDS.map(raw)))('%s: the sidecar and what it needs', (_title, cell) => {
    expect(wovenInto(...pods(cell))).toEqual(expectedFor(cell.kind));
  });

  test.each(titles(cellsOf(copy).slice(KINDS.length)))('%s: the same as the ApiObject', (_title, cell) => {
    expect(wovenInto(...pods(cell))).toEqual(wovenInto(...pods(raw(cell.kind))));
  });

  test.each(titles(cellsOf(copy)))("%s: the user's part stays as it was", (_title, cell) => {
    const [before, after] = pods(cell);

    expect(unwoven(before, after)).toEqual(before);
  });
});

test.each(VERSIONS.slice(1))(
  'cdk8s-plus-%d writes shareProcessNamespace: false, which the cells above turn to true',
  (version) => {
    const form = FORMS.find(({ name }) => name === `L2 of cdk8s-plus-${version}`)!;
    const [kind] = KINDS;
    const workload = form.define(new cdk8s.Chart(new cdk8s.App(), 'Chart'), kind);

    expect(podSpecOf(kind, cdk8s.Chart.of(workload).toJson()[0]).shareProcessNamespace).toBe(false);
  },
);

test('an app of a second cdk8s renders the class and the claim of an Azure Files store', () => {
  const chart = new secondCdk8s.Chart(new secondCdk8s.App(), 'Chart');
  const [kind] = KINDS;
  new ProcDumpSidecar(chart, 'ProcDump', {
    image: 'procdump:3.5.2',
    target: ProcDumpTarget.dotnet({ container: 'web' }),
    store: new AzureFilesDumpStore(chart, 'Store', { capacity: secondCdk8s.Size.gibibytes(10) }),
  }).attachTo(FORMS[0].define(chart, kind));

  expect(chart.toJson().map((object: JsonObject) => object.kind)).toEqual([
    'StorageClass',
    'PersistentVolumeClaim',
    'Pod',
  ]);
});
