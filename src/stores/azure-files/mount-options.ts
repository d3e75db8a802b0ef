import { AzureFilesProtocol } from './enums';
import { isToken } from './parameter-table';
import { DOTNET_IMAGE_USER } from '../../capture/target-access';
import type { DumpStoreWriters } from '../dump-store';

/**
 * How nodes mount an Azure Files share.
 *
 * On SMB owner, group and modes are one set for the whole mount: chmod, chown and umask in a container change nothing.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/create-volume-azure-files#mount-options
 */
export interface AzureFilesMountOptions {
  /**
   * User id that every file and folder belongs to; SMB only.
   *
   * @default - root (0)
   */
  readonly uid?: number;

  /**
   * Group id that every file and folder belongs to; SMB only. A pod's `fsGroup` takes its place only where none is given, so here never.
   *
   * @default - root (0)
   */
  readonly gid?: number;

  /**
   * Mode of every folder as octal text, such as `0770`; SMB only.
   *
   * @default - 0777, as in ProcDump's own example: every user of every container that mounts the share may list and write
   */
  readonly directoryMode?: string;

  /**
   * Mode of every file as octal text, such as `0660`; SMB only.
   *
   * @default - 0777, as in ProcDump's own example: every user of every container that mounts the share may read and write
   */
  readonly fileMode?: string;

  /**
   * Further options, one per item, such as `nobrl` or `max_channels=4`. One that bears the name of a default takes its place.
   *
   * @default - none
   */
  readonly mountOptions?: string[];
}

export const MOUNT_OPTION_PROPS = ['uid', 'gid', 'directoryMode', 'fileMode', 'mountOptions'];

/** The StorageClass of ProcDump's documentation, in its order. */
const SMB_DEFAULTS = ['dir_mode=0777', 'file_mode=0777', 'uid=0', 'gid=0', 'mfsymlinks', 'cache=strict', 'actimeo=30'];

/** More than 4 connections gain nothing; the other two are what the driver would add. */
const NFS_DEFAULTS = ['nconnect=4', 'noresvport', 'actimeo=30'];

/** The driver mounts NFS with vers=4,minorversion=1,sec=sys and supports nothing else. */
const FIXED_BY_NFS = ['vers', 'nfsvers', 'minorversion', 'sec'];

/** A StorageClass can be read by everybody in the cluster; the driver gives these from a Secret or an identity. */
const CREDENTIALS = ['username', 'user', 'password', 'pass', 'credentials', 'cred'];

/**
 * The mount options of a StorageClass or PersistentVolume.
 *
 * @internal
 */
export function renderMountOptions(protocol: AzureFilesProtocol, options: AzureFilesMountOptions | undefined, where: string): string[] {
  const refuse: Refuse = text => { throw new Error(`${where}: ${text}`); };
  const nfs = protocol === AzureFilesProtocol.NFS;
  const typed = typedOptions(options ?? {}, nfs, refuse);
  const further = options?.mountOptions ?? [];
  for (const item of further) checkItem(item, nfs, refuse);

  const chosen = new Map<string, string>();
  for (const item of [...typed, ...further]) {
    const other = chosen.get(nameOf(item));
    if (other !== undefined) {
      refuse(`mount option '${nameOf(item)}' is given twice, as '${other}' and as '${item}'; expected each option once; remove one of them`);
    }
    chosen.set(nameOf(item), item);
  }
  const defaults = new Map((nfs ? NFS_DEFAULTS : SMB_DEFAULTS).map(item => [nameOf(item), item]));
  // A Map keeps the place of a key that is set again, so a chosen value stands where the default stood.
  return [...new Map([...defaults, ...chosen]).values()];
}

/** Each mount has a connection of its own, and no lock travels to the server, where locks of a dead client would stay. */
const SMB_OF_KNOWN_ACCOUNT = ['nosharesock', 'nobrl'];

/**
 * The options of a mount of an account that the user knows: it has an owner, and nobody else may read or write. Who gives modes alone has
 * thought of the owner, which is root then.
 *
 * @internal
 */
export function forKnownAccount(protocol: AzureFilesProtocol | undefined, options: AzureFilesMountOptions): AzureFilesMountOptions {
  const { uid, gid, directoryMode, fileMode, mountOptions = [] } = options;
  if (protocol === AzureFilesProtocol.NFS) return { uid, gid, directoryMode, fileMode, mountOptions };
  const given = mountOptions.map(nameOf);
  const owned = uid !== undefined || gid !== undefined || given.some(name => name === 'uid' || name === 'gid');
  const moded = directoryMode !== undefined || fileMode !== undefined || given.some(name => name === 'dir_mode' || name === 'file_mode');
  const owner = owned || moded ? { uid, gid } : { uid: DOTNET_IMAGE_USER, gid: DOTNET_IMAGE_USER };
  const modeOf = (name: string, value: string) => ((owned || !moded) && !given.includes(name) ? value : undefined);
  return {
    ...owner,
    directoryMode: directoryMode ?? modeOf('dir_mode', '0770'),
    fileMode: fileMode ?? modeOf('file_mode', '0660'),
    mountOptions: [...SMB_OF_KNOWN_ACCOUNT.filter(name => !given.includes(name)), ...mountOptions],
  };
}

/** Who may make files and folders on a mount with these options; undefined where everybody may. Without one of them the driver allows all. */
export function writersOf(mountOptions: string[]): DumpStoreWriters | undefined {
  const valueOf = (name: string, otherwise: string) => mountOptions.find(item => nameOf(item) === name)?.split('=')[1] ?? otherwise;
  const folder = valueOf('dir_mode', '0777');
  // The digits are those of owner, group and others; 2 is to write and 1 to enter.
  const [owner, group, others] = [...folder.slice(-3)].map(digit => '37'.includes(digit));
  if (others) return undefined;
  return {
    ...(owner ? { uid: Number(valueOf('uid', '0')) } : {}),
    ...(group ? { gid: Number(valueOf('gid', '0')) } : {}),
  };
}

type Refuse = (text: string) => never;

function nameOf(item: string): string {
  return item.split('=', 1)[0];
}

function typedOptions(options: AzureFilesMountOptions, nfs: boolean, refuse: Refuse): string[] {
  const { directoryMode, fileMode, uid, gid } = options;
  if (nfs) refuseSmbOnly({ uid, gid, directoryMode, fileMode }, refuse);
  return [
    ...mode('directoryMode', 'dir_mode', directoryMode, refuse),
    ...mode('fileMode', 'file_mode', fileMode, refuse),
    ...id('uid', uid, refuse),
    ...id('gid', gid, refuse),
  ];
}

function refuseSmbOnly(options: { [prop: string]: string | number | undefined }, refuse: Refuse): void {
  for (const [prop, value] of Object.entries(options)) {
    if (value === undefined) continue;
    refuse(`mount option ${prop} '${value}' cannot serve protocol 'nfs'; NFS keeps owner and mode of each file on the share;`
      + ` remove ${prop} or use AzureFilesProtocol.SMB`);
  }
}

function mode(prop: string, name: string, value: string | undefined, refuse: Refuse): string[] {
  if (value === undefined) return [];
  if (!isToken(value) && !/^0[0-7]{3}$/.test(value)) {
    refuse(`mount option ${prop} '${value}' is no mode; expected four octal digits, the first of them 0; write it like '0770'`);
  }
  return [`${name}=${value}`];
}

function id(name: string, value: number | undefined, refuse: Refuse): string[] {
  if (value === undefined) return [];
  // 4294967295 is -1 for the kernel, which means no id at all.
  if (!Number.isInteger(value) || value < 0 || value > 4294967294) {
    refuse(`mount option ${name} '${value}' is no ${name}; expected a whole number from 0 to 4294967294; use the ${name} that writes the dumps`);
  }
  return [`${name}=${value}`];
}

function checkItem(item: string, nfs: boolean, refuse: Refuse): void {
  if (!isToken(item) && item.includes(',')) {
    // The driver looks only at the start of an item: 'dir_mode=0770,file_mode=0660' gets a file_mode=0777 behind it, and the last one wins.
    refuse(`mount option '${item}' contains a comma; expected one option per item; write each option as an item of its own`);
  }
  if (!isToken(item) && !/^[^\s=]\S*$/.test(item)) {
    refuse(`mount option '${item}' is empty, contains a blank or has no name; expected a name or name=value; correct or remove the item`);
  }
  if (CREDENTIALS.includes(nameOf(item))) {
    refuse(`mount option '${nameOf(item)}' would show a credential to everybody who can read the StorageClass; expected none; the driver takes it from a Secret:`
      + ' remove it and use secretName');
  }
  if (nfs && FIXED_BY_NFS.includes(nameOf(item))) {
    refuse(`mount option '${item}' cannot be chosen for protocol 'nfs'; the driver always mounts with vers=4,minorversion=1,sec=sys; remove it`);
  }
}
