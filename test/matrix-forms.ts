import { chmodSync, mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import * as cdk8s from 'cdk8s';
import type * as kplus from 'cdk8s-plus-28';
import { Construct, IConstruct } from 'constructs';
import * as imported from './matrix-imported-crds';
import { Kind, KINDS, manifest } from './matrix-kinds';

export type Cdk8s = typeof cdk8s;
type Plus = typeof kplus;
type K8s = typeof kplus.k8s;

/** A way to make a workload. */
export interface Form {
  readonly name: string;
  /** The copy of cdk8s that makes the chart around it. */
  readonly cdk8s: Cdk8s;
  readonly kinds: string[];
  /** Holds values of the class Lazy, which an app of another copy of cdk8s does not resolve. */
  readonly lazy?: boolean;
  /** Defines the workload of `podTemplate`, named `web`; one scope for all kinds. */
  define(scope: Construct, kind: Kind): IConstruct;
}

export const VERSIONS = [28, 29, 30, 31, 32, 33, 34];

/** Classes of one package in two versions are two types to the compiler, and one to this library. */
function packageOf<T>(name: string): T {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require(name) as T;
}

export const secondCdk8s = packageOf<Cdk8s>('cdk8s-second');

/** cdk8s-plus as it is where a monorepo nests a second cdk8s below it. */
function plusOverSecondCdk8s(): Plus {
  const constructs = packageOf<object>('constructs');
  let plus: Plus | undefined;
  jest.isolateModules(() => {
    jest.doMock('cdk8s', () => secondCdk8s);
    jest.doMock('constructs', () => constructs);
    plus = packageOf<Plus>('cdk8s-plus-34');
    jest.dontMock('cdk8s').dontMock('constructs');
  });
  return plus!;
}

const ALL_KINDS = KINDS.map(({ kind }) => kind);
const CUSTOM_KINDS = KINDS.filter(({ custom }) => custom).map(({ kind }) => kind);

const secondPlus = plusOverSecondCdk8s();
const plusVersions = VERSIONS.map((version): [string, Plus] => [
  `cdk8s-plus-${version}`,
  packageOf<Plus>(`cdk8s-plus-${version}`),
]);

export const FORMS: Form[] = [
  apiObjectForm('ApiObject', cdk8s),
  includeForm('Include', cdk8s),
  includeForm('Helm', cdk8s, (scope) => new cdk8s.Helm(scope, 'All', { chart: 'web', helmExecutable: helmStandIn() })),
  { name: 'imported class', cdk8s, kinds: CUSTOM_KINDS, define: importedClass },
  ...plusVersions.map(([name, plus]) => l1Form(`L1 of ${name}`, cdk8s, plus)),
  ...plusVersions.map(([name, plus]) => l2Form(`L2 of ${name}`, cdk8s, plus)),
  apiObjectForm('ApiObject of a second cdk8s', secondCdk8s),
  includeForm('Include of a second cdk8s', secondCdk8s),
  l1Form('L1 of cdk8s-plus-34 over a second cdk8s', secondCdk8s, secondPlus),
  l2Form('L2 of cdk8s-plus-34 over a second cdk8s', secondCdk8s, secondPlus),
];

function apiObjectForm(name: string, copy: Cdk8s): Form {
  const define = (scope: Construct, kind: Kind) =>
    new copy.ApiObject(scope, kind.kind, manifest(kind) as cdk8s.ApiObjectProps);
  return { name, cdk8s: copy, kinds: ALL_KINDS, define };
}

/** One file for all kinds: cdk8s starts a process for each file that it reads. */
function includeForm(
  name: string,
  copy: Cdk8s,
  read = (scope: Construct) => new copy.Include(scope, 'All', { url: yamlFile() }),
): Form {
  const define = (scope: Construct, { kind }: Kind) => {
    const include = (scope.node.tryFindChild('All') as cdk8s.Include | undefined) ?? read(scope);
    return include.apiObjects.find((object) => object.kind === kind)!;
  };
  return { name, cdk8s: copy, kinds: ALL_KINDS, define };
}

/** The workloads have a neighbour that is none. */
function yamlFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'matrix-')), 'manifest.yaml');
  writeFileSync(
    file,
    cdk8s.Yaml.stringify(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { a: '1' } },
      ...KINDS.map(manifest),
    ),
  );
  return file;
}

/** Answers `helm template` without helm. */
function helmStandIn(): string {
  const file = yamlFile();
  const executable = `${file}.sh`;
  writeFileSync(executable, `#!/bin/sh\nexec cat '${file}'\n`);
  chmodSync(executable, 0o755);
  return executable;
}

function importedClass(scope: Construct, kind: Kind): IConstruct {
  const { metadata, spec } = manifest(kind);
  const classes: { [kind: string]: typeof imported.Rollout } = {
    Rollout: imported.Rollout,
    Service: imported.Service,
    CloneSet: imported.CloneSet,
  };
  return new classes[kind.kind](scope, kind.kind, { metadata, spec });
}

function l1Form(name: string, copy: Cdk8s, { k8s }: Plus): Form {
  const metadata = { name: 'web' };
  const selector = { matchLabels: { app: 'web' } };
  const define: { [kind: string]: (scope: Construct, template: kplus.k8s.PodTemplateSpec) => IConstruct } = {
    Pod: (scope, template) =>
      new k8s.KubePod(scope, 'Pod', { metadata: { ...metadata, ...template.metadata }, spec: template.spec }),
    Deployment: (scope, template) =>
      new k8s.KubeDeployment(scope, 'Deployment', { metadata, spec: { replicas: 2, selector, template } }),
    StatefulSet: (scope, template) =>
      new k8s.KubeStatefulSet(scope, 'StatefulSet', { metadata, spec: { serviceName: 'web', selector, template } }),
    DaemonSet: (scope, template) =>
      new k8s.KubeDaemonSet(scope, 'DaemonSet', { metadata, spec: { selector, template } }),
    ReplicaSet: (scope, template) =>
      new k8s.KubeReplicaSet(scope, 'ReplicaSet', { metadata, spec: { selector, template } }),
    ReplicationController: (scope, template) =>
      new k8s.KubeReplicationController(scope, 'ReplicationController', {
        metadata,
        spec: { selector: { app: 'web' }, template },
      }),
    PodTemplate: (scope, template) => new k8s.KubePodTemplate(scope, 'PodTemplate', { metadata, template }),
    Job: (scope, template) => new k8s.KubeJob(scope, 'Job', { metadata, spec: { backoffLimit: 1, template } }),
    CronJob: (scope, template) =>
      new k8s.KubeCronJob(scope, 'CronJob', {
        metadata,
        spec: { schedule: '0 * * * *', jobTemplate: { spec: { template } } },
      }),
  };
  return {
    name,
    cdk8s: copy,
    kinds: Object.keys(define),
    define: (scope, kind) => define[kind.kind](scope, l1Template(k8s, kind)),
  };
}

/** Quantities of the generated classes are objects. */
function l1Template({ Quantity }: K8s, { runsToCompletion }: Kind): kplus.k8s.PodTemplateSpec {
  return {
    metadata: { labels: { app: 'web' } },
    spec: {
      restartPolicy: runsToCompletion ? 'Never' : undefined,
      initContainers: [{ name: 'migrate', image: 'migrate:1' }],
      containers: [
        {
          name: 'web',
          image: 'web:1',
          ports: [{ containerPort: 8080 }],
          env: [{ name: 'ASPNETCORE_ENVIRONMENT', value: 'Production' }],
          securityContext: { runAsUser: 1654, runAsGroup: 1654 },
          resources: { limits: { memory: Quantity.fromString('1Gi') } },
          volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
        },
        { name: 'proxy', image: 'proxy:1', volumeMounts: [{ name: 'cache', mountPath: '/cache', readOnly: true }] },
      ],
      volumes: [{ name: 'cache', emptyDir: { sizeLimit: Quantity.fromString('64Mi') } }],
    },
  };
}

function l2Form(name: string, copy: Cdk8s, plus: Plus): Form {
  const metadata = { name: 'web' };
  const schedule = copy.Cron.hourly();
  const define: { [kind: string]: (scope: Construct, pod: kplus.AbstractPodProps) => IConstruct } = {
    Pod: (scope, pod) => new plus.Pod(scope, 'Pod', { metadata, ...pod }),
    Deployment: (scope, pod) => new plus.Deployment(scope, 'Deployment', { metadata, ...pod }),
    StatefulSet: (scope, pod) => new plus.StatefulSet(scope, 'StatefulSet', { metadata, ...pod }),
    DaemonSet: (scope, pod) => new plus.DaemonSet(scope, 'DaemonSet', { metadata, ...pod }),
    Job: (scope, pod) => new plus.Job(scope, 'Job', { metadata, ...pod }),
    CronJob: (scope, pod) => new plus.CronJob(scope, 'CronJob', { metadata, schedule, ...pod }),
  };
  return {
    name,
    cdk8s: copy,
    kinds: Object.keys(define),
    lazy: true,
    define: (scope, kind) => define[kind.kind](scope, l2Pod(copy, plus, new Construct(scope, `${kind.kind}Volumes`))),
  };
}

function l2Pod({ Size }: Cdk8s, { EnvValue, Volume }: Plus, scope: Construct): kplus.AbstractPodProps {
  const cache = Volume.fromEmptyDir(scope, 'Cache', 'cache', { sizeLimit: Size.mebibytes(64) });
  return {
    initContainers: [{ name: 'migrate', image: 'migrate:1' }],
    containers: [
      {
        name: 'web',
        image: 'web:1',
        portNumber: 8080,
        envVariables: { ASPNETCORE_ENVIRONMENT: EnvValue.fromValue('Production') },
        securityContext: { user: 1654, group: 1654 },
        resources: { memory: { limit: Size.gibibytes(1) } },
        volumeMounts: [{ volume: cache, path: '/cache' }],
      },
      { name: 'proxy', image: 'proxy:1', volumeMounts: [{ volume: cache, path: '/cache', readOnly: true }] },
    ],
  };
}
