import { ApiObject, resolve, Size } from 'cdk8s';
import { Construct } from 'constructs';
import type { DumpStoreBinding, DumpStoreWriters } from './dump-store';
import { VOLUME_SOURCE } from './volume-sources';
import { check } from '../input/check';
import { FLAG, INT32_MAX, NAME, OBJECT, SIZE, whole } from '../input/checks';
import { Checks, required, struct } from '../input/struct';
import { parseQuantity } from '../kubernetes/quantity';
import { isPlain, JsonObject } from '../kubernetes/wire';

const WRITERS: Checks<DumpStoreWriters> = { uid: whole(0, INT32_MAX), gid: whole(0, INT32_MAX) };
const BINDING: Checks<DumpStoreBinding> = {
  volume: required(OBJECT),
  size: SIZE,
  shared: FLAG,
  serviceAccountName: NAME,
  writers: struct(WRITERS),
  idMappedMounts: FLAG,
};

/** A binding with its volume as plain JSON. */
export interface RenderedBinding extends Omit<DumpStoreBinding, 'size'> {
  /** Set if the volume is on the node's disk, with its size in mebibytes if known. */
  readonly nodeDisk?: { readonly mebibytes?: number };
  /** Capacity of another volume in mebibytes, if known. */
  readonly capacity?: number;
}

/**
 * Returns the binding as JSON: Lazy values resolved, unset fields removed.
 * @throws if it contains an instance of a class, which a manifest cannot represent
 */
export function renderBinding(binding: DumpStoreBinding, scope: Construct): RenderedBinding {
  const { size, ...others } = check('the result of bindDumpStore', binding, struct(BINDING));
  const volume = renderVolume(others.volume, scope);
  const { emptyDir } = volume;
  if (emptyDir) return { ...others, volume, nodeDisk: { mebibytes: mebibytesIn(size, emptyDir) } };
  return { ...others, volume, ...(size === undefined ? {} : { capacity: mebibytesIn(size) }) };
}

function renderVolume(given: JsonObject, scope: Construct): JsonObject {
  refuseCircle(given, []);
  if (isPlain(given)) return given;
  // Resolvers use the object of their context only to find its app.
  const volume = plainJson(resolve([], given, scope as ApiObject)) as JsonObject;
  return check('the volume of bindDumpStore', volume, OBJECT);
}

function refuseCircle(value: unknown, above: unknown[]): void {
  if (typeof value !== 'object' || value === null || (!Array.isArray(value) && value.constructor !== Object)) return;
  if (above.includes(value)) throw noJson('an object that contains itself');
  for (const item of Object.values(value)) refuseCircle(item, [...above, value]);
}

function mebibytesIn(size: Size | undefined, { sizeLimit }: JsonObject = {}): number | undefined {
  const bytes = size === undefined ? parseQuantity(sizeLimit) : size.toKibibytes() * 1024;
  return bytes === undefined ? undefined : Math.floor(bytes / 2 ** 20);
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
  return new Error(
    `bindDumpStore returned a volume that contains ${what}; expected Kubernetes' own form; return for example ` +
      'sizeLimit: Size.gibibytes(1).asString()',
  );
}

/** Valid bindings. All pods of a namespace share one. */
const FIT = new WeakSet<RenderedBinding>();

/**
 * Refuses volumes that cannot hold dumps. A memory volume counts against the memory limit of the process that writes to
 * it, so a dump would cause an out-of-memory kill of the target or the sidecar.
 */
export function refuseUnfitVolume(store: RenderedBinding): void {
  if (FIT.has(store)) return;
  const { volume } = store;
  const sources = Object.keys(volume);
  if (sources.length !== 1) {
    throw new Error(
      `bindDumpStore returned a volume with ${sources.length} sources (${sources.join(', ')}); expected exactly ` +
        "one; return for example { persistentVolumeClaim: { claimName: 'dumps' } }",
    );
  }
  check('the volume of bindDumpStore', volume, VOLUME_SOURCE);
  if (volume.emptyDir?.medium) {
    throw new Error(
      `bindDumpStore returned an emptyDir with medium '${volume.emptyDir.medium}', which counts against the memory ` +
        'of the dumped process; remove medium, or use EphemeralDumpStore',
    );
  }
  FIT.add(store);
}
