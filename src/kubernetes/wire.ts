import { isUnresolvedToken } from './token';

/* Types of Kubernetes' wire JSON. Only fields that this library reads or writes have a type; others pass through. */

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
  /** Pod-level resources. */
  resources?: ContainerJson['resources'];
  containers?: ContainerJson[];
  initContainers?: ContainerJson[];
  volumes?: VolumeJson[];
}

export interface PodTemplateJson extends JsonObject {
  metadata?: { labels?: { [key: string]: string }; annotations?: { [key: string]: string } } & JsonObject;
  spec?: PodSpecJson;
}

/**
 * Returns whether two JSON values are equal. Ignores the order of keys, and treats a missing key like an undefined one.
 */
export function sameJson(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** Returns JSON text with sorted keys, for comparing, hashing and error messages. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, v) =>
    v && typeof v === 'object' && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
}

/** Copies lists and plain objects. Keeps all other values, such as Lazy. */
export function copyJson<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyJson) as T;
  if (typeof value !== 'object' || value === null || value.constructor !== Object) return value;
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) copy[key] = copyJson((value as JsonObject)[key]);
  return copy as T;
}

/** Returns whether the value is plain JSON, without Lazy, token or undefined. */
export function isPlain(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'number') return !isUnresolvedToken(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'boolean';
  if (Array.isArray(value)) return value.every(isPlain);
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key in value) {
    if (isUnresolvedToken(key) || !isPlain((value as JsonObject)[key])) return false;
  }
  return true;
}

/** Returns a path without trailing slashes; `/` is unchanged. */
export function normalizePath(path: string): string {
  if (!path.endsWith('/') && !path.includes('//')) return path; // called for every mount of every pod
  return path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
}

/** Escapes text so that Kubernetes does not replace $(NAME) with an environment variable. */
export function unexpanded(text: string): string {
  return text.includes('$(') ? text.replace(/\$\(/g, '$$$$(') : text;
}
