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
   * Credential that nodes mount with; SMB only. Must match what the share describes.
   * @default - as the share describes: its `authentication`, `clientId`, `tenantId` and `serviceAccountName`
   */
  readonly access?: AzureFilesAccess;
  /**
   * Folder of the share to mount, `/` between levels. It must exist. The driver's placeholders are not filled in here.
   * @default - the root of the share
   */
  readonly folderName?: string;
  /**
   * Creates `folderName` where it is missing. Works with the account key only, so not with NFS. Driver 1.33.4
   * or newer.
   * @default - a missing folder makes the mount fail
   */
  readonly createFolderIfNotExist?: boolean;
  /**
   * Host name of the file service. Keep the public name also with private DNS: Kerberos needs it.
   * @default - `<account>.file.<suffix>`
   */
  readonly server?: string;
  /**
   * NFS: mode of the mounted folder as octal text, such as `0770`; `0` leaves it as it is.
   * @default - 0777
   */
  readonly mountPermissions?: string;
  /**
   * NFS: when files are given to the pod's `fsGroup`.
   * @default - when the root folder belongs to another group
   */
  readonly fsGroupChangePolicy?: AzureFilesFsGroupChangePolicy;
  /**
   * NFS: TLS between node and share. Driver 1.33.0 or newer. Must match what the share describes.
   * @default - as the share describes, otherwise not encrypted
   */
  readonly encryptInTransit?: boolean;
  /**
   * Version of the CSI driver in the cluster, for example `1.35.0`: what it does not know yet is an error here, and
   * would silently be a mount by account key in the cluster.
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

/** Refuses options that fit only a StorageClass, or another share. */
export function refuseMisfits(props: AzureFilesShareDumpStoreProps): void {
  const { share, folderName, encryptInTransit, createFolderIfNotExist } = props;
  // Since 1.35.3 the driver asks for the key on NFS too, and the volume of an NFS share has none.
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
