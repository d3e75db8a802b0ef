import type { DotnetDiagnosticsTmp } from '../dotnet-diagnostics-tmp';
import type { SidecarConfig } from './plan';
import { PROFILER_DIRECTORY } from './rules/profiler-directory';
import { ContainerJson, EnvVarJson, PodSpecJson, unexpanded, VolumeJson, VolumeMountJson } from '../kubernetes/wire';

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Each new value of it on a pod is one dump, also in clusters that forbid exec. */
const DUMP_ANNOTATION = 'cdk8s-procdump/dump';

/** What a container can get of a pod. */
export interface ContainerShare { readonly env: EnvVarJson[]; readonly volumeMounts: VolumeMountJson[] }

/** What the sidecar and its target share: each function below puts its part into these lists. */
export class PodShares {
  public readonly volumes: VolumeJson[] = [];
  public readonly sidecar: ContainerShare = { env: [], volumeMounts: [] };
  public readonly target: ContainerShare = { env: [], volumeMounts: [] };
}

/** What the manifest beside each dump tells of its origin. */
export function shareIdentity({ sidecar: { env } }: PodShares, { image }: ContainerJson): void {
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
 * One small volume in memory, private to the sidecar: the agent's state; /dev/shm, because the pod's is one for all containers and a
 * second user dies on ProcDump's semaphore; an empty folder over the service account's token, which ProcDump has no use for.
 */
export function shareRun({ volumes, sidecar: { volumeMounts } }: PodShares, { containerName, diagnosticsTmp }: SidecarConfig): void {
  const name = `${containerName}-run`;
  volumes.push({ name, emptyDir: { medium: 'Memory', sizeLimit: '8Mi' } });
  volumeMounts.push({ name, mountPath: '/run/procdump', subPath: 'state' }, { name, mountPath: '/dev/shm', subPath: 'shm' });
  if (!diagnosticsTmp) volumeMounts.push({ name, mountPath: '/tmp', subPath: 'tmp' });
  volumeMounts.push({ name, mountPath: SERVICE_ACCOUNT_TOKEN, subPath: 'no-token', readOnly: true });
}

/** The kubelet keeps the file up to date; a variable would keep its first value. Knative admits such a volume only as a projected one. */
export function shareAnnotations({ volumes, sidecar: { volumeMounts } }: PodShares, { containerName }: SidecarConfig, knative: boolean): void {
  const name = `${containerName}-annotations`;
  const downwardAPI = { items: [{ path: 'dump', fieldRef: { fieldPath: `metadata.annotations['${DUMP_ANNOTATION}']` } }] };
  volumes.push(knative ? { name, projected: { sources: [{ downwardAPI }] } } : { name, downwardAPI });
  volumeMounts.push({ name, mountPath: '/etc/procdump', readOnly: true });
}

/** @returns where the target makes its socket */
export function shareDiagnosticsTmp(shares: PodShares, tmp: DotnetDiagnosticsTmp, woven: PodSpecJson, target: string): string {
  const plan = tmp._plan(woven, [target]);
  const addition = tmp._additionFor(plan, woven, target);
  shares.volumes.push(...plan.volumes);
  shares.sidecar.env.push(...plan.env);
  shares.sidecar.volumeMounts.push(...plan.volumeMounts);
  shares.target.env.push(...addition.env);
  shares.target.volumeMounts.push(...addition.volumeMounts);
  return plan.path;
}

/** Shared as a directory and read-only in the target: ProcDump truncates a mounted single file in place, which kills who has it loaded. */
export function shareProfiler({ volumes, sidecar, target }: PodShares, { containerName }: SidecarConfig): void {
  const name = `${containerName}-profiler`;
  volumes.push({ name, emptyDir: {} });
  sidecar.volumeMounts.push({ name, mountPath: PROFILER_DIRECTORY });
  target.volumeMounts.push({ name, mountPath: PROFILER_DIRECTORY, readOnly: true });
}

export function shareMemoryLimit({ sidecar: { env } }: PodShares, { name }: ContainerJson): void {
  const resourceFieldRef = { containerName: name, resource: 'limits.memory', divisor: '1Mi' };
  env.push({ name: 'TARGET_MEMORY_LIMIT_MIB', valueFrom: { resourceFieldRef } });
}
