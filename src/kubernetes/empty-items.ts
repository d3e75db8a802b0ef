import type { JsonObject, PodSpecJson } from './wire';

const LISTS_OF_POD = ['containers', 'initContainers', 'volumes'];
const LISTS_OF_CONTAINER = ['env', 'volumeMounts'];

/**
 * Refuses list items without content (`-`), which templates leave behind.
 * @throws with the name of the list
 */
export function refuseEmptyItems(spec: PodSpecJson): void {
  for (const list of LISTS_OF_POD) refuseEmptyItem(spec, list, 'the pod');
  for (const container of spec.containers ?? []) {
    for (const list of LISTS_OF_CONTAINER) refuseEmptyItem(container, list, `container '${container.name}'`);
  }
}

function refuseEmptyItem(owner: JsonObject, list: string, title: string): void {
  const items: unknown = owner[list];
  if (!Array.isArray(items)) return;
  const place = items.findIndex((item) => item === undefined || item === null);
  if (place >= 0) {
    throw new Error(
      `${list} of ${title} has an empty item at position ${place + 1}, which is a dash with nothing after it; ` +
        'remove it',
    );
  }
}
