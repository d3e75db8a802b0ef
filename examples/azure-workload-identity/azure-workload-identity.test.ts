import { join } from 'path';
import { Chart, Testing as Manifests } from 'cdk8s';
import { Testing as Terraform } from 'cdktf';
import { defineManifests, defineStorage } from './main';

const stack = defineStorage(Terraform.app());
const terraform = JSON.parse(Terraform.synth(stack));

function manifestOf(outputs: string) {
  return Manifests.synth(defineManifests(stack, outputs).node.findChild('shop') as Chart);
}

const manifest = manifestOf(join(__dirname, 'terraform-output.json'));
const find = (kind: string) => manifest.find((object) => object.kind === kind);

test('whole manifest', () => {
  expect(manifest).toMatchSnapshot();
});

test('the client id is the one of the file, in the volume and at the service account', () => {
  expect(find('PersistentVolume').spec.csi.volumeAttributes).toMatchObject({
    mountWithWorkloadIdentityToken: 'true',
    clientID: '55555555-5555-5555-5555-555555555555',
  });
  expect(find('ServiceAccount').metadata.annotations).toEqual({
    'azure.workload.identity/client-id': '55555555-5555-5555-5555-555555555555',
  });
});

test('the identity trusts the service account of the pod', () => {
  const [credential] = Object.values<{ subject: string }>(terraform.resource.azurerm_federated_identity_credential);
  const { name, namespace } = find('ServiceAccount').metadata;
  expect(credential.subject).toBe(`system:serviceaccount:${namespace}:${name}`);
  expect(find('Deployment').spec.template.spec.serviceAccountName).toBe(name);
});

test('without the file synthesis says what to do', () => {
  expect(() => manifestOf('missing.json')).toThrow(
    "found no file 'missing.json' with the outputs of stack 'dumps'; apply the stack and run terraform output " +
      '-json > missing.json',
  );
});
