import { execFileSync } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { checkSamePods, isKubectlThere, kustomize, Patches } from './kustomize';
import { median, report } from './report';
import { finishedObjects } from './synth-variants';

/*
 * Measures the cost of weaving compared to the alternatives: each measurement in its own process, all variants in turn,
 * medians of the ratios in a round. `bench/synth.ts [COUNT…]`; kubectl kustomize at 5,000 takes minutes and is measured
 * once, if KUSTOMIZE_5000 is set.
 */

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 9);
const WOVEN = 'woven';
const VARIANTS = [
  WOVEN,
  'without sidecars',
  'zero-cost weave',
  'finished objects, given directly',
  'finished objects, read by Include',
  'hand-written L2',
  'L2, woven',
];

interface Cost {
  readonly milliseconds: number;
  readonly megabytes: number;
}

function measure(variant: string, finished: string): Cost {
  // jsii's configuration has no paths, so the compiled library is used, as by users.
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(__dirname, '..', 'tsconfig.jsii.json') };
  const output = execFileSync(
    process.execPath,
    ['--import', 'tsx', join(__dirname, 'synth-variants.ts'), variant, finished],
    { encoding: 'utf8', env },
  );
  return JSON.parse(output) as Cost;
}

function compare(count: number): string[] {
  // cdk8s reads files of up to 10 MB. 5,000 finished Deployments are larger.
  const variants = VARIANTS.filter((variant) => count < 5000 || variant !== 'finished objects, read by Include');
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const finished = join(folder, 'finished.json');
  writeFileSync(finished, JSON.stringify(finishedObjects(count)));
  const rounds = Array.from({ length: roundsOf(count) }, () => variants.map((variant) => measure(variant, finished)));
  rmSync(folder, { recursive: true });
  const woven = rounds.map((round) => round[variants.indexOf(WOVEN)].milliseconds);
  return [
    ...variants.map((name, i) => {
      const milliseconds = rounds.map((round) => round[i].milliseconds);
      return row(
        count,
        name,
        milliseconds,
        median(milliseconds.map((value, j) => woven[j] / value)),
        rounds.map((round) => round[i].megabytes),
      );
    }),
    ...Object.values(Patches).flatMap((patches) => compareKustomize(count, patches, median(woven))),
  ];
}

function row(count: number, name: string, milliseconds: number[], ratio: number, megabytes: number[] = []): string {
  const memory = megabytes.length > 0 ? median(megabytes).toFixed(0) : '';
  return `| ${count} | ${name} | ${median(milliseconds).toFixed(0)} | ${memory} | ${ratio.toFixed(2)} |`;
}

/** A round of 5,000 takes a minute. */
function roundsOf(count: number): number {
  return count < 5000 ? ROUNDS : Math.min(ROUNDS, 5);
}

function compareKustomize(count: number, patches: Patches, woven: number): string[] {
  // The time of kubectl kustomize grows with the square of the count.
  if (!withKubectl || (count >= 5000 && !process.env.KUSTOMIZE_5000)) return [];
  const milliseconds = Array.from(
    { length: count > 1000 ? 1 : Math.min(ROUNDS, 3) },
    () => kustomize(count, patches).milliseconds,
  );
  return [row(count, patches, milliseconds, woven / median(milliseconds))];
}

const withKubectl = isKubectlThere();
if (withKubectl) {
  checkSamePods();
} else {
  console.log(
    'NOT RUN: kubectl kustomize, because kubectl is not on PATH; install it as ' +
      'https://kubernetes.io/docs/tasks/tools/ says',
  );
}
const counts = process.argv.slice(2).map(Number);
const rows = (counts.length > 0 ? counts : [100, 500, 1000, 5000]).flatMap(compare);
report('Synthesis', [
  `Included Deployments, from the first construct to the written manifest, modules loaded. Medians of ${ROUNDS} ` +
    `(${roundsOf(5000)} of 5,000), one process each,`,
  'variants in turn; kustomize of 3, at 5,000 once. `woven ÷` is the time of weaving over that of the variant in ' +
    'the same round: below 1 weaving is faster. The two variants',
  'in L2 define their Deployments with cdk8s-plus-33 and read no YAML; the first has the sidecar by hand, the ' +
    'second by attachTo. All make the same pods,',
  'but for kustomize with one patch for all, which gives all workloads one folder in the store.',
  '',
  '| Deployments | variant | ms | peak MB | woven ÷ |',
  '|---|---|---|---|---|',
  ...rows,
]);
