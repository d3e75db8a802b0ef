import { ApiObject, resolve } from 'cdk8s';
import { Construct } from 'constructs';
import { checkStruct } from './checks/arguments';
import { isMountablePath } from './checks/container-path';
import type { DeliveryPlan } from './delivery-plan';
import type { DumpStoreBinding } from './dump-store';
import type { PodShares } from './pod-shares';
import type { Pod } from './pod-template';
import { quantityOf } from './quantity';
import type { SidecarConfig } from './sidecar-plan';
import { copyJson, EnvVarJson, isPlain, JsonObject, VolumeJson, VolumeMountJson } from './wire';

/** Where the sidecar mounts a store that it publishes to. The agent makes a folder for each pod in it. */
export const STORE_DIRECTORY = '/store';

/** Spool and store; or the store alone, where ProcDump writes into it. */
export function shareDumps(shares: PodShares, config: SidecarConfig, pod: Pod, { store, spool }: DeliveryPlan): void {
  const name = `${config.containerName}-dumps`;
  const mountStore = (mountPath: string): VolumeMountJson => ({
    name,
    mountPath,
    ...(store.shared === false ? {} : { subPath: folderOf(pod) }),
  });
  const volume: VolumeJson = { name, ...copyJson(store.volume) }; // two sidecars may have one store, and one object twice would become a YAML alias
  if (!spool) {
    shareDumpDirectory(shares, config, volume, () => mountStore(config.dumpDirectory));
    return;
  }
  const spoolName = `${config.containerName}-spool`;
  const spoolVolume = { name: spoolName, emptyDir: { sizeLimit: quantityOf(spool.size) } };
  shareDumpDirectory(shares, config, spoolVolume, () => ({ name: spoolName, mountPath: config.dumpDirectory }));
  shares.volumes.push(volume);
  shares.sidecar.volumeMounts.push(mountStore(STORE_DIRECTORY));
}

/** One for each workload: none can read the dumps of another. */
function folderOf({ namespace, kind, name }: Pod): string {
  return [namespace, kind.toLowerCase(), name].filter(Boolean).join('/');
}

/** The .NET runtime writes its dumps itself, in the target's container: both must see one folder at one path. */
function shareDumpDirectory(shares: PodShares, config: SidecarConfig, volume: VolumeJson, mount: () => VolumeMountJson): void {
  shares.volumes.push(volume);
  shares.sidecar.volumeMounts.push(mount());
  if (config.target._runtime === 'native') return;
  shares.target.volumeMounts.push(mount());
  if (config.target._crashDumps) shares.target.env.push(...crashDumpVariables(config.dumpDirectory));
}

/**
 * A folder of their own, which the agent closes while there is no room: overrunning the volume would evict the application.
 * %e executable, %p process id, %h host name, which is the pod's, %t seconds since 1970.
 */
function crashDumpVariables(dumpDirectory: string): EnvVarJson[] {
  return [
    { name: 'DOTNET_DbgEnableMiniDump', value: '1' },
    { name: 'DOTNET_DbgMiniDumpType', value: '4' },
    { name: 'DOTNET_DbgMiniDumpName', value: `${dumpDirectory}/crash/crash_%e_%p_%h_%t.dmp` },
  ];
}

/**
 * What the store gives, as JSON: Lazy resolved, fields without a value left out.
 *
 * @throws when it holds an object of a class, which no manifest can hold
 */
export function renderBinding(binding: DumpStoreBinding, scope: Construct): DumpStoreBinding {
  if (!binding?.volume || isPlain(binding.volume)) return binding;
  return { ...binding, volume: plainJson(resolve([], binding.volume, scope as ApiObject)) as JsonObject };
}

function plainJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value === 'function') throw noJson('a function');
  if (typeof value !== 'object' || value === null) return value;
  const type: string | undefined = (Object.getPrototypeOf(value) as object | null)?.constructor.name;
  if (type !== undefined && type !== 'Object') throw noJson(`an object of class ${type}`);
  const given = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  return Object.fromEntries(given.map(([key, item]) => [key, plainJson(item)]));
}

function noJson(what: string): Error {
  return new Error(`the store gives a volume that holds ${what}; bindDumpStore must give what Kubernetes writes, for example sizeLimit: Size.gibibytes(1).asString()`);
}

/** Memory volumes count against the memory of who writes: the dump would kill the process that it is taken of, or the sidecar. */
export function refuseUnfitVolume(store: DumpStoreBinding): void {
  const { volume } = checkStruct('what bindDumpStore of the store gives', store);
  const sources = Object.keys(checkStruct('the volume that the store gives', volume));
  if (sources.length !== 1) {
    throw new Error(`the store gives a volume with ${sources.length} sources (${sources.join(', ')}); bindDumpStore must give exactly one, for example `
      + "{ persistentVolumeClaim: { claimName: 'dumps' } }");
  }
  if (volume.emptyDir?.medium) {
    throw new Error(`the store gives an emptyDir with medium '${volume.emptyDir.medium}', which counts against the memory of the process that is dumped; leave `
      + 'medium out, or use EphemeralDumpStore');
  }
}

/** @throws when ProcDump would refuse the path, or misread it, or when it is the store's */
export function checkDumpDirectory(path: string, direct: boolean): string {
  if (!isMountablePath(path, 255) || path === '/tmp') {
    throw new Error(`dumpDirectory '${path}' must be an absolute path of letters, digits and . _ - without a slash at its end, and no folder of the system; `
      + 'ProcDump refuses other characters when it is too late');
  }
  if (!direct && `${path}/`.startsWith(`${STORE_DIRECTORY}/`)) {
    throw new Error(`dumpDirectory '${path}' is in ${STORE_DIRECTORY}, where the sidecar mounts the store; choose another, for example '/dumps'`);
  }
  return path;
}
