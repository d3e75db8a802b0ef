import type { ExclusiveClaim } from './exclusive-claim';
import type { ContainerJson, EnvVarJson, PodSpecJson, VolumeJson, VolumeMountJson } from '../kubernetes/wire';

/**
 * What one construct adds to one pod. Plain wire JSON, made afresh for each pod: an object used twice would become a
 * YAML alias.
 */
export interface PodContribution {
  readonly containers?: ContainerJson[];
  readonly initContainers?: ContainerJson[];
  readonly volumes?: VolumeJson[];
  /** What containers of the user get. */
  readonly additions?: ContainerAddition[];
  readonly shareProcessNamespace?: boolean;
  /** What the pod needs at least; the greatest one counts. */
  readonly terminationGracePeriodSeconds?: number;
  readonly claims?: ExclusiveClaim[];
}

/** What one container of the user gets. */
export interface ContainerAddition {
  readonly container: string;
  readonly env?: EnvVarJson[];
  readonly volumeMounts?: VolumeMountJson[];
}

/** The time between SIGTERM and SIGKILL that a pod has as it is. */
export function gracePeriodOf(spec: PodSpecJson): number {
  return Number(spec.terminationGracePeriodSeconds ?? 30); // 30 is Kubernetes' default
}
