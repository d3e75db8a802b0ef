import { Size, Testing } from 'cdk8s';
import { containerOf, deployment, messageOf, newChart, podSpec, renderedPod, wovenPod } from './pods';
import { DotnetDiagnosticsTmp, DotnetDiagnosticsTmpAttachOptions, DotnetDiagnosticsTmpProps } from '../src';
import { JsonObject, PodSpecJson } from '../src/kubernetes/wire';

const two: PodSpecJson = { containers: [{ name: 'web' }, { name: 'monitor' }, { name: 'other' }] };
const both = { containers: ['web', 'monitor'] };

function attached(
  spec: PodSpecJson,
  props?: DotnetDiagnosticsTmpProps,
  options?: DotnetDiagnosticsTmpAttachOptions,
): PodSpecJson {
  const chart = newChart();
  new DotnetDiagnosticsTmp(chart, 'Tmp', props).attachTo(deployment(chart, 'Web', spec), options);
  return renderedPod(chart);
}

function onExisting(spec: PodSpecJson, mountPath: string): PodSpecJson {
  const chart = newChart();
  DotnetDiagnosticsTmp.onExistingMount(chart, 'Tmp', { mountPath }).attachTo(deployment(chart, 'Web', spec), both);
  return renderedPod(chart);
}

const failure = (message: string) => `chart/Tmp: Deployment 'web' (chart/Web): ${message}`;

test('an emptyDir at /tmp of the named containers, and of no other', () => {
  expect(attached(two, undefined, both)).toEqual({
    containers: [
      { name: 'web', volumeMounts: [{ name: 'dotnet-diagnostics-tmp', mountPath: '/tmp' }] },
      { name: 'monitor', volumeMounts: [{ name: 'dotnet-diagnostics-tmp', mountPath: '/tmp' }] },
      { name: 'other' },
    ],
    volumes: [{ name: 'dotnet-diagnostics-tmp', emptyDir: {} }],
  });
});

test('without names, the only container', () => {
  expect(containerOf(attached(podSpec()), 'web').volumeMounts).toEqual([
    { name: 'dotnet-diagnostics-tmp', mountPath: '/tmp' },
  ]);
});

test('mountPath elsewhere sets TMPDIR in all', () => {
  const pod = attached(two, { mountPath: '/diag' }, both);
  for (const name of both.containers) {
    expect(containerOf(pod, name)).toEqual({
      name,
      env: [{ name: 'TMPDIR', value: '/diag' }],
      volumeMounts: [{ name: 'dotnet-diagnostics-tmp', mountPath: '/diag' }],
    });
  }
});

test.each<[string, JsonObject, string]>([
  [
    'a file share',
    { azureFile: { shareName: 's', secretName: 's' } },
    'is on Azure Files, which does not support sockets',
  ],
  [
    'a file share by CSI',
    { csi: { driver: 'file.csi.azure.com' } },
    'is on Azure Files, which does not support sockets',
  ],
  ['a read-only CSI volume', { csi: { driver: 'x', readOnly: true } }, 'is read-only, so'],
  ['a projected volume', { projected: { sources: [] } }, 'is read-only (projected), so'],
])('%s at /tmp is refused', (_, source, text) => {
  const pod = podSpec(
    { volumeMounts: [{ name: 'mine', mountPath: '/tmp' }] },
    { volumes: [{ name: 'mine', ...source }] },
  );
  expect(messageOf(() => attached(pod))).toContain(failure(`the volume 'mine' at '/tmp' ${text}`));
});

test('attached twice to one workload with other containers is two requests', () => {
  const chart = newChart();
  const tmp = new DotnetDiagnosticsTmp(chart, 'Tmp');
  const web = deployment(chart, 'Web', two);
  tmp.attachTo(web, { containers: ['web'] });
  tmp.attachTo(web, { containers: ['monitor'] });
  expect(messageOf(() => Testing.synth(chart))).toContain(
    'attached twice with different options: {"containers":["web"]}, {"containers":["monitor"]}',
  );
});

test('volumeName is a label: 63 characters at most, without dots', () => {
  const make = (volumeName: string) => () => attached(podSpec(), { volumeName });
  expect(make('a'.repeat(63))).not.toThrow();
  for (const name of ['a'.repeat(64), 'my.tmp']) {
    expect(messageOf(make(name))).toBe(
      'chart/Tmp: volumeName must be a label of Kubernetes: at most 63 lower-case letters, digits and dashes, that ' +
        `start and end with a letter or digit, got "${name}"`,
    );
  }
});

test('volumeName and sizeLimit', () => {
  expect(attached(podSpec(), { volumeName: 'diag', sizeLimit: Size.mebibytes(64) }).volumes).toEqual([
    { name: 'diag', emptyDir: { sizeLimit: '64Mi' } },
  ]);
});

test("the application's own TMPDIR is where its socket is", () => {
  const pod = wovenPod(podSpec({ env: [{ name: 'TMPDIR', value: '/var/tmp/web' }] }));
  expect(containerOf(pod, 'web').volumeMounts).toContainEqual({ name: 'procdump-tmp', mountPath: '/var/tmp/web' });
  expect(containerOf(pod, 'procdump').volumeMounts).toContainEqual({ name: 'procdump-tmp', mountPath: '/var/tmp/web' });
  expect(containerOf(pod, 'procdump').env).toContainEqual({ name: 'TMPDIR', value: '/var/tmp/web' });
});

test('of two TMPDIR the last one counts', () => {
  const pod = wovenPod(
    podSpec({
      env: [
        { name: 'TMPDIR', value: '/a' },
        { name: 'TMPDIR', value: '/b' },
      ],
    }),
  );
  expect(containerOf(pod, 'procdump').env).toContainEqual({ name: 'TMPDIR', value: '/b' });
  expect(containerOf(pod, 'web').env).toHaveLength(2);
});

test('mount propagation is not shared', () => {
  const pod = wovenPod(
    podSpec({ volumeMounts: [{ name: 'v', mountPath: '/tmp', mountPropagation: 'Bidirectional' }] }),
  );
  expect(containerOf(pod, 'procdump').volumeMounts).toContainEqual({ name: 'v', mountPath: '/tmp' });
});

test.each(['/tmp', '/tmp/'])('a volume that is at %s already is shared, not fought', (mountPath) => {
  const mount = { name: 'scratch', mountPath, subPath: 'web' };
  const pod = wovenPod(podSpec({ volumeMounts: [mount] }, { volumes: [{ name: 'scratch', emptyDir: {} }] }));

  expect(containerOf(pod, 'web').volumeMounts).toEqual([mount, { name: 'procdump-spool', mountPath: '/dumps' }]);
  expect(containerOf(pod, 'procdump').volumeMounts).toContainEqual(mount);
  expect(pod.volumes!.map(({ name }) => name)).not.toContain('procdump-tmp');
});

test('onExistingMount sets TMPDIR to a mount and gives it to the others', () => {
  const pod = onExisting(
    { containers: [{ name: 'web', volumeMounts: [{ name: 'cache', mountPath: '/cache' }] }, { name: 'monitor' }] },
    '/cache',
  );
  for (const name of both.containers) {
    expect(containerOf(pod, name)).toEqual({
      name,
      env: [{ name: 'TMPDIR', value: '/cache' }],
      volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
    });
  }
  expect(pod).not.toHaveProperty('volumes');
});

describe('refusals', () => {
  test('onExistingMount where nothing is mounted', () => {
    expect(messageOf(() => onExisting(two, '/cache'))).toBe(
      failure(
        "container 'web' mounts nothing at '/cache'; pass the path of a writable mount to onExistingMount, or use " +
          'new DotnetDiagnosticsTmp()',
      ),
    );
  });

  const source = (volume: JsonObject, mount: JsonObject = {}) =>
    podSpec({ volumeMounts: [{ name: 'v', mountPath: '/tmp', ...mount }] }, { volumes: [{ name: 'v', ...volume }] });
  const readOnly = (kind: string) =>
    failure(
      `the volume 'v' at '/tmp' is read-only${kind}, so the .NET runtime cannot create its diagnostics socket ` +
        'there; mount it writable, or choose another mountPath',
    );

  test.each([
    ['a read-only mount', source({ emptyDir: {} }, { readOnly: true }), readOnly('')],
    ['a configMap', source({ configMap: { name: 'x' } }), readOnly(' (configMap)')],
    ['a secret', source({ secret: {} }), readOnly(' (secret)')],
    [
      'subPathExpr',
      source({ emptyDir: {} }, { subPathExpr: '$(A)' }),
      failure(
        "the mount at '/tmp' has subPathExpr '$(A)', which expands differently in other containers; use subPath, or " +
          'choose another mountPath',
      ),
    ],
  ])('%s at the path', (_, spec, message) => {
    expect(messageOf(() => attached(spec))).toBe(message);
  });

  test('one volume with different subPaths at the path', () => {
    const mount = (subPath: string) => ({ name: 'a', mountPath: '/tmp', subPath });
    const spec = {
      containers: [
        { name: 'web', volumeMounts: [mount('x')] },
        { name: 'monitor', volumeMounts: [mount('y')] },
      ],
    };
    expect(messageOf(() => attached(spec, undefined, both))).toContain(
      "the containers mount different volumes at '/tmp'",
    );
  });

  test('a TMPDIR without a value', () => {
    expect(messageOf(() => attached(podSpec({ env: [{ name: 'TMPDIR' }] })))).toContain(
      "TMPDIR of container 'web' must be an absolute path of at most 60 letters, digits and . _ - without a slash " +
        'at the end, and not a system folder, got ""',
    );
  });

  test('different volumes at the path', () => {
    const spec = {
      containers: [
        { name: 'web', volumeMounts: [{ name: 'a', mountPath: '/tmp' }] },
        { name: 'monitor', volumeMounts: [{ name: 'b', mountPath: '/tmp' }] },
      ],
    };
    expect(messageOf(() => attached(spec, undefined, both))).toBe(
      failure(
        "the containers mount different volumes at '/tmp' ('a' and 'b'), so they cannot share a diagnostics " +
          'directory; mount one volume in all of them, or choose another mountPath',
      ),
    );
  });

  test('another TMPDIR in the container', () => {
    const spec = podSpec({ env: [{ name: 'TMPDIR', value: '/a' }] });
    expect(messageOf(() => attached(spec, { mountPath: '/b' }))).toBe(
      failure(
        "container 'web' has TMPDIR '/a', but the diagnostics directory is '/b'; remove TMPDIR, or give " +
          "DotnetDiagnosticsTmp mountPath '/a'",
      ),
    );
    expect(() => attached(spec, { mountPath: '/a' })).not.toThrow();
  });

  test('TMPDIR from elsewhere', () => {
    expect(
      messageOf(() =>
        attached(podSpec({ env: [{ name: 'TMPDIR', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] })),
      ),
    ).toBe(
      failure(
        'container \'web\' reads TMPDIR from another source ({"fieldRef":{"fieldPath":"metadata.name"}}), so the ' +
          'diagnostics directory is not known at synth; set TMPDIR to a value',
      ),
    );
  });

  test('a native sidecar among the named containers', () => {
    const spec = { ...podSpec(), initContainers: [{ name: 'monitor', restartPolicy: 'Always' }] };
    expect(messageOf(() => attached(spec, undefined, both))).toBe(
      failure(
        "'monitor' is an init container, but the target must be one of the containers (web); move it there, or " +
          'name another',
      ),
    );
  });

  test('several containers and none named', () => {
    expect(messageOf(() => attached(two))).toContain(
      'the pod has 3 containers (web, monitor, other) and none is selected as the target; name those that share the ' +
        "directory: attachTo(workload, { containers: ['web', 'monitor', 'other'] }); or set the annotation " +
        'kubectl.kubernetes.io/default-container',
    );
  });

  test('nothing to attach to', () => {
    const chart = newChart();
    new DotnetDiagnosticsTmp(chart, 'Tmp').attachTo(chart);
    expect(messageOf(() => Testing.synth(chart))).toContain("[chart/Tmp] attachTo('chart') found no pod to attach to");
  });

  test.each(['tmp', '/tmp/', '/', '/a b', '/a/../b', '/usr', '/proc/1', '/opt/procdump', `/${'x'.repeat(60)}`])(
    'mountPath %s',
    (mountPath) => {
      expect(messageOf(() => new DotnetDiagnosticsTmp(newChart(), 'Tmp', { mountPath }))).toBe(
        'chart/Tmp: mountPath must be an absolute path of at most 60 letters, digits and . _ - without a slash at ' +
          `the end, and not a system folder, got "${mountPath}"`,
      );
    },
  );

  test('mountPath of 60 bytes is fine', () => {
    expect(() => new DotnetDiagnosticsTmp(newChart(), 'Tmp', { mountPath: `/${'x'.repeat(59)}` })).not.toThrow();
  });
});
