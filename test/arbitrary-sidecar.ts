import { ApiObject, Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { ArbitraryWorkload } from './arbitrary-workload';
import { IMAGE } from './pods';
import {
  AzureFilesDumpStore,
  AzureFilesSku,
  ClaimDumpStore,
  DotnetDiagnosticsTmp,
  DumpDelivery,
  EphemeralDumpStore,
  GcHeap,
  IDumpStore,
  ProcDumpSidecar,
  ProcDumpSidecarProps,
  ProcDumpTarget,
  ProcDumpTrigger,
  SidecarPlacement,
  SidecarResources,
  SidecarSecurityProfile,
  TargetAccess,
} from '../src';
import { ContainerJson, JsonObject } from '../src/kubernetes/wire';

/**
 * A sidecar apart from any pod. What a pod excludes gives way to it, so that each pair of sidecar and workload is one
 * that fits.
 */
export interface ArbitrarySidecar {
  readonly runtime: 'dotnet' | 'native';
  readonly privileged: boolean;
  readonly crashDumps: boolean;
  readonly processName?: string;
  readonly triggers: { dotnet: ProcDumpTrigger[]; native: ProcDumpTrigger[] };
  readonly store: Store;
  readonly placement?: SidecarPlacement;
  readonly tmp?: string;
  readonly delivery: 'direct' | Pick<ProcDumpSidecarProps, 'delivery' | 'retention' | 'drainTimeout'>;
  readonly props: Pick<
    ProcDumpSidecarProps,
    | 'dumpDirectory'
    | 'limits'
    | 'containerName'
    | 'imagePullPolicy'
    | 'imagePullSecrets'
    | 'resources'
    | 'securityContext'
  >;
}

type Store =
  | 'default'
  | 'ephemeral'
  | 'claim'
  | 'azure'
  | 'azure with a class'
  | { readonly volume: JsonObject; readonly shared?: boolean };

const mebibytes = fc
  .uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 2 })
  .map((sizes) => sizes.sort((a, b) => a - b));
const sizes = mebibytes.map((list) => list.map((size) => Size.mebibytes(size)));
const percents = fc.constantFrom([75], [75, 90]);
/** Low enough for the smallest CPU limit of the workloads, and for their memory limits. */
const percent = fc.integer({ min: 1, max: 20 });
const count = fc.integer({ min: 1, max: 1000 });

const cheap = {
  averageCpu: fc.oneof(
    percent.map((value) => ProcDumpTrigger.averageCpuAbove(value)),
    percent.map((value) => ProcDumpTrigger.averageCpuBelow(value)),
  ),
  memory: fc.oneof(
    sizes.map((list) => ProcDumpTrigger.memoryAbove(...list)),
    sizes.map((list) => ProcDumpTrigger.memoryBelow(...list.reverse())),
    percents.map((list) => ProcDumpTrigger.memoryAboveLimit(...list)),
  ),
  threads: count.map((value) => ProcDumpTrigger.threadsAbove(value)),
  fileDescriptors: count.map((value) => ProcDumpTrigger.fileDescriptorsAbove(value)),
};
const every = count.map((seconds) => ProcDumpTrigger.every(Duration.seconds(seconds), { count: 1 }));
const counter = fc.record({
  provider: fc.constantFrom('System.Runtime', 'My-Meter'),
  counter: fc.constantFrom('cpu-usage', 'a/b'),
  threshold: fc.integer(),
});
const cheapTriggers = fc.record(cheap, { requiredKeys: [] }).map((chosen) => Object.values(chosen));
const profiler = fc.oneof(
  fc
    .constantFrom<(string[] | undefined)[]>(undefined, ['*'], ['System.OutOfMemoryException', 'Contoso.*'])
    .map((include) => ProcDumpTrigger.exception({ include })),
  fc
    .tuple(sizes, fc.constantFrom(undefined, GcHeap.GEN2, GcHeap.LOH))
    .map(([thresholds, heap]) => ProcDumpTrigger.gcHeapAbove({ thresholds, heap })),
  fc.integer({ min: 0, max: 2 }).map((generation) => ProcDumpTrigger.gcGeneration(generation)),
);
const triggers = fc.record({
  dotnet: fc
    .tuple(
      cheapTriggers,
      fc.array(
        fc.oneof(
          percent.map((value) => ProcDumpTrigger.cpuAbove(value)),
          percent.map((value) => ProcDumpTrigger.cpuBelow(value)),
          counter.map((options) => ProcDumpTrigger.counterAbove(options)),
          counter.map((options) => ProcDumpTrigger.counterBelow({ ...options, percentile: 95 })),
          every,
        ),
        { maxLength: 7 },
      ),
      fc.array(profiler, { maxLength: 1 }),
    )
    .map((lists) => lists.flat()),
  native: fc.oneof(
    cheapTriggers,
    every.map((trigger) => [trigger]),
    fc
      .constantFrom<number[][]>([10], [6, 11])
      .map((numbers) => [ProcDumpTrigger.signal({ numbers, acceptStoppedTarget: true })]),
  ),
});

const CLAIM = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '8Gi' } } };
const profile = fc.constantFrom<SidecarSecurityProfile[]>(
  { type: 'RuntimeDefault' },
  { type: 'Localhost', localhostProfile: 'procdump.json' },
  { type: 'Unconfined' },
);

export const anySidecar: fc.Arbitrary<ArbitrarySidecar> = fc.record({
  runtime: fc.constantFrom('dotnet' as const, 'native' as const),
  privileged: fc.boolean(),
  crashDumps: fc.boolean(),
  processName: fc.constantFrom(undefined, 'dotnet', 'postgres', 'My.App'),
  triggers,
  store: fc.constantFrom<Store[]>(
    'default',
    'ephemeral',
    'claim',
    'azure',
    'azure with a class',
    { volume: { nfs: { server: 'nfs', path: '/dumps' } }, shared: false },
    { volume: { csi: { driver: 'file.csi.azure.com', volumeAttributes: { secretName: 'a', shareName: 'b' } } } },
    { volume: { ephemeral: { volumeClaimTemplate: { spec: CLAIM } } }, shared: false },
    { volume: { hostPath: { path: '/var/dumps', type: 'DirectoryOrCreate' } }, shared: true },
  ),
  placement: fc.constantFrom(undefined, SidecarPlacement.AUTO, SidecarPlacement.CONTAINER, SidecarPlacement.NATIVE),
  tmp: fc.constantFrom(undefined, '/tmp', '/diag', '/var/dotnet_diag-1.x'),
  delivery: fc.oneof(
    fc.constant('direct' as const),
    fc.record(
      {
        delivery: fc.constantFrom(undefined, Size.gibibytes(4)).map((sizeLimit) => DumpDelivery.spooled({ sizeLimit })),
        retention: fc.record(
          {
            maxAge: count.map((days) => Duration.days(days)),
            maxCount: count,
            // At most as much as the smallest store holds.
            maxSize: count.map((size) => Size.mebibytes(size)),
          },
          { requiredKeys: [] },
        ),
        drainTimeout: count.map((seconds) => Duration.seconds(seconds)),
      },
      { requiredKeys: [] },
    ),
  ),
  props: fc.record(
    {
      dumpDirectory: fc.constantFrom('/data', '/var/dumps/a.b_c-1', '/mnt/D'),
      limits: fc
        .integer({ min: 20, max: 100 })
        .map((dumpsPerProcess) => ({ dumpsPerProcess, cooldown: Duration.seconds(dumpsPerProcess) })),
      containerName: fc.constantFrom('procdump', 'p', `p${'-x'.repeat(25)}`),
      imagePullSecrets: fc.constantFrom(['registry'], ['registry', 'contoso.acr']),
      imagePullPolicy: fc.constantFrom('Always', 'IfNotPresent', 'Never'),
      resources: fc.constantFrom<SidecarResources[]>(
        { requests: { cpu: '0' } },
        { limits: { cpu: '1', memory: '1Gi' } },
        { requests: { memory: '1Mi' }, limits: { memory: '64Mi' } },
      ),
      securityContext: fc.record(
        {
          readOnlyRootFilesystem: fc.boolean(),
          seccompProfile: profile,
          appArmorProfile: profile,
          seLinuxOptions: fc.constantFrom<{ [key: string]: string }[]>({ type: 'spc_t' }, {}),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  ),
});

/** Attaches the sidecar to a workload that is in the tree already. */
export function attach(
  scope: Construct,
  object: ApiObject,
  { pod, object: { kind } }: ArbitraryWorkload,
  wish: ArbitrarySidecar,
): ProcDumpSidecar {
  const target: ContainerJson = pod.containers[0];
  const completes = kind.endsWith('Job') || (pod.restartPolicy ?? 'Always') !== 'Always';
  const sidecar = new ProcDumpSidecar(scope, 'ProcDump', {
    ...wish.props,
    ...deliveryOf(target, wish),
    image: IMAGE,
    acknowledge: ['PD013'], // the working directory of the arbitrary is where the dump directory may be
    target: targetOf(pod, target, wish),
    triggers: wish.triggers[wish.runtime].filter(
      ({ _name }) => _name !== 'memoryAboveLimit' || target.resources?.limits?.memory !== undefined,
    ),
    store: storeOf(scope, wish.store),
    placement: completes && wish.placement === SidecarPlacement.CONTAINER ? SidecarPlacement.AUTO : wish.placement,
    diagnosticsTmp: wish.runtime === 'dotnet' ? tmpOf(scope, target, wish.tmp) : undefined,
  });
  sidecar.attachTo(object, { container: target.name });
  return sidecar;
}

function targetOf(
  pod: JsonObject,
  target: ContainerJson,
  { runtime, privileged, processName, crashDumps }: ArbitrarySidecar,
): ProcDumpTarget {
  const rendered = { ...pod.securityContext, ...target.securityContext };
  const uid: number | undefined = rendered.runAsUser;
  const access =
    // Root beside a .NET process of another user is refused.
    (privileged && (runtime === 'native' || uid === undefined)) || uid === 0
      ? TargetAccess.privileged()
      : TargetAccess.sameUser(uid === undefined ? { uid: 1654, gid: rendered.runAsGroup ?? 1654 } : {});
  return runtime === 'dotnet'
    ? ProcDumpTarget.dotnet({ access, processName, crashDumps })
    : ProcDumpTarget.native({
        access,
        processName: pod.containers.length > 1 ? (processName ?? 'postgres') : processName,
        dumpMask: 0x33,
      });
}

function storeOf(scope: Construct, store: Store): IDumpStore | undefined {
  switch (store) {
    case 'default':
      return undefined;
    case 'ephemeral':
      return new EphemeralDumpStore(scope, 'Dumps', { sizeLimit: Size.gibibytes(2) });
    case 'claim':
      return ClaimDumpStore.fromClaimName(scope, 'Dumps', 'dumps');
    case 'azure':
      return new AzureFilesDumpStore(scope, 'Dumps', {
        sku: AzureFilesSku.PREMIUM_V2_LRS,
        uid: 1654,
        gid: 1654,
        fileMode: '0660',
      });
    case 'azure with a class':
      return new AzureFilesDumpStore(scope, 'Dumps', {
        storageClassName: 'azurefile-csi',
        capacity: Size.gibibytes(1),
      });
    default:
      return { bindDumpStore: () => structuredClone(store) };
  }
}

/** What is written into the store itself takes longer than a probe of the arbitrary waits. */
function deliveryOf({ livenessProbe }: ContainerJson, { delivery }: ArbitrarySidecar): Partial<ProcDumpSidecarProps> {
  if (delivery !== 'direct') return delivery;
  return livenessProbe ? {} : { delivery: DumpDelivery.direct() };
}

/** TMPDIR of the target is obeyed; a volume that it mounts there already is used. */
function tmpOf(scope: Construct, target: ContainerJson, tmp: string | undefined): DotnetDiagnosticsTmp | undefined {
  const variable = target.env?.find(({ name }) => name === 'TMPDIR')?.value;
  if (tmp === undefined || (variable !== undefined && variable !== tmp)) return undefined;
  return target.volumeMounts?.some(({ mountPath }) => mountPath === tmp)
    ? DotnetDiagnosticsTmp.onExistingMount(scope, 'Tmp', { mountPath: tmp })
    : new DotnetDiagnosticsTmp(scope, 'Tmp', { mountPath: tmp, sizeLimit: Size.mebibytes(64) });
}
