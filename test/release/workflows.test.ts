import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';

interface Job {
  readonly if?: string;
  readonly steps: { readonly uses?: string; readonly run?: string }[];
}

const ROOT = join(__dirname, '../..');
const FOLDER = join(ROOT, '.github/workflows');
const jobsOf = (file: string) =>
  Object.entries((parse(readFileSync(join(FOLDER, file), 'utf8')) as { jobs: Record<string, Job> }).jobs);
const jobs = readdirSync(FOLDER).flatMap(jobsOf);
const { homepage } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { homepage: string };
const [, owner] = /github\.com\/([^/]+)\//.exec(homepage) ?? [];

test('every action is pinned by a commit', () => {
  const used = jobs.flatMap(([, { steps }]) => steps.flatMap(({ uses = [] }) => uses));

  expect(used.length).toBeGreaterThan(10);
  expect(used.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
});

test('a fork publishes no package', () => {
  const publishing = jobs.filter(([, { steps }]) => steps.some(({ run = '' }) => /npm publish|publib/.test(run)));

  expect(publishing.map(([name]) => name)).toEqual(['npm', 'languages']);
  for (const [, job] of publishing) expect(job.if).toContain(`github.repository == '${owner}/cdk8s-procdump'`);
});

test.each(['README.md', 'docs/install.md', 'docs/azure-troubleshooting.md'])('%s names the owner', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const owners = [
    ...text.matchAll(/(?:github(?:usercontent)?\.com|ghcr\.io|io\.github)[/.]([\w-]+)[/:]\S*procdump/g),
  ].map(([, name]) => name);

  expect(owners).not.toEqual([]);
  expect(owners.filter((name) => ![owner, 'microsoft'].includes(name))).toEqual([]);
});
