import { said, WEB } from './neighbours';
import { DotnetDiagnosticsTmp, ProcDumpSidecarProps, ProcDumpTarget, TargetAccess } from '../../../src';
import type { JsonObject } from '../../../src/kubernetes/wire';
import { deployment, newChart, podSpec, renderedPod, sidecar } from '../../pods';

const saidOf = (container: JsonObject, props: Partial<ProcDumpSidecarProps> = {}, spec: JsonObject = {}) =>
  said({ spec: podSpec(container, spec), props });
const exec = (...command: string[]) => ({ exec: { command } });

test.each<[string, JsonObject, string]>([
  ['the working directory', { workingDir: '/dumps' }, "workingDir of container 'web' names '/dumps'"],
  ['a folder in it', { workingDir: '/dumps/app/' }, "workingDir of container 'web' names '/dumps/app'"],
  ['the program', { command: ['/dumps/run'] }, "command of container 'web' names '/dumps/run'"],
  ['an assembly', { command: ['dotnet', '/dumps/web.dll'] }, "command of container 'web' names '/dumps/web.dll'"],
  ['an assembly in args', { args: ['/dumps/web.dll'] }, "args of container 'web' names '/dumps/web.dll'"],
  [
    'a script',
    { command: ['sh', '-c', 'sleep 1 && exec /dumps/run'] },
    "command of container 'web' names '/dumps/run'",
  ],
  [
    'the program of a probe',
    { livenessProbe: exec('/dumps/ok') },
    "livenessProbe of container 'web' names '/dumps/ok'",
  ],
  ['the program of readiness', { readinessProbe: exec('/dumps/ok') }, "readinessProbe of container 'web' names"],
  ['the program of startup', { startupProbe: exec('/dumps/ok') }, "startupProbe of container 'web' names"],
  ['the program of preStop', { lifecycle: { preStop: exec('/dumps/ok') } }, "preStop of container 'web' names"],
  ['the program of postStart', { lifecycle: { postStart: exec('/dumps/ok') } }, "postStart of container 'web' names"],
])('a dump directory that hides %s is an error', (_, container, message) => {
  expect(saidOf(container).error).toContain(message);
});

test('the error names what moves the volume', () => {
  expect(saidOf({ workingDir: '/dumps' }).error).toBe(
    `${WEB}workingDir of container 'web' names '/dumps', but a new volume at '/dumps' hides what the image has ` +
      "there; choose another dumpDirectory, or move it in the image; or accept this with acknowledge: ['PD013']",
  );
  expect(saidOf({ command: ['/tmp/run'] }).error).toContain('choose another mountPath of DotnetDiagnosticsTmp');
});

test.each<[string, JsonObject, Partial<ProcDumpSidecarProps>?, JsonObject?]>([
  ['another folder', { workingDir: '/dumps2', command: ['/dumpster/run', '--to', '/var/dumps/a.sh'] }],
  [
    'files that the application writes',
    { args: ['--log', '/tmp/web.log'], livenessProbe: exec('cat', '/tmp/healthy') },
  ],
  [
    'a folder in the volume of the user',
    { workingDir: '/tmp', volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }] },
    {},
    {
      volumes: [{ name: 'tmp', emptyDir: {} }],
    },
  ],
  [
    'a folder that the user mounts in it',
    {
      workingDir: '/dumps/app',
      volumeMounts: [{ name: 'app', mountPath: '/dumps/app/' }],
    },
    {},
    { volumes: [{ name: 'app', emptyDir: {} }] },
  ],
  [
    'a folder of a native target, which mounts nothing',
    { workingDir: '/dumps' },
    {
      target: ProcDumpTarget.native({ access: TargetAccess.privileged() }),
    },
  ],
  ['what is accepted', { workingDir: '/dumps' }, { acknowledge: ['PD013'] }],
])('nothing is wrong with %s', (_, container, ...more) => expect(saidOf(container, ...more)).toEqual({}));

test('a diagnostics directory elsewhere hides nothing at /tmp', () => {
  const chart = newChart();
  const diagnosticsTmp = new DotnetDiagnosticsTmp(chart, 'Tmp', { mountPath: '/diag' });
  sidecar(chart, { diagnosticsTmp }).attachTo(deployment(chart, 'Web', podSpec({ workingDir: '/tmp' })));

  expect(() => renderedPod(chart)).not.toThrow();
});
