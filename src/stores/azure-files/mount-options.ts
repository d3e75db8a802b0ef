import { AzureFilesProtocol } from './enums';
import { nameOf, refuseItem } from './mount-option-rules';
import { DOTNET_IMAGE_USER } from '../../capture/target-access';
import { Check, check } from '../../input/check';
import { computed, listOf, matching, whole } from '../../input/checks';
import { isLate } from '../../input/late-value';
import { Checks } from '../../input/struct';
import type { DumpStoreWriters } from '../dump-store';

/**
 * How nodes mount an Azure Files share.
 *
 * On SMB, the whole mount has one owner, one group and one set of modes: chmod, chown and umask in a container have no
 * effect.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/create-volume-azure-files#mount-options
 */
export interface AzureFilesMountOptions {
  /**
   * User id that owns every file and folder; SMB only.
   *
   * @default - root (0); with `fromStorageAccount` and `fromShare`, 1654 if no owner and no modes are set
   */
  readonly uid?: number;

  /**
   * Group id that owns every file and folder; SMB only. A pod's `fsGroup` has no effect, because the mount always has a
   * group.
   *
   * @default - root (0); with `fromStorageAccount` and `fromShare`, 1654 if no owner and no modes are set
   */
  readonly gid?: number;

  /**
   * Mode of every folder as octal text, such as `0770`; SMB only.
   *
   * @default - 0777, as in ProcDump's example: every user in every container that mounts the share can list and write;
   * with `fromStorageAccount` and `fromShare`, 0770 unless only `fileMode` is set
   */
  readonly directoryMode?: string;

  /**
   * Mode of every file as octal text, such as `0660`; SMB only.
   *
   * @default - 0777, as in ProcDump's example: every user in every container that mounts the share can read and write;
   * with `fromStorageAccount` and `fromShare`, 0660 unless only `directoryMode` is set
   */
  readonly fileMode?: string;

  /**
   * Additional options, one per item, such as `nobrl` or `max_channels=4`. An option with the name of a default
   * replaces it.
   *
   * @default - none
   */
  readonly mountOptions?: string[];
}

/** The kernel reads 4294967295 as -1, which means no id. */
const ID = computed(whole(0, 4294967294));
const DECIMAL_ID: Check = {
  expected: 'the number of a user or group',
  accepts: (value) => /^\d+$/.test(value as string) && whole(0, 4294967294).accepts(Number(value)),
};
const MODE = computed(
  matching({ pattern: /^0[0-7]{3}$/, expected: "four octal digits, the first of them 0, as in '0770'" }),
);
const ITEM = computed(matching({ pattern: /^[^\s=]\S*$/, expected: 'a name or name=value without blanks' }));

export const MOUNT_OPTIONS: Checks<AzureFilesMountOptions> = {
  uid: ID,
  gid: ID,
  directoryMode: MODE,
  fileMode: MODE,
  mountOptions: listOf(ITEM),
};

/** The options of one mount. */
export interface MountOptions {
  readonly items: string[];
  /** Users that may create files and folders; undefined if every user may, or if each file has its own owner. */
  readonly writers?: DumpStoreWriters;
}

/** The mount options of the StorageClass in ProcDump's documentation, in its order. */
const SMB_DEFAULTS = ['dir_mode=0777', 'file_mode=0777', 'uid=0', 'gid=0', 'mfsymlinks', 'cache=strict', 'actimeo=30'];

/** More than 4 connections have no benefit. The driver would add the other two options itself. */
const NFS_DEFAULTS = ['nconnect=4', 'noresvport', 'actimeo=30'];

/**
 * Returns the mount options of a StorageClass or PersistentVolume from resolved values.
 *
 * @param byIdentity whether nodes mount with an identity instead of the account key
 * @throws with the option, its value and the change to make
 */
export function planMountOptions(
  protocol: AzureFilesProtocol,
  options: AzureFilesMountOptions,
  byIdentity = false,
): MountOptions {
  const nfs = protocol === AzureFilesProtocol.NFS;
  const { uid, gid, directoryMode, fileMode, mountOptions = [] } = options;
  if (nfs) refuseSmbOnly({ uid, gid, directoryMode, fileMode });
  for (const item of mountOptions) {
    refuseItem(item, protocol, byIdentity);
    if (!nfs) refuseValue(item);
  }

  const chosen = new Map<string, string>();
  const typed = { dir_mode: directoryMode, file_mode: fileMode, uid, gid };
  for (const [name, value] of Object.entries(typed)) {
    if (value !== undefined) chosen.set(name, `${name}=${value}`);
  }
  for (const item of mountOptions) {
    const other = chosen.get(nameOf(item));
    if (other !== undefined) {
      throw new Error(
        `mount option '${nameOf(item)}' is given twice, as '${other}' and as '${item}'; expected each option ` +
          'once; remove one of them',
      );
    }
    chosen.set(nameOf(item), item);
  }
  const defaults = new Map((nfs ? NFS_DEFAULTS : SMB_DEFAULTS).map((item) => [nameOf(item), item]));
  // A Map keeps the position of a key that is set again, so a chosen value replaces its default in place.
  const all = new Map([...defaults, ...chosen]);
  return { items: [...all.values()], writers: nfs ? undefined : writersOf(all) };
}

/**
 * Each mount has its own connection. Locks stay on the client, because the server would keep the locks of a dead
 * client.
 */
const SMB_OF_KNOWN_ACCOUNT = ['nosharesock', 'nobrl'];

/**
 * Returns the options for an account that the user chose: files have an owner, and other users cannot read or write.
 * With modes alone, the owner is root.
 */
export function forKnownAccount(
  protocol: AzureFilesProtocol | undefined,
  options: AzureFilesMountOptions,
): AzureFilesMountOptions {
  const { uid, gid, directoryMode, fileMode, mountOptions = [] } = options;
  if (protocol === AzureFilesProtocol.NFS) return { uid, gid, directoryMode, fileMode, mountOptions };
  const given = mountOptions.map(nameOf);
  const owned = uid !== undefined || gid !== undefined || given.some((name) => name === 'uid' || name === 'gid');
  const moded =
    directoryMode !== undefined ||
    fileMode !== undefined ||
    given.some((name) => name === 'dir_mode' || name === 'file_mode');
  const owner = owned || moded ? { uid, gid } : { uid: DOTNET_IMAGE_USER, gid: DOTNET_IMAGE_USER };
  const modeOf = (name: string, value: string) => ((owned || !moded) && !given.includes(name) ? value : undefined);
  return {
    ...owner,
    directoryMode: directoryMode ?? modeOf('dir_mode', '0770'),
    fileMode: fileMode ?? modeOf('file_mode', '0660'),
    mountOptions: [...SMB_OF_KNOWN_ACCOUNT.filter((name) => !given.includes(name)), ...mountOptions],
  };
}

/** Returns the users that the folder mode allows to write. Without the option, the driver allows every user. */
function writersOf(options: Map<string, string>): DumpStoreWriters | undefined {
  const valueOf = (name: string, otherwise: string) => options.get(name)?.split('=')[1] ?? otherwise;
  // The digits are the modes of owner, group and others. Creating a file needs the bits 2 (write) and 1 (enter).
  const [owner, group, others] = [...valueOf('dir_mode', '0777').slice(-3)].map((digit) => '37'.includes(digit));
  if (others) return undefined;
  return {
    ...(owner ? { uid: Number(valueOf('uid', '0')) } : {}),
    ...(group ? { gid: Number(valueOf('gid', '0')) } : {}),
  };
}

function refuseSmbOnly(options: { [prop: string]: string | number | undefined }): void {
  for (const [prop, value] of Object.entries(options)) {
    if (value === undefined) continue;
    throw new Error(
      `mount option ${prop} '${value}' cannot serve protocol 'nfs'; NFS keeps owner and mode of each file on the ` +
        `share; remove ${prop} or use AzureFilesProtocol.SMB`,
    );
  }
}

/** Checks of the options that also exist as props. */
const VALUES: { readonly [name: string]: Check } = {
  uid: DECIMAL_ID,
  gid: DECIMAL_ID,
  dir_mode: MODE,
  file_mode: MODE,
};

function refuseValue(item: string): void {
  const name = nameOf(item);
  const value = item.slice(name.length + 1);
  if (isLate(value) || VALUES[name] === undefined) return;
  check(`mount option '${name}'`, value, VALUES[name]);
}
