import type { SidecarConfig } from './config';
import { renderContainer } from './container';
import { DeliveryPlan, graceFor, nodeDiskStore, planDelivery } from './delivery-plan';
import { claimDiagnosticsDirectory } from './diagnostics-directory';
import { addDumpVolumes } from './dump-volumes';
import { SidecarPlacement } from './placement';
import {
  addAnnotations,
  addDiagnosticsDirectory,
  addIdentity,
  addMemoryLimit,
  addProfiler,
  addState,
  PodAdditions,
} from './pod-additions';
import { refuseDisabledDiagnostics } from './rules/diagnostics-enabled';
import { refuseTightPodResources } from './rules/pod-resources';
import { refuseHiddenPrograms } from './rules/profiler-directory';
import { refuseUnreachableThresholds } from './rules/reachable-thresholds';
import { refuseOtherServiceAccount } from './rules/service-account';
import { refuseForeignWriter } from './rules/store-writers';
import { resolveSidecarUser } from './rules/target-user';
import { refuseUserNamespace } from './rules/user-namespace';
import { ContainerJson, normalizePath, PodSpecJson } from '../kubernetes/wire';
import { refuseUnfitVolume, RenderedBinding } from '../stores/store-binding';
import { chooseContainer } from '../weave/choose-container';
import type { ExclusiveClaim } from '../weave/exclusive-claim';
import type { Pod } from '../weave/pod';
import type { PodContribution } from '../weave/pod-contribution';

/** Returns everything that the sidecar adds to this pod. */
export function planSidecar(
  config: SidecarConfig,
  pod: Pod,
  woven: PodSpecJson,
  given: RenderedBinding | undefined,
): PodContribution {
  const spec = pod.template.spec ?? {};
  const target = chooseContainer(pod.template, config.target._container);
  const store = given ?? nodeDiskStore(target);
  const user = resolveSidecarUser(config.target._access, target, spec);
  const profiler = config.commands.some((command) => command.profiler);
  refuseUnreachableThresholds(config.triggers, target, spec);
  refuseAmbiguousProcess(config, spec.containers ?? []);
  if (config.target._runtime === 'dotnet') refuseDisabledDiagnostics(target, profiler);
  if (profiler) refuseHiddenPrograms(target);
  refuseUnfitVolume(store);
  refuseOtherServiceAccount(store, spec);
  refuseUserNamespace(store, spec);
  refuseForeignWriter(store, user, spec);

  const delivery = planDelivery(config, target, spec, store);
  const additions = new PodAdditions();
  addIdentity(additions, target);
  addState(additions, config);
  addAnnotations(additions, config, isKnative(pod));
  const diagnosticsPath =
    config.diagnosticsDirectory && addDiagnosticsDirectory(additions, config.diagnosticsDirectory, woven, target.name);
  addDumpVolumes(additions, config, pod, delivery);
  if (profiler) addProfiler(additions, config);
  if (config.triggers.some(({ _spec }) => _spec.kind === 'memory' && _spec.ofLimit)) addMemoryLimit(additions, target);

  const sidecar = renderContainer(config, {
    target,
    user,
    profiler,
    delivery,
    additions: additions.sidecar,
    knative: isKnative(pod),
  });
  refuseTwoMountsAtOnePath(sidecar);
  refuseTightPodResources(woven, sidecar);
  return {
    ...placeSidecar(config.placement, pod, sidecar, delivery),
    volumes: additions.volumes,
    additions: [{ container: target.name, ...additions.target }],
    shareProcessNamespace: true,
    claims: [
      ...(config.target._runtime === 'native' ? [claimNativeWatcher(target.name)] : []),
      ...(profiler ? [claimProfiler(target.name)] : []),
      ...(diagnosticsPath === undefined ? [] : [claimDiagnosticsDirectory(target.name, diagnosticsPath)]),
    ],
  };
}

/** Of two ProcDump processes on one native process, one permanently stops firing. */
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
function refuseAmbiguousProcess({ target }: SidecarConfig, containers: ContainerJson[]): void {
  if (target._runtime === 'native' && target._processName === undefined && containers.length > 1) {
    throw new Error(
      `the pod has ${containers.length} containers, whose processes are all visible to the sidecar; set the ` +
        `process name of container '${target._container ?? containers[0].name}': ProcDumpTarget.native({ ` +
        'processName: … })',
    );
  }
}

/** The user chooses dump directory and diagnostics directory separately, so they can collide. */
function refuseTwoMountsAtOnePath({ name, volumeMounts = [] }: ContainerJson): void {
  const paths = volumeMounts.map(({ mountPath }) => normalizePath(mountPath));
  if (new Set(paths).size === paths.length) return;
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined) {
    throw new Error(
      `the sidecar '${name}' would mount two volumes at '${twice}' (it has ${paths.join(', ')}); choose another ` +
        'dumpDirectory or mountPath',
    );
  }
}

/**
 * Knative accepts only some pod fields. The grace period of its pods is the `timeoutSeconds` of the revision.
 * @see https://github.com/knative/serving/blob/main/pkg/apis/serving/fieldmask.go
 */
function isKnative({ apiVersion }: Pod): boolean {
  return `${apiVersion}`.startsWith('serving.knative.dev/');
}

/** An ordinary sidecar would keep a pod that runs to completion from completing. */
function placeSidecar(
  placement: SidecarPlacement,
  pod: Pod,
  sidecar: ContainerJson,
  { spool }: DeliveryPlan,
): PodContribution {
  const { kind, template } = pod;
  const spec = template.spec ?? {};
  const completes = kind === 'Job' || kind === 'CronJob' || (spec.restartPolicy ?? 'Always') !== 'Always';
  if (placement === SidecarPlacement.CONTAINER && completes) {
    throw new Error(
      'placement CONTAINER would keep a pod that runs to completion from ever completing; use ' +
        'SidecarPlacement.NATIVE or AUTO',
    );
  }
  const native = placement === SidecarPlacement.NATIVE || completes;
  if (native && isKnative(pod)) {
    throw new Error(
      'Knative refuses native sidecars (probes and restartPolicy of init containers); use ' +
        'SidecarPlacement.CONTAINER or AUTO',
    );
  }
  return {
    ...(native ? { initContainers: [{ ...sidecar, restartPolicy: 'Always' }] } : { containers: [sidecar] }),
    ...(spool && !isKnative(pod) ? { terminationGracePeriodSeconds: graceFor(spool, native, spec) } : {}),
  };
}
