// usage: terraform-break.mjs CDK.TF.JSON FOLDER
//
// Writes variants of a stack with one fault each, as FOLDER/NAME/cdk.tf.json, and Terraform's expected message, as
// FOLDER/NAME/expected.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [source, folder] = process.argv.slice(2);

const only = (stack, type) => Object.entries(stack.resource[type])[0];

const FAULTS = {
  'unknown-argument': ['Extraneous JSON object property', (stack) => {
    only(stack, 'azurerm_storage_share')[1].colour = 'red';
  }],
  'unknown-nested-argument': ['Extraneous JSON object property', (stack) => {
    only(stack, 'azurerm_storage_account')[1].network_rules.colour = 'red';
  }],
  'missing-argument': ['Missing required argument', (stack) => {
    delete only(stack, 'azurerm_storage_share')[1].quota;
  }],
  'wrong-type': ['Incorrect attribute value type', (stack) => {
    only(stack, 'azurerm_storage_share')[1].quota = 'large';
  }],
  'reference-to-no-attribute': ['Unsupported attribute', (stack) => {
    only(stack, 'azurerm_storage_share')[1].storage_account_id = `\${azurerm_storage_account.${only(stack, 'azurerm_storage_account')[0]}.colour}`;
  }],
  'reference-to-no-resource': ['Reference to undeclared resource', (stack) => {
    only(stack, 'azurerm_storage_share')[1].storage_account_id = '${azurerm_storage_account.absent.id}';
  }],
  'azapi-without-type': ['Missing required argument', (stack) => {
    delete only(stack, 'azapi_update_resource')[1].type;
  }],
};

for (const [name, [expected, harm]] of Object.entries(FAULTS)) {
  const stack = JSON.parse(readFileSync(source, 'utf8'));
  harm(stack);
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'cdk.tf.json'), JSON.stringify(stack));
  writeFileSync(join(folder, name, 'expected'), expected);
}
