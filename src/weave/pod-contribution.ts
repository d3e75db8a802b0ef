import type { ExclusiveClaim } from './exclusive-claim';
import type { ContainerJson, EnvVarJson, PodSpecJson, VolumeJson, VolumeMountJson } from '../kubernetes/wire';

/**
 * What one construct adds to one pod, as plain JSON. Created for each pod, because an object used twice becomes a YAML
 * alias.
 */
export interface PodContribution {
  readonly containers?: ContainerJson[];
  readonly initContainers?: ContainerJson[];
  readonly volumes?: VolumeJson[];
  /** Secrets that the kubelet pulls images with. */
  readonly imagePullSecrets?: { readonly name: string }[];
  /** Annotations of the pod. */
  readonly annotations?: ListAnnotation[];
  /** What the user's containers get. */
  readonly additions?: ContainerAddition[];
  readonly shareProcessNamespace?: boolean;
  /** The minimum that the pod needs. The largest one counts. */
  readonly terminationGracePeriodSeconds?: number;
  readonly claims?: ExclusiveClaim[];
  /** What the contribution relies on and the manifest does not say. */
  readonly assumptions?: string[];
  /** What is not wrong, but should be known. */
  readonly hints?: string[];
  /** Refusals and hints that the user has accepted. */
  readonly acknowledged?: string[];
}

/** What one of the user's containers gets. */
export interface ContainerAddition {
  readonly container: string;
  readonly env?: EnvVarJson[];
  readonly volumeMounts?: VolumeMountJson[];
}

/** An annotation of the pod that lists something. Items join what is there. */
export interface ListAnnotation {
  readonly name: string;
  readonly separator: string;
  readonly items: string[];
}

/** Returns the current seconds between SIGTERM and SIGKILL. */
export function gracePeriodOf(spec: PodSpecJson): number {
  return Number(spec.terminationGracePeriodSeconds ?? 30); // 30 is Kubernetes' default
}
