import type { SidecarConfig } from './config';
import type { DeliveryPlan } from './delivery-plan';
import type { PodAdditions } from './pod-additions';
import { quantityOf } from '../kubernetes/quantity';
import { copyJson, EnvVarJson, VolumeJson, VolumeMountJson } from '../kubernetes/wire';
import type { Pod } from '../weave/pod';

/** Path at which the sidecar mounts the store that it publishes to. The agent creates a folder for each pod in it. */
export const STORE_DIRECTORY = '/store';

/** Adds spool and store, or the store alone if ProcDump writes into it. */
export function addDumpVolumes(
  additions: PodAdditions,
  config: SidecarConfig,
  pod: Pod,
  { store, spool }: DeliveryPlan,
): void {
  const name = `${config.containerName}-dumps`;
  const mountStore = (mountPath: string): VolumeMountJson => ({
    name,
    mountPath,
    ...(store.shared === false ? {} : { subPath: folderOf(pod) }),
  });
  // Two sidecars may share one store, and an object used twice becomes a YAML alias.
  const volume: VolumeJson = { name, ...copyJson(store.volume) };
  if (!spool) {
    addDumpDirectory(additions, config, volume, () => mountStore(config.dumpDirectory));
    return;
  }
  const spoolName = `${config.containerName}-spool`;
  const spoolVolume = { name: spoolName, emptyDir: { sizeLimit: quantityOf(spool.size) } };
  addDumpDirectory(additions, config, spoolVolume, () => ({ name: spoolName, mountPath: config.dumpDirectory }));
  additions.volumes.push(volume);
  additions.sidecar.volumeMounts.push(mountStore(STORE_DIRECTORY));
}

/** One folder for each workload: no workload can read the dumps of another. */
function folderOf({ namespace, kind, name }: Pod): string {
  return [namespace, kind.toLowerCase(), name].filter(Boolean).join('/');
}

/**
 * The .NET runtime writes its dumps itself, in the target's container: sidecar and target must see the same folder at
 * the same path.
 */
function addDumpDirectory(
  additions: PodAdditions,
  config: SidecarConfig,
  volume: VolumeJson,
  mount: () => VolumeMountJson,
): void {
  additions.volumes.push(volume);
  additions.sidecar.volumeMounts.push(mount());
  if (config.target._runtime === 'native') return;
  additions.target.volumeMounts.push(mount());
  if (config.target._crashDumps) additions.target.env.push(...crashDumpVariables(config.dumpDirectory));
}

/**
 * Crash dumps have a folder of their own. The agent closes it while there is no room, because exceeding the volume
 * would evict the pod. In the file name, %e is the executable, %p the process id, %h the host name (the pod's name) and
 * %t the seconds since 1970.
 */
function crashDumpVariables(dumpDirectory: string): EnvVarJson[] {
  return [
    { name: 'DOTNET_DbgEnableMiniDump', value: '1' },
    { name: 'DOTNET_DbgMiniDumpType', value: '4' },
    { name: 'DOTNET_DbgMiniDumpName', value: `${dumpDirectory}/crash/crash_%e_%p_%h_%t.dmp` },
  ];
}

/** @throws if the path is in the directory where the sidecar mounts the store */
export function refuseStoreDirectory(path: string): void {
  if (`${path}/`.startsWith(`${STORE_DIRECTORY}/`)) {
    throw new Error(
      `dumpDirectory '${path}' is in ${STORE_DIRECTORY}, where the sidecar mounts the store; choose another ` +
        "directory, for example '/dumps'",
    );
  }
}
