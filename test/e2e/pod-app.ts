import { App, Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  ClaimDumpStore,
  DumpDelivery,
  PodSecurityLevel,
  ProcDumpSidecar,
  ProcDumpTarget,
  ProcDumpTrigger,
  TargetAccess,
} from 'cdk8s-procdump';

const APP_IMAGE = 'localhost/cdk8s-procdump-e2e-app:1';
const SIDECAR_IMAGE = 'localhost/cdk8s-procdump-e2e-sidecar:1';

/** Environment of the .NET program. */
const DOTNET_ENVIRONMENT = {
  HOME: kplus.EnvValue.fromValue('/tmp'), // a single-file program unpacks itself there
  DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: kplus.EnvValue.fromValue('1'), // no ICU in the image
  AZURE_MCP_COLLECT_TELEMETRY: kplus.EnvValue.fromValue('false'),
};

function claimStore(chart: Chart, name: string): ClaimDumpStore {
  const claim = new kplus.PersistentVolumeClaim(chart, 'Claim', {
    metadata: { name },
    accessModes: [kplus.PersistentVolumeAccessMode.READ_WRITE_MANY],
    storageClassName: 'azurefile',
    storage: Size.gibibytes(10),
  });
  return ClaimDumpStore.fromClaimName(chart, 'Store', claim.name);
}

/** The settings that the Pod Security Standard `restricted` requires. */
function locked(user: number): kplus.ContainerSecurityContextProps {
  return {
    user,
    group: user,
    capabilities: { drop: [kplus.Capability.ALL] },
    seccompProfile: { type: kplus.SeccompProfileType.RUNTIME_DEFAULT },
  };
}

/** A .NET process whose trigger fires at once. */
function defineDotnet(chart: Chart): void {
  const webapi = new kplus.Deployment(chart, 'WebApi', {
    metadata: { name: 'webapi' },
    replicas: 1,
    containers: [
      {
        name: 'webapi',
        image: APP_IMAGE,
        imagePullPolicy: kplus.ImagePullPolicy.NEVER,
        // The program ends with its standard input. Because it keeps the fifo open itself, others can write questions
        // to it.
        command: [
          'sh',
          '-c',
          '[ -p "$HOME/questions" ] || mkfifo "$HOME/questions"; exec azmcp server start <>"$HOME/questions"',
        ],
        envVariables: DOTNET_ENVIRONMENT,
        securityContext: locked(1654),
      },
    ],
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

/** A native process whose trigger never fires. */
function defineNative(chart: Chart): void {
  const worker = new kplus.Deployment(chart, 'Worker', {
    metadata: { name: 'worker' },
    replicas: 1,
    containers: [
      {
        name: 'worker',
        image: APP_IMAGE,
        imagePullPolicy: kplus.ImagePullPolicy.NEVER,
        command: ['sleep', 'infinity'],
        securityContext: locked(1000),
      },
    ],
  });
  new ProcDumpSidecar(chart, 'ProcDump', {
    image: SIDECAR_IMAGE,
    // Not sameUser(): nodes with kernel.yama.ptrace_scope above 0 refuse it, and this machine may do so too.
    target: ProcDumpTarget.native({ processName: 'sleep', access: TargetAccess.privileged() }),
    triggers: [ProcDumpTrigger.memoryAbove(Size.gibibytes(1))],
    store: claimStore(chart, 'worker-dumps'),
    limits: { dumpsPerProcess: 20, dumpsPerPod: 50 },
  }).attachTo(worker);
}

/** A native process and a sidecar with the same user, for nodes that allow ptrace between processes of one user. */
function defineSameUser(chart: Chart): void {
  const same = new kplus.Deployment(chart, 'Same', {
    metadata: { name: 'same' },
    replicas: 1,
    containers: [
      {
        name: 'same',
        image: APP_IMAGE,
        imagePullPolicy: kplus.ImagePullPolicy.NEVER,
        command: ['sleep', 'infinity'],
        // podman creates volumes with the owner of the image's folder. With a kubelet, everybody can write.
        securityContext: locked(1654),
      },
    ],
  });
  new ProcDumpSidecar(chart, 'ProcDump', {
    image: SIDECAR_IMAGE,
    target: ProcDumpTarget.native({ access: TargetAccess.sameUser() }),
    store: claimStore(chart, 'same-dumps'),
    podSecurity: PodSecurityLevel.RESTRICTED,
  }).attachTo(same);
}

/** A process that crashes repeatedly: a test double of a .NET process, because the real one needs a second to start. */
function defineLoop(chart: Chart): void {
  const loop = new kplus.Deployment(chart, 'Loop', {
    metadata: { name: 'loop' },
    replicas: 1,
    containers: [
      {
        name: 'loop',
        image: APP_IMAGE,
        imagePullPolicy: kplus.ImagePullPolicy.NEVER,
        command: ['pod-crasher', '50'],
        resources: { memory: { limit: Size.mebibytes(128) } },
        securityContext: locked(1654),
      },
    ],
  });
  new ProcDumpSidecar(chart, 'ProcDump', {
    image: SIDECAR_IMAGE,
    target: ProcDumpTarget.dotnet({ crashDumps: true }),
    triggers: [ProcDumpTrigger.memoryAbove(Size.mebibytes(1))],
    store: claimStore(chart, 'loop-dumps'),
    delivery: DumpDelivery.spooled({ sizeLimit: Size.mebibytes(256) }),
    limits: { dumpsPerProcess: 2, dumpsPerPod: 12, cooldown: Duration.seconds(1) },
    retention: { maxCount: 3, maxSize: Size.mebibytes(110) },
    podSecurity: PodSecurityLevel.RESTRICTED,
  }).attachTo(loop);
}

/**
 * A .NET and a native process that report how long they are stopped, each with a sidecar and a store. Their claims
 * exist already.
 */
function defineClocks(chart: Chart, name: string, delivery: DumpDelivery): void {
  const common = { image: APP_IMAGE, imagePullPolicy: kplus.ImagePullPolicy.NEVER };
  const clocks = new kplus.Deployment(chart, 'Clocks', {
    metadata: { name },
    replicas: 1,
    containers: [
      {
        ...common,
        name: 'dotnet',
        command: ['pod-clock', 'asks', 'azmcp', 'server', 'start'],
        envVariables: DOTNET_ENVIRONMENT,
        securityContext: locked(1654),
      },
      { ...common, name: 'native', command: ['pod-clock', 'looks', '224'], securityContext: locked(1000) },
    ],
  });
  const sidecarOf = (clock: string) => ({
    image: SIDECAR_IMAGE,
    containerName: `of-${clock}`,
    store: ClaimDumpStore.fromClaimName(chart, `${clock}-store`, `${name}-${clock}-dumps`),
    delivery,
  });
  new ProcDumpSidecar(chart, 'Dotnet', {
    ...sidecarOf('dotnet'),
    target: ProcDumpTarget.dotnet({ container: 'dotnet' }),
  }).attachTo(clocks);
  new ProcDumpSidecar(chart, 'Native', {
    ...sidecarOf('native'),
    target: ProcDumpTarget.native({ container: 'native', processName: 'clock', access: TargetAccess.privileged() }),
  }).attachTo(clocks);
}

const app = new App();
defineDotnet(new Chart(app, 'dotnet'));
defineNative(new Chart(app, 'native'));
defineSameUser(new Chart(app, 'same'));
defineLoop(new Chart(app, 'loop'));
defineClocks(new Chart(app, 'spooled'), 'spooled', DumpDelivery.spooled());
defineClocks(new Chart(app, 'local'), 'local', DumpDelivery.direct());
defineClocks(new Chart(app, 'slow'), 'slow', DumpDelivery.direct());
app.synth();
