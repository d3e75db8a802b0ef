// usage: terraform-same.mjs FOLDER FOLDER - checks that both folders have the same stacks with the same Terraform JSON
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { comparable } from './terraform-comparable.mjs';

const [some, others] = process.argv.slice(2);
const read = (folder, name) => comparable(JSON.parse(readFileSync(join(folder, name, 'cdk.tf.json'), 'utf8')));

const names = readdirSync(some).sort();
assert.notEqual(names.length, 0);
assert.deepEqual(readdirSync(others).sort(), names);
for (const name of names) {
  assert.deepEqual(read(others, name), read(some, name), `stack ${name} differs`);
}
process.stdout.write(`${names.length}\n`);
