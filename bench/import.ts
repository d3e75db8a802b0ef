import { execFileSync } from 'child_process';
import { join } from 'path';
import { median, report } from './report';

/* What `require('cdk8s-procdump')` costs against `require('cdk8s-plus-28')` alone: new processes in turn, medians. */

const RUNS = 15;
const GOAL = 1.25;

const PACKAGES = { 'cdk8s-plus-28': 'cdk8s-plus-28', 'cdk8s-procdump': join(__dirname, '..') };

interface Cost { readonly milliseconds: number; readonly megabytes: number; readonly cdktf: boolean }

function measure(module: string): Cost {
  const program = `
    const start = process.hrtime.bigint();
    require(${JSON.stringify(module)});
    const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
    const cdktf = Object.keys(require.cache).some((file) => /node_modules.(@cdktf|cdktf|cdktn)./.test(file));
    console.log(JSON.stringify({ milliseconds, megabytes: process.memoryUsage().rss / 2 ** 20, cdktf }));`;
  return JSON.parse(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8', cwd: join(__dirname, '..') })) as Cost;
}

const rounds = Array.from({ length: RUNS }, () => Object.values(PACKAGES).map(measure));
const [plus, procdump] = Object.keys(PACKAGES).map((_, i) => ({
  milliseconds: median(rounds.map((round) => round[i].milliseconds)),
  megabytes: median(rounds.map((round) => round[i].megabytes)),
}));
const ratio = procdump.milliseconds / plus.milliseconds;

const row = (name: string, { milliseconds, megabytes }: { milliseconds: number; megabytes: number }) =>
  `| ${name} | ${milliseconds.toFixed(0)} | ${megabytes.toFixed(0)} |`;

report('Import', [
  `Medians of ${RUNS}, new processes in turn. Ratio of the times: ${ratio.toFixed(2)}, goal: at most ${GOAL}. `
    + `cdktf loaded: ${rounds.some((round) => round[1].cdktf) ? 'yes' : 'no'}.`,
  '',
  '| require | ms | MB |',
  '|---|---|---|',
  row('cdk8s-plus-28', plus),
  row('cdk8s-procdump', procdump),
]);
process.exitCode = ratio <= GOAL ? 0 : 1;
