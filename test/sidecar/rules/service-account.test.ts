import { AzureFilesAccess, AzureFilesDumpStore } from '../../../src';
import { messageOf, newChart, podSpec, renderedPod, deployment, sidecar } from '../../pods';

/** The pod after attaching a sidecar whose store lets in the service account `dumps` alone. */
function woven(spec: object) {
  const chart = newChart({ namespace: 'shop' });
  const store = new AzureFilesDumpStore(chart, 'Dumps', {
    access: AzureFilesAccess.workloadIdentity({
      clientId: '11111111-2222-3333-4444-555555555555',
      serviceAccountName: 'dumps',
    }),
  });
  sidecar(chart, { store }).attachTo(deployment(chart, 'Web', podSpec({}, spec)));
  return renderedPod(chart);
}

test.each([{ serviceAccountName: 'dumps' }, { serviceAccount: 'dumps' }])('a pod that runs under it: %j', (spec) => {
  expect(woven(spec)).toMatchObject(spec);
});

test.each([
  [{ serviceAccountName: 'web' }, 'web'],
  [{}, 'default'],
  [{ serviceAccountName: 'web', serviceAccount: 'dumps' }, 'web'],
])('a pod that runs under another: %j', (spec, actual) => {
  expect(messageOf(() => woven(spec))).toBe(
    `chart/ProcDump: Deployment 'web' (chart/Web): the pod runs under service account '${actual}', but the ` +
      "workload identity of the dump store trusts only 'dumps'; set serviceAccountName 'dumps' in the pod, or give " +
      "AzureFilesAccess.workloadIdentity the pod's own service account",
  );
});

test('other stores let in any', () => {
  const chart = newChart();
  sidecar(chart, { store: new AzureFilesDumpStore(chart, 'Dumps') }).attachTo(deployment(chart));
  expect(() => renderedPod(chart)).not.toThrow();
});
