import { ApiObject, ApiObjectProps, App, Chart, JsonPatch, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { AzureFilesAccess, AzureFilesDumpStore } from '../../../src';
import { messageOf } from '../../pods';

const CLIENT = '11111111-2222-3333-4444-555555555555';
const OTHER = '66666666-7777-8888-9999-000000000000';
const SHARE = { storageAccountName: 'contosodumps', resourceGroupName: 'rg-dumps', shareName: 'dumps' };

function shop() {
  return new Chart(new App(), 'shop', { namespace: 'shop' });
}

function store(chart: Chart, id: string, options: object = {}) {
  return AzureFilesDumpStore.fromShare(chart, id, {
    share: SHARE,
    access: AzureFilesAccess.workloadIdentity({ clientId: CLIENT, serviceAccountName: 'webapi', ...options }),
  });
}

function serviceAccounts(chart: Chart) {
  return Testing.synth(chart)
    .filter(({ kind }) => kind === 'ServiceAccount')
    .map(({ metadata }) => [metadata.name, metadata.namespace]);
}

test('two stores with one identity define their service account once', () => {
  const chart = shop();
  store(chart, 'One').bindDumpStore('shop');
  new AzureFilesDumpStore(chart, 'Two', {
    access: AzureFilesAccess.workloadIdentity({ clientId: CLIENT, serviceAccountName: 'webapi' }),
  }).bindDumpStore('shop');
  expect(serviceAccounts(chart)).toEqual([['webapi', 'shop']]);
});

test('once in each namespace, and each name', () => {
  const chart = shop();
  for (const namespace of ['shop', 'bank']) store(chart, `One-${namespace}`).bindDumpStore(namespace);
  store(chart, 'Two', { clientId: OTHER, serviceAccountName: 'worker' }).bindDumpStore('shop');
  expect(serviceAccounts(chart).sort()).toEqual([
    ['webapi', 'bank'],
    ['webapi', 'shop'],
    ['worker', 'shop'],
  ]);
});

test('two identities of one service account', () => {
  const chart = shop();
  store(chart, 'One').bindDumpStore('shop');
  expect(messageOf(() => store(chart, 'Two', { clientId: OTHER }).bindDumpStore('shop'))).toBe(
    `shop/Two: service account 'webapi' in namespace 'shop' gets {"azure.workload.identity/client-id":"${OTHER}"} ` +
      `here and {"azure.workload.identity/client-id":"${CLIENT}"} by shop/One/ServiceAccount, but a service account ` +
      'represents one identity; give the stores the same identity, or service accounts of different names',
  );
});

describe('a service account of the user', () => {
  const remedy =
    'remove that definition, or keep only that one: AzureFilesAccess.workloadIdentity({ …, createServiceAccount: ' +
    'false })';
  const define = (chart: Chart) => new kplus.ServiceAccount(chart, 'Mine', { metadata: { name: 'webapi' } });

  test('keeps one that exists before the store', () => {
    const chart = shop();
    define(chart);
    expect(messageOf(() => store(chart, 'Dumps').bindDumpStore('shop'))).toBe(
      `shop/Dumps: service account 'webapi' in namespace 'shop' is also defined by shop/Mine/Resource; ${remedy}`,
    );
  });

  test('keeps one that is defined later', () => {
    const chart = shop();
    store(chart, 'Dumps').bindDumpStore('shop');
    define(chart);
    expect(messageOf(() => Testing.synth(chart))).toContain(
      "[shop/Dumps/ServiceAccount] service account 'webapi' in namespace 'shop' is also defined by " +
        `shop/Mine/Resource; ${remedy}`,
    );
  });

  test('keeps one that is defined before a store is bound', () => {
    const chart = shop();
    store(chart, 'Dumps');
    define(chart);
    expect(messageOf(() => Testing.synth(chart))).toContain(
      "service account 'webapi' in namespace 'shop' is also defined by shop/Mine/Resource",
    );
  });

  test('keeps one that exists before the second of two stores', () => {
    const chart = shop();
    store(chart, 'One', { serviceAccountName: 'worker' }).bindDumpStore('shop');
    define(chart);
    expect(messageOf(() => store(chart, 'Two').bindDumpStore('shop'))).toContain('is also defined by shop/Mine');
  });

  test('keeps one that is an item of a List, or has its name from a patch', () => {
    const list = shop();
    new ApiObject(list, 'List', {
      apiVersion: 'v1',
      kind: 'List',
      items: [{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'webapi', namespace: 'shop' } }],
    } as ApiObjectProps);
    store(list, 'Dumps');
    expect(messageOf(() => Testing.synth(list))).toContain('is also defined by shop/List; ');

    const patched = shop();
    const mine = new ApiObject(patched, 'Mine', { apiVersion: 'v1', kind: 'ServiceAccount' });
    mine.addJsonPatch(JsonPatch.replace('/metadata/name', 'webapi'));
    store(patched, 'Dumps');
    expect(messageOf(() => Testing.synth(patched))).toContain('is also defined by shop/Mine; ');
  });

  test('is left unchanged by the store', () => {
    const chart = shop();
    store(chart, 'Dumps', { createServiceAccount: false }).bindDumpStore('shop');
    define(chart);
    expect(serviceAccounts(chart)).toEqual([['webapi', 'shop']]);
  });

  test('of another namespace, or another kind of the name', () => {
    const chart = shop();
    store(chart, 'Dumps').bindDumpStore('shop');
    new ApiObject(chart, 'Elsewhere', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'webapi', namespace: 'bank' },
    });
    new ApiObject(chart, 'Theirs', {
      apiVersion: 'example.com/v1',
      kind: 'ServiceAccount',
      metadata: { name: 'webapi' },
    });
    expect(() => Testing.synth(chart)).not.toThrow();
  });
});
