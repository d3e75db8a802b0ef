import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { App, Chart, Testing } from 'cdk8s';
import { Fn, TerraformOutput, TerraformStack, Testing as Terraform } from 'cdktf';
import { NETWORK } from './stacks';
import { AzureFilesAccess, AzureFilesDumpStore } from '../../src';
import { DumpStorageAccess, DumpStorageNetwork, DumpStorageStack, TerraformOutputResolver } from '../../src/azure';
import { messageOf } from '../pods';

const folder = mkdtempSync(join(tmpdir(), 'outputs-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const CLIENT = '11111111-2222-3333-4444-555555555555';
const OTHER_CLIENT = '66666666-7777-8888-9999-000000000000';

function outputs(content: object): string {
  return written(JSON.stringify(content));
}

function written(content: string | Buffer): string {
  const file = join(folder, `${files++}.json`);
  writeFileSync(file, content);
  return file;
}

function identityStack() {
  const stack = new TerraformStack(Terraform.app(), 'stack');
  const identity = new UserAssignedIdentity(stack, 'Identity', {
    name: 'id',
    location: 'here',
    resourceGroupName: 'rg',
  });
  new TerraformOutput(stack, 'Other', { value: identity.principalId, staticId: true });
  return { stack, identity };
}

/** A text of the manifest as it is after the resolver. */
function rendered(resolver: TerraformOutputResolver, text: string) {
  const chart = new Chart(new App({ resolvers: [resolver] }), 'chart');
  AzureFilesDumpStore.fromShare(chart, 'Dumps', {
    share: { storageAccountName: 'dumps', resourceGroupName: 'rg', shareName: 'dumps' },
    access: AzureFilesAccess.managedIdentity(),
    server: text,
  });
  return Testing.synth(chart).find(({ kind }) => kind === 'PersistentVolume').spec.csi.volumeAttributes.server;
}

test('a token gets the value of the output that has it', () => {
  const { stack, identity } = identityStack();
  new TerraformOutput(stack, 'ClientId', { value: identity.clientId, staticId: true });
  const file = outputs({ ClientId: { value: CLIENT }, Other: { value: 'p-1' } });
  expect(rendered(new TerraformOutputResolver(stack, file), identity.clientId)).toBe(CLIENT);
});

test('an output whose name cdktf makes, and tokens inside a text', () => {
  const { stack, identity } = identityStack();
  const output = new TerraformOutput(stack, 'ClientId', { value: identity.clientId });
  const file = outputs({ [output.friendlyUniqueId]: { value: CLIENT }, Other: { value: 'p-1' } });
  expect(rendered(new TerraformOutputResolver(stack, file), `a-${identity.clientId}-${identity.principalId}-z`)).toBe(
    `a-${CLIENT}-p-1-z`,
  );
});

test('names that depend on the content are those of the resolved content', () => {
  const name = (clientId: string, resolver?: TerraformOutputResolver) => {
    const chart = new Chart(new App({ resolvers: resolver ? [resolver] : [] }), 'chart');
    return AzureFilesDumpStore.fromShare(chart, 'Dumps', {
      share: { storageAccountName: 'dumps', resourceGroupName: 'rg', shareName: 'dumps', clientId },
    }).claimName;
  };
  const { stack, identity } = identityStack();
  new TerraformOutput(stack, 'ClientId', { value: identity.clientId, staticId: true });
  expect(name(identity.clientId, new TerraformOutputResolver(stack, outputs({ ClientId: { value: CLIENT } })))).toBe(
    name(CLIENT),
  );
});

test('a text without tokens needs no file', () => {
  expect(rendered(new TerraformOutputResolver(identityStack().stack, 'missing.json'), 'plain')).toBe('plain');
});

describe('stacks whose resources have equal names', () => {
  const terraform = () => {
    const app = Terraform.app();
    const [one, two] = ['one', 'two'].map(
      (id) =>
        new DumpStorageStack(app, id, {
          subscriptionId: '00000000-0000-0000-0000-000000000000',
          location: 'westeurope',
          storageAccountName: `contoso${id}`,
          network: DumpStorageNetwork.subnets({ subnetIds: [`${NETWORK}/subnets/nodes`] }),
          access: DumpStorageAccess.managedIdentity(),
        }),
    );
    return { one, two };
  };
  const resolverOf = (stack: TerraformStack, clientId: string) =>
    new TerraformOutputResolver(stack, outputs({ clientId: { value: clientId } }));
  const clientOf = (resolvers: TerraformOutputResolver[], { share }: DumpStorageStack) => {
    const chart = new Chart(new App({ resolvers }), 'chart', { namespace: 'shop' });
    AzureFilesDumpStore.fromShare(chart, 'Dumps', { share });
    return Testing.synth(chart).find(({ kind }) => kind === 'PersistentVolume').spec.csi.volumeAttributes.clientID;
  };

  test.each(['in this order', 'in the other'])('each gets its own value, with the resolvers %s', (order) => {
    const { one, two } = terraform();
    const resolvers = [resolverOf(one, CLIENT), resolverOf(two, OTHER_CLIENT)];
    if (order === 'in the other') resolvers.reverse();
    expect([clientOf(resolvers, one), clientOf(resolvers, two)]).toEqual([CLIENT, OTHER_CLIENT]);
  });

  test('without a resolver of its stack a value stays unresolved', () => {
    const { one, two } = terraform();
    expect(messageOf(() => clientOf([resolverOf(one, CLIENT)], two))).toMatch(
      /^chart\/Dumps: share\.clientId holds a value that Terraform knows only after apply \('\$\{TfToken\[TOKEN\.\d+\]\}'\), but nothing in this app resolves it;/,
    );
  });

  test('an output of one may have a value of the other', () => {
    const { one, two } = terraform();
    new TerraformOutput(one, 'theirs', { value: two.storage.clientId, staticId: true });
    const resolver = new TerraformOutputResolver(
      one,
      outputs({ clientId: { value: CLIENT }, theirs: { value: OTHER_CLIENT } }),
    );
    expect([clientOf([resolver], one), clientOf([resolver], two)]).toEqual([CLIENT, OTHER_CLIENT]);
  });

  test('a value inside an expression counts', () => {
    const { one, two } = terraform();
    new TerraformOutput(one, 'upper', { value: Fn.upper(one.storage.clientId!), staticId: true });
    const resolver = new TerraformOutputResolver(one, outputs({ upper: { value: CLIENT } }));
    const share = (clientId: string) => ({ share: { ...one.share, clientId } }) as DumpStorageStack;
    expect(clientOf([resolver], share(Fn.upper(one.storage.clientId!)))).toBe(CLIENT);
    expect(messageOf(() => clientOf([resolver], share(Fn.upper(two.storage.clientId!))))).toContain(
      'nothing in this app resolves it',
    );
  });
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
      "'${azurerm_user_assigned_identity.Identity.client_id}' is used in a manifest, but stack 'stack' has no " +
        "TerraformOutput with that value; add one, apply, and write terraform output -json to 'out.json'",
    );
  });

  test('the file', () => {
    const { stack, identity } = withOutput();
    expect(messageOf(() => rendered(new TerraformOutputResolver(stack, 'missing.json'), identity.clientId))).toContain(
      "found no file 'missing.json' with the outputs of stack 'stack'; apply the stack and run terraform output " +
        '-json > missing.json',
    );
  });

  test('the output in the file', () => {
    const { stack, identity } = withOutput();
    expect(messageOf(() => rendered(new TerraformOutputResolver(stack, outputs({})), identity.clientId))).toContain(
      "has no output 'ClientId', which a manifest needs for '${azurerm_user_assigned_identity.Identity.client_id}'",
    );
  });

  test('a text in the output', () => {
    const { stack, identity } = withOutput();
    expect(
      messageOf(() =>
        rendered(new TerraformOutputResolver(stack, outputs({ ClientId: { value: [CLIENT] } })), identity.clientId),
      ),
    ).toContain("has no text in output 'ClientId'");
  });

  test('a value in the output that is not empty', () => {
    const { stack, identity } = withOutput();
    expect(
      messageOf(() =>
        rendered(new TerraformOutputResolver(stack, outputs({ ClientId: { value: '' } })), identity.clientId),
      ),
    ).toContain("has an empty text in output 'ClientId'");
  });

  test.each<[string, string | Buffer, (file: string) => string]>([
    [
      'outputs in the file',
      ' \n',
      (file) =>
        `'${file}' is empty, but must hold the outputs of stack 'stack'; apply stack 'stack' and run terraform ` +
        `output -json > ${file}`,
    ],
    [
      'JSON',
      'Error: no state',
      (file) =>
        `'${file}' must be a JSON object, as terraform output -json writes it, got "Error: no state"; apply stack ` +
        `'stack' and run terraform output -json > ${file}`,
    ],
    [
      'an object',
      'null',
      (file) =>
        `'${file}' must be a JSON object, as terraform output -json writes it, got "null"; apply stack 'stack' and ` +
        `run terraform output -json > ${file}`,
    ],
    [
      'UTF-8',
      Buffer.from('\uFEFF{}', 'utf16le'),
      (file) =>
        `'${file}' is UTF-16, as > of Windows PowerShell writes it, but must be UTF-8; run terraform output -json | ` +
        `Out-File -Encoding utf8 ${file}`,
    ],
  ])('%s', (_, content, message) => {
    const { stack, identity } = withOutput();
    const file = written(content);
    expect(messageOf(() => rendered(new TerraformOutputResolver(stack, file), identity.clientId))).toContain(
      message(file),
    );
  });

  test('nothing, where UTF-8 begins with its mark', () => {
    const { stack, identity } = withOutput();
    const file = written(`\uFEFF${JSON.stringify({ ClientId: { value: CLIENT } })}`);
    expect(rendered(new TerraformOutputResolver(stack, file), identity.clientId)).toBe(CLIENT);
  });

  test('a resolver, where the app has none', () => {
    const { identity } = withOutput();
    const chart = new Chart(Testing.app(), 'chart');
    const share = {
      storageAccountName: 'dumps',
      resourceGroupName: 'rg',
      shareName: 'dumps',
      clientId: identity.clientId,
    };
    expect(messageOf(() => AzureFilesDumpStore.fromShare(chart, 'Dumps', { share }))).toMatch(
      /^chart\/Dumps: share\.clientId holds a value that Terraform knows only after apply \('.*TfToken.*'\), but nothing in this app resolves it; give the App a resolver, such as azure.TerraformOutputResolver, or use the value itself$/,
    );
  });
});

describe('the file of another environment', () => {
  const storage = () =>
    new DumpStorageStack(Terraform.app(), 'dumps', {
      subscriptionId: '00000000-0000-0000-0000-000000000000',
      location: 'westeurope',
      storageAccountName: 'contosotest',
      network: DumpStorageNetwork.subnets({ subnetIds: [`${NETWORK}/subnets/nodes`] }),
      access: DumpStorageAccess.workloadIdentity({
        oidcIssuerUrl: 'https://issuer.example/',
        serviceAccountName: 'webapi',
        namespaces: ['shop', 'bank'],
      }),
    });
  const SHARE = {
    storageAccountName: 'contosotest',
    resourceGroupName: 'rg-contosotest',
    shareName: 'dumps',
    subscriptionId: '00000000-0000-0000-0000-000000000000',
    protocol: 'smb',
    authentication: 'WorkloadIdentity',
    clientId: CLIENT,
    serviceAccountName: 'webapi',
    serviceAccountNamespaces: ['bank', 'shop'],
  };
  const fileWith = (share: object, clientId = CLIENT) =>
    outputs({ share: { value: { ...SHARE, ...share } }, clientId: { value: clientId } });
  const manifestsWith = (file: string) => {
    const stack = storage();
    const app = new App({ resolvers: [new TerraformOutputResolver(stack, file)] });
    AzureFilesDumpStore.fromShare(new Chart(app, 'chart', { namespace: 'shop' }), 'Dumps', { share: stack.share });
  };

  test('is no file of its own', () => {
    expect(() => manifestsWith(fileWith({}))).not.toThrow();
    expect(() => manifestsWith(fileWith({ capacityGibibytes: 5, driverVersion: '1.35.2' }))).not.toThrow();
  });

  test.each([
    ['storageAccountName', 'contosoprod', '"contosoprod"', '"contosotest"'],
    ['shareName', 'crashes', '"crashes"', '"dumps"'],
    ['resourceGroupName', 'rg-prod', '"rg-prod"', '"rg-contosotest"'],
    ['subscriptionId', OTHER_CLIENT, `"${OTHER_CLIENT}"`, '"00000000-0000-0000-0000-000000000000"'],
    ['serviceAccountName', 'web', '"web"', '"webapi"'],
    ['serviceAccountNamespaces', ['shop'], '["shop"]', '["bank","shop"]'],
  ])('has another %s', (field, value, theirs, ours) => {
    const file = fileWith({ [field]: value });
    expect(messageOf(() => manifestsWith(file))).toContain(
      `'${file}' has ${field} ${theirs} in output 'share', but the stack has ${ours}; expected the outputs of this ` +
        'stack as it is now; take the file of its environment, or apply the stack and write terraform output -json ' +
        'to it again',
    );
  });

  test('has two client ids', () => {
    const file = fileWith({}, OTHER_CLIENT);
    expect(messageOf(() => manifestsWith(file))).toContain(
      `'${file}' has clientId "${CLIENT}" in output 'share', but "${OTHER_CLIENT}" as output of its own; expected ` +
        'one identity; write terraform output -json to it again',
    );
  });

  test('is what cdktf output writes', () => {
    const file = outputs({ dumps: { clientId: CLIENT, share: SHARE } });
    expect(messageOf(() => manifestsWith(file))).toContain(
      `'${file}' has the outputs below 'dumps', as cdktf output --outputs-file writes them; expected those of ` +
        `terraform output -json; run terraform -chdir=cdktf.out/stacks/dumps output -json > ${file}`,
    );
  });
});
