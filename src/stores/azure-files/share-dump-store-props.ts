import { AZURE_FILES_ACCESS, AzureFilesAccess } from './access';
import { AzureFilesFsGroupChangePolicy, AzureFilesProtocol } from './enums';
import { AzureFilesMountOptions, MOUNT_OPTIONS } from './mount-options';
import { PARAMETER_CHECKS } from './parameter-table';
import type { AzureFilesShare } from './share';
import { SHARE } from './share-checks';
import { computed, FLAG, TEXT } from '../../input/checks';
import { checkProps, Checks, required, struct } from '../../input/struct';
import { DRIVER_PLACEHOLDER } from '../../kubernetes/token';

/** Properties of `AzureFilesDumpStore.fromShare`. */
export interface AzureFilesShareDumpStoreProps extends AzureFilesMountOptions {
  /** The share. */
  readonly share: AzureFilesShare;
  /**
   * Credential that nodes mount with; SMB only. Must match the share.
   * @default - derived from `authentication`, `clientId`, `tenantId` and `serviceAccountName` of the share
   */
  readonly access?: AzureFilesAccess;
  /**
   * Folder on the share to mount, with `/` between levels. It must exist, unless `createFolderIfNotExist` is true. Must
   * not contain placeholders of the driver.
   * @default - the root of the share
   */
  readonly folderName?: string;
  /**
   * Whether to create `folderName` if it does not exist. Works with the account key only, so not with NFS. Needs driver
   * 1.33.4 or newer.
   * @default - the mount fails if the folder does not exist
   */
  readonly createFolderIfNotExist?: boolean;
  /**
   * Host name of the file service. Keep the public name with private DNS too, because Kerberos needs it.
   * @default - `<account>.file.<suffix>`
   */
  readonly server?: string;
  /**
   * NFS: mode of the mounted folder as octal text, such as `0770`; `0` leaves it unchanged.
   * @default - 0777
   */
  readonly mountPermissions?: string;
  /**
   * NFS: when the driver changes the group of files to the pod's `fsGroup`.
   * @default - if the root folder belongs to another group
   */
  readonly fsGroupChangePolicy?: AzureFilesFsGroupChangePolicy;
  /**
   * NFS: whether to use TLS between node and share. Needs driver 1.33.0 or newer. Must match the share.
   * @default - `encryptInTransit` of the share, otherwise not encrypted
   */
  readonly encryptInTransit?: boolean;
  /**
   * Version of the CSI driver in the cluster, for example `1.35.0`. Synth fails for features that this version does not
   * support; in the cluster, the driver would silently mount with the account key.
   * @default - `driverVersion` of the share, otherwise not checked
   */
  readonly driverVersion?: string;
}

const PROPS: Checks<AzureFilesShareDumpStoreProps> = {
  share: required(struct(SHARE)),
  access: AZURE_FILES_ACCESS,
  folderName: PARAMETER_CHECKS.folderName,
  createFolderIfNotExist: FLAG,
  server: PARAMETER_CHECKS.server,
  mountPermissions: PARAMETER_CHECKS.mountPermissions,
  fsGroupChangePolicy: PARAMETER_CHECKS.fsGroupChangePolicy,
  encryptInTransit: FLAG,
  driverVersion: computed(TEXT),
  ...MOUNT_OPTIONS,
};

export function checkStoreProps(props: AzureFilesShareDumpStoreProps): void {
  if (isShare(props)) {
    throw new Error("there is no prop 'storageAccountName'; expected the share as { share: … }; wrap it");
  }
  checkProps(props, PROPS);
}

function isShare(props: object): boolean {
  return typeof props === 'object' && props !== null && 'storageAccountName' in props;
}

/** Refuses options that apply only to a StorageClass, or contradict the share. */
export function refuseMisfits(props: AzureFilesShareDumpStoreProps): void {
  const { share, folderName, encryptInTransit, createFolderIfNotExist } = props;
  // Since 1.35.3 the driver requests the key on NFS too, and the volume of an NFS share has none.
  if (createFolderIfNotExist && share.protocol === AzureFilesProtocol.NFS) {
    throw new Error(
      "createFolderIfNotExist 'true' cannot work with protocol 'nfs'; folders are made with the account key, which " +
        'an NFS volume does not have; create the folder beforehand or use subPathExpr of the volume mount',
    );
  }
  const placeholder = folderName?.match(DRIVER_PLACEHOLDER);
  if (placeholder) {
    throw new Error(
      `folderName '${folderName}' holds ${placeholder[0]}, which the driver replaces only in shares that it ` +
        'creates; write the folder name out',
    );
  }
  if (
    share.encryptInTransit !== undefined &&
    encryptInTransit !== undefined &&
    share.encryptInTransit !== encryptInTransit
  ) {
    throw new Error(
      `encryptInTransit is ${encryptInTransit}, but share.encryptInTransit is ${share.encryptInTransit}, and the ` +
        "account's setting applies; remove encryptInTransit",
    );
  }
}
