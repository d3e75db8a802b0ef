import type { ParametersContext } from './checked-parameters';
import { AzureFilesNetworkEndpoint } from './enums';
import { identityFlags } from './identity-flags';
import type { Parameter } from './parameter-table';
import type { AzureFilesParameters } from './parameters';
import { isLate } from '../../input/late-value';

/* Limits of the declared driver version. The parameter table contains the versions of individual keys and values. */

/** The object that contains the parameters. */
export type ParametersOwner = 'StorageClass' | 'PersistentVolume';

/**
 * First releases that support a key in a PersistentVolume, if they differ from those for a class. A node ignores
 * unknown keys, so the release that first reads the key counts.
 */
const OF_VOLUMES: { readonly [key: string]: string[] } = {
  // read by the node since 1.32.6, refused in a class before 1.35.0
  tenantID: ['1.32.6'],
};

/** Parameters that an older driver accepts but does not apply correctly. */
interface Behaviour {
  readonly since: string;
  readonly owner?: ParametersOwner;
  /**
   * Describes the parameters; undefined if they do not apply.
   * @param identity what selects the mount by identity
   */
  readonly what: (props: AzureFilesParameters, identity: string) => string | undefined;
  readonly remedy: string;
}

const BEHAVIOURS: Behaviour[] = [
  {
    // 1.34.0 creates the account without SMB OAuth, so every mount fails
    since: '1.34.1',
    owner: 'StorageClass',
    what: ({ mountWithManagedIdentity, storageAccount }, identity) =>
      mountWithManagedIdentity && storageAccount === undefined
        ? `${identity} with an account that the driver creates`
        : undefined,
    remedy: 'update the driver or name a storageAccount with SMB OAuth',
  },
  {
    // older drivers request a ticket for the privatelink name that they set themselves (azurefile-csi-driver, 1.35.6)
    since: '1.35.6',
    owner: 'StorageClass',
    what: ({ networkEndpointType }, identity) =>
      networkEndpointType === AzureFilesNetworkEndpoint.PRIVATE_ENDPOINT
        ? `networkEndpointType 'privateEndpoint' with ${identity}`
        : undefined,
    remedy: 'update the driver, or make account and endpoint outside and use AzureFilesDumpStore.fromShare',
  },
  {
    since: '1.35.6',
    what: ({ server }, identity) =>
      server?.includes('.privatelink.') ? `server '${server}' with ${identity}` : undefined,
    remedy: 'remove server: with private DNS the public name resolves to the private address',
  },
];

/** Returns why the declared driver does not support the combination of parameters. */
export function behaviourProblem(
  props: AzureFilesParameters,
  owner: ParametersOwner,
  { driverVersion, access }: ParametersContext,
): string | undefined {
  const [misbehaviour] = misbehavioursOf(props, owner, { driverVersion, access });
  if (!misbehaviour) return undefined;
  const { what, since, remedy } = misbehaviour;
  return `${what} needs driver version ${since}; driverVersion is '${driverVersion}'; ${remedy}`;
}

/** Returns the behaviours of mounts by identity that the declared driver does not have. */
function misbehavioursOf(
  props: AzureFilesParameters,
  owner: ParametersOwner,
  { driverVersion, access }: ParametersContext,
): { what: string; since: string; remedy: string }[] {
  const version = driverVersion === undefined ? undefined : versionOf(driverVersion);
  const [flag] = identityFlags(props);
  if (!version || flag === undefined) return [];
  return BEHAVIOURS.flatMap(({ since, owner: only, what, remedy }) => {
    const found = only === undefined || only === owner ? what(props, access?.title ?? flag) : undefined;
    return found === undefined || reaches(version, since, true) ? [] : [{ what: found, since, remedy }];
  });
}

/**
 * Returns why the declared driver does not support the access, with the version that all of it needs: the user did not
 * write the parameters that the access sets.
 *
 * @param rendered the rows of the parameters, with their texts
 */
export function accessProblem(
  props: AzureFilesParameters,
  rendered: readonly { readonly parameter: Parameter; readonly text: string }[],
  owner: ParametersOwner,
  context: ParametersContext,
): string | undefined {
  const { access, driverVersion } = context;
  const version = driverVersion === undefined || !access ? undefined : versionOf(driverVersion);
  if (!version) return undefined;
  const tooNew = rendered
    .filter(({ parameter }) => access!.sets.includes(parameter.prop))
    .map(({ parameter, text }) => ({ prop: parameter.prop, needed: neededBy(parameter, text, owner) }))
    .filter(({ needed }) => !isSupported(version, needed));
  if (tooNew.length === 0) return undefined;
  const flag = tooNew.some(({ prop }) => prop.startsWith('mountWith'));
  const detail = flag ? '' : ` with ${tooNew.map(({ prop }) => prop).join(' and ')}`;
  const needed = [
    ...tooNew.map((parameter) => parameter.needed.at(-1)!),
    ...misbehavioursOf(props, owner, context).map(({ since }) => since),
  ];
  return (
    `${access!.title}${detail} needs driver version ${newestOf(needed)}, but driverVersion is '${driverVersion}'; ` +
    `update the driver, or ${flag ? 'choose another access' : `remove ${tooNew[0].prop}`}`
  );
}

/** Returns why the declared driver would refuse or ignore this key with this value. */
export function versionProblem(
  parameter: Parameter,
  value: string,
  owner: ParametersOwner,
  declared: string | undefined,
): string | undefined {
  if (declared === undefined || isLate(declared)) return undefined;
  const version = versionOf(declared);
  if (!version) return `driverVersion '${declared}' is not a version; expected three numbers; write it like '1.35.2'`;
  const { key, valueSince } = parameter;
  const needed = neededBy(parameter, value, owner);
  if (isSupported(version, needed)) return undefined;
  const what = valueSince?.[value] !== undefined ? `'${key}' with value '${value}'` : `'${key}'`;
  const [newest, ...older] = [...needed].reverse();
  const inOlderLines = older.map((first) => `, or ${first} within its line`).join('');
  return (
    `parameter ${what} needs driver version ${newest}${inOlderLines}; driverVersion is '${declared}'; update the ` +
    'driver or remove the parameter'
  );
}

/** Returns the first releases, one for each line that supports the key with the value; the newest line is last. */
function neededBy({ key, since, valueSince }: Parameter, value: string, owner: ParametersOwner): string[] {
  if (valueSince?.[value] !== undefined) return [valueSince[value]];
  return (owner === 'PersistentVolume' ? OF_VOLUMES[key] : undefined) ?? since;
}

function isSupported(version: number[], needed: string[]): boolean {
  return needed.length === 0 || needed.some((first, index) => reaches(version, first, index === needed.length - 1));
}

function newestOf(versions: string[]): string {
  return versions.reduce((newest, other) => (reaches(versionOf(other)!, newest, true) ? other : newest));
}

function versionOf(text: string): number[] | undefined {
  return /^v?(\d+)\.(\d+)\.(\d+)$/.exec(text)?.slice(1).map(Number);
}

/**
 * Returns whether a version contains a feature of release `first`. A backport to an older release line counts for that
 * line only.
 */
function reaches([major, minor, patch]: number[], first: string, newestLine: boolean): boolean {
  const [firstMajor, firstMinor, firstPatch] = first.split('.').map(Number);
  if (major === firstMajor && minor === firstMinor) return patch >= firstPatch;
  return newestLine && (major > firstMajor || (major === firstMajor && minor > firstMinor));
}
