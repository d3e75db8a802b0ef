import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart, Include, Size, Testing } from 'cdk8s';
import { AzureFilesDumpStore } from '../../../src';
import type { JsonObject } from '../../../src/kubernetes/wire';
import { newChart } from '../../pods';

const SHARE = { storageAccountName: 'dumps', resourceGroupName: 'rg', shareName: 'dumps' };
type Define = (chart: Chart, capacity?: Size) => { claimName: string };
const STORES: [string, Define][] = [
  ['a class', (chart, capacity) => new AzureFilesDumpStore(chart, 'Dumps', { capacity })],
  ['an existing class', (chart) => new AzureFilesDumpStore(chart, 'Dumps', { storageClassName: 'azurefile-csi' })],
  ['a share', (chart, capacity) => AzureFilesDumpStore.fromShare(chart, 'Dumps', { share: { ...SHARE, capacity } })],
];

describe.each(STORES)('the names of %s', (_, define) => {
  const namesIn = (namespace?: string, capacity?: Size, id = 'chart') => {
    const chart = new Chart(new App(), id, { namespace });
    define(chart, capacity);
    return (Testing.synth(chart) as JsonObject[]).map(({ metadata }) => metadata.name);
  };

  test('differ by namespace, because only one app may own an object', () => {
    expect(namesIn('one').filter((name) => namesIn('two').includes(name))).toEqual([]);
    expect(namesIn('one')).toEqual(namesIn('one'));
  });

  test('differ by path', () => {
    expect(namesIn('one', undefined, 'other').filter((name) => namesIn('one').includes(name))).toEqual([]);
  });

  test('do not depend on the capacity, which may grow', () => {
    expect(namesIn('one', Size.gibibytes(200))).toEqual(namesIn('one'));
  });
});

test('an existing class has claims by its name', () => {
  const claimOf = (storageClassName: string) =>
    new AzureFilesDumpStore(newChart(), 'Dumps', { storageClassName }).claimName;
  expect(claimOf('azurefile')).not.toBe(claimOf('azurefile-csi'));
});

describe('objects of a store', () => {
  const namespaceOf = (scope: Chart, name: string) =>
    new ApiObject(scope, `Namespace-${name}`, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const kindsIn = (chart: Chart) => (Testing.synth(chart) as JsonObject[]).map(({ kind }) => kind);
  const LAST = ['Namespace', 'StorageClass', 'PersistentVolumeClaim'];

  test('come after their Namespace', () => {
    const chart = newChart({ namespace: 'shop' });
    new AzureFilesDumpStore(chart, 'Dumps');
    namespaceOf(chart, 'shop');

    expect(kindsIn(chart)).toEqual(LAST);
    expect(kindsIn(chart)).toEqual(LAST);
  });

  test('come after a Namespace that is added between two syntheses, or included', () => {
    const chart = newChart({ namespace: 'shop' });
    new AzureFilesDumpStore(chart, 'Dumps').asVolume();
    Testing.synth(chart);
    const file = join(mkdtempSync(join(tmpdir(), 'names-')), 'namespace.yaml');
    writeFileSync(file, 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n');
    new Include(chart, 'Included', { url: file });

    expect(kindsIn(chart)).toEqual(LAST);
  });

  test('do not depend on other Namespaces, nor on one of another chart', () => {
    const app = Testing.app();
    const chart = new Chart(app, 'chart', { namespace: 'shop' });
    new AzureFilesDumpStore(chart, 'Dumps');
    namespaceOf(chart, 'other');
    namespaceOf(new Chart(app, 'second'), 'shop');

    expect(kindsIn(chart)).toEqual(['StorageClass', 'PersistentVolumeClaim', 'Namespace']);
  });
});
