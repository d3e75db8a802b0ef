import { ApiObject, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-33';

/** The Deployment of the benchmark in the L2 of cdk8s-plus, without a sidecar. */
export function defineWorkload(chart: Chart, name: string, pod: kplus.DeploymentProps = {}): kplus.Deployment {
  return new kplus.Deployment(chart, name, {
    metadata: { name, labels: { app: name } },
    podMetadata: { labels: { app: name } },
    replicas: 2,
    containers: [
      {
        name: 'web',
        image: `contoso.azurecr.io/${name}:1.4`,
        ports: [{ number: 8080 }],
        resources: {
          cpu: { request: kplus.Cpu.millis(100) },
          memory: { request: Size.mebibytes(128), limit: Size.mebibytes(512) },
        },
        securityContext: { user: 1654, group: 1654 },
      },
    ],
    ...pod,
  });
}

/** Defines the woven Deployment as users write it by hand, with patches for what that L2 does not support. */
export function writeByHand(chart: Chart, name: string): void {
  const web = defineWorkload(chart, name, {
    podMetadata: {
      labels: { app: name },
      annotations: {
        'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes': 'procdump-tmp,procdump-spool',
      },
    },
    shareProcessNamespace: true,
    terminationGracePeriod: Duration.seconds(66),
  });
  const [app] = web.containers;
  app.env.addVariable('DOTNET_DbgEnableMiniDump', kplus.EnvValue.fromValue('1'));
  app.env.addVariable('DOTNET_DbgMiniDumpType', kplus.EnvValue.fromValue('4'));
  app.env.addVariable('DOTNET_DbgMiniDumpName', kplus.EnvValue.fromValue('/dumps/crash/crash_%e_%p_%h_%t.dmp'));
  const sidecar = web.addContainer({
    name: 'procdump',
    image: 'contoso.azurecr.io/procdump:3.5.2',
    command: ['/opt/procdump/bin/procdump-agent'],
    args: [
      'run',
      '--contract',
      '3',
      '--plan',
      JSON.stringify(
        {
          runtime: 'dotnet',
          container: 'web',
          dumpDirectory: '/dumps',
          crashDumps: true,
          limits: { dumpsPerProcess: 2, dumpsPerPod: 5, cooldownSeconds: 600 },
          spoolMebibytes: 1024,
          store: { directory: '/store', drainTimeoutSeconds: 56 },
          retention: { ageSeconds: 1209600 },
          watches: [{ name: 'polling', triggers: [{ kind: 'memory', dumps: 2, thresholdsPercentOfLimit: [75, 90] }] }],
        },
        null,
        2,
      ),
    ],
    resources: {
      cpu: { request: kplus.Cpu.millis(20) },
      memory: { request: Size.mebibytes(64), limit: Size.mebibytes(256) },
    },
    liveness: kplus.Probe.fromCommand(['/opt/procdump/bin/status', '--live'], probe(4)),
    readiness: kplus.Probe.fromCommand(['/opt/procdump/bin/status', '--ready'], probe(10)),
    securityContext: {
      user: 1654,
      group: 1654,
      capabilities: { drop: [kplus.Capability.ALL] },
      seccompProfile: { type: kplus.SeccompProfileType.RUNTIME_DEFAULT },
    },
    envVariables: {
      PATH: kplus.EnvValue.fromValue('/opt/procdump/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'),
      POD_NAME: kplus.EnvValue.fromFieldRef(kplus.EnvFieldPaths.POD_NAME, { apiVersion: 'v1' }),
      POD_NAMESPACE: kplus.EnvValue.fromFieldRef(kplus.EnvFieldPaths.POD_NAMESPACE, { apiVersion: 'v1' }),
      POD_UID: kplus.EnvValue.fromFieldRef(kplus.EnvFieldPaths.POD_UID, { apiVersion: 'v1' }),
      NODE_NAME: kplus.EnvValue.fromFieldRef(kplus.EnvFieldPaths.NODE_NAME, { apiVersion: 'v1' }),
      TARGET_IMAGE: kplus.EnvValue.fromValue(`contoso.azurecr.io/${name}:1.4`),
    },
  });
  const run = kplus.Volume.fromEmptyDir(web, 'Run', 'procdump-run', {
    medium: kplus.EmptyDirMedium.MEMORY,
    sizeLimit: Size.mebibytes(8),
  });
  const tmp = kplus.Volume.fromEmptyDir(web, 'Tmp', 'procdump-tmp');
  const dumps = kplus.Volume.fromPersistentVolumeClaim(
    web,
    'Dumps',
    kplus.PersistentVolumeClaim.fromClaimName(web, 'Claim', 'dumps'),
    { name: 'procdump-dumps' },
  );
  const spool = kplus.Volume.fromEmptyDir(web, 'Spool', 'procdump-spool', { sizeLimit: Size.gibibytes(1) });
  for (const container of [app, sidecar]) {
    container.mount('/tmp', tmp);
    container.mount('/dumps', spool);
  }
  sidecar.mount('/store', dumps, { subPath: `deployment/${name}` });
  sidecar.mount('/run/procdump', run, { subPath: 'state' });
  sidecar.mount('/dev/shm', run, { subPath: 'shm' });
  sidecar.mount('/var/run/secrets/kubernetes.io/serviceaccount', run, { subPath: 'no-token', readOnly: true });
  patchWhatIsMissing(ApiObject.of(web));
}

/**
 * Adds the grace period of the liveness probe, mebibytes of disk, and a volume of the downward API, in the form that
 * the generated renderer expects. The renderer drops fields that it does not know.
 */
function patchWhatIsMissing(web: ApiObject): void {
  const pod = '/spec/template/spec';
  const items = [
    { path: 'dump', fieldRef: { apiVersion: 'v1', fieldPath: "metadata.annotations['cdk8s-procdump/dump']" } },
    {
      path: 'memory-limit',
      resourceFieldRef: {
        containerName: 'web',
        resource: 'limits.memory',
        divisor: kplus.k8s.Quantity.fromString('1Mi'),
      },
    },
  ];
  web.addJsonPatch(
    JsonPatch.add(`${pod}/containers/1/livenessProbe/terminationGracePeriodSeconds`, 10),
    JsonPatch.add(`${pod}/containers/1/resources/requests/ephemeral-storage`, kplus.k8s.Quantity.fromString('1088Mi')),
    JsonPatch.add(`${pod}/containers/1/volumeMounts/-`, {
      name: 'procdump-annotations',
      mountPath: '/etc/procdump',
      readOnly: true,
    }),
    JsonPatch.add(`${pod}/volumes/-`, { name: 'procdump-annotations', downwardApi: { items } }),
  );
}

function probe(failureThreshold: number): kplus.CommandProbeOptions {
  return { periodSeconds: Duration.seconds(30), timeoutSeconds: Duration.seconds(10), failureThreshold };
}
