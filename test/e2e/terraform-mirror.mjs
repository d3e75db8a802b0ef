// usage: terraform-mirror.mjs FOLDER PLATFORM CDK.TF.JSON…
//
// Installs a test double for each provider of the stacks where `terraform init -plugin-dir=FOLDER` finds it. Its schema
// has all types of resources that occur in the stacks.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { azapiSchema } from './terraform-azapi.mjs';
import { azurermSchema } from './terraform-schema.mjs';

const SCHEMAS = {
  azurerm: (types) => azurermSchema(createRequire(import.meta.url), types),
  azapi: (types) => {
    const unknown = types.filter((type) => !(type in azapiSchema.resources));
    if (unknown.length > 0) throw new Error(`the schema of azapi in terraform-azapi.mjs is written by hand and has no ${unknown.join(', ')}`);
    return azapiSchema;
  },
};

const [folder, platform, ...files] = process.argv.slice(2);
const stacks = files.map((file) => JSON.parse(readFileSync(file, 'utf8')));
const types = [...new Set(stacks.flatMap(({ resource }) => Object.keys(resource)))].sort();
if (stacks.some(({ data }) => data)) throw new Error('a stack reads a data source, which the test double cannot');

/** Returns the lowest version that satisfies a constraint: 2.5.0 for `~> 2.5`. */
function lowestVersion(constraint) {
  const [major, minor = 0, patch = 0] = constraint.replace(/^[^0-9]+/, '').split('.');
  return `${major}.${minor}.${patch}`;
}

/** Returns the full address of a source without a host or an organization. */
const addressOf = (source) => ['registry.terraform.io', ...source.includes('/') ? [] : ['hashicorp'], ...source.toLowerCase().split('/')];

const providers = Object.assign({}, ...stacks.map(({ terraform }) => terraform.required_providers));
for (const [name, { source, version }] of Object.entries(providers)) {
  if (!(name in SCHEMAS)) throw new Error(`there is no test double of the provider ${source}`);
  const own = types.filter((type) => type.startsWith(`${name}_`));
  const exact = lowestVersion(version);
  const at = join(folder, ...addressOf(source), exact, platform);
  mkdirSync(at, { recursive: true });
  const schema = join(folder, `${name}.json`);
  writeFileSync(schema, JSON.stringify(SCHEMAS[name](own)));
  writeFileSync(join(at, `terraform-provider-${name}_v${exact}`), [
    '#!/bin/sh',
    `exec '${process.execPath}' '${join(import.meta.dirname, 'terraform-provider.mjs')}' '${schema}'`,
    '',
  ].join('\n'), { mode: 0o755 });
  console.log(`${source} ${exact}: a test double with ${own.length} types of resources (${own.join(', ')})`);
}
console.log('The schema of azapi is WRITTEN BY HAND (terraform-azapi.mjs). No provider checks values here: names, ranges, and what is in `body`.');
