import type { Check } from '../input/check';

/** Mounting over these folders breaks the container, the agent, or the sidecar's own mounts. */
const SYSTEM_FOLDERS = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/lib32',
  '/lib64',
  '/opt/procdump',
  '/proc',
  '/run',
  '/sbin',
  '/sys',
  '/usr',
  '/var/run',
];
const ROOTS = ['/home', '/mnt', '/opt', '/root', '/srv', '/var'];

/**
 * Returns whether a path can be mounted in sidecar and target: absolute, in characters that ProcDump accepts, without a
 * trailing slash, and outside the folders that containers need.
 */
export function isMountablePath(path: unknown, maxLength: number): path is string {
  return (
    typeof path === 'string' &&
    path.length <= maxLength &&
    /^(\/[A-Za-z0-9._-]+)+$/.test(path) &&
    !path.split('/').some((part) => part === '..' || part === '.') &&
    !ROOTS.includes(path) &&
    !SYSTEM_FOLDERS.some((folder) => path === folder || path.startsWith(`${folder}/`))
  );
}

/** The directory that ProcDump writes to. ProcDump refuses other characters only at run time. */
export const DUMP_DIRECTORY: Check = {
  expected: 'an absolute path of letters, digits and . _ - without a slash at the end, and not a system folder',
  accepts: (path) => isMountablePath(path, 255) && path !== '/tmp',
};
