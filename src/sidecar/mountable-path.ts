import type { Check } from '../input/check';

/** Mounting over these breaks the container, its agent, or what the sidecar mounts there itself. */
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
 * A path that may be mounted into sidecar and target: absolute, in characters that ProcDump takes, without a slash at
 * its end, and nothing that the containers need themselves.
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

/** Where ProcDump writes: it refuses other characters when it is too late. */
export const DUMP_DIRECTORY: Check = {
  expected: 'an absolute path of letters, digits and . _ - without a slash at its end, and no folder of the system',
  accepts: (path) => isMountablePath(path, 255) && path !== '/tmp',
};
