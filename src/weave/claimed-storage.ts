import type { AppObjects } from './app-objects';
import type { Pod } from './pod';
import type { JsonObject } from '../kubernetes/wire';

/** The CSI driver of Azure Files. */
export const AZURE_FILES_DRIVER = 'file.csi.azure.com';
const AZURE_DISK_DRIVER = 'disk.csi.azure.com';

/** Drivers by their in-tree names, from before CSI. */
const IN_TREE: { readonly [provisioner: string]: string } = {
  'kubernetes.io/azure-file': AZURE_FILES_DRIVER,
  'kubernetes.io/azure-disk': AZURE_DISK_DRIVER,
};

/** Classes of every AKS cluster. @see https://learn.microsoft.com/azure/aks/concepts-storage#storage-classes */
const CLASSES_OF_AKS: { readonly [name: string]: string } = {
  ...Object.fromEntries(
    ['azurefile', 'azurefile-csi', 'azurefile-premium', 'azurefile-csi-premium'].map((name) => [
      name,
      AZURE_FILES_DRIVER,
    ]),
  ),
  ...Object.fromEntries(
    ['managed', 'managed-csi', 'managed-premium', 'managed-csi-premium'].map((name) => [name, AZURE_DISK_DRIVER]),
  ),
};

/** Returns the source of a volume of the pod. For a claim template, it is the claim that the controller creates. */
export function volumeNamed(name: string, { template, claimTemplates }: Pod): JsonObject | undefined {
  const claim = claimTemplates.find(({ metadata }) => metadata?.name === name);
  if (claim) return { ephemeral: { volumeClaimTemplate: claim } };
  return template.spec?.volumes?.find((volume) => volume.name === name);
}

/** Returns the driver that mounts a volume, if the app contains the information. */
export function driverOf(
  volume: JsonObject | undefined,
  { namespace }: Pick<Pod, 'namespace'>,
  objects: AppObjects,
): string | undefined {
  if (volume?.azureFile) return AZURE_FILES_DRIVER;
  if (volume?.csi) return volume.csi.driver;
  if (volume?.ephemeral) return driverOfClaim(volume.ephemeral.volumeClaimTemplate?.spec, objects);
  const claimName: string | undefined = volume?.persistentVolumeClaim?.claimName;
  if (claimName === undefined) return undefined;
  return driverOfClaim(objects.find('core/PersistentVolumeClaim', namespace, claimName)?.json.spec, objects);
}

function driverOfClaim(claim: JsonObject | undefined, objects: AppObjects): string | undefined {
  const { volumeName, storageClassName } = claim ?? {};
  const volume = named('core/PersistentVolume', volumeName, objects);
  if (volume) return volume.spec?.azureFile ? AZURE_FILES_DRIVER : volume.spec?.csi?.driver;
  const provisioner: string | undefined = named('storage.k8s.io/StorageClass', storageClassName, objects)?.provisioner;
  if (provisioner !== undefined) return IN_TREE[provisioner] ?? provisioner;
  return storageClassName === undefined ? undefined : CLASSES_OF_AKS[storageClassName];
}

/** Returns a cluster-scoped object. A chart sets its namespace on such objects too. */
function named(kind: string, name: string | undefined, objects: AppObjects): JsonObject | undefined {
  if (!name) return undefined;
  return objects.clusterScoped(kind, name)[0]?.json;
}
