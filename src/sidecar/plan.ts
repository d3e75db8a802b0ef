import type { SidecarConfig } from './config';
import { renderContainer } from './container';
import { DeliveryPlan, graceFor, planDelivery, sized } from './delivery-plan';
import { claimDiagnosticsDirectory } from './diagnostics-directory';
import { addDumpVolumes } from './dump-volumes';
import { isHelperContainer } from './helper-containers';
import { SidecarPlacement } from './placement';
import {
  addDiagnosticsDirectory,
  addIdentity,
  addPodFiles,
  addProfiler,
  addState,
  PodAdditions,
} from './pod-additions';
import { annotationsOf } from './pod-annotations';
import { findAutoscalers } from './rules/autoscalers';
import { refuseDisabledDiagnostics } from './rules/diagnostics-enabled';
import { Findings } from './rules/findings';
import { refuseHiddenFolders } from './rules/hidden-folders';
import { findHostNetwork } from './rules/host-network';
import { refuseByLimitRange } from './rules/limit-range';
import { refuseMissingPort } from './rules/needed-port';
import { refuseTightPodResources } from './rules/pod-resources';
import { refuseHiddenPrograms } from './rules/profiler-directory';
import { refuseMissingMemoryLimit, refuseUnreachableThresholds } from './rules/reachable-thresholds';
import { refuseByQuota } from './rules/resource-quota';
import { findRestrictedPtrace } from './rules/restricted-ptrace';
import { findRootOwnedFolder } from './rules/root-owned-folder';
import { refuseOtherServiceAccount } from './rules/service-account';
import { refuseForeignWriter } from './rules/store-writers';
import { describeUser, refuseRootBesideDotnet, resolveSidecarUser, SidecarUser } from './rules/target-user';
import { refuseUserNamespace } from './rules/user-namespace';
import { isGuaranteed } from '../kubernetes/quality-of-service';
import { ContainerJson, normalizePath, PodSpecJson, VolumeMountJson } from '../kubernetes/wire';
import { refuseUnfitVolume, RenderedBinding } from '../stores/store-binding';
import type { AppObjects } from '../weave/app-objects';
import { chooseContainer } from '../weave/choose-container';
import { driverOf, volumeNamed } from '../weave/claimed-storage';
import type { ExclusiveClaim } from '../weave/exclusive-claim';
import type { Pod } from '../weave/pod';
import type { PodContribution } from '../weave/pod-contribution';
import { UnsuitableWorkload } from '../weave/unsuitable-workload';

/** Input for planning the sidecar. */
export interface SidecarPlacementRequest {
  readonly config: SidecarConfig;
  readonly pod: Pod;
  /** The pod with the additions of earlier constructs. */
  readonly woven: PodSpecJson;
  /** Whether the workload was named, not found in a tree. */
  readonly named: boolean;
  /** The other objects of the app. */
  readonly neighbours: AppObjects;
  /**
   * Binds the store for the pod's namespace, and defines the objects that it needs there. Called for pods that may be
   * changed.
   */
  readonly bind: () => RenderedBinding | undefined;
}

/** Returns everything that the sidecar adds to this pod. */
export function planSidecar(request: SidecarPlacementRequest): PodContribution {
  const { config, pod, woven, named, neighbours, bind } = request;
  const findings = new Findings(config.acknowledge);
  const spec = pod.template.spec ?? {};
  const target = chooseTarget(config, pod, findings);
  refuseRootBesideDotnet(config.target, target, spec);
  const user = resolveSidecarUser(config.target._access, target, spec, named);
  if (user.assumed) findings.assume(`container '${target.name}' runs as ${describeUser(user)}`);
  const profiler = config.watches.some((watch) => watch.profiler);
  checkTarget(config, pod, target, profiler, findings);
  const bound = bind();
  if (bound) refuseUnfitVolume(bound);
  const store = sized(bound, target);
  checkStore(store, user, pod, neighbours, findings);
  if (pod.flags !== undefined) findings.hint('PD009', pod.flags);
  findRestrictedPtrace(findings, config.target);
  findAutoscalers(findings, pod, neighbours, { target: target.name, profiler });

  const delivery = planDelivery(config, target, spec, store, findings);
  const additions = new PodAdditions();
  addIdentity(additions, target);
  addState(additions, config);
  const watchesLimit = config.triggers.some(({ _spec }) => _spec.kind === 'memory' && _spec.ofLimit);
  addPodFiles(additions, config, {
    projected: pod.forbids.includes('downwardApiVolume'),
    memoryLimitOf: watchesLimit ? target.name : undefined,
  });
  const storage = ({ name }: VolumeMountJson) => driverOf(volumeNamed(name, pod), pod, neighbours);
  const diagnosticsPath =
    config.diagnosticsDirectory &&
    addDiagnosticsDirectory(additions, config.diagnosticsDirectory, woven, target.name, storage);
  addDumpVolumes(additions, config, pod, delivery);
  findings.refuse('PD013', () => refuseHiddenFolders(target, additions.target.volumeMounts, config.dumpDirectory));
  if (profiler) addProfiler(additions, config);

  const probes = !pod.forbids.includes('probe');
  const sidecar = renderContainer(config, {
    target,
    user,
    profiler,
    guaranteed: isGuaranteed(woven, config.containerName),
    delivery,
    additions: additions.sidecar,
    probes,
  });
  refuseTwoMountsAtOnePath(sidecar);
  refuseTightPodResources(woven, sidecar);
  refuseByLimitRange(pod, woven, sidecar, neighbours);
  refuseByQuota(pod, woven, sidecar, neighbours);
  const { assumptions, hints, acknowledged } = findings;
  return {
    ...placeSidecar(config.placement, pod, sidecar, delivery),
    volumes: additions.volumes,
    imagePullSecrets: config.imagePullSecrets.map((name) => ({ name })),
    annotations: annotationsOf(config, { template: pod.template, target, volumes: additions.volumes, store }),
    additions: [{ container: target.name, ...additions.target }],
    shareProcessNamespace: true,
    claims: [
      ...(config.target._runtime === 'native' ? [claimNativeWatcher(target.name)] : []),
      ...(profiler ? [claimProfiler(target.name)] : []),
      ...(diagnosticsPath === undefined ? [] : [claimDiagnosticsDirectory(target.name, diagnosticsPath)]),
    ],
    assumptions,
    hints,
    acknowledged,
  };
}

/** Helpers are excluded only for .NET: with a native target, a wrong guess would dump another process unnoticed. */
function chooseTarget({ target }: SidecarConfig, { template }: Pod, findings: Findings): ContainerJson {
  const { container: name, containers: names } = target._choice;
  const isHelper = target._runtime === 'dotnet' ? isHelperContainer : undefined;
  const options = target._runtime === 'dotnet' ? '' : '…, ';
  const remedies = (all: string) => [
    `set containers of the target, the preferred one first: ProcDumpTarget.${target._runtime}({ ` +
      `${options}containers: [${all}] })`,
    "attach to this workload too, with attachTo(workload, { container: '…' })",
  ];
  const { container, helpers } = chooseContainer(template, { name, names, isHelper, remedies });
  if (helpers.length > 0) {
    findings.hint(
      'PD002',
      `container '${container.name}' is the target, because the others are usual helpers (${helpers.join(', ')})`,
    );
  }
  return container;
}

function checkTarget(
  config: SidecarConfig,
  pod: Pod,
  target: ContainerJson,
  profiler: boolean,
  findings: Findings,
): void {
  const spec = pod.template.spec ?? {};
  refuseMissingPort(pod, target.name);
  refuseMissingMemoryLimit(config.triggers, target);
  findings.refuse('PD005', () => refuseUnreachableThresholds(config.triggers, target, spec));
  refuseAmbiguousProcess(config, target, spec.containers ?? []);
  if (config.target._runtime === 'dotnet') {
    refuseDisabledDiagnostics(target, profiler);
    findHostNetwork(findings, spec);
  }
  if (profiler) findings.refuse('PD006', () => refuseHiddenPrograms(target));
}

function checkStore(
  store: RenderedBinding,
  user: SidecarUser,
  pod: Pod,
  neighbours: AppObjects,
  findings: Findings,
): void {
  const spec = pod.template.spec ?? {};
  refuseOtherServiceAccount(store, spec);
  findings.refuse('PD008', () => refuseUserNamespace(store, spec));
  findings.refuse('PD007', () => refuseForeignWriter(store, user, spec));
  findRootOwnedFolder(findings, store, user, pod, neighbours);
}

/** If two ProcDump processes watch one native process, one of them permanently stops firing. */
function claimNativeWatcher(container: string): ExclusiveClaim {
  return {
    key: `native watcher of container ${container}`,
    conflict:
      `container '${container}' is already watched by {construct}, but only one ProcDump can watch a native ` +
      'process; give all triggers to one ProcDumpSidecar',
  };
}

/** ProcDump has one path for its profiler, and the runtime loads one profiler. */
function claimProfiler(container: string): ExclusiveClaim {
  return {
    key: `profiler of container ${container}`,
    conflict:
      `container '${container}' already has the profiler of {construct}, but a .NET process loads only one; leave ` +
      'the exception or GC trigger out of one of the two sidecars',
  };
}

/** Several containers share the process namespace: only its name identifies a native process. */
function refuseAmbiguousProcess({ target }: SidecarConfig, { name }: ContainerJson, containers: ContainerJson[]): void {
  if (target._runtime === 'native' && target._processName === undefined && containers.length > 1) {
    throw new Error(
      `the pod has ${containers.length} containers, whose processes are all visible to the sidecar; set the ` +
        `process name of container '${name}': ProcDumpTarget.native({ ` +
        'processName: … })',
    );
  }
}

/** The user chooses dump directory and diagnostics directory separately, so they can collide. */
function refuseTwoMountsAtOnePath({ name, volumeMounts = [] }: ContainerJson): void {
  const paths = volumeMounts.map(({ mountPath }) => normalizePath(mountPath));
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined) {
    throw new Error(
      `the sidecar '${name}' would mount two volumes at '${twice}' (it has ${paths.join(', ')}); choose another ` +
        'dumpDirectory or mountPath',
    );
  }
}

/** An ordinary sidecar would prevent a pod that runs to completion from completing. */
function placeSidecar(
  placement: SidecarPlacement,
  { kind, template, lifetime, forbids }: Pod,
  sidecar: ContainerJson,
  { spool }: DeliveryPlan,
): PodContribution {
  if (lifetime === 'unknown' && placement === SidecarPlacement.AUTO) {
    throw new UnsuitableWorkload(
      `neither kind '${kind}' nor restartPolicy says whether the pods run to completion`,
      'set restartPolicy in the pod template, or placement: SidecarPlacement.NATIVE if they do and ' +
        'SidecarPlacement.CONTAINER if they do not',
    );
  }
  const completes = lifetime === 'completes';
  if (placement === SidecarPlacement.CONTAINER && completes) {
    throw new Error(
      'placement CONTAINER would keep a pod that runs to completion from ever completing; use ' +
        'SidecarPlacement.NATIVE or AUTO',
    );
  }
  const native = placement === SidecarPlacement.NATIVE || completes;
  if (native && forbids.includes('nativeSidecar')) {
    throw new Error(
      'Knative refuses native sidecars (probes and restartPolicy of init containers); use ' +
        'SidecarPlacement.CONTAINER or AUTO',
    );
  }
  const grace = spool && !forbids.includes('gracePeriod') ? graceFor(spool, native, template.spec ?? {}) : undefined;
  return {
    ...(native ? { initContainers: [{ ...sidecar, restartPolicy: 'Always' }] } : { containers: [sidecar] }),
    ...(grace === undefined ? {} : { terminationGracePeriodSeconds: grace }),
  };
}
