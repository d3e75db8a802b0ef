import { Size } from 'cdk8s';
import type { ChosenParameters, ParametersCheck as Check } from './checked-parameters';
import { AzureFilesDataPlaneApi, AzureFilesNetworkEndpoint, AzureFilesProtocol, AzureFilesSku } from './enums';
import { identityFlags } from './identity-flags';
import type { AzureFilesParameters } from './parameters';
import { largeEnough, performanceInRange, performanceNeedsV2, smallEnough } from './size-checks';
import { isPremium, isStandard, smallestShare } from './sku';
import { isLate } from '../../input/late-value';

/* Combinations of valid parameters that the driver, or the file service behind it, would refuse. */

/**
 * Returns the parameters with defaults. The SKU of an account that the driver creates is always set, so that a new
 * default of the driver changes nothing. If no SKU is set for an existing account, the driver reads it from the account
 * and raises a smaller request to its minimum size.
 *
 * @see https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/v1.30.0/pkg/azurefile/controllerserver.go
 */
export function withDefaults(props: AzureFilesParameters): ChosenParameters {
  const protocol = props.protocol ?? AzureFilesProtocol.SMB;
  const sku = props.sku ?? (props.storageAccount === undefined ? defaultSku(protocol) : undefined);
  // Drivers before 1.35.3 write the account key into a Secret even for mounts by identity (azurefile-csi-driver#3125).
  const storeAccountKey = props.storeAccountKey ?? (identityFlags(props).length > 0 ? false : undefined);
  return { ...props, protocol, sku, storeAccountKey };
}

function defaultSku(protocol: AzureFilesProtocol): AzureFilesSku {
  return protocol === AzureFilesProtocol.NFS ? AzureFilesSku.PREMIUM_LRS : AzureFilesSku.STANDARD_LRS;
}

/**
 * Returns the default size of a share: 5 GiB as in ProcDump's Kubernetes guide, or the minimum of the SKU if that is
 * larger.
 */
export function defaultCapacity(props: AzureFilesParameters): Size {
  const { sku, protocol } = withDefaults(props);
  return Size.gibibytes(Math.max(5, smallestShare(sku ?? defaultSku(protocol))));
}

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

/**
 * Parameters that the driver does not use with NFS, which has no credential.
 * @see https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/driver-parameters.md
 */
const SMB_ONLY = [
  'secretName',
  'secretNamespace',
  'storeAccountKey',
  'latestAccountKey',
  'clientId',
  'tenantId',
] as const;

const smbOnly: Check = (props) => {
  if (props.protocol === AzureFilesProtocol.SMB || isLate(props.protocol)) return undefined;
  const prop = SMB_ONLY.find((name) => props[name]);
  return (
    prop &&
    `${prop} '${props[prop]}' has no effect on protocol 'nfs', which has no credential; it belongs to SMB; remove it ` +
      'or use AzureFilesProtocol.SMB'
  );
};

/** The driver creates folders with the account key; since 1.35.3, on NFS too. */
const createFolderNeedsOpenAccount: Check = (props) =>
  props.protocol === AzureFilesProtocol.NFS && props.createFolderIfNotExist && props.allowSharedKeyAccess === false
    ? "createFolderIfNotExist 'true' cannot work with allowSharedKeyAccess 'false'; folders are made with the " +
      'account key; create the folder beforehand or use subPathExpr of the volume mount'
    : undefined;

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

/** All checks, in the order of reporting. */
export const CHECKS: Check[] = [
  nfsNeedsPremium,
  nfsOnly,
  oneIdentityFlag,
  identityNeedsSmb,
  smbOnly,
  createFolderNeedsOpenAccount,
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
  performanceInRange,
  largeSharesNeedStandard,
  tierFitsSku,
  zoneNeedsPrivateEndpoint,
  privateEndpointHasOneSubnet,
  privateEndpointSetsServer,
  largeEnough,
  smallEnough,
];

function hasPrivateEndpoint(endpoint: string | undefined): boolean {
  return endpoint !== undefined && (isLate(endpoint) || endpoint === AzureFilesNetworkEndpoint.PRIVATE_ENDPOINT);
}
