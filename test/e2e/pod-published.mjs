// usage: pod-published.mjs STORE POD [EVENTS]
//
// Checks a store without the agent's code: every dump has its manifest and every manifest its dump, each field has its
// type, size and SHA-256 are correct, and names are legal on SMB. EVENTS is the agent's log: each dump that it reported
// as finished is in the store once, except those that retention removed, and nothing else.
// Prints a line per dump: trigger, pid, complete, targetAlive, bytes, name.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const text = (value) => typeof value === 'string' && value !== '';
const count = (value) => Number.isSafeInteger(value) && value > 0;
const truth = (value) => typeof value === 'boolean';
const time = (value) => TIME.test(value) && Math.abs(Date.parse(value) - Date.now()) < 3_600_000;
const maybe = (check) => (value) => value === null || check(value);
const exactly = (expected) => (value) => value === expected;

const FIELDS = {
  schema: exactly('cdk8s-procdump/manifest/1'), file: text, bytes: count, sha256: (value) => /^[0-9a-f]{64}$/.test(value), complete: truth, trigger: text,
  threshold: maybe(Number.isFinite), value: maybe(Number.isFinite),
  command: maybe(text), process: maybe(text), pid: maybe(count), processStartTime: maybe(time), targetAlive: maybe(truth), container: text, pod: text,
  namespace: exactly('e2e'), podUid: maybe(text), node: exactly('node-1'), image: text, dumpedAt: time, publishedAt: time, agentVersion: maybe(text),
  contract: exactly(3), procdumpVersion: maybe(text), howToOpen: text,
};

const [store, pod, events] = process.argv.slice(2);
const folder = join(store, pod);
const problems = [];
const files = existsSync(folder) ? readdirSync(folder) : [];
const names = files.filter((name) => !name.endsWith('.json'));

const seen = new Set();
for (const name of files) {
  if (!/^[A-Za-z0-9_][A-Za-z0-9._-]*[A-Za-z0-9_-]$/.test(name)) problems.push(`${name} is no name that every SMB client takes, or an unfinished copy`);
  if (seen.has(name.toLowerCase())) problems.push(`${name} differs from another name in case alone`);
  seen.add(name.toLowerCase());
  if (name.endsWith('.json') && !names.includes(name.slice(0, -5))) problems.push(`${name} has no dump`);
}

const manifests = names.filter((name) => files.includes(`${name}.json`) || problems.push(`${name} has no manifest`) === 0).map(readManifest);

function readManifest(name) {
  const manifest = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
  const dump = join(folder, name);
  for (const [field, isValid] of Object.entries(FIELDS)) {
    if (!(field in manifest) || !isValid(manifest[field])) problems.push(`${name}: ${field} is ${JSON.stringify(manifest[field])}`);
  }
  for (const field of Object.keys(manifest)) if (!(field in FIELDS)) problems.push(`${name}: field ${field} is not of the schema`);
  const found = { file: name, pod, bytes: statSync(dump).size, sha256: createHash('sha256').update(readFileSync(dump)).digest('hex') };
  for (const [field, value] of Object.entries(found)) if (manifest[field] !== value) problems.push(`${name}: ${field} is ${manifest[field]}, found ${value}`);
  return manifest;
}

/** A number after the name distinguishes dumps whose names were equal. */
const sorted = (paths) => paths.map((path) => path.replace(/.*\//, '').replace(/-\d+$/, '')).sort();

function compareWithEvents(lines) {
  const finished = new Map();
  for (const { event, path } of lines) if (event === 'dump-complete' || event === 'dump-incomplete') finished.set(path, event === 'dump-complete');
  const removed = sorted(lines.filter(({ event }) => event === 'dump-removed').map(({ path }) => path));
  for (const complete of [true, false]) {
    const expected = sorted([...finished].filter(([, value]) => value === complete).map(([path]) => path))
      .filter((name) => !removed.includes(name) || removed.splice(removed.indexOf(name), 1).length === 0);
    const published = sorted(manifests.filter((manifest) => manifest.complete === complete).map(({ file }) => file));
    if (expected.join() !== published.join()) problems.push(`complete ${complete}: the agent told of ${expected.join(' ') || 'none'}, published are ${published.join(' ') || 'none'}`);
  }
}

if (events) compareWithEvents(readFileSync(events, 'utf8').split('\n').filter((line) => line.startsWith('{"time"')).map((line) => JSON.parse(line)));
for (const { trigger, pid, complete, targetAlive, bytes, file } of manifests) console.log(`  ${trigger} ${pid} ${complete} ${targetAlive} ${bytes} ${file}`);
problems.forEach((problem) => console.log(`  problem: ${problem}`));
process.exitCode = problems.length > 0 ? 1 : 0;
