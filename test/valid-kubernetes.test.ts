import { ChildProcessWithoutNullStreams, spawn } from 'child_process';
import * as path from 'path';
import { createInterface, Interface } from 'readline';
import { ApiObject, Testing } from 'cdk8s';
import { k8s } from 'cdk8s-plus-34';
import * as fc from 'fast-check';
import { newChartInMemory, RUNS } from './arbitrary-pod';
import { anySidecar, ArbitrarySidecar, attach } from './arbitrary-sidecar';
import { anyWorkload, ArbitraryWorkload } from './arbitrary-workload';
import { deployment, newChart, rendered, sidecar } from './pods';
import { ContainerJson, JsonObject, normalizePath, PodSpecJson } from '../src/kubernetes/wire';

jest.setTimeout(60_000 + 60 * RUNS.numRuns);

/** Everything that a chart with this workload and this sidecar renders; the workload comes first. */
function woven(workload: ArbitraryWorkload, wish: ArbitrarySidecar): JsonObject[] {
  const chart = newChartInMemory();
  const { apiVersion, kind, ...props } = workload.object;
  attach(chart, new ApiObject(chart, 'Web', { apiVersion, kind, ...props }), workload, wish);
  const objects: JsonObject[] = Testing.synth(chart);
  return objects.sort((a, b) => Number(b.kind === kind) - Number(a.kind === kind));
}

/** The validators of kubernetes-models, in a process of their own: jest is CommonJS, they are not. */
class Validators {
  private readonly process: ChildProcessWithoutNullStreams = spawn(process.execPath, [
    path.join(__dirname, 'kubernetes-models.mjs'),
  ]);
  private readonly answers: Interface = createInterface({ input: this.process.stdout });
  private readonly lines = this.answers[Symbol.asyncIterator]();

  /** What is wrong with each object; null where nothing is. */
  public async validate(objects: JsonObject[]): Promise<(string | null)[]> {
    for (const object of objects) this.process.stdin.write(`${JSON.stringify(object)}\n`);
    const problems: (string | null)[] = [];
    for (const _ of objects) problems.push(JSON.parse((await this.lines.next()).value));
    return problems;
  }

  public close(): void {
    this.process.stdin.end();
    this.answers.close();
  }
}

/**
 * Where the schema has quantities and numbers or names of ports; everywhere else the renderer takes the wire's values.
 */
const QUANTITIES = ['limits', 'requests', 'overhead'];
const QUANTITY = ['sizeLimit', 'divisor'];
const INT_OR_STRING = ['maxSurge', 'maxUnavailable', 'port'];

/**
 * Wire JSON as the generated classes take it: their names differ from the wire's in the case of letters alone
 * (`hostPID`, `hostPid`).
 */
function asProps(value: unknown, field = '', parent = ''): unknown {
  if (QUANTITY.includes(field) || QUANTITIES.includes(parent)) return k8s.Quantity.fromString(value as string);
  if (INT_OR_STRING.includes(field) && parent !== 'grpc') return k8s.IntOrString.fromString(value as string);
  if (Array.isArray(value)) return value.map((item) => asProps(item));
  if (value === null || typeof value !== 'object') return value;
  const props = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asProps(item, key, field)]));
  const wireNames = new Map(Object.keys(value).map((key) => [key.toLowerCase(), key]));
  return new Proxy(props, { get: (target, prop) => target[wireNames.get(String(prop).toLowerCase()) ?? ''] });
}

/**
 * The object with what Kubernetes' own schema knows, and nothing else: the renderers of cdk8s-plus are generated from
 * it.
 */
function known(object: JsonObject): JsonObject {
  const { apiVersion, kind, ...props } = object;
  const kinds = k8s as unknown as { [className: string]: { manifest(props: unknown): JsonObject } };
  return { ...JSON.parse(JSON.stringify(kinds[`Kube${kind}`].manifest(asProps(props)))), apiVersion };
}

function podOf({ kind, spec, template }: JsonObject): PodSpecJson {
  if (kind === 'Pod') return spec;
  return (template ?? spec.jobTemplate?.spec.template ?? spec.template).spec;
}

/** Mounts without a volume, and what is there twice. */
function inconsistencies(object: JsonObject): string[] {
  const pod = podOf(object);
  const containers: ContainerJson[] = [...(pod.containers ?? []), ...(pod.initContainers ?? [])];
  const claims: string[] = (object.spec?.volumeClaimTemplates ?? []).map((claim: JsonObject) => claim.metadata.name);
  const volumes = [...(pod.volumes ?? []).map(({ name }) => name), ...claims];
  return [
    ...twice(containers.map(({ name }) => name)).map((name) => `two containers '${name}'`),
    ...twice(volumes).map((name) => `two volumes '${name}'`),
    ...containers.flatMap(({ name: container, volumeMounts = [], env = [] }) => [
      ...volumeMounts
        .filter(({ name }) => !volumes.includes(name))
        .map(({ name }) => `'${container}' mounts '${name}', which is no volume`),
      ...twice(volumeMounts.map(({ mountPath }) => normalizePath(mountPath))).map(
        (mountPath) => `'${container}' has two mounts at '${mountPath}'`,
      ),
      ...twice(env.map(({ name }) => name)).map((name) => `'${container}' has two variables '${name}'`),
    ]),
  ];
}

const twice = (values: string[]) => values.filter((value, i) => values.indexOf(value) !== i);

const validators = new Validators();
afterAll(() => validators.close());

describe('a woven workload of real fields', () => {
  test('is accepted by the validators of Kubernetes', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorkload, anySidecar, async (workload, wish) => {
        const objects = woven(workload, wish);
        expect(await validators.validate(objects)).toEqual(objects.map(() => null));
      }),
      RUNS,
    );
  });

  test("has no field that Kubernetes' schema does not know", () => {
    fc.assert(
      fc.property(anyWorkload, anySidecar, (workload, wish) => {
        for (const object of woven(workload, wish)) expect(known(object)).toEqual(object);
      }),
      RUNS,
    );
  });

  test('has a volume for each mount, and nothing twice', () => {
    fc.assert(
      fc.property(anyWorkload, anySidecar, (workload, wish) => {
        expect(inconsistencies(woven(workload, wish)[0])).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe('each of the three finds what is wrong', () => {
  /** A woven deployment, and its sidecar in it. */
  function wovenDeployment(): { object: JsonObject; pod: PodSpecJson; procdump: ContainerJson } {
    const chart = newChart();
    sidecar(chart).attachTo(deployment(chart));
    const object: JsonObject = JSON.parse(JSON.stringify(rendered(chart)));
    return { object, pod: podOf(object), procdump: podOf(object).containers![1] };
  }

  test('of a healthy object, nothing', async () => {
    const { object } = wovenDeployment();

    expect(await validators.validate([object])).toEqual([null]);
    expect(known(object)).toEqual(object);
    expect(inconsistencies(object)).toEqual([]);
  });

  test.each<[string, (parts: ReturnType<typeof wovenDeployment>) => unknown]>([
    ['securityContext/runAsUser must be integer', ({ procdump }) => (procdump.securityContext!.runAsUser = '1654')],
    ['env must be array', ({ procdump }) => Object.assign(procdump, { env: { PATH: '/bin' } })],
    ['volumes/0 must have required property name', ({ pod }) => Reflect.deleteProperty(pod.volumes![0], 'name')],
    ['limits/memory must match', ({ procdump }) => (procdump.resources!.limits!.memory = '256 MB')],
  ])('the validators: %s', async (problem, mutate) => {
    const parts = wovenDeployment();
    mutate(parts);

    expect(await validators.validate([parts.object])).toEqual([expect.stringContaining(problem)]);
  });

  test.each<[string, (parts: ReturnType<typeof wovenDeployment>) => unknown]>([
    ['a field of the pod in another spelling', ({ pod }) => (pod.shareProcessNameSpace = true)],
    ['a field of a class of cdk8s, not of the wire', ({ pod }) => (pod.hostPid = false)],
    ['a field of a container', ({ procdump }) => (procdump.volumes = [])],
    ['a field of a volume', ({ pod }) => (pod.volumes![0].emptydir = {})],
    ['a field of a mount', ({ procdump }) => (procdump.volumeMounts![0].path = '/x')],
    ['a field of the security context', ({ procdump }) => (procdump.securityContext!.fsGroup = 1)],
  ])("the schema's renderer: %s", (_, mutate) => {
    const parts = wovenDeployment();
    mutate(parts);

    expect(known(parts.object)).not.toEqual(parts.object);
  });

  test.each<[string, (parts: ReturnType<typeof wovenDeployment>) => unknown]>([
    [
      "'web' mounts 'procdump-tmp', which is no volume",
      ({ pod }) => (pod.volumes = pod.volumes!.filter(({ name }) => name !== 'procdump-tmp')),
    ],
    [
      "'procdump' has two mounts at '/dumps'",
      ({ procdump }) => procdump.volumeMounts!.push({ name: 'procdump-tmp', mountPath: '/dumps/' }),
    ],
    ["'procdump' has two variables 'PATH'", ({ procdump }) => procdump.env!.push({ name: 'PATH', value: '/bin' })],
    ["two volumes 'procdump-dumps'", ({ pod }) => pod.volumes!.push({ name: 'procdump-dumps', emptyDir: {} })],
    ["two containers 'procdump'", ({ pod }) => (pod.initContainers = [{ name: 'procdump' }])],
  ])('the consistency of mounts and names: %s', (problem, mutate) => {
    const parts = wovenDeployment();
    mutate(parts);

    expect(inconsistencies(parts.object)).toContain(problem);
  });
});
