import type { Size } from 'cdk8s';
import { Check, check, shown } from '../input/check';
import { FLAG, late, mapOf, oneOf, TEXT } from '../input/checks';
import { isLate } from '../input/late-value';
import { Checks, required, struct } from '../input/struct';
import { parseQuantity } from '../kubernetes/quantity';

/** CPU, memory and disk of the sidecar, as Kubernetes quantities. */
export interface SidecarResources {
  /**
   * Resources that the scheduler reserves, for example `{ cpu: '50m', memory: '64Mi' }`. In a Guaranteed pod, the
   * default is cpu 100m (250m with a profiler) and memory 256Mi. With `PodSecurityLevel.AKS_SAFEGUARDS`, it is at least
   * 100m and 100Mi.
   * @default - cpu 20m (250m with an exception or GC trigger, because the profiler keeps ProcDump busy), memory 64Mi,
   * and the ephemeral-storage of the spool and of a store on the node's disk
   */
  readonly requests?: { [resource: string]: string };
  /**
   * Upper bounds for the sidecar. With a CPU limit, dumps stop the target for longer. An ephemeral-storage limit
   * applies to the whole pod, including the application's disk use.
   * @default - memory 256Mi, no CPU limit, an ephemeral-storage limit only if the pod already has one; in a Guaranteed
   * pod the requests of CPU and memory
   */
  readonly limits?: { [resource: string]: string };
}

/** A seccomp or AppArmor profile. */
export interface SidecarSecurityProfile {
  /** `RuntimeDefault`, `Localhost` or `Unconfined`. */
  readonly type: string;
  /**
   * Name of the profile on the node, for type `Localhost`.
   * @default - none
   */
  readonly localhostProfile?: string;
}

/**
 * Security settings of the sidecar that do not depend on the access to the target. `TargetAccess` sets user, group and
 * capabilities.
 */
export interface SidecarSecurityContext {
  /** @default true */
  readonly readOnlyRootFilesystem?: boolean;
  /** @default - RuntimeDefault */
  readonly seccompProfile?: SidecarSecurityProfile;
  /**
   * AppArmor profile. AppArmor allows access only to processes with the same profile.
   * @default - the target's
   */
  readonly appArmorProfile?: SidecarSecurityProfile;
  /**
   * SELinux label: `level`, `role`, `type`, `user`.
   * @default - the target's
   */
  readonly seLinuxOptions?: { [key: string]: string };
}

/** Disk space on the node that the sidecar may use. */
export interface DiskUse {
  readonly quantity: string;
  /** Whether another container limits the pod's disk use. */
  readonly limited: boolean;
}

/** Properties of the pod that determine the sidecar's default resources. */
export interface ResourceNeeds {
  /** Whether ProcDump's profiler runs in the target. */
  readonly profiler?: boolean;
  /** Whether the pod is of QoS class Guaranteed without the sidecar. */
  readonly guaranteed?: boolean;
  /** Whether AKS raises lower requests. */
  readonly safeguarded?: boolean;
  readonly disk?: DiskUse;
}

const DISK = 'ephemeral-storage';
/** @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#extended-resources */
const RESOURCE_NAME =
  /^(cpu|memory|ephemeral-storage|hugepages-\d+[KMGT]i|[a-z0-9]([a-z0-9.-]*[a-z0-9])?\/[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)$/;

/** The SELinux label fields that Kubernetes supports. */
interface SeLinuxOptions {
  readonly level?: string;
  readonly role?: string;
  readonly type?: string;
  readonly user?: string;
}

type Quantities = { [resource: string]: string };

/** @throws with the resource, both values and the change to make */
export function renderResources(
  resources: SidecarResources | undefined,
  { profiler = false, guaranteed = false, safeguarded = false, disk: use }: ResourceNeeds = {},
): Required<SidecarResources> {
  // Request and limit of one resource belong together: setting one drops the default of the other.
  const disk = (resources?.requests?.[DISK] ?? resources?.limits?.[DISK]) ? undefined : use;
  const equal = guaranteed ? equalResources(resources, profiler) : {};
  const requests: Quantities = {
    cpu: profiler ? '250m' : safeguarded ? '100m' : '20m',
    memory: safeguarded ? '100Mi' : '64Mi',
    ...equal,
    ...(disk ? { [DISK]: disk.quantity } : {}),
    ...resources?.requests,
  };
  const limits: Quantities = {
    memory: '256Mi',
    ...equal,
    ...(disk?.limited ? { [DISK]: disk.quantity } : {}),
    ...resources?.limits,
  };
  checkResources(resources, { requests, limits });
  return { requests, limits };
}

/** Requests and limits of the sidecar, before or after Lazy values are resolved. */
interface FinishedResources {
  readonly requests: { readonly [resource: string]: string | number | undefined };
  readonly limits: { readonly [resource: string]: string | number | undefined };
}

/**
 * @param given the user's values; all others are defaults
 * @throws with the resource, both values and the change to make
 */
export function checkResources(given: SidecarResources | undefined, { requests, limits }: FinishedResources): void {
  if (given === undefined) return;
  for (const [list, quantities] of Object.entries({ requests, limits })) {
    for (const [name, quantity] of Object.entries(quantities)) checkQuantity(`resources.${list}`, name, quantity);
  }
  for (const [name, quantity] of Object.entries(requests)) {
    if (limits[name] === undefined || !(parseQuantity(quantity)! > parseQuantity(limits[name])!)) continue;
    const origin = given.requests?.[name] === undefined ? ' (the default)' : '';
    throw new Error(
      `resources.requests: ${name} '${quantity}'${origin} is above limits.${name} '${limits[name]}'; raise ` +
        `limits.${name}, or set a lower requests.${name}`,
    );
  }
}

function checkQuantity(what: string, name: string, quantity: string | number | undefined): void {
  if (!RESOURCE_NAME.test(name)) {
    throw new Error(
      `${what}: '${name}' is not a resource name; expected a name such as memory, ephemeral-storage or ` +
        'example.com/gpu; correct it',
    );
  }
  if (!isLate(quantity) && (/\s/.test(`${quantity}`) || !(parseQuantity(quantity)! >= 0))) {
    throw new Error(
      `${what}: ${name} '${quantity}' is not a Kubernetes quantity; expected a quantity such as 100m or 256Mi; ` +
        'correct it',
    );
  }
}

/** A Guaranteed pod needs equal requests and limits in every container. A value of the user applies to both. */
function equalResources(resources: SidecarResources | undefined, profiler: boolean): Quantities {
  const chosen = (name: string) => resources?.limits?.[name] ?? resources?.requests?.[name];
  return { cpu: chosen('cpu') ?? (profiler ? '250m' : '100m'), memory: chosen('memory') ?? '256Mi' };
}

const PROFILE: Checks<SidecarSecurityProfile> = {
  type: required(oneOf(['RuntimeDefault', 'Localhost', 'Unconfined'])),
  localhostProfile: TEXT,
};

export const SECURITY_CONTEXT: Checks<SidecarSecurityContext> = {
  readOnlyRootFilesystem: FLAG,
  seccompProfile: struct(PROFILE),
  appArmorProfile: struct(PROFILE),
  seLinuxOptions: struct<SeLinuxOptions>({ level: TEXT, role: TEXT, type: TEXT, user: TEXT }),
};

const QUANTITY: Check = {
  ...TEXT,
  expected: "a quantity as text, for example '256Mi'",
  cure: (value) => {
    const { asString } = (value ?? {}) as Partial<Size>;
    if (typeof asString === 'function') return `write '${asString.call(value)}'`;
    return Number.isFinite(value) ? `write '${value as number}'` : undefined;
  },
};

export const RESOURCES: Checks<SidecarResources> = { requests: mapOf(late(QUANTITY)), limits: mapOf(late(QUANTITY)) };

/** @throws if the API server would refuse the profile */
export function checkSecurityProfiles({ seccompProfile, appArmorProfile }: SidecarSecurityContext): void {
  for (const [name, profile] of Object.entries({ seccompProfile, appArmorProfile })) {
    const what = `securityContext.${name}.localhostProfile`;
    if (profile?.type === 'Localhost') {
      check(what, profile.localhostProfile, TEXT);
    } else if (profile?.localhostProfile !== undefined) {
      throw new Error(
        `${what} ${shown(profile.localhostProfile)} is for type Localhost, but type is ${profile.type}; remove ` +
          'it, or correct type',
      );
    }
  }
}
