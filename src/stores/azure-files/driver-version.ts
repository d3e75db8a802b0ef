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
  /** Describes the parameters; undefined if they do not apply. */
  readonly what: (props: AzureFilesParameters) => string | undefined;
  readonly remedy: string;
}

const BEHAVIOURS: Behaviour[] = [
  {
    // 1.34.0 creates the account without SMB OAuth, so every mount fails
    since: '1.34.1',
    owner: 'StorageClass',
    what: ({ mountWithManagedIdentity, storageAccount }) =>
      mountWithManagedIdentity && storageAccount === undefined
        ? 'mountWithManagedIdentity with an account that the driver creates'
        : undefined,
    remedy: 'update the driver or name a storageAccount with SMB OAuth',
  },
  {
    // older drivers request a ticket for the privatelink name that they set themselves (azurefile-csi-driver, 1.35.6)
    since: '1.35.6',
    owner: 'StorageClass',
    what: (props) => {
      const [flag] = identityFlags(props);
      return flag && props.networkEndpointType === AzureFilesNetworkEndpoint.PRIVATE_ENDPOINT
        ? `networkEndpointType 'privateEndpoint' with ${flag}`
        : undefined;
    },
    remedy: 'update the driver, or make account and endpoint outside and use AzureFilesDumpStore.fromShare',
  },
  {
    since: '1.35.6',
    what: (props) => {
      const [flag] = identityFlags(props);
      return flag && props.server?.includes('.privatelink.') ? `server '${props.server}' with ${flag}` : undefined;
    },
    remedy: 'remove server: with private DNS the public name resolves to the private address',
  },
];

/** Returns why the declared driver does not support the combination of parameters. */
export function behaviourProblem(
  props: AzureFilesParameters,
  owner: ParametersOwner,
  declared: string | undefined,
): string | undefined {
  const version = declared === undefined ? undefined : versionOf(declared);
  if (!version) return undefined;
  for (const { since, owner: only, what, remedy } of BEHAVIOURS) {
    const found = only === undefined || only === owner ? what(props) : undefined;
    if (found !== undefined && !reaches(version, since, true)) {
      return `${found} needs driver version ${since}; driverVersion is '${declared}'; ${remedy}`;
    }
  }
  return undefined;
}

/** Returns why the declared driver would refuse or ignore this key with this value. */
export function versionProblem(
  { key, since, valueSince }: Parameter,
  value: string,
  owner: ParametersOwner,
  declared: string | undefined,
): string | undefined {
  if (declared === undefined || isLate(declared)) return undefined;
  const version = versionOf(declared);
  if (!version) return `driverVersion '${declared}' is not a version; expected three numbers; write it like '1.35.2'`;
  const ofOwner = (owner === 'PersistentVolume' ? OF_VOLUMES[key] : undefined) ?? since;
  const needed = valueSince?.[value] !== undefined ? [valueSince[value]] : ofOwner;
  if (needed.length === 0 || needed.some((first, index) => reaches(version, first, index === needed.length - 1))) {
    return undefined;
  }
  const what = valueSince?.[value] !== undefined ? `'${key}' with value '${value}'` : `'${key}'`;
  const [newest, ...older] = [...needed].reverse();
  const inOlderLines = older.map((first) => `, or ${first} within its line`).join('');
  return (
    `parameter ${what} needs driver version ${newest}${inOlderLines}; driverVersion is '${declared}'; update the ` +
    'driver or remove the parameter'
  );
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
