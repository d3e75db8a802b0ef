import { DeliveryPlan, graceFor, planDelivery } from './delivery-plan';
import type { DotnetDiagnosticsTmp } from '../dotnet-diagnostics-tmp';
import { renderContainer } from './container';
import type { DumpDelivery } from './dump-delivery';
import type { CheckedDumpRetention } from './dump-retention';
import { shareDumps } from './dump-volumes';
import type { SidecarResources, SidecarSecurityContext } from './overrides';
import { SidecarPlacement } from './placement';
import {
  PodShares, shareAnnotations, shareDiagnosticsTmp, shareIdentity, shareMemoryLimit, shareProfiler, shareRun,
} from './pod-additions';
import { refuseDisabledDiagnostics } from './rules/diagnostics-enabled';
import { refuseTightPodResources } from './rules/pod-resources';
import { refuseHiddenPrograms } from './rules/profiler-directory';
import { refuseUnreachableThresholds } from './rules/reachable-thresholds';
import { refuseOtherServiceAccount } from './rules/service-account';
import { refuseForeignWriter } from './rules/store-writers';
import { resolveSidecarUser } from './rules/target-user';
import { refuseUserNamespace } from './rules/user-namespace';
import type { CheckedDumpLimits } from '../capture/dump-limits';
import type { ProcDumpCommand } from '../capture/procdump-command';
import type { ProcDumpTarget, TargetAccess } from '../capture/procdump-target';
import type { ProcDumpTrigger } from '../capture/procdump-trigger';
import { ContainerJson, normalizePath, PodSpecJson } from '../kubernetes/wire';
import type { DumpStoreBinding } from '../stores/dump-store';
import { refuseUnfitVolume } from '../stores/store-binding';
import { chooseContainer } from '../weave/choose-container';
import type { PodContribution } from '../weave/pod-contribution';
import type { Pod } from '../weave/pod-template';

/** What one sidecar is to do, checked and with its defaults, apart from any pod. */
export interface SidecarConfig {
  readonly image: string;
  readonly containerName: string;
  readonly imagePullPolicy?: string;
  readonly target: ProcDumpTarget;
  readonly container?: string;
  readonly access: TargetAccess;
  readonly triggers: ProcDumpTrigger[];
  readonly commands: ProcDumpCommand[];
  readonly limits: CheckedDumpLimits;
  readonly delivery: DumpDelivery;
  readonly retention: CheckedDumpRetention;
  readonly drainSeconds?: number;
  readonly dumpDirectory: string;
  readonly diagnosticsTmp?: DotnetDiagnosticsTmp;
  readonly placement: SidecarPlacement;
  readonly resources?: SidecarResources;
  readonly securityContext?: SidecarSecurityContext;
}

/** Everything that the sidecar adds to this pod. */
export function planSidecar(config: SidecarConfig, pod: Pod, woven: PodSpecJson, store: DumpStoreBinding): PodContribution {
  const spec = pod.template.spec ?? {};
  const target = chooseContainer(pod.template, config.container);
  const user = resolveSidecarUser(config.access, target, spec);
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
  const shares = new PodShares();
  shareIdentity(shares, target);
  shareRun(shares, config);
  shareAnnotations(shares, config, isKnative(pod));
  const tmp = config.diagnosticsTmp && shareDiagnosticsTmp(shares, config.diagnosticsTmp, woven, target.name);
  shareDumps(shares, config, pod, delivery);
  if (profiler) shareProfiler(shares, config);
  if (config.triggers.some(({ _spec }) => _spec.kind === 'memory' && _spec.ofLimit)) shareMemoryLimit(shares, target);

  const sidecar = renderContainer(config, { target, user, profiler, delivery, share: shares.sidecar, knative: isKnative(pod) });
  refuseTwoMountsAtOnePath(sidecar);
  refuseTightPodResources(woven, sidecar);
  return {
    ...placeSidecar(config.placement, pod, sidecar, delivery),
    volumes: shares.volumes,
    additions: [{ container: target.name, ...shares.target }],
    shareProcessNamespace: true,
    ...(config.target._runtime === 'native' ? { watches: target.name } : {}),
    ...(profiler ? { profiles: target.name } : {}),
    ...(tmp ? { diagnostics: { path: tmp, containers: [target.name] } } : {}),
  };
}

/** Several containers share the process namespace: a native process is told apart by its name alone. */
function refuseAmbiguousProcess({ target, container }: SidecarConfig, containers: ContainerJson[]): void {
  if (target._runtime === 'native' && target._processName === undefined && containers.length > 1) {
    throw new Error(`the pod has ${containers.length} containers, whose processes are all visible to the sidecar; name the one of `
      + `container '${container ?? containers[0].name}': ProcDumpTarget.native({ processName: … })`);
  }
}

/** The dump directory and the diagnostics directory are the user's to choose, each alone. */
function refuseTwoMountsAtOnePath({ name, volumeMounts = [] }: ContainerJson): void {
  const paths = volumeMounts.map(({ mountPath }) => normalizePath(mountPath));
  if (new Set(paths).size === paths.length) return;
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined) {
    throw new Error(`the sidecar '${name}' would mount two volumes at '${twice}' (it has ${paths.join(', ')}); choose another dumpDirectory or mountPath`);
  }
}

/**
 * Knative admits a part of the pod's fields only; the grace period of its pods is `timeoutSeconds` of the revision.
 *
 * @see https://github.com/knative/serving/blob/main/pkg/apis/serving/fieldmask.go
 */
function isKnative({ apiVersion }: Pod): boolean {
  return `${apiVersion}`.startsWith('serving.knative.dev/');
}

/** A container that has run to completion must not leave a sidecar behind that keeps the pod running. */
function placeSidecar(placement: SidecarPlacement, pod: Pod, sidecar: ContainerJson, { spool }: DeliveryPlan): PodContribution {
  const { kind, template } = pod;
  const spec = template.spec ?? {};
  const completes = kind === 'Job' || kind === 'CronJob' || (spec.restartPolicy ?? 'Always') !== 'Always';
  if (placement === SidecarPlacement.CONTAINER && completes) {
    throw new Error('placement CONTAINER would keep a pod that runs to completion from ever completing; use SidecarPlacement.NATIVE or AUTO');
  }
  const native = placement === SidecarPlacement.NATIVE || completes;
  if (native && isKnative(pod)) {
    throw new Error('Knative admits no native sidecar (it refuses probes and restartPolicy of init containers); use SidecarPlacement.CONTAINER or AUTO');
  }
  return {
    ...(native ? { initContainers: [{ ...sidecar, restartPolicy: 'Always' }] } : { containers: [sidecar] }),
    ...(spool && !isKnative(pod) ? { terminationGracePeriodSeconds: graceFor(spool, native, spec) } : {}),
  };
}
