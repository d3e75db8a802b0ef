import { Testing } from 'cdktf';
import { stacks } from './stacks';
import { addresses, terraformOf } from './synthesized';
import type { JsonObject } from '../../src/kubernetes/wire';

/* What holds for every combination. */

const all = Object.entries(stacks).map(([name, make]): [string, JsonObject] => [
  name,
  terraformOf(make(Testing.app())),
]);

describe.each(all)('%s', (title, terraform) => {
  const known = addresses(terraform);

  test('whatever is referred to is there', () => {
    const referred = [...JSON.stringify(terraform).matchAll(/\$\{([a-z_]+\.[A-Za-z0-9_-]+)\.[a-z_]+\}/g)].map(
      ([, address]) => address,
    );
    const named = Object.values<JsonObject>(terraform.resource)
      .flatMap((resources) => Object.values<JsonObject>(resources))
      .flatMap(({ depends_on: before = [], lifecycle }) => [...before, ...(lifecycle?.replace_triggered_by ?? [])]);
    expect(referred).not.toEqual([]);
    expect([...referred, ...named].filter((address) => !known.includes(address))).toEqual([]);
  });

  test('no secret is read, and so none is an output', () => {
    expect(JSON.stringify(terraform)).not.toMatch(
      /access_key[}"]|connection_string|primary_shared_key|secondary_shared_key|sas_token|client_secret/,
    );
    expect(terraform).not.toHaveProperty('data');
    const fields = [
      'authentication',
      'capacityGibibytes',
      'clientId',
      'driverVersion',
      'encryptInTransit',
      'protocol',
      'resourceGroupName',
      'serviceAccountName',
      'serviceAccountNamespaces',
      'shareName',
      'storageAccountName',
      'storageEndpointSuffix',
      'subscriptionId',
    ];
    const names = Object.keys(terraform.output).map((name) => name.replace(/^others_|_(payments|data-science)$/g, ''));
    expect(['clientId', 'principalId', 'share']).toEqual(expect.arrayContaining(names));
    const shares = Object.entries<JsonObject>(terraform.output).filter(([name]) => /share/.test(name));
    for (const [, { value }] of shares) expect(fields).toEqual(expect.arrayContaining(Object.keys(value)));
  });

  test('one account and one share each, one zone, and at most one configuration of each provider', () => {
    const storages = title.startsWith('two storages') ? 2 : 1;
    expect(Object.keys(terraform.resource.azurerm_storage_account)).toHaveLength(storages);
    expect(Object.keys(terraform.resource.azurerm_storage_share)).toHaveLength(storages);
    expect(Object.keys(terraform.resource.azurerm_private_dns_zone ?? {}).length).toBeLessThanOrEqual(1);
    for (const provider of Object.values<JsonObject[]>(terraform.provider)) expect(provider).toHaveLength(1);
  });
});

test.each(['defaults', 'strictest'])('the whole of %s', (name) => {
  expect(Object.fromEntries(all)[name]).toMatchSnapshot();
});

test.each(['index', 'lazy-index'])(
  'the whole provider is not loaded, which takes seconds and gigabytes: %s',
  (file) => {
    const load = jest.fn(() => ({}));
    jest.isolateModules(() => {
      jest.doMock(`@cdktf/provider-azurerm/lib/${file}.js`, load);
      jest.requireActual('../../src/azure');
      expect(load).not.toHaveBeenCalled();
      // as a careless import says it
      jest.requireMock(file === 'index' ? '@cdktf/provider-azurerm' : '@cdktf/provider-azurerm/lib/lazy-index');
      expect(load).toHaveBeenCalledTimes(1);
    });
  },
);
