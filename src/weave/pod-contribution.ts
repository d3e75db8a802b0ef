import type { ExclusiveClaim } from './exclusive-claim';
import type { ContainerJson, EnvVarJson, PodSpecJson, VolumeJson, VolumeMountJson } from '../kubernetes/wire';

/**
 * The additions of one construct to one pod, as plain JSON. Created for each pod, because an object used twice becomes
 * a YAML alias.
 */
export interface PodContribution {
  readonly containers?: ContainerJson[];
  readonly initContainers?: ContainerJson[];
  readonly volumes?: VolumeJson[];
  /** Secrets that the kubelet pulls images with. */
  readonly imagePullSecrets?: { readonly name: string }[];
  /** Annotations of the pod. */
  readonly annotations?: ListAnnotation[];
  /** Additions to the user's containers. */
  readonly additions?: ContainerAddition[];
  readonly shareProcessNamespace?: boolean;
  /** The minimum that the construct needs. The largest of all minimums applies. */
  readonly terminationGracePeriodSeconds?: number;
  readonly claims?: ExclusiveClaim[];
  /** Assumptions that the manifest does not confirm. */
  readonly assumptions?: string[];
  /** Information that is not an error. */
  readonly hints?: string[];
  /** Refusals and hints that the user has accepted. */
  readonly acknowledged?: string[];
}

/** Additions to one of the user's containers. */
export interface ContainerAddition {
  readonly container: string;
  readonly env?: EnvVarJson[];
  readonly volumeMounts?: VolumeMountJson[];
}

/** An annotation of the pod that contains a list. New items are appended to existing ones. */
export interface ListAnnotation {
  readonly name: string;
  readonly separator: string;
  readonly items: string[];
}

/** Returns the current seconds between SIGTERM and SIGKILL. */
export function gracePeriodOf(spec: PodSpecJson): number {
  return Number(spec.terminationGracePeriodSeconds ?? 30); // 30 is Kubernetes' default
}
