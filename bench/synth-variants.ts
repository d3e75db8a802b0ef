import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart, Include, Yaml } from 'cdk8s';
import { ClaimDumpStore, ProcDumpSidecar, ProcDumpTarget, ProcDumpTrigger } from 'cdk8s-procdump';

/*
 * One measurement in its own process: `synth-variants.ts VARIANT FINISHED`. The file FINISHED contains the woven
 * objects as JSON, created in another process so that no variant starts with warm code. Prints milliseconds from the
 * first construct to the written manifest (without loading modules) and the highest resident memory.
 */

export function deployment(name: string): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            {
              name: 'web',
              image: `contoso.azurecr.io/${name}:1.4`,
              ports: [{ containerPort: 8080 }],
              resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '512Mi' } },
              securityContext: { runAsUser: 1654, runAsGroup: 1654 },
            },
          ],
        },
      },
    },
  };
}

export function attach(chart: Chart, app: App): void {
  new ProcDumpSidecar(chart, 'ProcDump', {
    image: 'contoso.azurecr.io/procdump:3.5.2',
    target: ProcDumpTarget.dotnet({ crashDumps: true }),
    triggers: [ProcDumpTrigger.memoryAboveLimit(75, 90)],
    store: ClaimDumpStore.fromClaimName(chart, 'Dumps', 'dumps'),
  }).attachTo(app);
}

/** Returns the objects that weaving creates, for variants that get them at no cost. */
export function finishedObjects(count: number): object[] {
  const app = new App();
  const chart = new Chart(app, 'chart');
  for (let i = 0; i < count; i++) new ApiObject(chart, `d-${i}`, deployment(`app-${i}`) as never);
  attach(chart, app);
  return chart.toJson();
}

const VARIANTS: { [name: string]: (chart: Chart, app: App, input: { file: string; objects: object[] }) => void } = {
  'without sidecars': (chart, _, { file }) => new Include(chart, 'Include', { url: file }),
  woven: (chart, app, { file }) => {
    new Include(chart, 'Include', { url: file });
    attach(chart, app);
  },
  // The same file is read and rendered, but the finished objects cost nothing. No weave can be faster.
  'zero-cost weave': (chart, _, { file, objects }) =>
    new Include(chart, 'Include', { url: file }).apiObjects.forEach((object, i) => {
      const render = object.toJson.bind(object);
      object.toJson = () => (render() ? objects[i] : undefined);
    }),
  'finished objects, given directly': (chart, _, { objects }) =>
    objects.forEach((object, i) => new ApiObject(chart, `d-${i}`, object as never)),
  'finished objects, read by Include': (chart, _, { file }) => new Include(chart, 'Include', { url: file }),
  'hand-written L2': (chart, _, { objects }) => objects.forEach((__, i) => level2().writeByHand(chart, `app-${i}`)),
  'L2, woven': (chart, app, { objects }) => {
    objects.forEach((_, i) => level2().defineWorkload(chart, `app-${i}`));
    attach(chart, app);
  },
};

/** Loads the L2 here, so that the other variants do not use memory for it. */
function level2(): typeof import('./synth-by-hand') {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./synth-by-hand') as typeof import('./synth-by-hand');
}

function measure(variant: string, finished: string): { milliseconds: number; megabytes: number } {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const objects = JSON.parse(readFileSync(finished, 'utf8')) as object[];
  const plain = objects.map((_, i) => deployment(`app-${i}`));
  const file = join(folder, 'input.yaml');
  writeFileSync(file, Yaml.stringify(...(variant === 'finished objects, read by Include' ? objects : plain)));
  if (variant.includes('L2')) level2().writeByHand(new Chart(new App(), 'warm'), 'app');

  const start = process.hrtime.bigint();
  const app = new App({ outdir: join(folder, 'out') });
  const chart = new Chart(app, 'chart');
  VARIANTS[variant](chart, app, { file, objects });
  app.synth();
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  if (!readFileSync(join(folder, 'out', 'chart.k8s.yaml'), 'utf8').includes('kind: Deployment')) {
    throw new Error(`${variant} wrote no Deployment`);
  }
  rmSync(folder, { recursive: true });
  return { milliseconds, megabytes: process.resourceUsage().maxRSS / 1024 };
}

if (require.main === module) console.log(JSON.stringify(measure(process.argv[2], process.argv[3])));
