import { ApiObject, resolve } from 'cdk8s';
import { Construct } from 'constructs';
import type { DumpStoreBinding, DumpStoreWriters } from './dump-store';
import { check } from '../input/check';
import { FLAG, INT32_MAX, NAME, OBJECT, whole } from '../input/checks';
import { Checks, required, struct } from '../input/struct';
import { isPlain, JsonObject } from '../kubernetes/wire';

const WRITERS: Checks<DumpStoreWriters> = { uid: whole(0, INT32_MAX), gid: whole(0, INT32_MAX) };
const BINDING: Checks<DumpStoreBinding> = {
  volume: required(OBJECT),
  shared: FLAG,
  serviceAccountName: NAME,
  writers: struct(WRITERS),
  idMappedMounts: FLAG,
};

/**
 * What the store gives, as JSON: Lazy resolved, fields without a value left out.
 *
 * @throws when it holds an object of a class, which no manifest can hold
 */
export function renderBinding(binding: DumpStoreBinding, scope: Construct): DumpStoreBinding {
  check('the result of bindDumpStore', binding, struct(BINDING));
  if (isPlain(binding.volume)) return binding;
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
  const { volume } = store;
  const sources = Object.keys(volume);
  if (sources.length !== 1) {
    throw new Error(`the store gives a volume with ${sources.length} sources (${sources.join(', ')}); bindDumpStore must give exactly one, for example `
      + "{ persistentVolumeClaim: { claimName: 'dumps' } }");
  }
  if (volume.emptyDir?.medium) {
    throw new Error(`the store gives an emptyDir with medium '${volume.emptyDir.medium}', which counts against the memory of the process that is dumped; leave `
      + 'medium out, or use EphemeralDumpStore');
  }
}
