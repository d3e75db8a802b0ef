import { App as ManifestApp, Testing as Manifests } from 'cdk8s';
import { Testing as Terraform } from 'cdktf';
import { defineStorage, ShopChart } from './main';

const stack = defineStorage(Terraform.app());
const terraform = JSON.parse(Terraform.synth(stack));
const manifest = Manifests.synth(new ShopChart(new ManifestApp(), 'shop', stack.share));
const volume = manifest.find(({ kind }) => kind === 'PersistentVolume').spec;

test('whole manifest', () => {
  expect(manifest).toMatchSnapshot();
});

test('the names in the manifest are those of the resources', () => {
  const [account] = Object.values<{ name: string }>(terraform.resource.azurerm_storage_account);
  const [share] = Object.values<{ name: string }>(terraform.resource.azurerm_storage_share);
  expect(volume.csi.volumeAttributes).toMatchObject({ storageAccount: account.name, shareName: share.name });
  expect(volume.capacity).toEqual({ storage: '256Gi' });
});

test('nodes mount as the identity that has the role', () => {
  const roles = Object.values<{ role_definition_name: string; principal_id: string }>(
    terraform.resource.azurerm_role_assignment,
  );
  expect(roles).toContainEqual(
    expect.objectContaining({
      role_definition_name: 'Storage File Data SMB MI Admin',
      principal_id: '22222222-2222-2222-2222-222222222222',
    }),
  );
  expect(volume.csi.volumeAttributes).toMatchObject({
    mountWithManagedIdentity: 'true',
    clientID: '11111111-1111-1111-1111-111111111111',
  });
});
