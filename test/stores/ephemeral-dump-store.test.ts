import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { EphemeralDumpStore } from '../../src';
import { JsonObject } from '../../src/kubernetes/wire';
import { messageOf, newChart, rendered } from '../pods';

/** The volume that a pod of cdk8s-plus gets of a store. */
function mounted(scope: Construct, store: kplus.IStorage): JsonObject {
  const pod = new kplus.Pod(scope, 'Analysis', { containers: [{ image: 'analysis:1', name: 'analysis' }] });
  pod.containers[0].mount('/dumps', store);
  return rendered(scope, 'Pod').spec.volumes[0];
}

describe('EphemeralDumpStore', () => {
  test('by default has the size that the target needs, and each pod has its own', () => {
    expect(new EphemeralDumpStore(newChart(), 'Dumps').bindDumpStore()).toEqual({
      volume: { emptyDir: {} },
      shared: false,
    });
  });

  test('sizeLimit', () => {
    expect(
      new EphemeralDumpStore(newChart(), 'Dumps', { sizeLimit: Size.gibibytes(9) }).bindDumpStore().volume,
    ).toEqual({ emptyDir: { sizeLimit: '9Gi' } });
    expect(messageOf(() => new EphemeralDumpStore(newChart(), 'Dumps', { sizeLimit: Size.gibibytes(0) }))).toBe(
      'chart/Dumps: sizeLimit must be above 0, got 0Gi; give the size of the dumps of one pod',
    );
  });

  test('mounts in a pod of cdk8s-plus', () => {
    const chart = newChart();
    const store = new EphemeralDumpStore(chart, 'Dumps', { sizeLimit: Size.mebibytes(64) });
    expect(mounted(chart, store).emptyDir).toEqual({ sizeLimit: '64Mi' });
    expect(store.asVolume()).toBe(store.asVolume());
  });
});
