import { Size, SizeRoundingBehavior } from 'cdk8s';
import { AzureFilesDataPlaneApi, AzureFilesNetworkEndpoint, AzureFilesProtocol, AzureFilesSku } from './enums';
import type { Parameter } from './parameter-table';
import type { AzureFilesParameters } from './parameters';
import { isPremium, isProvisionedV2, isStandard, smallestShare } from './sku';
import { isLate } from '../../input/late-value';

/*
 * What the driver, or the file service behind it, would refuse about parameters that are right one by one.
 */

/** What is known besides the parameters. */
export interface ParametersContext {
  /** Version of the driver in the cluster, such as `1.35.2`; without one every parameter is taken to be known. */
  readonly driverVersion?: string;
  /** Size that the claim asks for. */
  readonly capacity?: Size;
}

/** Parameters of which SKU and protocol are settled. */
export interface ChosenParameters extends AzureFilesParameters {
  readonly sku: AzureFilesSku;
  readonly protocol: AzureFilesProtocol;
}

/** Settles what is left open. The SKU is always written, so that a later default of the driver changes nothing. */
export function withDefaults(props: AzureFilesParameters): ChosenParameters {
  const protocol = props.protocol ?? AzureFilesProtocol.SMB;
  const sku =
    props.sku ?? (protocol === AzureFilesProtocol.NFS ? AzureFilesSku.PREMIUM_LRS : AzureFilesSku.STANDARD_LRS);
  // Drivers before 1.35.3 write the account key into a Secret even where an identity mounts
  // (azurefile-csi-driver#3125).
  const storeAccountKey = props.storeAccountKey ?? (identityFlags(props).length > 0 ? false : undefined);
  return { ...props, protocol, sku, storeAccountKey };
}

/** Size of a share for which none is given: 5 GiB as in ProcDump's Kubernetes guide, or the least the SKU has. */
export function defaultCapacity(props: AzureFilesParameters): Size {
  return Size.gibibytes(Math.max(5, smallestShare(withDefaults(props).sku)));
}

type Check = (props: ChosenParameters, context: ParametersContext) => string | undefined;

const nfsNeedsPremium: Check = ({ sku, protocol }) =>
  protocol === AzureFilesProtocol.NFS && isStandard(sku)
    ? `sku '${sku}' cannot serve protocol 'nfs'; NFS needs a premium SKU; use AzureFilesSku.PREMIUM_LRS or ` +
      'AzureFilesProtocol.SMB'
    : undefined;

const nfsOnly: Check = (props) => {
  if (props.protocol === AzureFilesProtocol.NFS) return undefined;
  const { rootSquashType, mountPermissions, fsGroupChangePolicy, encryptInTransit } = props;
  const [prop, value] =
    Object.entries({ rootSquashType, mountPermissions, fsGroupChangePolicy, encryptInTransit }).find(([, v]) => v) ??
    [];
  return (
    prop &&
    `${prop} '${value}' has no effect on protocol 'smb'; it belongs to NFS; remove it or use AzureFilesProtocol.NFS`
  );
};

const oneIdentityFlag: Check = (props) => {
  const flags = identityFlags(props);
  return flags.length > 1
    ? `${flags.join(' and ')} are both true; expected at most one way to mount; keep one of them`
    : undefined;
};

const identityNeedsSmb: Check = (props) => {
  const [flag] = identityFlags(props);
  return flag && props.protocol === AzureFilesProtocol.NFS
    ? `${flag} 'true' cannot serve protocol 'nfs'; NFS has no identities; remove it or use AzureFilesProtocol.SMB`
    : undefined;
};

const workloadIdentityNeedsClient: Check = (props) =>
  props.mountWithWorkloadIdentityToken && props.clientId === undefined
    ? "mountWithWorkloadIdentityToken 'true' has no clientId; expected the client id of the identity that trusts " +
      "the pod's service account; set clientId"
    : undefined;

const oauthTokenNeedsSecret: Check = (props) =>
  props.mountWithOAuthToken && props.secretName === undefined
    ? "mountWithOAuthToken 'true' has no secretName; expected the Secret that holds the token under the key " +
      "'oauthtoken'; set secretName"
    : undefined;

const createFolderNeedsKey: Check = (props) => {
  const [flag] = identityFlags(props);
  return flag && props.createFolderIfNotExist
    ? `createFolderIfNotExist 'true' cannot work with ${flag}; folders are made with the account key, which an ` +
        'identity mount does not have; create the folder beforehand or use subPathExpr of the volume mount'
    : undefined;
};

const createFolderNeedsName: Check = (props) =>
  props.createFolderIfNotExist && props.folderName === undefined
    ? "createFolderIfNotExist 'true' has no folderName; expected the folder to create; set folderName or remove " +
      'createFolderIfNotExist'
    : undefined;

const identityStoresNoKey: Check = (props) => {
  const [flag] = identityFlags(props);
  return flag && props.storeAccountKey
    ? `storeAccountKey 'true' contradicts ${flag}; an identity mount needs no account key; remove storeAccountKey`
    : undefined;
};

const smbNeedsKeyOrIdentity: Check = (props) =>
  props.allowSharedKeyAccess === false && props.protocol === AzureFilesProtocol.SMB && identityFlags(props).length === 0
    ? "allowSharedKeyAccess 'false' prevents SMB mounts; expected account keys or an identity mount; set " +
      'mountWithWorkloadIdentityToken or mountWithManagedIdentity, or remove allowSharedKeyAccess'
    : undefined;

const dataPlaneNeedsKey: Check = (props) =>
  props.allowSharedKeyAccess === false && props.useDataPlaneApi === AzureFilesDataPlaneApi.ACCOUNT_KEY
    ? "useDataPlaneApi 'true' signs with the account key, which allowSharedKeyAccess 'false' forbids; use " +
      'AzureFilesDataPlaneApi.OAUTH or OFF'
    : undefined;

const accountOrTags: Check = ({ storageAccount, matchTags }) =>
  storageAccount !== undefined && matchTags
    ? `storageAccount '${storageAccount}' is given together with matchTags 'true'; tags select an account only if ` +
      'none is named; remove one of them'
    : undefined;

const subscriptionNeedsGroup: Check = ({ subscriptionId, resourceGroup }) =>
  subscriptionId !== undefined && resourceGroup === undefined
    ? `subscriptionId '${subscriptionId}' has no resourceGroup; the cluster's own group is not in another ` +
      'subscription; set resourceGroup'
    : undefined;

const nameOrPrefix: Check = ({ shareName, shareNamePrefix }) =>
  shareName !== undefined && shareNamePrefix !== undefined
    ? `shareNamePrefix '${shareNamePrefix}' has no effect beside shareName '${shareName}'; the prefix is for ` +
      'generated names; remove one of them'
    : undefined;

const multichannelNeedsSmb: Check = (props) =>
  props.enableMultichannel && props.protocol === AzureFilesProtocol.NFS
    ? "enableMultichannel 'true' cannot serve protocol 'nfs'; it belongs to SMB; use the mount option nconnect or " +
      'AzureFilesProtocol.SMB'
    : undefined;

const multichannelNeedsPremium: Check = ({ enableMultichannel, sku }) =>
  enableMultichannel && isStandard(sku)
    ? `sku '${sku}' cannot serve enableMultichannel 'true'; multichannel needs a premium SKU; use ` +
      'AzureFilesSku.PREMIUM_LRS or remove enableMultichannel'
    : undefined;

const performanceNeedsV2: Check = ({ sku, provisionedIops, provisionedBandwidth }) => {
  if (isLate(sku) || isProvisionedV2(sku)) return undefined;
  const [prop, value] =
    Object.entries({ provisionedIops, provisionedBandwidth }).find(([, v]) => v !== undefined) ?? [];
  return (
    prop &&
    `${prop} '${value}' has no effect on sku '${sku}'; only v2 SKUs are paid by performance; use ` +
      'AzureFilesSku.PREMIUM_V2_LRS or remove it'
  );
};

const largeSharesNeedStandard: Check = ({ sku, enableLargeFileShares }) =>
  enableLargeFileShares && isPremium(sku)
    ? `enableLargeFileShares 'true' does not belong to sku '${sku}'; premium accounts have large shares always; ` +
      'remove enableLargeFileShares'
    : undefined;

const tierFitsSku: Check = ({ sku, shareAccessTier, accountAccessTier }) => {
  const tiers = Object.entries({ shareAccessTier, accountAccessTier }).filter(
    ([, tier]) => tier !== undefined && !isLate(tier),
  );
  const [prop, tier] =
    tiers.find(([, value]) => (isPremium(sku) && value !== 'Premium') || (isStandard(sku) && value === 'Premium')) ??
    [];
  return (
    prop &&
    `${prop} '${tier}' does not exist for sku '${sku}'; the tier 'Premium' belongs to premium SKUs, and no other ` +
      `does; change the tier or the SKU, or remove ${prop}`
  );
};

const zoneNeedsPrivateEndpoint: Check = ({ privateDnsZoneResourceGroup, networkEndpointType }) =>
  privateDnsZoneResourceGroup !== undefined && !hasPrivateEndpoint(networkEndpointType)
    ? `privateDnsZoneResourceGroup '${privateDnsZoneResourceGroup}' has no effect without a private endpoint; set ` +
      'networkEndpointType to AzureFilesNetworkEndpoint.PRIVATE_ENDPOINT or remove it'
    : undefined;

const privateEndpointHasOneSubnet: Check = ({ networkEndpointType, subnetNames = [] }) =>
  networkEndpointType === AzureFilesNetworkEndpoint.PRIVATE_ENDPOINT && subnetNames.length > 1
    ? `subnetNames '${subnetNames.join(', ')}' are too many for a private endpoint; expected exactly one subnet; ` +
      'name one'
    : undefined;

const privateEndpointSetsServer: Check = ({ networkEndpointType, server }) =>
  networkEndpointType === AzureFilesNetworkEndpoint.PRIVATE_ENDPOINT && server !== undefined
    ? `server '${server}' has no effect beside networkEndpointType 'privateEndpoint'; the driver replaces it with ` +
      'the private-link name; remove server'
    : undefined;

/** Older drivers ask for a ticket of the name as it is, which Azure does not know (azurefile-csi-driver, 1.35.6). */
const identityNeedsPublicName: Check = (props, { driverVersion }) => {
  const [flag] = identityFlags(props);
  const version = driverVersion === undefined ? undefined : versionOf(driverVersion);
  return flag && props.server?.includes('.privatelink.') && version && !reaches(version, '1.35.6', true)
    ? `server '${props.server}' with ${flag} needs driver version 1.35.6; driverVersion is '${driverVersion}'; ` +
        'remove server: with private DNS the public name resolves to the private address'
    : undefined;
};

const largeEnough: Check = ({ sku }, { capacity }) => {
  if (capacity === undefined || isLate(sku)) return undefined;
  const least = smallestShare(sku);
  // Rounded down to KiB, the smallest unit of Size: a byte more or less than a GiB cannot be said with it.
  const kibibytes = capacity.toKibibytes({ rounding: SizeRoundingBehavior.FLOOR });
  return kibibytes < least * 1024 * 1024
    ? `capacity '${capacity.asString()}' is below the smallest share of sku '${sku}', ${least} GiB; ask for ` +
        `Size.gibibytes(${least}) or more, or choose another SKU`
    : undefined;
};

/** In the order in which they are reported. */
export const CHECKS: Check[] = [
  nfsNeedsPremium,
  nfsOnly,
  oneIdentityFlag,
  identityNeedsSmb,
  workloadIdentityNeedsClient,
  oauthTokenNeedsSecret,
  createFolderNeedsKey,
  createFolderNeedsName,
  identityStoresNoKey,
  smbNeedsKeyOrIdentity,
  dataPlaneNeedsKey,
  accountOrTags,
  subscriptionNeedsGroup,
  nameOrPrefix,
  multichannelNeedsSmb,
  multichannelNeedsPremium,
  performanceNeedsV2,
  largeSharesNeedStandard,
  tierFitsSku,
  zoneNeedsPrivateEndpoint,
  privateEndpointHasOneSubnet,
  privateEndpointSetsServer,
  identityNeedsPublicName,
  largeEnough,
];

/** Why the declared driver would refuse this key with this value. */
export function versionProblem(
  { key, since, valueSince }: Parameter,
  value: string,
  declared: string | undefined,
): string | undefined {
  if (declared === undefined || isLate(declared)) return undefined;
  const version = versionOf(declared);
  if (!version) return `driverVersion '${declared}' is not a version; expected three numbers; write it like '1.35.2'`;
  const needed = valueSince?.[value] !== undefined ? [valueSince[value]] : since;
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

/** Whether a version has what came with `first`; what was brought back to an older line counts for that line only. */
function reaches([major, minor, patch]: number[], first: string, newestLine: boolean): boolean {
  const [firstMajor, firstMinor, firstPatch] = first.split('.').map(Number);
  if (major === firstMajor && minor === firstMinor) return patch >= firstPatch;
  return newestLine && (major > firstMajor || (major === firstMajor && minor > firstMinor));
}

function identityFlags(props: AzureFilesParameters): string[] {
  const { mountWithManagedIdentity, mountWithWorkloadIdentityToken, mountWithOAuthToken } = props;
  return Object.entries({ mountWithManagedIdentity, mountWithWorkloadIdentityToken, mountWithOAuthToken })
    .filter(([, value]) => value)
    .map(([flag]) => flag);
}

function hasPrivateEndpoint(endpoint: string | undefined): boolean {
  return endpoint !== undefined && (isLate(endpoint) || endpoint === AzureFilesNetworkEndpoint.PRIVATE_ENDPOINT);
}
