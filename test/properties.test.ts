import { ApiObject, Chart, Duration, Testing } from 'cdk8s';
import * as fc from 'fast-check';
import { anyPod, newChartInMemory, RUNS } from './arbitrary-pod';
import { containerOf, podSpec, sidecar } from './pods';
import { DotnetDiagnosticsTmp } from '../src';
import { EVICTABLE_VOLUMES } from '../src/kubernetes/local-volumes';
import { isGuaranteed } from '../src/kubernetes/quality-of-service';
import { ContainerJson, JsonObject, PodSpecJson } from '../src/kubernetes/wire';

function woven(
  spec: PodSpecJson,
  attach: (chart: Chart, web: ApiObject) => void,
  annotations?: { [name: string]: string },
): { object: JsonObject; again: JsonObject } {
  const chart = newChartInMemory();
  const web = new ApiObject(chart, 'Web', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { replicas: 3, template: { ...(annotations ? { metadata: { annotations } } : {}), spec } },
  });
  attach(chart, web);
  return { object: Testing.synth(chart)[0], again: Testing.synth(chart)[0] };
}

const first = (spec: PodSpecJson) => spec.containers![0].name;

/** What is left of a woven pod without all that belongs to the sidecar. */
function withoutSidecar(spec: PodSpecJson): PodSpecJson {
  const foreign = ({ name: item }: { name: string }) => !item.startsWith('procdump');
  const cleaned: PodSpecJson = { ...spec };
  for (const list of ['containers', 'initContainers', 'volumes']) cleaned[list] = spec[list]?.filter(foreign);
  cleaned.containers = cleaned.containers!.map((container) => ({
    ...container,
    volumeMounts: container.volumeMounts?.filter(foreign),
  }));
  delete cleaned.shareProcessNamespace;
  delete cleaned.terminationGracePeriodSeconds; // has a property of its own
  return JSON.parse(
    JSON.stringify(cleaned, (_, value) => (Array.isArray(value) && value.length === 0 ? undefined : value)),
  );
}

/** A pod where /tmp is not mounted by different volumes is accepted; those of the arbitrary always are. */
function original(spec: PodSpecJson): PodSpecJson {
  const chart = newChartInMemory();
  new ApiObject(chart, 'Web', { apiVersion: 'v1', kind: 'Pod', spec });
  return withoutSidecar(Testing.synth(chart)[0].spec);
}

test('nothing of the pod is lost, changed or reordered', () => {
  fc.assert(
    fc.property(anyPod, (spec) => {
      const { object } = woven(spec, (chart, web) => sidecar(chart).attachTo(web, { container: first(spec) }));

      expect(withoutSidecar(object.spec.template.spec)).toEqual(original(spec));
      expect(object.spec.replicas).toBe(3);
    }),
    RUNS,
  );
});

test('annotations and pull secrets of the pod stay, and those of the sidecar join them', () => {
  const listed = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,5}$/), { maxLength: 3 });
  const anyAnnotations = fc.record(
    { other: fc.string(), [EVICTABLE_VOLUMES]: listed.map((items) => items.join(',')) },
    { requiredKeys: [], noNullPrototype: true },
  );
  const split = (text: string) => text.split(',').filter(Boolean);
  fc.assert(
    fc.property(anyPod, anyAnnotations, listed, (spec, annotations, secrets) => {
      const pod = { ...spec, imagePullSecrets: secrets.map((secret) => ({ name: secret })) };
      const { object, again } = woven(
        pod,
        (chart, web) => sidecar(chart, { imagePullSecrets: ['acr'] }).attachTo(web, { container: first(spec) }),
        annotations,
      );
      const { metadata, spec: after } = object.spec.template;
      const { [EVICTABLE_VOLUMES]: items = '', ...others } = metadata?.annotations ?? {};
      const { [EVICTABLE_VOLUMES]: before = '', ...othersBefore } = annotations;
      const local = ['procdump-tmp', 'procdump-spool', 'procdump-dumps'];
      const joins = EVICTABLE_VOLUMES in annotations || !spec.volumes!.some(({ emptyDir }) => !emptyDir.medium);

      expect(again).toEqual(object);
      expect(others).toEqual(othersBefore);
      const added = after.volumes.map((volume: JsonObject) => volume.name);
      expect(split(items)).toEqual([...split(before), ...(joins ? local.filter((item) => added.includes(item)) : [])]);
      expect(after.imagePullSecrets).toEqual([...new Set([...secrets, 'acr'])].map((secret) => ({ name: secret })));
    }),
    RUNS,
  );
});

test('twice equals once', () => {
  fc.assert(
    fc.property(anyPod, (spec) => {
      const once = woven(spec, (chart, web) => sidecar(chart).attachTo(web, { container: first(spec) }));
      const twice = woven(spec, (chart, web) => {
        const procdump = sidecar(chart);
        procdump.attachTo(web, { container: first(spec) });
        procdump.attachTo(web, { container: first(spec) });
        procdump.attachTo(chart, { container: first(spec) });
      });

      expect(once.again).toEqual(once.object);
      expect(twice.object).toEqual(once.object);
    }),
    RUNS,
  );
});

test('the order of attaching does not matter', () => {
  fc.assert(
    fc.property(anyPod, (spec) => {
      const attached = (reversed: boolean) =>
        woven(spec, (chart, web) => {
          const last = spec.containers![spec.containers!.length - 1].name;
          const steps = [
            () => sidecar(chart, { containerName: 'procdump-a' }, 'A').attachTo(web, { container: first(spec) }),
            () =>
              sidecar(chart, { containerName: 'procdump-b', dumpDirectory: '/dumps-b' }, 'B').attachTo(web, {
                container: last,
              }),
          ];
          (reversed ? steps.reverse() : steps).forEach((step) => step());
        });
      fc.pre(spec.containers!.length > 1);

      expect(attached(true).object).toEqual(attached(false).object);
    }),
    RUNS,
  );
});

test('the grace period is never lowered, is that of the sidecar that needs most, and no order changes it', () => {
  fc.assert(
    fc.property(anyPod, fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 900 }), (spec, drainA, drainB) => {
      const attached = (reversed: boolean) =>
        woven(spec, (chart, web) => {
          const steps = [
            [drainA, 'a'],
            [drainB, 'b'],
          ].map(
            ([seconds, id]) =>
              () =>
                sidecar(
                  chart,
                  {
                    containerName: `procdump-${id}`,
                    dumpDirectory: `/dumps-${id}`,
                    drainTimeout: Duration.seconds(Number(seconds)),
                  },
                  `${id}`,
                ).attachTo(web, { container: first(spec) }),
          );
          (reversed ? steps.reverse() : steps).forEach((step) => step());
        }).object.spec.template.spec.terminationGracePeriodSeconds ?? 30;
      const before = spec.terminationGracePeriodSeconds ?? 30;
      const native = spec.restartPolicy === 'OnFailure';

      expect(attached(false)).toBe(Math.max(before, Math.max(drainA, drainB) + 10 + (native ? before : 0)));
      expect(attached(true)).toBe(attached(false));
    }),
    RUNS,
  );
});

interface SharedDirectory {
  readonly tmp?: string;
  readonly existing: boolean;
  readonly targets: string[];
  readonly given: (string | undefined)[];
}

const anySharedDirectory: fc.Arbitrary<SharedDirectory> = fc.record({
  tmp: fc.constantFrom(undefined, '/tmp', '/diag', '/cache'),
  existing: fc.boolean(),
  targets: fc.tuple(fc.constantFrom('web', 'monitor'), fc.constantFrom('web', 'monitor')),
  given: fc.tuple(
    fc.constantFrom(undefined, 'default', '/diag', '/cache'),
    fc.constantFrom(undefined, 'default', '/diag', '/cache'),
  ),
});

/** A DotnetDiagnosticsTmp for two containers, and two sidecars, under these ids; undefined where they are refused. */
function wovenUnder(ids: string[], { tmp, existing, targets, given }: SharedDirectory): PodSpecJson | undefined {
  const [web] = podSpec({ volumeMounts: [{ name: 'cache', mountPath: '/cache' }] }).containers!;
  const spec: PodSpecJson = {
    containers: [web, { ...web, name: 'monitor', volumeMounts: [] }],
    volumes: [{ name: 'cache', emptyDir: {} }],
  };
  const attach = (chart: Chart, object: ApiObject) => {
    const shared =
      existing && tmp !== undefined
        ? DotnetDiagnosticsTmp.onExistingMount(chart, ids[0], { mountPath: tmp })
        : new DotnetDiagnosticsTmp(chart, ids[0], { mountPath: tmp });
    shared.attachTo(object, { containers: ['web', 'monitor'] });
    targets.forEach((container, i) => {
      const diagnosticsTmp =
        given[i] &&
        new DotnetDiagnosticsTmp(chart, `${ids[i + 1]}Tmp`, {
          mountPath: given[i] === 'default' ? undefined : given[i],
        });
      sidecar(
        chart,
        { containerName: `procdump-${i}`, dumpDirectory: `/dumps-${i}`, diagnosticsTmp: diagnosticsTmp || undefined },
        ids[i + 1],
      ).attachTo(object, { container });
    });
  };
  try {
    return woven(spec, attach).object.spec.template.spec;
  } catch (error) {
    expect((error as Error).message).toMatch(/give both the same mountPath|mounts nothing at|mount different volumes/);
    return undefined;
  }
}

/** What a container sees at the directory in which its runtime makes the socket. */
function diagnosticsOf(spec: PodSpecJson, name: string): unknown {
  const { env = [], volumeMounts = [] } = containerOf(spec, name);
  const directory = env.filter((variable: JsonObject) => variable.name === 'TMPDIR').at(-1)?.value ?? '/tmp';
  const { name: volume, subPath } = volumeMounts.find(({ mountPath }: JsonObject) => mountPath === directory);
  return { directory, volume, subPath };
}

test('whatever the ids, each sidecar sees the sockets of its target, or all are refused alike', () => {
  const anyId = fc.stringMatching(/^[A-Z][a-z]{0,3}$/).filter((id) => id !== 'Web'); // the workload's own
  const anyIds = fc.uniqueArray(anyId, { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(anyIds, anySharedDirectory, (ids, shared) => {
      const pod = wovenUnder(ids, shared);

      expect(pod === undefined).toBe(wovenUnder(['Tmp', 'A', 'B'], shared) === undefined);
      shared.targets.forEach((target, i) => {
        if (pod) expect(diagnosticsOf(pod, `procdump-${i}`)).toEqual(diagnosticsOf(pod, target));
      });
    }),
    RUNS,
  );
});

test('every mount has its volume, no name and no path is used twice', () => {
  fc.assert(
    fc.property(anyPod, (spec) => {
      const { object } = woven(spec, (chart, web) => sidecar(chart).attachTo(web, { container: first(spec) }));
      const pod: PodSpecJson = object.spec.template.spec;
      const all = [...pod.containers!, ...(pod.initContainers ?? [])];
      const unique = (values: string[]) => expect(new Set(values).size).toBe(values.length);

      unique(all.map((container) => container.name));
      unique(pod.volumes!.map((volume) => volume.name));
      for (const { volumeMounts = [], env = [] } of all) {
        unique(volumeMounts.map(({ mountPath }) => mountPath.replace(/\/$/, '')));
        unique(env.map((variable) => variable.name));
        for (const mount of volumeMounts) expect(pod.volumes!.map((volume) => volume.name)).toContain(mount.name);
      }
    }),
    RUNS,
  );
});

test('the quality of service is what it was', () => {
  const resources = fc.constantFrom<NonNullable<ContainerJson['resources']>[]>(
    { limits: { cpu: '2', memory: '1Gi' } },
    { limits: { cpu: '2', memory: '1Gi' }, requests: { memory: '1Gi' } },
    { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '1' } },
  );
  fc.assert(
    fc.property(anyPod, fc.array(resources, { minLength: 5, maxLength: 5 }), (pod, chosen) => {
      const at = (i: number) => ({ resources: chosen[i] });
      const spec: PodSpecJson = {
        ...pod,
        containers: pod.containers!.map((container, i) => ({ ...container, ...at(i) })),
        initContainers: pod.initContainers?.map((container) => ({ ...container, ...at(4) })),
      };
      const { object } = woven(spec, (chart, web) => sidecar(chart).attachTo(web, { container: first(spec) }));

      expect(isGuaranteed(object.spec.template.spec, '')).toBe(isGuaranteed(spec, ''));
    }),
    RUNS,
  );
});
