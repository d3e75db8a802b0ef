import { isUnresolvedToken } from './token';

/*
 * The boundary to Kubernetes' wire JSON. Only what this library reads or writes has a type; the rest passes through.
 */

/** Any JSON object of the Kubernetes API. */
export interface JsonObject {
  [key: string]: any;
}

export interface EnvVarJson extends JsonObject {
  name: string;
  value?: string;
}

export interface VolumeMountJson extends JsonObject {
  name: string;
  mountPath: string;
  subPath?: string;
  readOnly?: boolean;
}

export interface VolumeJson extends JsonObject {
  name: string;
}

export interface ContainerJson extends JsonObject {
  name: string;
  env?: EnvVarJson[];
  volumeMounts?: VolumeMountJson[];
  securityContext?: JsonObject;
  resources?: { limits?: { [resource: string]: string | number }; requests?: { [resource: string]: string | number } };
}

export interface PodSpecJson extends JsonObject {
  /** Of all containers together. */
  resources?: ContainerJson['resources'];
  containers?: ContainerJson[];
  initContainers?: ContainerJson[];
  volumes?: VolumeJson[];
}

export interface PodTemplateJson extends JsonObject {
  metadata?: { labels?: { [key: string]: string }; annotations?: { [key: string]: string } } & JsonObject;
  spec?: PodSpecJson;
}

/** Equality of wire JSON: the order of keys says nothing, a missing key and an undefined one are the same. */
export function sameJson(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** Text of a JSON value with sorted keys: for comparing, hashing and error messages. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, v) =>
    v && typeof v === 'object' && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
}

/** Lists and plain objects anew, all other values as they are: a Lazy stays one. */
export function copyJson<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyJson) as T;
  if (typeof value !== 'object' || value === null || value.constructor !== Object) return value;
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) copy[key] = copyJson((value as JsonObject)[key]);
  return copy as T;
}

/** Whether this is JSON and nothing else: no Lazy, no token of Terraform, nothing undefined. */
export function isPlain(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'number') return !isUnresolvedToken(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'boolean';
  if (Array.isArray(value)) return value.every(isPlain);
  if (value.constructor !== Object) return false;
  for (const key in value) {
    if (isUnresolvedToken(key) || !isPlain((value as JsonObject)[key])) return false;
  }
  return true;
}

/** A path as a container sees it: without trailing slashes, `/` stays. */
export function normalizePath(path: string): string {
  if (!path.endsWith('/') && !path.includes('//')) return path; // every mount of every pod comes by here
  return path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
}

/** The text as Kubernetes hands it over: else it puts an environment variable in the place of $(NAME). */
export function unexpanded(text: string): string {
  return text.includes('$(') ? text.replace(/\$\(/g, '$$$$(') : text;
}
