import type { SidecarConfig } from './config';
import type { DeliveryPlan } from './delivery-plan';
import { STORE_DIRECTORY } from './dump-volumes';
import type { Watch } from '../capture/watches';

/** Version of the contract between manifest and agent. The agent idles if it does not know the version. */
const CONTRACT = '3';

/**
 * Input of the agent. Fields that do not apply are omitted. The JSON schema is
 * `image/agent/internal/plan/plan.schema.json`.
 */
export interface AgentPlan {
  readonly runtime: 'dotnet' | 'native';
  readonly container: string;
  readonly processName?: string;
  readonly dumpDirectory: string;
  /** Mappings in a native dump, in ProcDump's hexadecimal form. */
  readonly dumpMask?: string;
  readonly crashDumps?: true;
  readonly limits: {
    readonly dumpsPerProcess: number;
    readonly dumpsPerPod: number;
    readonly cooldownSeconds: number;
  };
  /** Size of a dump directory on the node's disk. */
  readonly spoolMebibytes?: number;
  readonly store?: {
    readonly directory: string;
    readonly drainTimeoutSeconds: number;
    /** Size of a store on the node's disk. */
    readonly mebibytes?: number;
  };
  readonly retention: { readonly ageSeconds?: number; readonly count?: number; readonly mebibytes?: number };
  readonly watches: readonly Watch[];
}

/** The plan is indented, because people read it in the manifest. */
export function renderAgentArguments(plan: AgentPlan): string[] {
  return ['run', '--contract', CONTRACT, '--plan', JSON.stringify(plan, null, 2)];
}

export function planAgent(
  { target, limits, dumpDirectory, watches, retention }: SidecarConfig,
  container: string,
  { spool, directSize }: DeliveryPlan,
): AgentPlan {
  const spoolMebibytes = spool?.size ?? directSize;
  return {
    runtime: target._runtime,
    container,
    ...(target._processName === undefined ? {} : { processName: target._processName }),
    dumpDirectory,
    ...(target._dumpMask === undefined ? {} : { dumpMask: target._dumpMask }),
    ...(target._crashDumps ? { crashDumps: true } : {}),
    limits: {
      dumpsPerProcess: limits.dumpsPerProcess,
      dumpsPerPod: limits.dumpsPerPod,
      cooldownSeconds: limits.cooldownSeconds,
    },
    ...(spoolMebibytes === undefined ? {} : { spoolMebibytes }),
    ...(spool === undefined
      ? {}
      : {
          store: {
            directory: STORE_DIRECTORY,
            drainTimeoutSeconds: spool.drainSeconds,
            ...(spool.storeSize === undefined ? {} : { mebibytes: spool.storeSize }),
          },
        }),
    retention: spool === undefined ? {} : definedOnly(retention),
    watches,
  };
}

/** Removes undefined fields. */
function definedOnly<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}
