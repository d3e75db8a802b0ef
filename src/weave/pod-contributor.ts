import type { Pod, PodLocation } from './pod';
import type { PodContribution } from './pod-contribution';
import type { UnsuitableWorkload } from './unsuitable-workload';
import type { JsonObject, PodSpecJson } from '../kubernetes/wire';

/** Props of a construct that rename or move its additions. */
export interface Remedies {
  /** The prop that names its containers or volumes. */
  readonly name: string;
  /** The prop that sets the mount path of its volumes. */
  readonly path: string;
}

/** A workload that no sidecar can be added to, or of unknown kind. */
export interface ClosedWorkload {
  /** Concrete path of the workload in the object. */
  readonly owner: string;
  readonly reason: string;
  /** The refusal that the user has accepted. */
  readonly acknowledged?: string;
}

/** The pod templates of an object that a contributor changes, and those that it cannot change. */
export interface LocatedPods {
  readonly locations: PodLocation[];
  readonly closed: ClosedWorkload[];
  readonly problems: { readonly owner: string; readonly error: UnsuitableWorkload }[];
}

/** The contribution of one `attachTo` call to one object. */
export interface PodContributor {
  /** Path of the construct: its identity, and its place in the order of merging within a phase. */
  readonly path: string;
  /** Lower phases are merged first, regardless of paths. Later phases adopt existing items. */
  readonly phase: number;
  /** Whether the workload was named, not found in a tree. */
  readonly named: boolean;
  /** Path of the construct that was passed to `attachTo`. */
  readonly scope: string;
  /** The options of the request. Two different requests of one construct contradict each other. */
  readonly request: string;
  readonly remedies: Remedies;
  /** Whether an unsuitable workload stays unchanged; otherwise it is an error. */
  readonly skipsUnsuitable: boolean;
  /** Finds the pod templates in the rendered object. */
  locate(object: JsonObject): LocatedPods;
  /** Returns why this pod stays unchanged; undefined otherwise. */
  skips(pod: Pod, workload: JsonObject): string | undefined;
  /** Returns the additions to the user's pod, after those of earlier constructs. */
  contribute(pod: Pod, woven: PodSpecJson): PodContribution;
  /** Applies changes of the user to the finished object. */
  patch?(object: JsonObject): JsonObject;
  /**
   * Checks the finished pod and throws.
   * @param original the pod as it is without any contribution
   * @param finished returns the pod with contributions and patches
   */
  assert?(original: Pod, finished: () => Pod): void;
}
