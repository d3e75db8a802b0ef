import { ProcDumpTrigger } from '../../../src';
import { JsonObject } from '../../../src/kubernetes/wire';
import { refuseHiddenPrograms } from '../../../src/sidecar/rules/profiler-directory';
import { messageOf, podSpec, wovenPod } from '../../pods';

const exec = (...command: string[]) => ({ exec: { command } });

describe('a container needs nothing of the directory that the profiler hides', () => {
  test.each<[string, JsonObject]>([
    ['no command', {}],
    ['a program elsewhere', { command: ['/app/web'], args: ['--urls', 'http://+:80'] }],
    ['the directory in a search path', { command: ['sh', '-c', 'PATH=/usr/local/bin:/bin web'] }],
    ['a folder that ends alike', { command: ['/opt/usr/local/bin/web'] }],
    ['a folder that begins alike', { command: ['/usr/local/binaries/web'], workingDir: '/usr/local/bin2' }],
    [
      'probes and hooks of other kinds',
      {
        livenessProbe: { httpGet: { path: '/usr/local/bin/x', port: 80 } },
        lifecycle: { preStop: { sleep: { seconds: 1 } } },
      },
    ],
    ['what is no list', { command: 'x', args: {} }],
    ['a mount elsewhere', { volumeMounts: [{ name: 'v', mountPath: '/usr/local' }] }],
  ])('%s', (_, container) => expect(() => refuseHiddenPrograms({ name: 'web', ...container })).not.toThrow());
});

describe('or is refused', () => {
  test.each<[string, JsonObject, string]>([
    ['command', { command: ['/usr/local/bin/web'] }, '/usr/local/bin/web'],
    ['args', { args: ['-c', 'exec "/usr/local/bin/web" --x'] }, '/usr/local/bin/web'],
    ['args', { args: ['--tool=/usr/local/bin/tool,/x'] }, '/usr/local/bin/tool,/x'],
    ['command', { command: ['//usr/local//bin/web'] }, '//usr/local//bin/web'],
    ['workingDir', { workingDir: '/usr/local/bin' }, '/usr/local/bin'],
    ['livenessProbe', { livenessProbe: exec('/usr/local/bin/alive') }, '/usr/local/bin/alive'],
    ['readinessProbe', { readinessProbe: exec('sh', '/usr/local/bin/ready.sh') }, '/usr/local/bin/ready.sh'],
    ['startupProbe', { startupProbe: exec('/usr/local/bin/up') }, '/usr/local/bin/up'],
    ['postStart', { lifecycle: { postStart: exec('/usr/local/bin/hello') } }, '/usr/local/bin/hello'],
    ['preStop', { lifecycle: { preStop: exec('/usr/local/bin/bye') } }, '/usr/local/bin/bye'],
    ['volumeMounts', { volumeMounts: [{ name: 'v', mountPath: '/usr/local/bin/' }] }, '/usr/local/bin'],
    ['volumeMounts', { volumeMounts: [{ name: 'v', mountPath: '/usr/local/bin/web.sh' }] }, '/usr/local/bin/web.sh'],
  ])('%s %j', (field, container, path) => {
    expect(() => refuseHiddenPrograms({ name: 'web', ...container })).toThrow(
      new Error(
        `${field} of container 'web' names '${path}', but exception and GC triggers mount the profiler's directory ` +
          "over /usr/local/bin, which hides the image's own content; move it elsewhere in the image, or use a " +
          'trigger without a profiler, such as memoryAbove or a counter',
      ),
    );
  });
});

test('is looked at where a trigger needs the profiler, and only there', () => {
  const spec = podSpec({ command: ['/usr/local/bin/web'] });

  expect(messageOf(() => wovenPod(spec, { triggers: [ProcDumpTrigger.exception()] }))).toContain(
    "chart/ProcDump: Deployment 'web' (chart/Web): command of container 'web' names '/usr/local/bin/web'",
  );
  expect(() => wovenPod(spec, { triggers: [ProcDumpTrigger.cpuAbove(80)] })).not.toThrow();
});
