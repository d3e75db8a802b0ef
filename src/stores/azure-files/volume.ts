import type { AzureFilesAccess } from './access';
import { AzureFilesProtocol } from './enums';
import { writersOf } from './mount-options';
import type { DumpStoreBinding } from '../dump-store';

/** What a pod finds behind a claim. */
export interface AzureFilesVolume {
  readonly claimName: string;
  readonly access?: AzureFilesAccess;
  readonly protocol?: AzureFilesProtocol;
  /** Undefined where a class that exists has its own. */
  readonly mountOptions?: string[];
}

export function bindAzureFiles({ claimName, access, protocol, mountOptions }: AzureFilesVolume): DumpStoreBinding {
  const serviceAccountName = access?._options.serviceAccountName;
  // On NFS each file has its own owner and mode.
  const writers = protocol === AzureFilesProtocol.NFS || mountOptions === undefined ? undefined : writersOf(mountOptions);
  return {
    volume: { persistentVolumeClaim: { claimName } },
    ...(serviceAccountName === undefined ? {} : { serviceAccountName }),
    ...(writers === undefined ? {} : { writers }),
    idMappedMounts: false,
  };
}
