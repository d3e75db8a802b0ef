import { PodLocation, readPod } from './pod';
import type { LocatedPods } from './pod-contributor';
import { expandPath, joined } from './template-path';
import { unknownKindWithPods } from './unknown-kinds';
import { UnsuitableWorkload } from './unsuitable-workload';
import { GroupAndKind, groupAndKind, hasNoPods, isList, whyClosed } from './workload-kinds';
import { selectedPaths, whyLeftOut, WorkloadSelection } from './workload-selection';
import type { JsonObject } from '../kubernetes/wire';

/** Returns whether an object may contain selected pods, by its kind and before it is rendered. */
export function mayHavePods(selection: WorkloadSelection, object: GroupAndKind, named: boolean): boolean {
  if (isList(object)) return true;
  const paths = selectedPaths(selection, object, named);
  if (paths === undefined) return false;
  return paths.length > 0 || !hasNoPods(object);
}

/** Finds the selected pod templates of a rendered object, and of the items of a List. */
export function locatePods(json: JsonObject, selection: WorkloadSelection, named: boolean): LocatedPods {
  const found: LocatedPods = { locations: [], closed: [], problems: [] };
  visit(json, '', selection, named, found);
  return found;
}

function visit(
  workload: JsonObject,
  owner: string,
  selection: WorkloadSelection,
  named: boolean,
  { locations, closed, problems }: LocatedPods,
): void {
  const kind = groupAndKind(workload);
  const paths = selectedPaths(selection, kind, named);
  if (isList(kind) && !paths?.length) {
    const items: unknown[] = Array.isArray(workload.items) ? workload.items : [];
    items.forEach((item, index) => {
      if (typeof item !== 'object' || item === null) return;
      visit(item, joined(owner, `items[${index}]`), selection, false, { locations, closed, problems });
    });
    return;
  }
  if (paths === undefined) return;
  if (paths.length > 0) {
    const existing = paths.flatMap((path) => expandPath(workload, path));
    locations.push(
      ...(existing.length > 0 ? existing : paths.slice(0, 1)).map((path): PodLocation => ({
        path: joined(owner, path),
        owner: joined(owner, ownerOf(kind, path)),
      })),
    );
    return;
  }
  const isLeftOut = (path: string) => leavesOut(selection, workload, path);
  const reason = whyClosed(kind);
  if (reason !== undefined) {
    if (!isLeftOut('metadata')) closed.push({ owner, reason });
    return;
  }
  const unknown = unknownKindWithPods(workload);
  if (!unknown || unknown.paths.flatMap((path) => expandPath(workload, path)).every(isLeftOut)) return;
  problems.push({
    owner,
    error: new UnsuitableWorkload(unknown.problem, unknown.remedy, ['or leave it out by kinds']),
  });
}

/** An annotation with an invalid value excludes nothing. */
function leavesOut(selection: WorkloadSelection, workload: JsonObject, path: string): boolean {
  try {
    return whyLeftOut(selection, readPod(workload, { path, owner: '' }), workload) !== undefined;
  } catch {
    return false;
  }
}

/** For a List with a path from the user, the workload is the item. */
function ownerOf(kind: GroupAndKind, path: string): string {
  return isList(kind) ? (/^items\[\d+\]/.exec(path)?.[0] ?? '') : '';
}
