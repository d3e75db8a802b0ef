import { ProcDumpTarget } from '../../src/capture/procdump-target';
import { TargetAccess } from '../../src/capture/target-access';
import { messageOf } from '../pods';

describe('TargetAccess.sameUser', () => {
  test('by default leaves user and group to the manifest', () => {
    expect(TargetAccess.sameUser()).toMatchObject({ _privileged: false, _uid: undefined, _gid: undefined });
  });

  test.each([
    ['user and group', { uid: 1000, gid: 2000 }, { _uid: 1000, _gid: 2000 }],
    ['a user alone', { uid: 1000 }, { _uid: 1000, _gid: undefined }],
    ['a group alone', { gid: 2000 }, { _uid: undefined, _gid: 2000 }],
    ['the lowest ids', { uid: 0, gid: 0 }, { _uid: 0, _gid: 0 }],
    ['the highest ids', { uid: 2147483647, gid: 2147483647 }, { _uid: 2147483647, _gid: 2147483647 }],
  ])('takes %s', (_, options, expected) => {
    expect(TargetAccess.sameUser(options)).toMatchObject({ _privileged: false, ...expected });
  });

  test.each([
    [{ uid: -1 }, 'TargetAccess.sameUser: uid must be a whole number from 0 to 2147483647, got -1'],
    [{ uid: 2147483648 }, 'TargetAccess.sameUser: uid must be a whole number from 0 to 2147483647, got 2147483648'],
    [{ uid: 1000.5 }, 'TargetAccess.sameUser: uid must be a whole number from 0 to 2147483647, got 1000.5'],
    [{ gid: -1 }, 'TargetAccess.sameUser: gid must be a whole number from 0 to 2147483647, got -1'],
    [{ gid: 2147483648 }, 'TargetAccess.sameUser: gid must be a whole number from 0 to 2147483647, got 2147483648'],
    [{ gid: 0.5 }, 'TargetAccess.sameUser: gid must be a whole number from 0 to 2147483647, got 0.5'],
  ])('refuses %j', (options, message) => {
    expect(messageOf(() => TargetAccess.sameUser(options))).toBe(message);
  });
});

test('TargetAccess.privileged needs no user', () => {
  expect(TargetAccess.privileged()).toMatchObject({ _privileged: true, _uid: undefined, _gid: undefined });
});

describe('ProcDumpTarget.dotnet', () => {
  test('by default: any .NET process of the only container, as the same user, without crash dumps', () => {
    expect(ProcDumpTarget.dotnet()).toEqual({
      _runtime: 'dotnet',
      _access: TargetAccess.sameUser(),
      _choice: { container: undefined, containers: undefined },
      _processName: undefined,
      _crashDumps: false,
      _dumpMask: undefined,
    });
  });

  test.each([
    ['container', { container: 'web' }, { _choice: { container: 'web' } }],
    ['containers', { containers: ['a', 'b'] }, { _choice: { containers: ['a', 'b'] } }],
    ['processName', { processName: 'webapi' }, { _processName: 'webapi' }],
    ['access', { access: TargetAccess.privileged() }, { _access: TargetAccess.privileged() }],
    ['crashDumps', { crashDumps: true }, { _crashDumps: true }],
    ['crashDumps that are switched off', { crashDumps: false }, { _crashDumps: false }],
  ])('keeps %s', (_, options, expected) => {
    expect(ProcDumpTarget.dotnet(options)).toMatchObject(expected);
  });
});

describe('ProcDumpTarget.native', () => {
  const access = TargetAccess.privileged();

  test('by default: the main process, without address space that is only reserved', () => {
    expect(ProcDumpTarget.native({ access })).toEqual({
      _runtime: 'native',
      _access: access,
      _choice: { container: undefined, containers: undefined },
      _processName: undefined,
      _crashDumps: false,
      _dumpMask: '10',
    });
  });

  test.each([
    ['container', { container: 'web' }, { _choice: { container: 'web' } }],
    ['containers', { containers: ['a', 'b'] }, { _choice: { containers: ['a', 'b'] } }],
    ['processName', { processName: 'nginx:' }, { _processName: 'nginx:' }],
    [
      'another access',
      { access: TargetAccess.sameUser({ uid: 1000 }) },
      { _access: TargetAccess.sameUser({ uid: 1000 }) },
    ],
    ['the lowest dumpMask', { dumpMask: 0 }, { _dumpMask: '0' }],
    ['a dumpMask in hex without 0x', { dumpMask: 0x3f }, { _dumpMask: '3f' }],
    ['the highest dumpMask', { dumpMask: 0x7fffffff }, { _dumpMask: '7fffffff' }],
  ])('keeps %s', (_, options, expected) => {
    expect(ProcDumpTarget.native({ access, ...options })).toMatchObject(expected);
  });

  test.each([
    [
      -1,
      'ProcDumpTarget.native: dumpMask must be a whole number from 0 to 0x7fffffff, as in ' +
        '/proc/PID/coredump_filter, got -1',
    ],
    [
      0x80000000,
      'ProcDumpTarget.native: dumpMask must be a whole number from 0 to 0x7fffffff, as in ' +
        '/proc/PID/coredump_filter, got 2147483648',
    ],
    [
      0.5,
      'ProcDumpTarget.native: dumpMask must be a whole number from 0 to 0x7fffffff, as in ' +
        '/proc/PID/coredump_filter, got 0.5',
    ],
  ])('refuses dumpMask %d', (dumpMask, message) => {
    expect(messageOf(() => ProcDumpTarget.native({ access, dumpMask }))).toBe(message);
  });

  test('refuses to choose the access itself, also for callers without types', () => {
    const untyped = {} as { access: TargetAccess };
    expect(messageOf(() => ProcDumpTarget.native(untyped))).toBe(
      'ProcDumpTarget.native: access is missing; expected a value made by TargetAccess.sameUser(), ' +
        'TargetAccess.assignedUser() or TargetAccess.privileged(); sameUser() needs nodes where ' +
        'kernel.yama.ptrace_scope is 0',
    );
  });
});

describe.each([
  ['dotnet', (processName: string) => ProcDumpTarget.dotnet({ processName })],
  ['native', (processName: string) => ProcDumpTarget.native({ access: TargetAccess.privileged(), processName })],
])('processName of %s', (_, target) => {
  test.each(['dotnet', 'nginx:', 'my-app', '.hidden', '7zip', 'x', 'Größe', 'app.1234'])('may be %s', (name) => {
    expect(target(name)._processName).toBe(name);
  });

  test.each([
    ['', 'empty'],
    ['1234', 'a process id to ProcDump'],
    ['-e', 'a switch to ProcDump'],
    ['/usr/bin/app', 'a path'],
    ['bin/app', 'a relative path'],
    ['nginx: worker', 'more than the first argument'],
    [' app', 'with a blank before it'],
    ['app\n', 'with a line break'],
  ])('%j is refused: %s', (name) => {
    expect(messageOf(() => target(name))).toBe(
      `ProcDumpTarget.${_}: processName must be the base name of the process's first argument, without blanks and ` +
        `slashes, not made of digits alone and not starting with a dash, got ${JSON.stringify(name)}`,
    );
  });
});

describe('untyped callers', () => {
  test.each([
    [
      'native without options',
      () => ProcDumpTarget.native(undefined as never),
      'ProcDumpTarget.native: options is missing; expected an object of props',
    ],
    [
      'native with a text for access',
      () => ProcDumpTarget.native({ access: 'privileged' as never }),
      'ProcDumpTarget.native: access must be a value made by TargetAccess.sameUser(), ' +
        'TargetAccess.assignedUser() or TargetAccess.privileged(); sameUser() needs nodes where ' +
        'kernel.yama.ptrace_scope is 0, got "privileged"',
    ],
    [
      'crashDumps as a text',
      () => ProcDumpTarget.dotnet({ crashDumps: 'false' as never }),
      'ProcDumpTarget.dotnet: crashDumps must be true or false, got "false"',
    ],
  ])('%s', (_, action, message) => expect(messageOf(action)).toBe(message));
});
