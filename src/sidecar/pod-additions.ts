import type { SidecarConfig } from './config';
import type { DiagnosticsDirectory } from './diagnostics-directory';
import { PROFILER_DIRECTORY } from './rules/profiler-directory';
import { ContainerJson, EnvVarJson, PodSpecJson, unexpanded, VolumeJson, VolumeMountJson } from '../kubernetes/wire';

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Each new value of it on a pod is one dump, also in clusters that forbid exec. */
const DUMP_ANNOTATION = 'cdk8s-procdump/dump';

/** What one container gets. */
export interface ContainerAdditions {
  readonly env: EnvVarJson[];
  readonly volumeMounts: VolumeMountJson[];
}

/** What the pod, the sidecar and its target get: each function below adds its part to these lists. */
export class PodAdditions {
  public readonly volumes: VolumeJson[] = [];
  public readonly sidecar: ContainerAdditions = { env: [], volumeMounts: [] };
  public readonly target: ContainerAdditions = { env: [], volumeMounts: [] };
}

/** What the manifest beside each dump tells of its origin. */
export function addIdentity({ sidecar: { env } }: PodAdditions, { image }: ContainerJson): void {
  env.push(
    fieldVariable('POD_NAME', 'metadata.name'),
    fieldVariable('POD_NAMESPACE', 'metadata.namespace'),
    fieldVariable('POD_UID', 'metadata.uid'),
    fieldVariable('NODE_NAME', 'spec.nodeName'),
  );
  if (typeof image === 'string') env.push({ name: 'TARGET_IMAGE', value: unexpanded(image) });
}

function fieldVariable(name: string, fieldPath: string): EnvVarJson {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

/**
 * One small volume in memory, private to the sidecar: the agent's state; /dev/shm, because the pod's is one for all
 * containers and a second user dies on ProcDump's semaphore; an empty folder over the service account's token, which
 * ProcDump has no use for.
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
 * The kubelet keeps the file up to date; a variable would keep its first value. Knative admits such a volume only as a
 * projected one.
 */
export function addAnnotations(
  { volumes, sidecar: { volumeMounts } }: PodAdditions,
  { containerName }: SidecarConfig,
  knative: boolean,
): void {
  const name = `${containerName}-annotations`;
  const downwardAPI = {
    items: [{ path: 'dump', fieldRef: { fieldPath: `metadata.annotations['${DUMP_ANNOTATION}']` } }],
  };
  volumes.push(knative ? { name, projected: { sources: [{ downwardAPI }] } } : { name, downwardAPI });
  volumeMounts.push({ name, mountPath: '/etc/procdump', readOnly: true });
}

/** @returns where the target makes its socket */
export function addDiagnosticsDirectory(
  additions: PodAdditions,
  directory: DiagnosticsDirectory,
  woven: PodSpecJson,
  target: string,
): string {
  const plan = directory.planFor(woven, [target]);
  const addition = directory.additionFor(plan, woven, target);
  additions.volumes.push(...plan.volumes);
  additions.sidecar.env.push(...plan.env);
  additions.sidecar.volumeMounts.push(...plan.volumeMounts);
  additions.target.env.push(...addition.env);
  additions.target.volumeMounts.push(...addition.volumeMounts);
  return plan.path;
}

/**
 * Shared as a directory and read-only in the target: ProcDump truncates a mounted single file in place, which kills who
 * has it loaded.
 */
export function addProfiler({ volumes, sidecar, target }: PodAdditions, { containerName }: SidecarConfig): void {
  const name = `${containerName}-profiler`;
  volumes.push({ name, emptyDir: {} });
  sidecar.volumeMounts.push({ name, mountPath: PROFILER_DIRECTORY });
  target.volumeMounts.push({ name, mountPath: PROFILER_DIRECTORY, readOnly: true });
}

export function addMemoryLimit({ sidecar: { env } }: PodAdditions, { name }: ContainerJson): void {
  const resourceFieldRef = { containerName: name, resource: 'limits.memory', divisor: '1Mi' };
  env.push({ name: 'TARGET_MEMORY_LIMIT_MIB', valueFrom: { resourceFieldRef } });
}
