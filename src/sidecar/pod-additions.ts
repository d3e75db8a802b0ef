import type { SidecarConfig } from './config';
import type { DiagnosticsDirectory } from './diagnostics-directory';
import { PROFILER_DIRECTORY } from './rules/profiler-directory';
import {
  ContainerJson,
  EnvVarJson,
  JsonObject,
  PodSpecJson,
  unexpanded,
  VolumeJson,
  VolumeMountJson,
} from '../kubernetes/wire';

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Each new value of this pod annotation requests one dump, also in clusters that forbid exec. */
const DUMP_ANNOTATION = 'cdk8s-procdump/dump';

/** Room for the profiler and its temporary copy. */
const PROFILER_SIZE = '64Mi';

/** Additions to one container. */
export interface ContainerAdditions {
  readonly env: EnvVarJson[];
  readonly volumeMounts: VolumeMountJson[];
}

/** Additions to pod, sidecar and target. Each function below adds its part to these lists. */
export class PodAdditions {
  public readonly volumes: VolumeJson[] = [];
  public readonly sidecar: ContainerAdditions = { env: [], volumeMounts: [] };
  public readonly target: ContainerAdditions = { env: [], volumeMounts: [] };
}

/** Adds the origin of a dump, which the manifest of each dump records. */
export function addIdentity({ sidecar: { env } }: PodAdditions, { image }: ContainerJson): void {
  env.push(
    fieldVariable('POD_NAME', 'metadata.name'),
    fieldVariable('POD_NAMESPACE', 'metadata.namespace'),
    fieldVariable('POD_UID', 'metadata.uid'),
    fieldVariable('NODE_NAME', 'spec.nodeName'),
  );
  if (typeof image === 'string') env.push({ name: 'TARGET_IMAGE', value: unexpanded(image) });
}

/** Sets the version that the API server would add: without it, `kubectl apply` finds a change each time. */
function fieldRef(fieldPath: string): JsonObject {
  return { apiVersion: 'v1', fieldPath };
}

function fieldVariable(name: string, fieldPath: string): EnvVarJson {
  return { name, valueFrom: { fieldRef: fieldRef(fieldPath) } };
}

/**
 * Adds one small in-memory volume, private to the sidecar. It holds the agent's state. It replaces /dev/shm, because
 * all containers share the pod's and a second user fails on ProcDump's semaphore. An empty folder hides the service
 * account token, which ProcDump does not need.
 */
export function addState(
  { volumes, sidecar: { volumeMounts } }: PodAdditions,
  { containerName, diagnosticsDirectory }: SidecarConfig,
): void {
  const name = `${containerName}-run`;
  volumes.push({ name, emptyDir: { medium: 'Memory', sizeLimit: '8Mi' } });
  volumeMounts.push(
    { name, mountPath: '/run/procdump', subPath: 'state' },
    { name, mountPath: '/dev/shm', subPath: 'shm' },
  );
  if (!diagnosticsDirectory) volumeMounts.push({ name, mountPath: '/tmp', subPath: 'tmp' });
  volumeMounts.push({ name, mountPath: SERVICE_ACCOUNT_TOKEN, subPath: 'no-token', readOnly: true });
}

/**
 * Adds files with the annotation that requests a dump and, if a trigger is in percent of it, the current memory limit.
 * The kubelet keeps these files up to date, while a variable would keep its first value.
 * @param projected whether the kind of the workload accepts the files only in a projected volume
 */
export function addPodFiles(
  { volumes, sidecar: { volumeMounts } }: PodAdditions,
  { containerName }: SidecarConfig,
  { projected, memoryLimitOf }: { readonly projected: boolean; readonly memoryLimitOf?: string },
): void {
  const name = `${containerName}-annotations`;
  const memoryLimit = { containerName: memoryLimitOf, resource: 'limits.memory', divisor: '1Mi' };
  const downwardAPI = {
    items: [
      { path: 'dump', fieldRef: fieldRef(`metadata.annotations['${DUMP_ANNOTATION}']`) },
      ...(memoryLimitOf === undefined ? [] : [{ path: 'memory-limit', resourceFieldRef: memoryLimit }]),
    ],
  };
  volumes.push(projected ? { name, projected: { sources: [{ downwardAPI }] } } : { name, downwardAPI });
  volumeMounts.push({ name, mountPath: '/etc/procdump', readOnly: true });
}

/** @returns the directory in which the target creates its socket */
export function addDiagnosticsDirectory(
  additions: PodAdditions,
  directory: DiagnosticsDirectory,
  woven: PodSpecJson,
  target: string,
  storage: (mount: VolumeMountJson) => string | undefined,
): string {
  const plan = directory.planFor(woven, [target], storage);
  const addition = directory.additionFor(plan, woven, target);
  additions.volumes.push(...plan.volumes);
  additions.sidecar.env.push(...plan.env);
  additions.sidecar.volumeMounts.push(...plan.volumeMounts);
  additions.target.env.push(...addition.env);
  additions.target.volumeMounts.push(...addition.volumeMounts);
  return plan.path;
}

/**
 * Adds the profiler's directory, read-only in the target. ProcDump would truncate a file that is mounted individually
 * in place, which kills processes that have loaded it.
 */
export function addProfiler({ volumes, sidecar, target }: PodAdditions, { containerName }: SidecarConfig): void {
  const name = `${containerName}-profiler`;
  volumes.push({ name, emptyDir: { sizeLimit: PROFILER_SIZE } });
  sidecar.volumeMounts.push({ name, mountPath: PROFILER_DIRECTORY });
  target.volumeMounts.push({ name, mountPath: PROFILER_DIRECTORY, readOnly: true });
}
