import type { Pod } from './pod';
import type { PodContribution } from './pod-contribution';
import type { JsonObject, PodSpecJson } from '../kubernetes/wire';

/** Props of a construct that rename or move what it adds. */
export interface Remedies {
  /** The prop that names its containers or volumes. */
  readonly name: string;
  /** The prop that sets where its volumes are mounted. */
  readonly path: string;
}

/** The contribution of one construct to one workload. */
export interface PodContributor {
  /** Path of the construct: its identity, and its place in the order of merging within a phase. */
  readonly path: string;
  /** Lower phases are merged first, regardless of paths. Later phases adopt what exists. */
  readonly phase: number;
  /** Whether the workload was named, not found in a tree. */
  readonly named: boolean;
  /** The options of the request. Two different requests of one construct contradict each other. */
  readonly request: string;
  /** Fields from the top of the object to its pod template, joined by dots. */
  readonly templatePath: string;
  readonly remedies: Remedies;
  /** Returns why this pod stays unchanged; undefined otherwise. */
  skips(pod: Pod, object: JsonObject): string | undefined;
  /** Returns what to add to the user's pod, given what earlier constructs added. */
  contribute(pod: Pod, woven: PodSpecJson): PodContribution;
  /** Applies changes of the user to the finished object. */
  patch?(object: JsonObject): JsonObject;
  /** Checks the finished pod and throws. */
  assert?(pod: Pod, before: Pod): void;
}
