import { ApiObject, ApiObjectProps, Testing } from 'cdk8s';
import { Neighbourhood, neighbourhood, said, WEB } from './neighbours';
import { AzureFilesDumpStore, IDumpStore } from '../../../src';
import type { JsonObject } from '../../../src/kubernetes/wire';
import { deployment, newChart, podSpec, sidecar } from '../../pods';

const store: IDumpStore = { bindDumpStore: () => ({ volume: { persistentVolumeClaim: { claimName: 'dumps' } } }) };
const claim = (spec: JsonObject, namespace?: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'dumps', namespace },
  spec,
});
const disk = claim({ storageClassName: 'managed-csi' });
const HINT =
  "PD011: if claim 'dumps' is on a disk, root owns its folders, and the sidecar, which runs as user 1654, can store " +
  'no dump; set securityContext.fsGroup of the pod, for example to 1654';
const ERROR =
  `${WEB}claim 'dumps' is on a disk (disk.csi.azure.com), where root owns the folders, so that the sidecar, which ` +
  'runs as user 1654, can store no dump; set securityContext.fsGroup of the pod, for example to 1654; or accept this ' +
  "with acknowledge: ['PD011']";

test.each<[string, Neighbourhood]>([
  ['is not in the app', {}],
  ['is in another namespace', { neighbour: claim({ storageClassName: 'managed-csi' }, 'other') }],
  ['has a class that is not in the app', { neighbour: claim({ storageClassName: 'mine' }) }],
])('a claim that %s is a hint', (_, world) => expect(said({ props: { store }, ...world })).toEqual({ hints: [HINT] }));

test('a claim on a disk is an error that can be accepted', () => {
  expect(said({ neighbour: disk, props: { store } })).toEqual({ error: ERROR });
  expect(said({ neighbour: disk, props: { store, acknowledge: ['PD011'] } })).toEqual({});
});

test('the class and the volume of the app tell the driver', () => {
  const saidWith = (spec: JsonObject, other: JsonObject) => {
    const { chart } = neighbourhood({ neighbour: claim(spec), props: { store } });
    new ApiObject(chart, 'Other', other as ApiObjectProps);
    return () => Testing.synth(chart);
  };
  const storageClass = (provisioner: string) => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'mine' },
    provisioner,
  });
  const volume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'pv' },
    spec: { csi: { driver: 'pd.csi.storage.gke.io' } },
  };
  expect(saidWith({ storageClassName: 'mine' }, storageClass('ebs.csi.aws.com'))).toThrow(
    'on a disk (ebs.csi.aws.com)',
  );
  expect(saidWith({ storageClassName: 'mine' }, storageClass('kubernetes.io/azure-file'))).not.toThrow();
  expect(saidWith({ volumeName: 'pv' }, volume)).toThrow('on a disk (pd.csi.storage.gke.io)');
});

test.each<[string, Neighbourhood]>([
  ['the pod has an fsGroup', { neighbour: disk, spec: podSpec({}, { securityContext: { fsGroup: 1 } }) }],
  ['the claim is on Azure Files', { neighbour: claim({ storageClassName: 'azurefile-csi' }) }],
  [
    'the store has writers',
    {
      neighbour: disk,
      props: { store: { bindDumpStore: () => ({ ...store.bindDumpStore(), writers: { uid: 1654 } }) } },
    },
  ],
  [
    'the store is no claim',
    { props: { store: { bindDumpStore: () => ({ volume: { nfs: { server: 'nfs', path: '/' } } }) } } },
  ],
])('nothing is wrong where %s', (_, world) => expect(said({ props: { store }, ...world })).toEqual({}));

test('nothing is said of the stores of this library', () => {
  const chart = newChart();
  const procdump = sidecar(chart, { store: new AzureFilesDumpStore(chart, 'Dumps') });
  procdump.attachTo(deployment(chart));

  expect(procdump.attachments[0].hints).toBeUndefined();
});
