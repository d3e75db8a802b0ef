import { ApiObject, resolve } from 'cdk8s';
import { Construct } from 'constructs';
import type { DumpStoreBinding } from './dump-store';
import { checkStruct } from '../input/arguments';
import { isPlain, JsonObject } from '../kubernetes/wire';

/**
 * What the store gives, as JSON: Lazy resolved, fields without a value left out.
 *
 * @throws when it holds an object of a class, which no manifest can hold
 */
export function renderBinding(binding: DumpStoreBinding, scope: Construct): DumpStoreBinding {
  if (!binding?.volume || isPlain(binding.volume)) return binding;
  // A context has an object for resolvers that want to know where they are; they only ask for its app.
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
