import { Lazy, Size, Testing } from 'cdk8s';
import {
  AzureFilesAccess,
  AzureFilesDumpStore,
  AzureFilesDumpStoreProps,
  DumpStoreBinding,
  EphemeralDumpStore,
} from '../../src';
import { DumpStorageAccess } from '../../src/azure';
import { deployment, messageOf, newChart, sidecar } from '../pods';

const GUID = '00000000-0000-0000-0000-00000000000a';

const store = (props: AzureFilesDumpStoreProps) => () => new AzureFilesDumpStore(newChart(), 'D', props);

describe('a parameter of AzureFilesDumpStore', () => {
  const needed = { resourceGroup: 'rg' };

  test.each<[keyof AzureFilesDumpStoreProps, unknown, unknown, object?]>([
    ['storageAccount', 'Bad_Name', 'dumps1', needed],
    ['resourceGroup', 'rg.', 'rg.1'],
    ['subscriptionId', 'my-subscription', GUID, needed],
    ['clientId', 'me', GUID, { mountWithManagedIdentity: true }],
    ['tenantId', `${GUID} `, GUID, { mountWithManagedIdentity: true }],
    ['location', ' ', 'West Europe'],
    ['location', 'west-europe', 'westeurope'],
    ['folderName', '', 'a'],
    ['server', 'https://a b/', 'dumps.file.core.windows.net'],
    ['storageEndpointSuffix', '.core.windows.net', 'core.windows.net'],
    ['secretName', 'A', 'a.b'],
    ['secretNamespace', 'a.b', 'a'],
    ['vnetName', 'v', 'v1'],
    ['vnetLinkName', '-', 'a'],
    ['vnetResourceGroup', 'a b', 'a_b'],
  ])('%s is not %j', (prop, wrong, right, others = {}) => {
    expect(messageOf(store({ ...others, [prop]: wrong }))).toMatch(new RegExp(`^chart/D: ${prop} must be `));
    expect(store({ ...others, [prop]: right })).not.toThrow();
  });

  test.each([
    ['uid=abc', 'uid=5'],
    ['gid=4294967295', 'gid=4294967294'],
    ['dir_mode=770', 'dir_mode=0770'],
  ])('mount option %s is an error', (wrong, right) => {
    expect(messageOf(store({ mountOptions: [wrong] }))).toMatch(/^chart\/D: mount option '\w+' must be /);
    expect(store({ mountOptions: [right] })).not.toThrow();
  });

  test('access of the Azure half is not that of the store', () => {
    const access = DumpStorageAccess.accountKey() as unknown as AzureFilesAccess;
    expect(messageOf(store({ access }))).toContain('access must be a value made by a factory of AzureFilesAccess');
  });
});

describe('a volume of bindDumpStore', () => {
  const attached = (volume: unknown) => () => {
    const chart = newChart();
    const bound = { bindDumpStore: () => ({ volume }) as DumpStoreBinding };
    sidecar(chart, { store: bound }).attachTo(deployment(chart));
    return Testing.synth(chart);
  };
  const circle: { emptyDir: { self?: unknown } } = { emptyDir: {} };
  circle.emptyDir.self = circle;

  test.each([
    ['an unknown source', { persistentVolumeclaim: { claimName: 'x' } }, "did you mean 'persistentVolumeClaim'?"],
    ['text as a source', { persistentVolumeClaim: 'x' }, 'persistentVolumeClaim must be an object of props'],
    ['a claim without a name', { persistentVolumeClaim: {} }, 'persistentVolumeClaim.claimName is missing'],
    ['a misspelled field', { nfs: { server: 'a', path: '/', readonly: false } }, "did you mean 'readOnly'?"],
    ['a read-only mount', { nfs: { server: 'a', path: '/', readOnly: true } }, 'must be false'],
    ['a size that is none', { emptyDir: { sizeLimit: 'big' } }, 'emptyDir.sizeLimit must be a quantity'],
    ['a volume that cannot be written', { configMap: { name: 'x' } }, "there is no prop 'configMap'"],
    ['a circle', circle, 'an object that contains itself'],
    ['a Lazy that gives nothing', Lazy.any({ produce: () => undefined }), 'is missing'],
  ])('is not %s', (_, volume, message) => {
    expect(messageOf(attached(volume))).toContain(message);
  });

  test.each([
    [{ nfs: { server: 'a', path: '/', readOnly: false } }],
    [{ csi: { driver: 'x', volumeAttributes: { a: 'b' }, nodePublishSecretRef: { name: 's' } } }],
    [{ azureFile: { secretName: 's', shareName: 'n' } }],
    [{ ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'] } } } }],
    [{ cephfs: { monitors: ['a'] } }],
  ])('may be %j', (volume) => {
    expect(JSON.stringify(attached(volume)())).toContain(JSON.stringify(volume).slice(1, -1));
  });
});

test('a prop that copies of the object would lose is an error', () => {
  const inherited = Object.create({ sizeLimit: Size.gibibytes(9) }) as object;
  expect(messageOf(() => new EphemeralDumpStore(newChart(), 'D', inherited))).toBe(
    'chart/D: sizeLimit is inherited or hidden, and copies of the object would lose it; expected a field of the ' +
      'object itself; write { sizeLimit: … }',
  );
  const getter = { get sizeLimit() { return Size.gibibytes(9); } }; // prettier-ignore
  expect(() => new EphemeralDumpStore(newChart(), 'D', getter)).not.toThrow();
});
