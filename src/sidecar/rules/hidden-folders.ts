import { ContainerJson, normalizePath, VolumeMountJson } from '../../kubernetes/wire';

const WORD = '[^\\s\'"`;&|<>()]+';
/** A path where a shell expects a program. */
const IN_SHELL = new RegExp(`(?:^|[;&|(\\n]\\s*|\\bexec\\s+)(/${WORD})`, 'g');
/** A path of a file that an interpreter, a runtime or a loader runs. */
const BY_NAME = new RegExp(`(?<![\\w./-])(/${WORD}\\.(?:dll|exe|sh|py|js|jar|so))(?![\\w.])`, 'g');

/**
 * A new volume hides the image's files at its path. Only the working directory and the programs are certain to be in
 * the image.
 * @param mounts the new mounts of the container
 * @param dumpDirectory the path of one of these mounts, to name the prop that moves it
 * @throws with the folder or program and the path that hides it
 */
export function refuseHiddenFolders(
  container: ContainerJson,
  mounts: readonly VolumeMountJson[],
  dumpDirectory: string,
): void {
  const places = placesOf(container);
  if (places.length === 0) return;
  const own = (container.volumeMounts ?? []).map(({ mountPath }) => normalizePath(mountPath));
  for (const { mountPath } of mounts) {
    const hides = (path: string) =>
      isIn(path, mountPath) && !own.some((other) => isIn(other, mountPath) && isIn(path, other));
    const found = places.find(({ path }) => hides(path));
    if (!found) continue;
    throw new Error(
      `${found.field} of container '${container.name}' names '${found.path}', but a new volume at '${mountPath}' ` +
        `hides what the image has there; choose another ${
          mountPath === dumpDirectory ? 'dumpDirectory' : 'mountPath of DotnetDiagnosticsTmp'
        }, or move it in the image`,
    );
  }
}

interface Place {
  readonly field: string;
  readonly path: string;
}

function placesOf(container: ContainerJson): Place[] {
  const { workingDir, command, args, livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  const places: Place[] = [];
  const add = (field: string, words: unknown) => {
    if (!Array.isArray(words)) return;
    for (const path of programsIn(words.map(String), field !== 'args')) places.push({ field, path });
  };
  if (typeof workingDir === 'string') places.push({ field: 'workingDir', path: normalizePath(workingDir) });
  add('command', command);
  add('args', args);
  add('livenessProbe', livenessProbe?.exec?.command);
  add('readinessProbe', readinessProbe?.exec?.command);
  add('startupProbe', startupProbe?.exec?.command);
  add('postStart', lifecycle?.postStart?.exec?.command);
  add('preStop', lifecycle?.preStop?.exec?.command);
  return places;
}

/** @param startsWithProgram whether the first word is a program; arguments may follow a program of the image */
function programsIn(words: string[], startsWithProgram: boolean): string[] {
  return words.flatMap((word, index) => {
    const isScript = words[index - 1] === '-c' || (startsWithProgram && index === 0);
    return [...(isScript ? word.matchAll(IN_SHELL) : []), ...word.matchAll(BY_NAME)].map(([, path]) =>
      normalizePath(path),
    );
  });
}

function isIn(path: string, folder: string): boolean {
  return `${path}/`.startsWith(`${normalizePath(folder)}/`);
}
