import type { SidecarConfig } from './config';
import type { DeliveryPlan } from './delivery-plan';
import type { PodAdditions } from './pod-additions';
import { quantityOf } from '../kubernetes/quantity';
import { copyJson, EnvVarJson, VolumeJson, VolumeMountJson } from '../kubernetes/wire';
import type { Pod } from '../weave/pod';

/** Where the sidecar mounts a store that it publishes to. The agent makes a folder for each pod in it. */
export const STORE_DIRECTORY = '/store';

/** Spool and store; or the store alone, where ProcDump writes into it. */
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
  // two sidecars may have one store, and one object twice would become a YAML alias
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

/** One for each workload: none can read the dumps of another. */
function folderOf({ namespace, kind, name }: Pod): string {
  return [namespace, kind.toLowerCase(), name].filter(Boolean).join('/');
}

/** The .NET runtime writes its dumps itself, in the target's container: both must see one folder at one path. */
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
 * A folder of their own, which the agent closes while there is no room: overrunning the volume would evict the
 * application. %e executable, %p process id, %h host name, which is the pod's, %t seconds since 1970.
 */
function crashDumpVariables(dumpDirectory: string): EnvVarJson[] {
  return [
    { name: 'DOTNET_DbgEnableMiniDump', value: '1' },
    { name: 'DOTNET_DbgMiniDumpType', value: '4' },
    { name: 'DOTNET_DbgMiniDumpName', value: `${dumpDirectory}/crash/crash_%e_%p_%h_%t.dmp` },
  ];
}

/** @throws where the sidecar mounts the store */
export function refuseStoreDirectory(path: string): void {
  if (`${path}/`.startsWith(`${STORE_DIRECTORY}/`)) {
    throw new Error(
      `dumpDirectory '${path}' is in ${STORE_DIRECTORY}, where the sidecar mounts the store; choose another, for ` +
        "example '/dumps'",
    );
  }
}
