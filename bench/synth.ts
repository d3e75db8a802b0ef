import { execFileSync, spawnSync } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Yaml } from 'cdk8s';
import { median, report } from './report';
import { deployment, finishedObjects } from './synth-variants';

/*
 * What weaving costs against what people use instead: each measurement in a process of its own, all variants in turn, medians of what is paired in a
 * round. `bench/synth.ts [COUNT…]`; kubectl kustomize at 5,000 takes minutes and is measured once, when KUSTOMIZE_5000 is set.
 */

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const WOVEN = 'woven';
const VARIANTS = [
  WOVEN, 'without sidecars', 'zero-cost weave', 'finished objects, given directly', 'finished objects, read by Include', 'hand-written L2', 'L2, woven',
];

interface Cost { readonly milliseconds: number; readonly megabytes: number }

function measure(variant: string, finished: string): Cost {
  // The configuration that jsii has just written knows no paths: the library is the compiled one, as users have it.
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(__dirname, '..', 'tsconfig.jsii.json') };
  const output = execFileSync(process.execPath, ['--import', 'tsx', join(__dirname, 'synth-variants.ts'), variant, finished], { encoding: 'utf8', env });
  return JSON.parse(output) as Cost;
}

/** The same additions as a strategic-merge patch on every Deployment. */
function measureKustomize(count: number): number | undefined {
  if (spawnSync('kubectl', ['version', '--client']).status !== 0) {
    console.log('NOT RUN: kubectl kustomize, because kubectl is not on PATH; install it as https://kubernetes.io/docs/tasks/tools/ says');
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'kustomize-'));
  const { spec } = finishedObjects(1)[0] as { spec: object };
  writeFileSync(join(folder, 'input.yaml'), Yaml.stringify(...Array.from({ length: count }, (_, i) => deployment(`app-${i}`))));
  writeFileSync(join(folder, 'patch.yaml'), Yaml.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'any' }, spec: templateOf(spec) }));
  writeFileSync(join(folder, 'kustomization.yaml'), Yaml.stringify({ resources: ['input.yaml'], patches: [{ path: 'patch.yaml', target: { kind: 'Deployment' } }] }));
  const start = process.hrtime.bigint();
  execFileSync('kubectl', ['kustomize', folder], { maxBuffer: 2 ** 30 });
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  rmSync(folder, { recursive: true });
  return milliseconds;
}

/** The pod template alone, with the image left to each Deployment. */
function templateOf(spec: object): object {
  interface Template { metadata?: object; spec: { containers: { name: string; image?: string }[] } }
  const { template } = JSON.parse(JSON.stringify(spec)) as { template: Template };
  delete template.metadata;
  delete template.spec.containers.find(({ name }) => name === 'web')!.image;
  return { template };
}

function compare(count: number): string[] {
  // cdk8s reads files of up to 10 MB, and 5,000 finished Deployments are more.
  const variants = VARIANTS.filter((variant) => count < 5000 || variant !== 'finished objects, read by Include');
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const finished = join(folder, 'finished.json');
  writeFileSync(finished, JSON.stringify(finishedObjects(count)));
  const rounds = Array.from({ length: ROUNDS }, () => variants.map((variant) => measure(variant, finished)));
  rmSync(folder, { recursive: true });
  const woven = rounds.map((round) => round[variants.indexOf(WOVEN)].milliseconds);
  const kustomize = kustomizeRounds(count).flatMap(() => measureKustomize(count) ?? []);
  return [
    ...variants.map((name, i) => {
      const milliseconds = rounds.map((round) => round[i].milliseconds);
      return row(count, name, milliseconds, median(milliseconds.map((value, j) => woven[j] / value)), rounds.map((round) => round[i].megabytes));
    }),
    ...(kustomize.length > 0 ? [row(count, 'kubectl kustomize', kustomize, median(woven) / median(kustomize))] : []),
  ];
}

function row(count: number, name: string, milliseconds: number[], ratio: number, megabytes: number[] = []): string {
  return `| ${count} | ${name} | ${median(milliseconds).toFixed(0)} | ${megabytes.length > 0 ? median(megabytes).toFixed(0) : ''} | ${ratio.toFixed(2)} |`;
}

/** Its time grows with the square of the count. */
function kustomizeRounds(count: number): unknown[] {
  if (count >= 5000 && !process.env.KUSTOMIZE_5000) return [];
  return Array.from({ length: count > 100 ? 1 : ROUNDS });
}

const counts = process.argv.slice(2).map(Number);
const rows = (counts.length > 0 ? counts : [100, 500, 1000, 5000]).flatMap(compare);
report('Synthesis', [
  `Included Deployments, from the first construct to the written manifest, modules loaded. Medians of ${ROUNDS}, one process each, variants in turn;`,
  'kustomize once from 500 on. `woven ÷` is the time of weaving over that of the variant in the same round: below 1 weaving is faster. The two variants',
  'in L2 define their Deployments with cdk8s-plus-33 and read no YAML; the first has the sidecar by hand, the second by attachTo.',
  '',
  '| Deployments | variant | ms | peak MB | woven ÷ |',
  '|---|---|---|---|---|',
  ...rows,
]);
