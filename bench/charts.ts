import { execFileSync } from 'child_process';
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart } from 'cdk8s';
import { median, report } from './report';
import { attach, deployment } from './synth-variants';

/*
 * Measures the cost of the number of charts: cdk8s validates the whole app, and each chart could weave it again.
 * `bench/charts.ts` runs all variants in turn. With a variant as argument, it measures and prints only that one.
 */

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 9);
const WORKLOADS = 1000;
const VARIANTS: { [name: string]: { charts: number; woven: boolean } } = {
  '1 chart of 1,000': { charts: 1, woven: true },
  '50 charts of 20': { charts: 50, woven: true },
  '1 chart of 1,000, without sidecars': { charts: 1, woven: false },
  '50 charts of 20, without sidecars': { charts: 50, woven: false },
};

function measure({ charts, woven }: { charts: number; woven: boolean }): number {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  const start = process.hrtime.bigint();
  const app = new App({ outdir });
  for (let c = 0; c < charts; c++) {
    const chart = new Chart(app, `chart-${c}`);
    for (let i = 0; i < WORKLOADS / charts; i++) new ApiObject(chart, `d-${i}`, deployment(`app-${c}-${i}`) as never);
  }
  if (woven) attach(app.charts[0], app);
  app.synth();
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  rmSync(outdir, { recursive: true });
  return milliseconds;
}

function measured(variant: string): number {
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(__dirname, '..', 'tsconfig.jsii.json') };
  return Number(execFileSync(process.execPath, ['--import', 'tsx', __filename, variant], { encoding: 'utf8', env }));
}

if (process.argv[2] !== undefined) {
  console.log(measure(VARIANTS[process.argv[2]]));
} else {
  const names = Object.keys(VARIANTS);
  const rounds = Array.from({ length: ROUNDS }, () => names.map(measured));
  const ratio = (some: number, other: number) => median(rounds.map((round) => round[some] / round[other])).toFixed(2);
  report('Charts', [
    `1,000 Deployments, from the first construct to the written manifests. Medians of ${ROUNDS}, one process each, ` +
      'in turn.',
    `50 charts take ${ratio(1, 0)} times as long as one chart (goal: at most 1.2), and ${ratio(3, 2)} times without ` +
      'sidecars.',
    '',
    '| variant | ms |',
    '|---|---|',
    ...names.map((name, i) => `| ${name} | ${median(rounds.map((round) => round[i])).toFixed(0)} |`),
  ]);
}
