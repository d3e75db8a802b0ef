import { ApiObject, ApiObjectProps, Chart, Testing } from 'cdk8s';
import type { JsonObject } from '../../src/kubernetes/wire';
import { AppObjects } from '../../src/weave/app-objects';
import { deployment, newChart, sidecar } from '../pods';

const quota = (scope: Chart, id: string, namespace?: string) =>
  new ApiObject(scope, id, {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: id.toLowerCase(), namespace },
  });
const QUOTA = 'core/ResourceQuota';

test('finds objects by kind, namespace and name', () => {
  const chart = newChart();
  quota(chart, 'A', 'one');
  quota(chart, 'B', 'two');
  quota(chart, 'C');
  new ApiObject(chart, 'D', { apiVersion: 'example.com/v1', kind: 'ResourceQuota', metadata: { name: 'd' } });
  const objects = new AppObjects(chart.node.root);

  expect(objects.inNamespace(QUOTA, 'one').map(({ path }) => path)).toEqual(['chart/A']);
  expect(objects.inNamespace(QUOTA, undefined).map(({ path }) => path)).toEqual(['chart/C']);
  expect(objects.find(QUOTA, 'two', 'b')?.path).toBe('chart/B');
  expect(objects.find(QUOTA, 'one', 'b')).toBeUndefined();
});

test('finds items of a List, and those of a List in which pods are woven', () => {
  const chart = newChart();
  const items = [{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'a' } }];
  new ApiObject(chart, 'List', { apiVersion: 'v1', kind: 'List', items } as ApiObjectProps);
  deployment(chart);
  sidecar(chart).attachTo(chart);

  expect(new AppObjects(chart.node.root).find(QUOTA, undefined, 'a')?.json).toEqual(items[0]);
});

test('renders each object once, and only those of kinds that are asked for', () => {
  const chart = newChart();
  const counted = (object: ApiObject) => {
    const render = jest.fn(object.toJson.bind(object));
    Object.assign(object, { toJson: render });
    return render;
  };
  const [asked, other] = [counted(quota(chart, 'A')), counted(deployment(chart))];
  const objects = new AppObjects(chart.node.root);
  objects.inNamespace(QUOTA, undefined);
  objects.find(QUOTA, undefined, 'a');
  objects.grouped(QUOTA, 'kind', ({ kind }) => [kind], 'ResourceQuota');

  expect(asked).toHaveBeenCalledTimes(1);
  expect(other).not.toHaveBeenCalled();
});

test('an object that cannot be rendered is left out', () => {
  const chart = newChart();
  Object.assign(quota(chart, 'A'), {
    toJson: (): JsonObject => {
      throw new Error('broken');
    },
  });
  expect(new AppObjects(chart.node.root).inNamespace(QUOTA, undefined)).toEqual([]);
});

test('objects that are added between two syntheses count in the second', () => {
  const chart = newChart();
  sidecar(chart).attachTo(deployment(chart));
  Testing.synth(chart);
  new ApiObject(chart, 'Limits', {
    apiVersion: 'v1',
    kind: 'LimitRange',
    spec: { limits: [{ type: 'Container', max: { memory: '1Mi' } }] },
  } as ApiObjectProps);

  expect(() => Testing.synth(chart)).toThrow('allows memory of at most 1Mi');
});
