import { said } from './neighbours';
import { ProcDumpTarget, TargetAccess } from '../../../src';
import { podSpec } from '../../pods';

const HINT =
  'PD009: without SYS_PTRACE, ProcDump can read a native process only on nodes where kernel.yama.ptrace_scope is 0, ' +
  'while Ubuntu and AKS set 1; use TargetAccess.privileged() in a namespace of level privileged';
const native = (access: TargetAccess) => ({ target: ProcDumpTarget.native({ access }) });

test.each([
  ['sameUser', podSpec({ securityContext: { runAsUser: 1, runAsGroup: 1 } }), TargetAccess.sameUser()],
  ['assignedUser', podSpec({ securityContext: {} }, { securityContext: {} }), TargetAccess.assignedUser()],
])('is a hint for a native target with %s', (_, spec, access) => {
  expect(said({ spec, props: native(access) })).toEqual({ hints: [HINT] });
  expect(said({ spec, props: { ...native(access), acknowledge: ['PD009'] } })).toEqual({});
});

test('is nothing for the right to trace, and for a runtime that writes its dumps itself', () => {
  expect(said({ props: native(TargetAccess.privileged()) })).toEqual({});
  expect(said({ props: { target: ProcDumpTarget.dotnet() } })).toEqual({});
});
