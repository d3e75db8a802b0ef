import { joined } from './template-path';
import { groupAndKind, hasNoPods } from './workload-kinds';
import type { JsonObject } from '../kubernetes/wire';

/** Maximum depth of the search for pod templates in a custom resource. */
const MAX_DEPTH = 12;

/** A custom resource of an unknown kind with pod templates. */
export interface UnknownKind {
  /** Patterns of its pod templates. */
  readonly paths: string[];
  readonly problem: string;
  readonly remedy: string;
}

/** Returns how to attach to an object of an unknown kind; undefined if it contains no pod template. */
export function unknownKindWithPods(workload: JsonObject): UnknownKind | undefined {
  const { apiGroup, kind } = groupAndKind(workload);
  if (hasNoPods({ apiGroup, kind })) return undefined;
  const paths = [...new Set(podTemplatesIn(workload, '', 0))];
  if (paths.length === 0) return undefined;
  const options = paths.map((path) => `{ podTemplatePath: '${path}', kinds: ['${apiGroup}/${kind}'] }`);
  return {
    paths,
    problem: `is of kind ${apiGroup}/${kind}, which this library does not know, and has pods at ${paths.join(', ')}`,
    remedy: `also attach with ${options.join(' and ')}`,
  };
}

/** Returns the patterns of all pod templates below the top: objects whose `spec.containers` is a list of containers. */
function podTemplatesIn(value: unknown, path: string, depth: number): string[] {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return value.flatMap((item) => podTemplatesIn(item, `${path}[]`, depth + 1));
  if (path !== '' && isPodTemplate(value)) return [path];
  return Object.entries(value).flatMap(([field, inside]) =>
    /[.[\]*/]/.test(field) ? [] : podTemplatesIn(inside, joined(path, field), depth + 1),
  );
}

function isPodTemplate({ spec }: JsonObject): boolean {
  const containers: unknown = spec?.containers;
  return (
    Array.isArray(containers) &&
    containers.length > 0 &&
    containers.every((container) => typeof container?.image === 'string')
  );
}
