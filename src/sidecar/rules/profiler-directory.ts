import { ContainerJson, normalizePath } from '../../kubernetes/wire';

/** ProcDump unpacks its profiler to this path and makes the target's runtime load it from there. The path is fixed. */
export const PROFILER_DIRECTORY = '/usr/local/bin';

const INSIDE = /(?<![\w.-])\/+usr\/+local\/+bin\/+[^\s'"`;&|<>()]+/;

/**
 * The shared profiler directory hides the image's own directory, also in the application's container.
 * @throws if the container uses a file of the hidden directory
 */
export function refuseHiddenPrograms(container: ContainerJson): void {
  const { command, args, workingDir, livenessProbe, readinessProbe, startupProbe, lifecycle, volumeMounts } = container;
  const programs: { [field: string]: unknown } = {
    command,
    args,
    workingDir: workingDir && [`${workingDir}/.`],
    livenessProbe: livenessProbe?.exec?.command,
    readinessProbe: readinessProbe?.exec?.command,
    startupProbe: startupProbe?.exec?.command,
    postStart: lifecycle?.postStart?.exec?.command,
    preStop: lifecycle?.preStop?.exec?.command,
    volumeMounts: volumeMounts?.map(({ mountPath }) => `${normalizePath(mountPath)}/.`),
  };
  for (const [field, texts] of Object.entries(programs)) {
    const [path] = Array.isArray(texts) ? (INSIDE.exec(texts.join('\n')) ?? []) : [];
    if (path !== undefined) {
      throw new Error(
        `${field} of container '${container.name}' names '${path.replace(/\/\.$/, '')}', but exception and GC ` +
          `triggers mount the profiler's directory over ${PROFILER_DIRECTORY}, which hides the image's own content; ` +
          'move it elsewhere in the image, or use a trigger without a profiler, such as memoryAbove or a counter',
      );
    }
  }
}
