import { AzureFilesProtocol } from './enums';

/** Options that are refused, and the reason. */
interface Rule {
  readonly names: string[];
  readonly applies: (protocol: AzureFilesProtocol, byIdentity: boolean, value: string | undefined) => boolean;
  /** Completes "mount option 'x' …". */
  readonly problem: string;
  readonly byName?: boolean;
}

const onNfs: Rule['applies'] = (protocol) => protocol === AzureFilesProtocol.NFS;
const onSmb: Rule['applies'] = (protocol) => protocol === AzureFilesProtocol.SMB;

const RULES: Rule[] = [
  {
    // Everyone in the cluster can read a StorageClass. The driver takes these from a Secret or an identity.
    names: ['username', 'user', 'password', 'pass', 'credentials', 'cred'],
    applies: () => true,
    byName: true,
    problem:
      'would expose a credential to everybody who can read the StorageClass; expected no credential; remove it and ' +
      'set secretName',
  },
  {
    // azurefile-csi-driver, 1.29.0 to 1.35.7: the driver adds its own
    names: ['vers', 'nfsvers', 'minorversion', 'sec'],
    applies: onNfs,
    problem:
      "cannot be chosen for protocol 'nfs'; the driver always mounts with vers=4,minorversion=1,sec=sys; remove it",
  },
  {
    // Azure Files supports NFS 4.1 and SMB 3 over TCP only
    names: ['proto', 'mountproto'],
    applies: (_protocol, _byIdentity, value) => value?.startsWith('udp') === true,
    problem: 'cannot reach Azure Files, which answers on TCP only; remove it',
  },
  { names: ['udp'], applies: () => true, problem: 'cannot reach Azure Files, which answers on TCP only; remove it' },
  {
    // https://man7.org/linux/man-pages/man8/mount.cifs.8.html
    names: [
      'cache',
      'closetimeo',
      'dir_mode',
      'echo_interval',
      'file_mode',
      'forcegid',
      'forceuid',
      'gid',
      'handlecache',
      'mapposix',
      'max_channels',
      'mfsymlinks',
      'multichannel',
      'nobrl',
      'noperm',
      'noserverino',
      'nosharesock',
      'nostrictsync',
      'persistenthandles',
      'resilienthandles',
      'seal',
      'serverino',
      'sign',
      'uid',
    ],
    applies: onNfs,
    problem: "has no meaning for protocol 'nfs'; it belongs to SMB; remove it or use AzureFilesProtocol.SMB",
  },
  {
    // https://man7.org/linux/man-pages/man5/nfs.5.html
    names: [
      'clientaddr',
      'local_lock',
      'lock',
      'lookupcache',
      'minorversion',
      'nconnect',
      'nfsvers',
      'nolock',
      'noresvport',
      'proto',
      'resvport',
      'timeo',
    ],
    applies: onSmb,
    problem: "has no meaning for protocol 'smb'; it belongs to NFS; remove it or use AzureFilesProtocol.NFS",
  },
  {
    // azurefile-csi-driver, docs/managed-identity-mount.md: the driver adds sec=krb5,cruid=0,upcall_target=mount
    names: ['sec', 'cruid', 'upcall_target'],
    applies: (protocol, byIdentity) => protocol === AzureFilesProtocol.SMB && byIdentity,
    problem: 'cannot be chosen for a mount by identity; the driver always mounts with sec=krb5,cruid=0; remove it',
  },
];

export function nameOf(item: string): string {
  return item.split('=', 1)[0];
}

/** @throws with the option as it was given, and the change to make */
export function refuseItem(item: string, protocol: AzureFilesProtocol, byIdentity: boolean): void {
  if (item.includes(',')) {
    // The driver checks only the start of an item: it appends file_mode=0777 to 'dir_mode=0770,file_mode=0660', and the
    // last option wins.
    throw new Error(
      `mount option '${item}' contains a comma; expected one option per item; write each option as a separate item`,
    );
  }
  const [name, value] = item.split('=');
  const rule = RULES.find(({ names, applies }) => names.includes(name) && applies(protocol, byIdentity, value));
  if (rule) throw new Error(`mount option '${rule.byName ? name : item}' ${rule.problem}`);
}
