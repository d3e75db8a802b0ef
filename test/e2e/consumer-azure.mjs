// usage: consumer-azure.mjs names PROJECT          the Terraform and the manifest of examples/azure-stack name the same things
//        consumer-azure.mjs same PROJECT PROJECT   two projects wrote the same Terraform and the same manifest
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { comparable } from './terraform-comparable.mjs';

const terraformOf = (project) => JSON.parse(readFileSync(join(project, 'cdktf.out/stacks/dumps/cdk.tf.json'), 'utf8'));
const manifestOf = (project) => parseAllDocuments(readFileSync(join(project, 'dist/azure/shop.k8s.yaml'), 'utf8')).map((document) => document.toJS());

function names(project) {
  const { resource, provider } = terraformOf(project);
  const only = (type) => {
    const found = Object.values(resource[type]);
    assert.equal(found.length, 1, `${type} occurs ${found.length} times`);
    return found[0];
  };
  const volume = manifestOf(project).find(({ kind }) => kind === 'PersistentVolume');
  const { resourceGroup, storageAccount, shareName, subscriptionID } = volume.spec.csi.volumeAttributes;
  assert.deepEqual({ resourceGroup, storageAccount, shareName, subscriptionID, capacity: volume.spec.capacity.storage }, {
    resourceGroup: only('azurerm_resource_group').name,
    storageAccount: only('azurerm_storage_account').name,
    shareName: only('azurerm_storage_share').name,
    subscriptionID: provider.azurerm[0].subscription_id,
    capacity: `${only('azurerm_storage_share').quota}Gi`,
  });
}

function same(project, other) {
  assert.deepEqual(comparable(terraformOf(project)), comparable(terraformOf(other)));
  assert.deepEqual(manifestOf(project), manifestOf(other));
}

const [proof, ...projects] = process.argv.slice(2);
({ names, same })[proof](...projects);
