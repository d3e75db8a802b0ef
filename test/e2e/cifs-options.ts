import { Chart, Testing } from 'cdk8s';
import { AzureFilesDumpStore } from 'cdk8s-procdump';

/*
 * The mount options that the library writes into StorageClasses, one line each: a name, and the options as mount(8)
 * takes them.
 */

const ACCOUNT = { storageAccountName: 'contosodumps', resourceGroupName: 'rg-dumps' };
const OWNER = { uid: 1654, gid: 1654 };

interface StorageClass {
  readonly kind: string;
  readonly mountOptions: string[];
}

function optionsOf(define: (chart: Chart) => void): string {
  const chart = Testing.chart();
  define(chart);
  const objects = Testing.synth(chart) as StorageClass[];
  return objects.find(({ kind }) => kind === 'StorageClass')!.mountOptions.join(',');
}

console.log(
  'default',
  optionsOf((chart) => new AzureFilesDumpStore(chart, 'Store')),
);
console.log(
  'owned',
  optionsOf((chart) => AzureFilesDumpStore.fromStorageAccount(chart, 'Store', { ...ACCOUNT, ...OWNER })),
);
console.log(
  'private',
  optionsOf((chart) =>
    AzureFilesDumpStore.fromStorageAccount(chart, 'Store', {
      ...ACCOUNT,
      ...OWNER,
      directoryMode: '0700',
      fileMode: '0600',
    }),
  ),
);
