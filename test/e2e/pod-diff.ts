import { readFileSync } from 'fs';
import { parseAllDocuments } from 'yaml';

/*
 * usage: pod-diff.ts SYNTHESIZED ADAPTED
 *
 * Prints each value that differs and fails when one is not in this list: what is played must be what was synthesized.
 */
const POD = '/Deployment/spec/template/spec';
const CONTAINER = `${POD}/containers/\\d+`;
const LISTED = [
  new RegExp(`^changed ${POD}/volumes/\\d+/name `),
  new RegExp(`^added ${POD}/volumes/\\d+/(name|emptyDir|emptyDir/medium|emptyDir/sizeLimit) `),
  new RegExp(`^removed ${POD}/volumes/\\d+/downwardAPI/`),
  new RegExp(`^changed ${CONTAINER}/volumeMounts/\\d+/name `),
  new RegExp(`^removed ${CONTAINER}/volumeMounts/\\d+/subPath `),
  new RegExp(`^removed ${CONTAINER}/env/\\d+/valueFrom/fieldRef/fieldPath "(metadata.namespace|spec.nodeName)"$`),
  new RegExp(`^removed ${CONTAINER}/env/\\d+/valueFrom/fieldRef/apiVersion "v1"$`),
  new RegExp(`^added ${CONTAINER}/env/\\d+/value "(e2e|node-1)"$`),
  new RegExp(`^removed ${CONTAINER}/livenessProbe/`),
];

/** Returns each value by its path, including empty lists and objects. */
function leaves(value: unknown, path: string): [string, string][] {
  const children = value !== null && typeof value === 'object' ? Object.entries(value) : [];
  return children.length > 0
    ? children.flatMap(([key, child]) => leaves(child, `${path}/${key}`))
    : [[path, JSON.stringify(value)]];
}

function read(file: string): Map<string, string> {
  const objects = parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS());
  const kinds = objects.map(({ kind }) => kind);
  if (new Set(kinds).size !== kinds.length) {
    throw new Error(`${file}: two objects of one kind (${kinds.join(', ')}) cannot be told apart here`);
  }
  return new Map(objects.flatMap((object) => leaves(object, `/${object.kind}`)));
}

const [before, after] = process.argv.slice(2).map(read);
const differences = [...new Set([...before.keys(), ...after.keys()])]
  .filter((path) => before.get(path) !== after.get(path))
  .map((path) => {
    if (!before.has(path)) return `added ${path} ${after.get(path)}`;
    return after.has(path)
      ? `changed ${path} ${before.get(path)} -> ${after.get(path)}`
      : `removed ${path} ${before.get(path)}`;
  });
const unlisted = differences.filter((line) => !LISTED.some((pattern) => pattern.test(line)));
differences.forEach((line) => console.log(`  ${line}`));
unlisted.forEach((line) => console.error(`not in the list: ${line}`));
process.exitCode = unlisted.length > 0 ? 1 : 0;
