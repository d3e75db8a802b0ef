import type { JsonObject, PodSpecJson, PodTemplateJson } from '../kubernetes/wire';

/** A rendered pod and the object that contains it. */
export interface Pod {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly template: PodTemplateJson;
}

/** @param templatePath fields from the top of the object to its pod template, joined by dots */
export function readPod(json: JsonObject, templatePath: string): Pod {
  let template: JsonObject | undefined = json;
  for (const field of fieldsOf(templatePath)) template = template?.[field];
  const { name, namespace } = json.metadata ?? {};
  return { apiVersion: json.apiVersion, kind: json.kind, name, namespace, template: template ?? {} };
}

/** Returns the object with another pod spec. Copies only the objects on the path to it. */
export function replacePodSpec(
  json: JsonObject,
  templatePath: string,
  change: (spec: PodSpecJson) => PodSpecJson,
): JsonObject {
  return replaceAt(json, fieldsOf(templatePath), 0, change);
}

function replaceAt(
  json: JsonObject,
  fields: string[],
  depth: number,
  change: (spec: PodSpecJson) => PodSpecJson,
): JsonObject {
  const field = fields[depth];
  if (Array.isArray(json)) {
    throw new Error(
      `podTemplatePath leads through a list at '${field ?? 'its end'}', but can only name fields of objects; attach ` +
        'to each workload by itself',
    );
  }
  if (field === undefined) return { ...json, spec: change(json.spec ?? {}) };
  return { ...json, [field]: replaceAt(json[field] ?? {}, fields, depth + 1, change) };
}

function fieldsOf(templatePath: string): string[] {
  return templatePath.split('.').filter(Boolean);
}
