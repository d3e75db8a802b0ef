import { AzureFilesDumpStore, AzureFilesProtocol, EphemeralDumpStore, IDumpStore } from '../../../src';
import { deployment, messageOf, newChart, podSpec, renderedPod, sidecar } from '../../pods';

function woven(hostUsers: boolean | undefined, storeOf: (chart: ReturnType<typeof newChart>) => IDumpStore) {
  const chart = newChart({ namespace: 'shop' });
  sidecar(chart, { store: storeOf(chart) }).attachTo(deployment(chart, 'Web', podSpec({}, { hostUsers })));
  return renderedPod(chart);
}

const dynamic = (chart: ReturnType<typeof newChart>) => new AzureFilesDumpStore(chart, 'Dumps');
const share = (protocol: AzureFilesProtocol) => (chart: ReturnType<typeof newChart>) =>
  AzureFilesDumpStore.fromShare(chart, 'Dumps', {
    share: { storageAccountName: 'contosodumps', resourceGroupName: 'rg-dumps', shareName: 'dumps', protocol },
  });

test.each([[dynamic], [share(AzureFilesProtocol.SMB)], [share(AzureFilesProtocol.NFS)]])(
  'a pod with a user namespace cannot mount Azure Files',
  (store) => {
    expect(messageOf(() => woven(false, store))).toBe(
      "chart/ProcDump: Deployment 'web' (chart/Web): the pod has hostUsers: false, which needs ID-mapped mounts, " +
        'but the file system of the dump store does not support them; remove hostUsers, or use another store, such ' +
        "as EphemeralDumpStore; or accept this with acknowledge: ['PD008']",
    );
    expect(() => woven(true, store)).not.toThrow();
    expect(() => woven(undefined, store)).not.toThrow();
  },
);

test('it can mount a volume on its node', () => {
  expect(() => woven(false, (chart) => new EphemeralDumpStore(chart, 'Dumps'))).not.toThrow();
});
