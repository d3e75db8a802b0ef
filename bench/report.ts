import { readFileSync, writeFileSync } from 'fs';
import { cpus } from 'os';
import { join } from 'path';

const FILE = process.env.BENCH_RESULTS ?? join(__dirname, 'RESULTS.md');

export function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Prints a section of the results and replaces the section with this title in RESULTS.md. */
export function report(title: string, lines: string[]): void {
  const { version } = JSON.parse(
    readFileSync(join(__dirname, '..', 'node_modules', 'cdk8s', 'package.json'), 'utf8'),
  ) as { version: string };
  const section = [
    `## ${title}`,
    '',
    `Node ${process.version}, cdk8s ${version}, ${cpus().length} × ${cpus()[0].model}.`,
    '',
    ...lines,
    '',
  ].join('\n');
  console.log(section);
  const sections = read()
    .split(/^(?=## )/m)
    .filter((other) => !other.startsWith(`## ${title}\n`));
  writeFileSync(FILE, [...sections.map((other) => `${other.trimEnd()}\n`), section].join('\n'));
}

function read(): string {
  try {
    return readFileSync(FILE, 'utf8');
  } catch {
    return '# Results of the benches\n\n`npm run bench` writes this file.\n';
  }
}
