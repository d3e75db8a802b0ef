import { parseQuantity } from '../../kubernetes/quantity';
import type { ContainerJson, EnvVarJson } from '../../kubernetes/wire';

/** Percent of the container's memory limit that the managed heap may use by default. */
const DEFAULT_PERCENT = 75;

/** The largest managed heap of a container. */
export interface GcHeapLimit {
  readonly bytes: number;
  /** The calculation. */
  readonly reason: string;
  /** The setting to raise. */
  readonly cause: string;
}

/**
 * Returns the limit of the managed heap; undefined if the manifest does not determine it. The variables are
 * hexadecimal. Limits of single heaps, such as GCHeapHardLimitSOH, replace the total limit and are not added up here.
 * @see https://learn.microsoft.com/dotnet/core/runtime-config/garbage-collector#heap-limit
 */
export function gcHeapLimitOf(container: ContainerJson): GcHeapLimit | undefined {
  const { env = [] } = container;
  if (env.some(({ name }) => /^(DOTNET|COMPlus)_GCHeapHardLimit(SOH|LOH|POH)(Percent)?$/.test(name))) {
    return undefined;
  }
  const absolute = effective(env, 'GCHeapHardLimit');
  if (absolute !== undefined && hex(absolute) !== 0) {
    const bytes = hex(absolute);
    return bytes === undefined
      ? undefined
      : { bytes, reason: `${absolute.name}=${absolute.value}, which is hexadecimal`, cause: absolute.name };
  }
  const memory = container.resources?.limits?.memory;
  const limit = parseQuantity(memory) || undefined;
  const relative = effective(env, 'GCHeapHardLimitPercent');
  const percent = relative === undefined ? DEFAULT_PERCENT : hex(relative);
  if (limit === undefined || percent === undefined) return undefined;
  const used = percent === 0 ? DEFAULT_PERCENT : percent;
  const origin = used === percent && relative ? ` by ${relative.name}=${relative.value}, which is hexadecimal` : '';
  return {
    bytes: (limit * used) / 100,
    reason: `${used} %${origin} of its memory limit of ${memory}`,
    cause: 'the memory limit, or set DOTNET_GCHeapHardLimit',
  };
}

/** DOTNET_ takes precedence over COMPlus_. Of several variables with the same name, the last one counts. */
function effective(env: EnvVarJson[], setting: string): EnvVarJson | undefined {
  const last = (name: string) => env.filter((variable) => variable.name === name).at(-1);
  return last(`DOTNET_${setting}`) ?? last(`COMPlus_${setting}`);
}

/** Returns undefined for a variable whose value is not known at synth. */
function hex({ value }: EnvVarJson): number | undefined {
  return value !== undefined && /^(0x)?[0-9a-f]+$/i.test(value) ? parseInt(value, 16) : undefined;
}
