import type { ContainerJson, EnvVarJson } from '../../kubernetes/wire';

/** Variables that turn off the diagnostics of the .NET runtime. COMPlus_ is the older prefix. */
const DIAGNOSTICS = ['EnableDiagnostics', 'EnableDiagnostics_IPC'];
const PROFILER = 'EnableDiagnostics_Profiler';

/**
 * Without its diagnostics socket, a .NET process is dumped like a native one: hundreds of gigabytes of address space.
 * @throws if the container turns off diagnostics that ProcDump needs
 * @see https://learn.microsoft.com/dotnet/core/runtime-config/debugging-profiling
 */
export function refuseDisabledDiagnostics(container: ContainerJson, profiler: boolean): void {
  if (!container.env) return;
  for (const setting of profiler ? [...DIAGNOSTICS, PROFILER] : DIAGNOSTICS) {
    const variable = effective(container, setting);
    if (variable?.value !== undefined && /^0+$/.test(variable.value)) {
      throw new Error(
        `container '${container.name}' has ${variable.name}=${variable.value}, which ` +
          `${
            setting === PROFILER
              ? 'prevents the runtime from loading the profiler that exception and GC triggers need'
              : "removes the runtime's diagnostics socket, through which dumps are taken"
          }; ` +
          'remove it',
      );
    }
  }
}

/** DOTNET_ takes precedence over COMPlus_. Of several variables with the same name, the last one counts. */
function effective({ env = [] }: ContainerJson, setting: string): EnvVarJson | undefined {
  const last = (name: string) => env.filter((variable) => variable.name === name).at(-1);
  return last(`DOTNET_${setting}`) ?? last(`COMPlus_${setting}`);
}
