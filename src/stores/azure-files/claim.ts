import type { Size } from 'cdk8s';
import type { AzureFilesAccess } from './access';
import type { MountOptions } from './mount-options';
import type { DumpStoreBinding } from '../dump-store';

/** The CSI driver of Azure Files. */
export const AZURE_FILES_DRIVER = 'file.csi.azure.com';

/**
 * Returns the binding of a claim on Azure Files. `mountOptions` is undefined if an existing class defines them; `size`
 * is undefined if it is unknown.
 */
export function bindClaim(
  claimName: string,
  access: AzureFilesAccess | undefined,
  mountOptions: MountOptions | undefined,
  size: Size | undefined,
): DumpStoreBinding {
  const serviceAccountName = access?._options.serviceAccountName;
  const writers = mountOptions?.writers;
  return {
    volume: { persistentVolumeClaim: { claimName } },
    ...(serviceAccountName === undefined ? {} : { serviceAccountName }),
    ...(writers === undefined ? {} : { writers }),
    ...(size === undefined ? {} : { size }),
    idMappedMounts: false,
  };
}
