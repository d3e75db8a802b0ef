import { App, Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { ClaimDumpStore, DumpDelivery, PodSecurityLevel, ProcDumpSidecar, ProcDumpTarget, ProcDumpTrigger, TargetAccess } from 'cdk8s-procdump';

const APP_IMAGE = 'localhost/cdk8s-procdump-e2e-app:1';
const SIDECAR_IMAGE = 'localhost/cdk8s-procdump-e2e-sidecar:1';

function claimStore(chart: Chart, name: string): ClaimDumpStore {
  const claim = new kplus.PersistentVolumeClaim(chart, 'Claim', {
    metadata: { name },
    accessModes: [kplus.PersistentVolumeAccessMode.READ_WRITE_MANY],
    storageClassName: 'azurefile',
    storage: Size.gibibytes(10),
  });
  return ClaimDumpStore.fromClaimName(chart, 'Store', claim.name);
}

/** As strict as the Pod Security Standard `restricted` asks for. */
function locked(user: number): kplus.ContainerSecurityContextProps {
  return {
    user,
    group: user,
    capabilities: { drop: [kplus.Capability.ALL] },
    seccompProfile: { type: kplus.SeccompProfileType.RUNTIME_DEFAULT },
  };
}

/** A .NET process whose trigger holds from its first moment on. */
function defineDotnet(chart: Chart): void {
  const webapi = new kplus.Deployment(chart, 'WebApi', {
    metadata: { name: 'webapi' },
    replicas: 1,
    containers: [{
      name: 'webapi',
      image: APP_IMAGE,
      imagePullPolicy: kplus.ImagePullPolicy.NEVER,
      // The program ends with its standard input. A fifo that it holds open itself is one that others can write questions to.
      command: ['sh', '-c', '[ -p "$HOME/questions" ] || mkfifo "$HOME/questions"; exec azmcp server start <>"$HOME/questions"'],
      envVariables: {
        HOME: kplus.EnvValue.fromValue('/tmp'), // a single-file program unpacks itself there
        DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: kplus.EnvValue.fromValue('1'), // no ICU in the image
        AZURE_MCP_COLLECT_TELEMETRY: kplus.EnvValue.fromValue('false'),
      },
      securityContext: locked(1654),
    }],
  });
  new ProcDumpSidecar(chart, 'ProcDump', {
    image: SIDECAR_IMAGE,
    target: ProcDumpTarget.dotnet({ crashDumps: true }),
    triggers: [ProcDumpTrigger.memoryAbove(Size.mebibytes(10), Size.gibibytes(1))],
    store: claimStore(chart, 'webapi-dumps'),
    podSecurity: PodSecurityLevel.RESTRICTED,
    limits: { dumpsPerPod: 20 },
  }).attachTo(webapi);
}

/** A native process, and a trigger that never fires. */
function defineNative(chart: Chart): void {
  const worker = new kplus.Deployment(chart, 'Worker', {
    metadata: { name: 'worker' },
    replicas: 1,
    containers: [{
      name: 'worker',
      image: APP_IMAGE,
      imagePullPolicy: kplus.ImagePullPolicy.NEVER,
      command: ['sleep', 'infinity'],
      securityContext: locked(1000),
    }],
  });
  new ProcDumpSidecar(chart, 'ProcDump', {
    image: SIDECAR_IMAGE,
    // Not sameUser(): nodes with kernel.yama.ptrace_scope above 0 refuse it, and so may the machine that runs this.
    target: ProcDumpTarget.native({ processName: 'sleep', access: TargetAccess.privileged() }),
    triggers: [ProcDumpTrigger.memoryAbove(Size.gibibytes(1))],
    store: claimStore(chart, 'worker-dumps'),
    limits: { dumpsPerProcess: 20, dumpsPerPod: 50 },
  }).attachTo(worker);
}

/** What crashes again and again: a test double of a .NET process, because the real one takes a second for each of its lives. */
function defineLoop(chart: Chart): void {
  const loop = new kplus.Deployment(chart, 'Loop', {
    metadata: { name: 'loop' },
    replicas: 1,
    containers: [{
      name: 'loop',
      image: APP_IMAGE,
      imagePullPolicy: kplus.ImagePullPolicy.NEVER,
      command: ['pod-crasher', '50'],
      resources: { memory: { limit: Size.mebibytes(128) } },
      securityContext: locked(1654),
    }],
  });
  new ProcDumpSidecar(chart, 'ProcDump', {
    image: SIDECAR_IMAGE,
    target: ProcDumpTarget.dotnet({ crashDumps: true }),
    triggers: [ProcDumpTrigger.memoryAbove(Size.mebibytes(1))],
    store: claimStore(chart, 'loop-dumps'),
    delivery: DumpDelivery.spooled({ sizeLimit: Size.mebibytes(256) }),
    limits: { dumpsPerProcess: 2, dumpsPerPod: 12, cooldown: Duration.seconds(1) },
    podSecurity: PodSecurityLevel.RESTRICTED,
  }).attachTo(loop);
}

const app = new App();
defineDotnet(new Chart(app, 'dotnet'));
defineNative(new Chart(app, 'native'));
defineLoop(new Chart(app, 'loop'));
app.synth();
