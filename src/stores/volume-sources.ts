import { Check } from '../input/check';
import { FLAG, mapOf, OBJECT, oneOf, TEXT } from '../input/checks';
import { Checks, required, struct } from '../input/struct';
import { parseQuantity } from '../kubernetes/quantity';

/*
 * Volumes that can hold dumps, in Kubernetes JSON. The API server ignores unknown fields, so the pod would get a
 * different volume than its store describes.
 *
 * https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume/
 */

interface FieldChecks {
  readonly [field: string]: Check;
}

const ANY_TEXT: Check = { expected: 'text', accepts: (value) => typeof value === 'string' };
const QUANTITY: Check = {
  expected: "a quantity of Kubernetes, for example '1Gi'",
  accepts: (value) =>
    (typeof value === 'string' || typeof value === 'number') && !/\s/.test(`${value}`) && parseQuantity(value)! >= 0,
};
const READ_ONLY: Check = { ...FLAG, expected: 'false, because dumps are written', accepts: (value) => value === false };

const FIELDS: { readonly [source: string]: Check } = {
  persistentVolumeClaim: fields({ claimName: TEXT }, { readOnly: READ_ONLY }),
  emptyDir: fields({}, { medium: ANY_TEXT, sizeLimit: QUANTITY }),
  hostPath: fields({ path: TEXT }, { type: oneOf(['', 'DirectoryOrCreate', 'Directory']) }),
  nfs: fields({ server: TEXT, path: TEXT }, { readOnly: READ_ONLY }),
  azureFile: fields({ secretName: TEXT, shareName: TEXT }, { readOnly: READ_ONLY }),
  csi: fields(
    { driver: TEXT },
    {
      fsType: ANY_TEXT,
      readOnly: READ_ONLY,
      volumeAttributes: mapOf(ANY_TEXT),
      nodePublishSecretRef: fields({ name: TEXT }, {}),
    },
  ),
  ephemeral: fields({ volumeClaimTemplate: fields({ spec: OBJECT }, { metadata: OBJECT }) }, {}),
};

/** Disks and file systems whose fields are not checked. */
const OTHERS = [
  'awsElasticBlockStore',
  'azureDisk',
  'cephfs',
  'cinder',
  'fc',
  'flexVolume',
  'gcePersistentDisk',
  'glusterfs',
  'iscsi',
  'portworxVolume',
  'quobyte',
  'rbd',
  'scaleIO',
  'storageos',
  'vsphereVolume',
];

/** The sources of a volume, with the fields that Kubernetes supports. */
export const VOLUME_SOURCE = fields({}, { ...FIELDS, ...Object.fromEntries(OTHERS.map((name) => [name, OBJECT])) });

function fields(needed: FieldChecks, optional: FieldChecks): Check {
  const all: { [field: string]: Check } = { ...optional };
  for (const [field, expectation] of Object.entries(needed)) all[field] = required(expectation);
  return struct(all as Checks<object>);
}
