import { PROFILER_DIRECTORY } from './checks/profiler-directory';
import type { SidecarConfig } from './sidecar-plan';
import { ContainerJson, EnvVarJson, JsonObject, PodSpecJson, unexpanded, VolumeMountJson } from './wire';

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Each new value of it on a pod is one dump, also in clusters that forbid exec. */
const DUMP_ANNOTATION = 'cdk8s-procdump/dump';

/** A part of the pod: what the sidecar gets, and what the target gets. */
export interface PodShare {
  readonly volumes?: JsonObject[];
  readonly sidecar: { env?: EnvVarJson[]; volumeMounts?: VolumeMountJson[] };
  readonly target?: { env?: EnvVarJson[]; volumeMounts?: VolumeMountJson[] };
  /** Where the target makes its diagnostics socket. */
  readonly diagnosticsPath?: string;
}

/** What the manifest beside each dump tells of its origin. */
export function shareIdentity({ image }: ContainerJson): PodShare {
  const fields: [string, string][] = [
    ['POD_NAME', 'metadata.name'], ['POD_NAMESPACE', 'metadata.namespace'], ['POD_UID', 'metadata.uid'], ['NODE_NAME', 'spec.nodeName'],
  ];
  return {
    sidecar: {
      env: [
        ...fields.map(([name, fieldPath]) => ({ name, valueFrom: { fieldRef: { fieldPath } } })),
        ...(typeof image === 'string' ? [{ name: 'TARGET_IMAGE', value: unexpanded(image) }] : []),
      ],
    },
  };
}

/**
 * One small volume in memory, private to the sidecar: the agent's state; /dev/shm, because the pod's is one for all containers and a
 * second user dies on ProcDump's semaphore; an empty folder over the service account's token, which ProcDump has no use for.
 */
export function shareRun({ containerName, diagnosticsTmp }: SidecarConfig): PodShare {
  const name = `${containerName}-run`;
  const folders: [string, string][] = [['/run/procdump', 'state'], ['/dev/shm', 'shm'], ...(diagnosticsTmp ? [] : [['/tmp', 'tmp'] as [string, string]])];
  return {
    volumes: [{ name, emptyDir: { medium: 'Memory', sizeLimit: '8Mi' } }],
    sidecar: {
      volumeMounts: [
        ...folders.map(([mountPath, subPath]) => ({ name, mountPath, subPath })),
        { name, mountPath: SERVICE_ACCOUNT_TOKEN, subPath: 'no-token', readOnly: true },
      ],
    },
  };
}

/** The kubelet keeps the file up to date; a variable would keep its first value. Knative admits such a volume only as a projected one. */
export function shareAnnotations({ containerName }: SidecarConfig, knative: boolean): PodShare {
  const name = `${containerName}-annotations`;
  const downwardAPI = { items: [{ path: 'dump', fieldRef: { fieldPath: `metadata.annotations['${DUMP_ANNOTATION}']` } }] };
  return {
    volumes: [{ name, ...(knative ? { projected: { sources: [{ downwardAPI }] } } : { downwardAPI }) }],
    sidecar: { volumeMounts: [{ name, mountPath: '/etc/procdump', readOnly: true }] },
  };
}

export function shareDiagnosticsTmp({ diagnosticsTmp }: SidecarConfig, woven: PodSpecJson, target: string): PodShare[] {
  if (!diagnosticsTmp) return [];
  const { path, volumes, env, volumeMounts } = diagnosticsTmp._plan(woven, [target]);
  return [{ volumes, sidecar: { env, volumeMounts }, target: diagnosticsTmp._additionFor(woven, [target], target), diagnosticsPath: path }];
}

/** Shared as a directory and read-only in the target: ProcDump truncates a mounted single file in place, which kills who has it loaded. */
export function shareProfiler({ containerName }: SidecarConfig): PodShare {
  const name = `${containerName}-profiler`;
  return {
    volumes: [{ name, emptyDir: {} }],
    sidecar: { volumeMounts: [{ name, mountPath: PROFILER_DIRECTORY }] },
    target: { volumeMounts: [{ name, mountPath: PROFILER_DIRECTORY, readOnly: true }] },
  };
}

export function shareMemoryLimit({ name }: ContainerJson): PodShare {
  const resourceFieldRef = { containerName: name, resource: 'limits.memory', divisor: '1Mi' };
  return { sidecar: { env: [{ name: 'TARGET_MEMORY_LIMIT_MIB', valueFrom: { resourceFieldRef } }] } };
}
