import { join } from 'path';
import { runAgentBench } from './agent';
import { report } from './report';

/*
 * Measures the cost of an idle agent for its node: CPU time and memory of its processes without ProcDump's.
 */

const SECONDS = Number(process.env.BENCH_SECONDS ?? 60);
const TARGETS = [1, 5];
/** The goal for one target. */
const GOAL = { percent: 0.2, megabytes: 10 };
/** Percent with 20,000 files, 20,000 stale sockets and 3,000 processes of the application. */
const CROWD_GOAL = 1;

interface Cost {
  readonly targets: number;
  readonly percent: number;
  readonly megabytes: number;
  readonly resident: number;
}

async function measure(targets: number, crowd = ''): Promise<Cost | undefined> {
  const output = await runAgentBench(join(__dirname, 'agent-idle.sh'), [`${targets}`, `${SECONDS}`, crowd]);
  if (output === undefined) return undefined;
  const [ticks, proportional, resident] = output.trim().split('\t').map(Number);
  return {
    targets,
    percent: ticks / SECONDS,
    megabytes: (proportional * 1024) / 1e6,
    resident: (resident * 1024) / 1e6,
  };
}

async function main(): Promise<void> {
  const costs = await Promise.all(TARGETS.map((targets) => measure(targets)));
  const measured = costs.filter((cost) => cost !== undefined);
  if (measured.length < costs.length) return;
  const crowded = await measure(1, 'crowd');
  if (crowded === undefined) return;
  report('Idle agent', [
    `Over ${SECONDS} s with .NET targets armed, both agents at the same time. Goal with one target: below ` +
      `${GOAL.percent} % of a core and ${GOAL.megabytes} MB.`,
    '',
    '| targets | % of a core | MB (PSS) | MB (RSS) |',
    '|---|---|---|---|',
    ...measured.map(
      ({ targets, percent, megabytes, resident }) =>
        `| ${targets} | ${percent.toFixed(2)} | ${megabytes.toFixed(1)} | ${resident.toFixed(1)} |`,
    ),
    '',
    'With one target beside 20,000 files in the spool, 20,000 stale sockets in the diagnostics directory and 3,000 ' +
      `processes: ${crowded.percent.toFixed(2)} % of a core and ${crowded.megabytes.toFixed(1)} MB (PSS). ` +
      `Goal: below ${CROWD_GOAL} % of a core.`,
  ]);
  const [one] = measured;
  process.exitCode =
    one.percent < GOAL.percent && one.megabytes < GOAL.megabytes && crowded.percent < CROWD_GOAL ? 0 : 1;
}

void main();
