import { App, Chart } from 'cdk8s';
import { App as TerraformApp, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { readPublicApi } from './public-api';
import * as core from '../../src';
import * as azure from '../../src/azure';
import { messageOf } from '../pods';

type Call = (...args: unknown[]) => unknown;

/** The constructors and factories of constructs. The constructor of a share store is called by its factory. */
const CREATIONS = readPublicApi()
  .callables.filter(({ parameters: [scope, id] }) => scope?.name === 'scope' && id?.name === 'id')
  .map(({ name }) => name)
  .filter((name) => name !== 'new AzureFilesShareDumpStore');

function call(name: string): Call {
  const types = { ...core, ...azure } as unknown as { [name: string]: new (...args: unknown[]) => unknown };
  const [, constructed] = /^new (\w+)$/.exec(name) ?? [];
  if (constructed !== undefined) return (...args) => new types[constructed](...args);
  const [type, factory] = name.split('.');
  return (...args) => (types[type] as unknown as { [factory: string]: Call })[factory](...args);
}

const NEW = /^new (DumpStorage|DumpStorageStack)$/;
const scopeOf = (name: string) =>
  NEW.test(name) ? new TerraformStack(new TerraformApp(), 'stack') : new Chart(new App(), 'chart');

test('constructs of both halves are found', () => {
  expect(CREATIONS).toEqual(
    expect.arrayContaining(['new ProcDumpSidecar', 'ClaimDumpStore.fromClaimName', 'new DumpStorageStack']),
  );
  expect(CREATIONS).toHaveLength(10);
});

describe.each(CREATIONS)('%s', (name) => {
  const usage = `; write ${name}(`;

  test.each([
    ['text', 'team-dumps', 'scope must be a construct, got "team-dumps"'],
    ['nothing', undefined, 'scope is missing; expected a construct'],
    ['null', null, 'scope must be a construct, got null'],
    ['an object', {}, 'scope must be a construct, got {}'],
  ])('refuses %s as its scope', (_, scope, problem) => {
    expect(messageOf(() => call(name)(scope, 'Id', {}))).toContain(`${name}: ${problem}${usage}`);
  });

  test.each([
    ['props', { image: 'procdump:1' }, 'id must be text that is not empty, got {"image":"procdump:1"}'],
    ['nothing', undefined, 'id is missing; expected text that is not empty'],
    ['empty text', '', 'id must be text that is not empty, got ""'],
    ['a number', 5, 'id must be text that is not empty, got 5'],
  ])('refuses %s as its id', (_, id, problem) => {
    expect(messageOf(() => call(name)(scopeOf(name), id, {}))).toContain(`${name}: ${problem}${usage}`);
  });
});

test('names the whole call', () => {
  expect(messageOf(() => core.ClaimDumpStore.fromClaimName('team-dumps' as never, undefined as never, 'x'))).toBe(
    'ClaimDumpStore.fromClaimName: scope must be a construct, got "team-dumps"; write ' +
      "ClaimDumpStore.fromClaimName(chart, 'Dumps', …)",
  );
});

describe('a store on a claim', () => {
  const stores: [string, (scope: App | Chart) => unknown][] = [
    ['ClaimDumpStore.fromClaimName', (scope) => core.ClaimDumpStore.fromClaimName(scope, 'Dumps', 'dumps')],
    ['new AzureFilesDumpStore', (scope) => new core.AzureFilesDumpStore(scope, 'Dumps')],
    [
      'AzureFilesDumpStore.fromShare',
      (scope) =>
        core.AzureFilesDumpStore.fromShare(scope, 'Dumps', {
          share: { storageAccountName: 'dumps', resourceGroupName: 'rg', shareName: 'dumps' },
        }),
    ],
    [
      'AzureFilesDumpStore.fromStorageAccount',
      (scope) =>
        core.AzureFilesDumpStore.fromStorageAccount(scope, 'Dumps', {
          storageAccountName: 'dumps',
          resourceGroupName: 'rg',
        }),
    ],
  ];

  test.each(stores)('by %s must be in a chart', (name, make) => {
    expect(messageOf(() => make(new App()))).toContain(
      `${name}: scope must be in a chart, got the root construct of class App; write ${name}(chart, 'Dumps', `,
    );
    expect(() => make(new Chart(new App(), 'chart'))).not.toThrow();
  });

  test('on the node may be in an app', () => {
    expect(() => new core.EphemeralDumpStore(new App(), 'Dumps')).not.toThrow();
  });
});

test('a dump storage must be in a stack', () => {
  expect(messageOf(() => new azure.DumpStorage(new TerraformApp(), 'Dumps', {} as never))).toBe(
    'new DumpStorage: scope must be in a stack of CDKTF, got the root construct of class App; write new ' +
      "DumpStorage(stack, 'Dumps', { … })",
  );
});

test('a scope of another copy of constructs is a construct', () => {
  let other!: typeof import('constructs');
  jest.isolateModules(() => {
    other = jest.requireActual('constructs');
  });
  expect(other.Construct).not.toBe(Construct);
  const root = new other.Construct(undefined as never, '');
  expect(() => new core.EphemeralDumpStore(new other.Construct(root, 'scope'), 'Dumps')).not.toThrow();
});
