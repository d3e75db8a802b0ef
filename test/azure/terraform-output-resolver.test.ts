import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { App, Chart, Testing } from 'cdk8s';
import { TerraformOutput, TerraformStack, Testing as Terraform } from 'cdktf';
import { AzureFilesDumpStore } from '../../src';
import { TerraformOutputResolver } from '../../src/azure/terraform-output-resolver';
import { messageOf } from '../pods';

const folder = mkdtempSync(join(tmpdir(), 'outputs-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function outputs(content: object): string {
  const file = join(folder, `${files++}.json`);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

function identityStack() {
  const stack = new TerraformStack(Terraform.app(), 'stack');
  const identity = new UserAssignedIdentity(stack, 'Identity', { name: 'id', location: 'here', resourceGroupName: 'rg' });
  new TerraformOutput(stack, 'Other', { value: identity.principalId, staticId: true });
  return { stack, identity };
}

/** The manifest of a config map that holds the text. */
function rendered(resolver: TerraformOutputResolver, text: string) {
  const chart = new Chart(new App({ resolvers: [resolver] }), 'chart');
  AzureFilesDumpStore.fromShare(chart, 'Dumps', {
    share: { storageAccountName: 'dumps', resourceGroupName: 'rg', shareName: 'dumps', clientId: text },
  });
  return Testing.synth(chart).find(({ kind }) => kind === 'PersistentVolume').spec.csi.volumeAttributes.clientID;
}

test('a token gets the value of the output that has it', () => {
  const { stack, identity } = identityStack();
  new TerraformOutput(stack, 'ClientId', { value: identity.clientId, staticId: true });
  const file = outputs({ ClientId: { value: 'c-1' }, Other: { value: 'p-1' } });
  expect(rendered(new TerraformOutputResolver(stack, file), identity.clientId)).toBe('c-1');
});

test('an output whose name cdktf makes, and tokens inside a text', () => {
  const { stack, identity } = identityStack();
  const output = new TerraformOutput(stack, 'ClientId', { value: identity.clientId });
  const file = outputs({ [output.friendlyUniqueId]: { value: 'c-1' }, Other: { value: 'p-1' } });
  expect(rendered(new TerraformOutputResolver(stack, file), `a-${identity.clientId}-${identity.principalId}-z`)).toBe('a-c-1-p-1-z');
});

test('names that depend on the content are those of the resolved content', () => {
  const name = (clientId: string, resolver?: TerraformOutputResolver) => {
    const chart = new Chart(new App({ resolvers: resolver ? [resolver] : [] }), 'chart');
    return AzureFilesDumpStore.fromShare(chart, 'Dumps', { share: { storageAccountName: 'dumps', resourceGroupName: 'rg', shareName: 'dumps', clientId } }).claimName;
  };
  const { stack, identity } = identityStack();
  new TerraformOutput(stack, 'ClientId', { value: identity.clientId, staticId: true });
  expect(name(identity.clientId, new TerraformOutputResolver(stack, outputs({ ClientId: { value: 'c-1' } })))).toBe(name('c-1'));
});

test('a text without tokens needs no file', () => {
  expect(rendered(new TerraformOutputResolver(identityStack().stack, 'missing.json'), 'plain')).toBe('plain');
});

describe('says what is missing', () => {
  const withOutput = () => {
    const { stack, identity } = identityStack();
    new TerraformOutput(stack, 'ClientId', { value: identity.clientId, staticId: true });
    return { stack, identity };
  };

  test('the TerraformOutput', () => {
    const { stack, identity } = identityStack();
    expect(messageOf(() => rendered(new TerraformOutputResolver(stack, 'out.json'), identity.clientId))).toContain(
      "'${azurerm_user_assigned_identity.Identity.client_id}' is in a manifest, but stack 'stack' has no TerraformOutput with that value; add one, apply, and write "
      + "terraform output -json to 'out.json'");
  });

  test('the file', () => {
    const { stack, identity } = withOutput();
    expect(messageOf(() => rendered(new TerraformOutputResolver(stack, 'missing.json'), identity.clientId))).toContain(
      "found no file 'missing.json' with the outputs of stack 'stack'; apply the stack and run terraform output -json > missing.json");
  });

  test('the output in the file', () => {
    const { stack, identity } = withOutput();
    expect(messageOf(() => rendered(new TerraformOutputResolver(stack, outputs({})), identity.clientId))).toContain(
      "has no output 'ClientId', which a manifest needs for '${azurerm_user_assigned_identity.Identity.client_id}'");
  });

  test('a text in the output', () => {
    const { stack, identity } = withOutput();
    expect(messageOf(() => rendered(new TerraformOutputResolver(stack, outputs({ ClientId: { value: ['c-1'] } })), identity.clientId))).toContain("has no text in output 'ClientId'");
  });

  test('a resolver, where the app has none', () => {
    const { identity } = withOutput();
    const chart = new Chart(Testing.app(), 'chart');
    const share = { storageAccountName: 'dumps', resourceGroupName: 'rg', shareName: 'dumps', clientId: identity.clientId };
    expect(messageOf(() => AzureFilesDumpStore.fromShare(chart, 'Dumps', { share }))).toMatch(
      /^chart\/Dumps: '.*TfToken.*' holds a value that Terraform knows only after apply, and nothing in this app resolves it; give the App a resolver for it, such as azure.TerraformOutputResolver, or the value itself$/);
  });
});
