import { ApiObject, ApiObjectProps, Testing } from 'cdk8s';
import { DotnetDiagnosticsTmp } from '../../src';
import type { JsonObject } from '../../src/kubernetes/wire';
import { messageOf, newChart, podSpec, sidecar } from '../pods';

const mounted = podSpec({ volumeMounts: [{ name: 'scratch', mountPath: '/tmp' }] });
const claim = (storageClassName: string) => ({ accessModes: ['ReadWriteMany'], storageClassName });
const MESSAGE =
  "StatefulSet 'web' (chart/Web): the volume 'scratch' at '/tmp' is on Azure Files, which does not support sockets; " +
  'use an emptyDir there, or choose another mountPath';

/** A StatefulSet that mounts a claim at /tmp. */
function synthesized(volume: JsonObject | undefined, templates: JsonObject[], neighbour?: JsonObject, alone = false) {
  const chart = newChart();
  const spec = { ...mounted, ...(volume ? { volumes: [{ name: 'scratch', ...volume }] } : {}) };
  const web = new ApiObject(chart, 'Web', {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'web' },
    spec: { template: { spec }, volumeClaimTemplates: templates },
  } as ApiObjectProps);
  if (neighbour) new ApiObject(chart, 'Claim', neighbour as ApiObjectProps);
  if (alone) new DotnetDiagnosticsTmp(chart, 'Tmp').attachTo(web);
  else sidecar(chart).attachTo(web);
  return () => Testing.synth(chart);
}
const template = (storageClassName: string) => [{ metadata: { name: 'scratch' }, spec: claim(storageClassName) }];
const claimed = { persistentVolumeClaim: { claimName: 'scratch' } };
const object = (storageClassName: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'scratch' },
  spec: claim(storageClassName),
});

test('a volumeClaimTemplate on Azure Files is an error', () => {
  expect(messageOf(synthesized(undefined, template('azurefile-csi')))).toBe(`chart/ProcDump: ${MESSAGE}`);
  expect(messageOf(synthesized(undefined, template('azurefile-csi'), undefined, true))).toBe(`chart/Tmp: ${MESSAGE}`);
  expect(synthesized(undefined, template('managed-csi'))).not.toThrow();
});

test('a claim of the app on Azure Files is an error', () => {
  expect(messageOf(synthesized(claimed, [], object('azurefile')))).toBe(`chart/ProcDump: ${MESSAGE}`);
  expect(synthesized(claimed, [], object('managed-csi'))).not.toThrow();
  expect(synthesized(claimed, [])).not.toThrow();
});

test('a generic ephemeral volume on Azure Files is an error', () => {
  const volume = (name: string) => ({ ephemeral: { volumeClaimTemplate: { spec: claim(name) } } });
  expect(messageOf(synthesized(volume('azurefile-premium'), []))).toBe(`chart/ProcDump: ${MESSAGE}`);
  expect(synthesized(volume('managed'), [])).not.toThrow();
});
