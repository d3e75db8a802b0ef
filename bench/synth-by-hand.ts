import { Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-33';

/** The woven Deployment of the bench as people write it by hand with cdk8s-plus, as far as its L2 goes. */
export function writeByHand(chart: Chart, name: string): void {
  const web = new kplus.Deployment(chart, name, {
    metadata: { name, labels: { app: name } },
    podMetadata: { labels: { app: name } },
    replicas: 2,
    shareProcessNamespace: true,
    containers: [
      {
        name: 'web',
        image: `contoso.azurecr.io/${name}:1.4`,
        ports: [{ number: 8080 }],
        resources: { cpu: { request: kplus.Cpu.millis(100) }, memory: { request: Size.mebibytes(128), limit: Size.mebibytes(512) } },
        securityContext: { user: 1654, group: 1654 },
        envVariables: {
          DOTNET_DbgEnableMiniDump: kplus.EnvValue.fromValue('1'),
          DOTNET_DbgMiniDumpType: kplus.EnvValue.fromValue('4'),
          DOTNET_DbgMiniDumpName: kplus.EnvValue.fromValue('/data/crash_%e_%p_%h_%t.dmp'),
        },
      },
      {
        name: 'procdump',
        image: 'contoso.azurecr.io/procdump:3.5.2',
        command: ['/opt/procdump/bin/procdump-agent'],
        args: [
          'run', '--contract', '1', '--runtime', 'dotnet', '--container', 'web', '--dump-directory', '/data', '--dumps-per-process', '2',
          '--dumps-per-pod', '5', '--cooldown', '600', '--monitor', 'polling', '-s', '600', '-m', '75%,90%',
        ],
        resources: { cpu: { request: kplus.Cpu.millis(20) }, memory: { request: Size.mebibytes(64), limit: Size.mebibytes(256) } },
        securityContext: { user: 1654, group: 1654 },
        envVariables: {
          PATH: kplus.EnvValue.fromValue('/opt/procdump/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'),
          POD_NAME: kplus.EnvValue.fromFieldRef(kplus.EnvFieldPaths.POD_NAME),
        },
      },
    ],
  });
  const [app, sidecar] = web.containers;
  const run = kplus.Volume.fromEmptyDir(web, 'Run', 'procdump-run', { medium: kplus.EmptyDirMedium.MEMORY, sizeLimit: Size.mebibytes(8) });
  const tmp = kplus.Volume.fromEmptyDir(web, 'Tmp', 'procdump-tmp');
  const dumps = kplus.Volume.fromPersistentVolumeClaim(web, 'Dumps', kplus.PersistentVolumeClaim.fromClaimName(web, 'Claim', 'dumps'), { name: 'procdump-dumps' });
  for (const container of [app, sidecar]) {
    container.mount('/tmp', tmp);
    container.mount('/data', dumps, { subPath: `deployment/${name}` });
  }
  sidecar.mount('/run/procdump', run, { subPath: 'state' });
  sidecar.mount('/dev/shm', run, { subPath: 'shm' });
  sidecar.mount('/var/run/secrets/kubernetes.io/serviceaccount', run, { subPath: 'no-token', readOnly: true });
}
