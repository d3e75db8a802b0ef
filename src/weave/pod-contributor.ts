import type { Pod } from './pod';
import type { PodContribution } from './pod-contribution';
import type { JsonObject, PodSpecJson } from '../kubernetes/wire';

/** Props of a construct by which its user moves what it adds out of the way of something else. */
export interface Remedies {
  /** The prop that names its containers or volumes. */
  readonly name: string;
  /** The prop that says where it mounts its volumes. */
  readonly path: string;
}

/** One construct's part in one workload. */
export interface PodContributor {
  /** Path of the construct: its identity, and its place in the order of merging within a phase. */
  readonly path: string;
  /** Lower phases are merged first, whatever the paths: later ones adopt what is there. */
  readonly phase: number;
  /** The workload was named, not met in a tree. */
  readonly named: boolean;
  /** What was asked for; two different requests of one construct cannot both be met. */
  readonly request: string;
  /** Fields from the top of the object to its pod template, joined by dots. */
  readonly templatePath: string;
  readonly remedies: Remedies;
  /** Why this pod stays as it is; undefined to go on. */
  skips(pod: Pod, object: JsonObject): string | undefined;
  /** What is added to the user's pod, given what constructs before this one added to it. */
  contribute(pod: Pod, woven: PodSpecJson): PodContribution;
  /** Changes the finished object as the user wants it. */
  patch?(object: JsonObject): JsonObject;
  /** Checks the finished pod and throws. */
  assert?(pod: Pod, before: Pod): void;
}
