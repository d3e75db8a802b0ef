import { App, Chart, Duration, Size } from 'cdk8s';
import { messageOf } from './pods';
import {
  DotnetDiagnosticsTmp,
  DumpDelivery,
  EphemeralDumpStore,
  GcHeap,
  ProcDumpSidecar,
  ProcDumpSidecarProps,
  ProcDumpTarget,
  ProcDumpTrigger,
  TargetAccess,
} from '../src';

const chart = () => new Chart(new App(), 'chart');
const sidecar = (props: object) =>
  new ProcDumpSidecar(chart(), 'ProcDump', {
    image: 'procdump:3.5.2',
    target: ProcDumpTarget.dotnet(),
    ...props,
  } as ProcDumpSidecarProps);
const untyped = (value: unknown) => value as never;

// What is misspelt would have no effect, and nobody would hear of it before the night of the incident.
test.each<[string, () => unknown, string]>([
  ['a prop of the sidecar', () => sidecar({ trigger: [] }), "there is no prop 'trigger'.*did you mean 'triggers'\\?"],
  [
    'a limit',
    () => sidecar({ limits: { dumpPerProcess: 1 } }),
    "limits: there is no prop 'dumpPerProcess'.*did you mean 'dumpsPerProcess'\\?",
  ],
  ['limits that are a number', () => sidecar({ limits: 5 }), 'limits must be an object of props, got 5'],
  [
    'a bound of the retention',
    () => sidecar({ retention: { maxAges: 1 } }),
    "retention: there is no prop 'maxAges'.*'maxAge'\\?",
  ],
  [
    'a list of resources',
    () => sidecar({ resources: { cpu: '1' } }),
    "resources: there is no prop 'cpu'; expected one of requests, limits",
  ],
  [
    'resources that are a text',
    () => sidecar({ resources: 'small' }),
    'resources must be an object of props, got "small"',
  ],
  [
    'a field of the security context',
    () => sidecar({ securityContext: { runAsUser: 0 } }),
    "there is no prop 'runAsUser'",
  ],
  [
    'a field of a profile',
    () => sidecar({ securityContext: { seccompProfile: { type: 'Unconfined', profile: 'x' } } }),
    "no prop 'profile'",
  ],
  [
    'an option of attachTo',
    () => sidecar({}).attachTo(chart(), untyped({ lables: { app: 'web' } })),
    "attachTo: there is no prop 'lables'.*'labels'\\?",
  ],
  [
    'options of attachTo that are a text',
    () => sidecar({}).attachTo(chart(), untyped('web')),
    'attachTo: options must be an object of props, got "web"',
  ],
  [
    'an option of a .NET target',
    () => ProcDumpTarget.dotnet(untyped({ crashDump: true })),
    "no prop 'crashDump'.*'crashDumps'\\?",
  ],
  [
    'an option of a native target',
    () => ProcDumpTarget.native(untyped({ access: TargetAccess.privileged(), mask: 1 })),
    "no prop 'mask'",
  ],
  [
    'an option of sameUser',
    () => TargetAccess.sameUser(untyped({ user: 1000 })),
    "no prop 'user'; expected one of uid, gid",
  ],
  [
    'an exception without include',
    () => ProcDumpTrigger.exception(untyped('System.OutOfMemoryException')),
    'options must be an object of props, got "System.OutOfMemoryException"',
  ],
  [
    'an option of exception',
    () => ProcDumpTrigger.exception(untyped({ includes: ['x'] })),
    "no prop 'includes'.*'include'\\?",
  ],
  ['an option of every', () => ProcDumpTrigger.every(Duration.days(1), untyped({ counts: 1 })), "no prop 'counts'"],
  [
    'an option of gcHeapAbove',
    () => ProcDumpTrigger.gcHeapAbove(untyped({ heap: GcHeap.GEN2, threshold: [Size.mebibytes(1)] })),
    "no prop 'threshold'.*'thresholds'\\?",
  ],
  ['an option of signal', () => ProcDumpTrigger.signal(untyped({ numbers: [10], accept: true })), "no prop 'accept'"],
  [
    'an option of a counter',
    () => ProcDumpTrigger.counterAbove(untyped({ provider: 'a', counter: 'b', threshold: 1, percentil: 50 })),
    "'percentile'\\?",
  ],
  ['an option of spooled', () => DumpDelivery.spooled(untyped({ size: Size.gibibytes(1) })), "no prop 'size'"],
  [
    'a prop of the diagnostics directory',
    () => new DotnetDiagnosticsTmp(chart(), 'Tmp', untyped({ path: '/x' })),
    "no prop 'path'",
  ],
  [
    'an option of its attachTo',
    () => new DotnetDiagnosticsTmp(chart(), 'Tmp').attachTo(chart(), untyped({ container: ['a'] })),
    "'containers'\\?",
  ],
  [
    'a prop of the ephemeral store',
    () => new EphemeralDumpStore(chart(), 'Dumps', untyped({ size: Size.gibibytes(1) })),
    "no prop 'size'",
  ],
])('refuses %s', (_, make, expected) => {
  expect(messageOf(make)).toMatch(new RegExp(expected));
});
