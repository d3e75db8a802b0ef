// usage: terraform-provider.mjs SCHEMA.json, started by Terraform
//
// A TEST DOUBLE of a provider. It returns the given schema, accepts every value, plans new resources with unknown
// computed attributes, and can do nothing else: no credentials, no network, no apply. It thus covers what Terraform
// itself checks against the schema.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

if (!process.env.TF_PLUGIN_MAGIC_COOKIE) {
  console.error('this is a plugin: only Terraform can start it');
  process.exit(2);
}

// test/e2e/terraform installs them into its temporary folder, because the project itself does not need them.
const require = createRequire(join(process.env.TERRAFORM_TEST_DOUBLE_MODULES, 'package.json'));
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const msgpack = require('@msgpack/msgpack');

/** Terraform's extension of MessagePack for values that are unknown before apply. */
const UNKNOWN = new msgpack.ExtData(0, new Uint8Array(1));

/** Returns the planned object: what the configuration leaves to the provider is unknown, at every depth. */
function plan(block, value) {
  for (const { name, computed } of block.attributes) {
    if (computed && value[name] === null) value[name] = UNKNOWN;
  }
  for (const { name, block: nested } of block.blocks) {
    for (const item of [value[name]].flat()) {
      if (item !== null && !(item instanceof msgpack.ExtData)) plan(nested, item);
    }
  }
  return value;
}

const typeOf = (type) => Buffer.from(JSON.stringify(type));

function attributeMessage({ name, type, object, required, optional, computed }) {
  const flags = { name, required, optional, computed };
  return object ? { ...flags, nested_type: { attributes: object.map(attributeMessage), nesting: 'SINGLE' } } : { ...flags, type: typeOf(type) };
}

function blockMessage({ attributes, blocks }) {
  return {
    attributes: attributes.map(attributeMessage),
    block_types: blocks.map(({ name, block, nesting, minItems, maxItems }) => (
      { type_name: name, block: blockMessage(block), nesting, min_items: minItems, max_items: maxItems })),
  };
}

const schemaMessage = (block) => ({ version: 0, block: blockMessage(block) });

const { provider, resources } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'terraform-provider-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

function serviceOf(proto, ...path) {
  const definition = loader.loadSync(join(import.meta.dirname, proto), { keepCase: true, longs: String, enums: String, defaults: true });
  return path.reduce((found, name) => found[name], grpc.loadPackageDefinition(definition)).service;
}

const nothing = (_call, answer) => answer(null, {});
const server = new grpc.Server();
server.addService(serviceOf('terraform.proto', 'tfplugin6', 'Provider'), {
  GetProviderSchema: (_call, answer) => answer(null, {
    provider: schemaMessage(provider),
    resource_schemas: Object.fromEntries(Object.entries(resources).map(([type, block]) => [type, schemaMessage(block)])),
  }),
  ValidateProviderConfig: nothing,
  ValidateResourceConfig: nothing,
  ConfigureProvider: nothing,
  PlanResourceChange: ({ request }, answer) => {
    const proposed = msgpack.decode(request.proposed_new_state.msgpack);
    answer(null, { planned_state: { msgpack: Buffer.from(msgpack.encode(plan(resources[request.type_name], proposed))) } });
  },
  StopProvider: nothing,
});
server.addService(serviceOf('terraform-controller.proto', 'plugin', 'GRPCController'), {
  Shutdown: (_call, answer) => {
    answer(null, {});
    setTimeout(() => process.exit(), 50);
  },
});

const socket = join(folder, 'provider.sock');
server.bindAsync(`unix:${socket}`, grpc.ServerCredentials.createInsecure(), (error) => {
  if (error) throw error;
  console.log(`1|6|unix|${socket}|grpc|`);
});
// Terraform ends its providers with Shutdown. If Terraform was killed, its provider ends here.
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(), 1000).unref();
