import { isMountablePath } from '../../src/sidecar/mountable-path';

test.each(['/dumps', '/home/app', '/library', '/opt/dumps', '/var/dumps', '/mnt/dumps'])(
  '%s may be mounted',
  (path) => {
    expect(isMountablePath(path, 60)).toBe(true);
  },
);

test.each([
  '/home',
  '/mnt',
  '/opt',
  '/root',
  '/srv',
  '/var',
  '/lib',
  '/lib32',
  '/lib32/x',
  '/lib64',
  '/bin',
  '/etc/x',
  '/opt/procdump/x',
  '/run',
  '/var/run/x',
  '/usr/local',
  '/proc/1',
  '/',
  'dumps',
  '/dumps/',
  '/a/../b',
  '/a/./b',
  '/a b',
  '/a:b',
])('%s may not', (path) => expect(isMountablePath(path, 60)).toBe(false));

test('of so many characters and no more', () => {
  expect(isMountablePath(`/${'a'.repeat(59)}`, 60)).toBe(true);
  expect(isMountablePath(`/${'a'.repeat(60)}`, 60)).toBe(false);
});
