// usage: terraform-plan.mjs CDK.TF.JSON PLAN.json
//
// Checks the output of `terraform show -json` for a plan: it creates every resource of the stack, does nothing else,
// and every reference has a value.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const [stack, plan] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const defined = Object.entries(stack.resource).flatMap(([type, resources]) => Object.keys(resources).map((name) => `${type}.${name}`));
const planned = new Map(plan.resource_changes.map(({ address, change }) => [address, change]));
assert.deepEqual([...planned.keys()].sort(), defined.sort());

let references = 0;

/**
 * Checks that a reference has a value or is known after apply. Blocks that may occur once are objects here and lists in
 * the plan.
 */
function follow(path, configured, after, unknown) {
  if (unknown === true) {
    references += JSON.stringify(configured).includes('${') ? 1 : 0;
  } else if (typeof configured === 'string') {
    assert.notEqual(after ?? null, null, `${path} (${configured}) is absent from the plan`);
    references += configured.includes('${') ? 1 : 0;
  } else if (Array.isArray(configured)) {
    assert.equal(after?.length, configured.length, `${path} has other elements in the plan`);
    configured.forEach((item, i) => follow(`${path}[${i}]`, item, after[i], unknown?.[i]));
  } else if (configured !== null && typeof configured === 'object') {
    const [value, unknowns] = Array.isArray(after) ? [after[0], unknown?.[0]] : [after, unknown];
    for (const [key, item] of Object.entries(configured)) follow(`${path}.${key}`, item, value?.[key], unknowns?.[key]);
  }
}

const META = new Set(['//', 'depends_on', 'lifecycle', 'provider', 'provisioner', 'connection', 'count', 'for_each']);
for (const [type, resources] of Object.entries(stack.resource)) {
  for (const [name, resource] of Object.entries(resources)) {
    const address = `${type}.${name}`, { actions, after, after_unknown: unknown } = planned.get(address);
    assert.deepEqual(actions, ['create'], address);
    for (const [key, item] of Object.entries(resource)) {
      if (!META.has(key)) follow(`${address}.${key}`, item, after[key], unknown[key]);
    }
  }
}

// Manifests are written before apply, so the names in this output must not depend on it.
const { after: share, after_unknown: unknownInShare } = plan.output_changes.share;
for (const name of ['storageAccountName', 'resourceGroupName', 'shareName']) {
  assert.equal(typeof share[name], 'string', `output share: ${name} is not known at plan`);
}
assert.ok(unknownInShare === false || typeof unknownInShare === 'object', 'output share is not known at plan');
console.log(`${defined.length} resources, ${references} references`);
