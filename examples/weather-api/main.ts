import { ApiObject, App, Chart, ChartProps, JsonPatch, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { AzureFilesDumpStore, DumpDelivery, ProcDumpSidecar, ProcDumpTarget, ProcDumpTrigger } from 'cdk8s-procdump';

/** The weather Web API of ProcDump's Kubernetes guide, with what the guide adds for dumps made by three constructs. */
export class WeatherChart extends Chart {
  constructor(scope: Construct, id: string, props?: ChartProps) {
    super(scope, id, props);
    const webapi = this.defineWebApi();

    const procdump = new ProcDumpSidecar(this, 'ProcDump', {
      image: 'sysinternals:latest',
      imagePullPolicy: 'Always',
      containerName: 'sysinternals-container',
      target: ProcDumpTarget.dotnet({ crashDumps: true }),
      triggers: [ProcDumpTrigger.memoryAboveLimit(75, 90)],
      store: new AzureFilesDumpStore(this, 'Dumps'),
      // As in the guide: ProcDump writes into the share, at /data. The default is to spool on the node's disk, so that
      // the process stands still for as long as that disk needs, not the share.
      delivery: DumpDelivery.direct(),
    });
    procdump.attachTo(webapi);
    // As in the guide, for `kubectl attach`; the agent itself needs no terminal.
    procdump.addJsonPatch(
      JsonPatch.add('/spec/template/spec/containers/1/stdin', true),
      JsonPatch.add('/spec/template/spec/containers/1/tty', true),
    );
  }

  /** The application as its team writes it, without a word about dumps. */
  private defineWebApi(): kplus.Deployment {
    const labels = { app: 'weather-forecast', service: 'webapi' };
    const webapi = new kplus.Deployment(this, 'WebApi', {
      metadata: { name: 'webapi', labels },
      podMetadata: { labels },
      replicas: 1,
      select: false,
      containers: [
        {
          name: 'webapi-container',
          image: 'webapi:latest',
          imagePullPolicy: kplus.ImagePullPolicy.IF_NOT_PRESENT,
          ports: [{ number: 80, protocol: kplus.Protocol.TCP }],
          envVariables: { ASPNETCORE_URLS: kplus.EnvValue.fromValue('http://+:80') },
          resources: {
            cpu: { request: kplus.Cpu.millis(250) },
            memory: { request: Size.mebibytes(512), limit: Size.mebibytes(512) },
          },
          securityContext: { user: 1654, group: 1654 }, // `app` in the official .NET images
        },
      ],
    });
    webapi.select(kplus.LabelSelector.of({ labels: { service: 'webapi' } }));
    // Lets a user other than root listen on port 80.
    ApiObject.of(webapi).addJsonPatch(
      JsonPatch.add('/spec/template/spec/securityContext/sysctls', [
        { name: 'net.ipv4.ip_unprivileged_port_start', value: '0' },
      ]),
    );
    const service = new kplus.Service(this, 'Service', {
      metadata: { name: 'webapi' },
      type: kplus.ServiceType.LOAD_BALANCER,
      ports: [{ port: 80, targetPort: 80, protocol: kplus.Protocol.TCP }],
    });
    service.selectLabel('service', 'webapi');
    return webapi;
  }
}

if (require.main === module) {
  const app = new App();
  new WeatherChart(app, 'weather-api');
  app.synth();
}
