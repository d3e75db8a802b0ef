import { App, Chart } from 'cdk8s';
import * as fc from 'fast-check';
import { ContainerJson, PodSpecJson, VolumeMountJson } from '../src/kubernetes/wire';

/** How many inputs each property is tried with; `npm run test:deep` tries more. */
export const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) };

/** Unlike `Testing.app()`, without a temporary directory for each. */
export function newChartInMemory(): Chart {
  return new Chart(new App(), 'chart');
}

const name = fc.stringMatching(/^[a-z]([a-z0-9]{0,8})$/);
const text = fc.string({ maxLength: 12 });
const path = fc.stringMatching(/^\/(srv|opt|cache|var)(\/[a-z]{1,6}){1,2}$/);

const variables = fc.uniqueArray(fc.record({ name: fc.stringMatching(/^[A-Z]{1,6}_X$/), value: text }), {
  selector: (variable) => variable.name,
  maxLength: 4,
});
const extra = fc.dictionary(
  fc.constantFrom('x-annotation', 'lifecycle', 'ports', 'livenessProbe', 'workingDir'),
  // cdk8s itself cannot render a key of this name, and numbers below -1e288 are cdktf's tokens, which are refused.
  fc
    .jsonValue({ maxDepth: 2 })
    .filter((value) => value !== null && !/__proto__|-[\d.]+e\+(28[89]|29\d|30\d)/.test(JSON.stringify(value))),
);

const volumesArb = fc.uniqueArray(
  fc.record({
    name: name.map((n) => `v-${n}`),
    emptyDir: fc.constantFrom({}, { sizeLimit: '1Gi' }, { medium: 'Memory' }),
  }),
  { selector: (volume) => volume.name, maxLength: 4 },
);

function containerArb(volumes: string[]): fc.Arbitrary<ContainerJson> {
  const mounts: fc.Arbitrary<VolumeMountJson[]> =
    volumes.length === 0
      ? fc.constant([])
      : fc.uniqueArray(
          fc.record({
            name: fc.constantFrom(...volumes),
            mountPath: fc.oneof(path, fc.constant('/tmp'), fc.constant('/tmp/')),
            subPath: fc.constantFrom('a', 'b'),
          }),
          { selector: (mount) => mount.mountPath.replace(/\/$/, ''), maxLength: 3 },
        );
  return fc
    .tuple(
      fc.record(
        {
          name: name.map((n) => `c-${n}`),
          image: text,
          env: variables,
          volumeMounts: mounts,
          securityContext: fc.record(
            {
              runAsUser: fc.integer({ min: 1, max: 70000 }),
              runAsGroup: fc.integer({ min: 0, max: 70000 }),
              privileged: fc.boolean(),
            },
            { requiredKeys: ['runAsUser', 'runAsGroup'] },
          ),
          resources: fc.constantFrom({}, { limits: { memory: '1Gi', cpu: '2' } }, { requests: { cpu: 1 } }),
        },
        { requiredKeys: ['name', 'image', 'securityContext'] },
      ),
      extra,
    )
    .map(([container, more]): ContainerJson => ({ ...more, ...container }));
}

/** A pod that `ProcDumpSidecar` accepts, with fields of any content: what is not looked at must pass through. */
export const anyPod: fc.Arbitrary<PodSpecJson> = volumesArb
  .chain((volumes) =>
    fc.record(
      {
        containers: fc.uniqueArray(containerArb(volumes.map((volume) => volume.name)), {
          selector: (container) => container.name,
          minLength: 1,
          maxLength: 4,
        }),
        initContainers: fc.array(fc.record({ name: name.map((n) => `i-${n}`), image: text }), { maxLength: 1 }),
        volumes: fc.constant(volumes),
        shareProcessNamespace: fc.boolean(),
        restartPolicy: fc.constantFrom('Always', 'OnFailure'),
        securityContext: fc.record({ fsGroup: fc.integer({ min: 1 }) }),
        terminationGracePeriodSeconds: fc.nat(300),
        nodeSelector: fc.dictionary(name, text, { maxKeys: 2 }),
      },
      { requiredKeys: ['containers', 'volumes'] },
    ),
  )
  .map((spec) => JSON.parse(JSON.stringify(spec)) as PodSpecJson);
