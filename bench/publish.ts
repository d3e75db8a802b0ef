import { join } from 'path';
import { runAgentBench } from './agent';
import { median, report } from './report';

/*
 * Measures how fast the agent publishes a dump (copy, checksum, flush), compared to `cp` and an fsync of the same file
 * to the same store.
 */

const MEGABYTES = 160;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const GOAL = 0.9;

interface Round {
  readonly store: string;
  readonly copied: number;
  readonly published: number;
}

async function main(): Promise<void> {
  const output = await runAgentBench(join(__dirname, 'agent-publish.sh'), [`${MEGABYTES}`, `${ROUNDS}`]);
  if (output === undefined) return;
  const rounds: Round[] = output
    .trim()
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([store, copied, published]) => ({ store, copied: Number(copied), published: Number(published) }));
  const ratios = [...new Set(rounds.map(({ store }) => store))].map((store) => {
    const ofStore = rounds.filter((round) => round.store === store);
    return {
      store,
      copied: median(ofStore.map(({ copied }) => copied)),
      published: median(ofStore.map(({ published }) => published)),
      ratio: median(ofStore.map(({ copied, published }) => copied / published)),
    };
  });
  report('Publishing', [
    `${MEGABYTES} MiB, warm, medians of ${ROUNDS}, in turn. The rate is that of cp over the publisher's: goal at ` +
      `least ${GOAL} where the store takes 40 MB/s.`,
    'The store is ext4 on a loop device that the kernel throttles.',
    '',
    '| store | cp + fsync, s | publisher, s | rate |',
    '|---|---|---|---|',
    ...ratios.map(
      ({ store, copied, published, ratio }) =>
        `| ${store} | ${copied.toFixed(2)} | ${published.toFixed(2)} | ${ratio.toFixed(2)} |`,
    ),
  ]);
  process.exitCode = ratios.every(({ store, ratio }) => !store.startsWith('40 MB/s') || ratio >= GOAL) ? 0 : 1;
}

void main();
