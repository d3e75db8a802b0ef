import { Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { ClaimDumpStore } from '../../src';
import { JsonObject } from '../../src/kubernetes/wire';
import { messageOf, newChart, rendered } from '../pods';

/** The volume that a pod of cdk8s-plus gets of a store. */
function mounted(scope: Construct, store: kplus.IStorage): JsonObject {
  const pod = new kplus.Pod(scope, 'Analysis', { containers: [{ image: 'analysis:1', name: 'analysis' }] });
  pod.containers[0].mount('/dumps', store);
  return rendered(scope, 'Pod').spec.volumes[0];
}

describe('ClaimDumpStore', () => {
  test('binds the claim and makes nothing', () => {
    const chart = newChart();
    const store = ClaimDumpStore.fromClaimName(chart, 'Dumps', 'dumps');
    expect(store.bindDumpStore('any')).toEqual({ volume: { persistentVolumeClaim: { claimName: 'dumps' } } });
    expect(Testing.synth(chart)).toEqual([]);
  });

  test('refuses another namespace than its own', () => {
    const store = ClaimDumpStore.fromClaimName(newChart({ namespace: 'prod' }), 'Dumps', 'dumps');
    expect(messageOf(() => store.bindDumpStore('dev'))).toBe(
      "chart/Dumps: claim 'dumps' is in namespace 'prod' and cannot be mounted in namespace 'dev'; import a claim " +
        'in a chart of that namespace, or use AzureFilesDumpStore, which makes a claim for each namespace',
    );
    expect(() => store.bindDumpStore('prod')).not.toThrow();
  });

  test('an empty name', () => {
    expect(messageOf(() => ClaimDumpStore.fromClaimName(newChart(), 'Dumps', ''))).toBe(
      'chart/Dumps: claimName must be a name of Kubernetes: lower-case letters, digits, dashes and dots, that start ' +
        'and end with a letter or digit, got ""',
    );
  });

  test('mounts in a pod of cdk8s-plus', () => {
    const chart = newChart();
    const store = ClaimDumpStore.fromClaimName(chart, 'Dumps', 'dumps');
    expect(mounted(chart, store).persistentVolumeClaim.claimName).toBe('dumps');
    expect(store.asVolume()).toBe(store.asVolume());
  });
});
