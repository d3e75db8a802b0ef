import { said } from './neighbours';
import { ProcDumpTarget, TargetAccess } from '../../../src';
import { podSpec } from '../../pods';

const HINT =
  'PD012: the pod has hostNetwork: true, so that ProcDump sees the diagnostics sockets of all such pods of the node, ' +
  'and may miss or confuse those of processes with equal ids; remove hostNetwork, or run only one such .NET pod on a ' +
  'node';

test('is a hint for a .NET target', () => {
  expect(said({ spec: podSpec({}, { hostNetwork: true }) })).toEqual({ hints: [HINT] });
  expect(said({ spec: podSpec({}, { hostNetwork: true }), props: { acknowledge: ['PD012'] } })).toEqual({});
});

test('is nothing where no socket is used', () => {
  const native = ProcDumpTarget.native({ access: TargetAccess.privileged() });
  expect(said({ spec: podSpec({}, { hostNetwork: true }), props: { target: native } })).toEqual({});
  expect(said({ spec: podSpec({}, { hostNetwork: false }) })).toEqual({});
});
