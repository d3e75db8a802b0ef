import {
  DOMAIN,
  GUID,
  HOST_NAME,
  LOCATION,
  RESOURCE_GROUP_NAME,
  STORAGE_ACCOUNT_NAME,
  VIRTUAL_NETWORK_LINK_NAME,
  VIRTUAL_NETWORK_NAME,
} from './azure-names';
import {
  AzureFilesAccountAccessTier,
  AzureFilesDataPlaneApi,
  AzureFilesFsGroupChangePolicy,
  AzureFilesNetworkEndpoint,
  AzureFilesProtocol,
  AzureFilesPublicNetworkAccess,
  AzureFilesRootSquash,
  AzureFilesShareAccessTier,
  AzureFilesSku,
} from './enums';
import type { AzureFilesParameters } from './parameters';
import { isProvisionedV2 } from './sku';
import { Check, shown } from '../../input/check';
import {
  computed,
  FLAG,
  INT32_MAX,
  LABEL,
  late,
  listOf,
  mapOf,
  matching,
  NAME,
  oneOf,
  whole,
} from '../../input/checks';
import { isLate } from '../../input/late-value';
import { Checks } from '../../input/struct';
import { DRIVER_PLACEHOLDER } from '../../kubernetes/token';

/*
 * One row per StorageClass parameter: our prop, the driver's key, the format of its values, and the first driver that
 * supports it.
 */

/** A row of the table. `problem` returns the text of an error, or undefined. */
export interface Parameter {
  readonly prop: keyof AzureFilesParameters;
  readonly key: string;
  /**
   * First release that supports the key. If an older release line supports it too, that line's first release comes
   * before.
   */
  readonly since: string[];
  /** First releases that support individual values of the key. */
  readonly valueSince?: { [value: string]: string };
  readonly check: Check;
  readonly problem: (props: AzureFilesParameters) => string | undefined;
  readonly render: (props: AzureFilesParameters) => string | undefined;
}

type Prop = keyof AzureFilesParameters;
type Value<P extends Prop> = NonNullable<AzureFilesParameters[P]>;

/** Format of the values of a parameter, and their text. */
interface Kind<T> {
  readonly check: Check;
  readonly text: (value: T, props: AzureFilesParameters) => string | undefined;
  /** Returns why the value contradicts other parameters. */
  readonly problem?: (value: T, props: AzureFilesParameters) => string | undefined;
}

interface Row<P extends Prop> extends Pick<Parameter, 'key' | 'since' | 'valueSince'> {
  readonly kind: Kind<Value<P>>;
}

function row<T>(key: string, kind: Kind<T>, ...since: string[]) {
  return { key, kind, since };
}

function textThat(check: Check): Kind<string> {
  return { check, text: (value) => value };
}

/** Accepts a name, or a value that Terraform computes. */
function name(check: Check): Kind<string> {
  return textThat(computed(check));
}

/** The node recognizes some flags only by this exact text. */
const flag: Kind<boolean> = { check: FLAG, text: (value) => (value ? 'true' : 'false') };

function oneOfEnum<T extends string>(values: { [name: string]: T }): Kind<T> {
  return { check: oneOf(values), text: (value) => value };
}

/** The driver parses these values as 32-bit integers. */
function wholeNumber(least: number, unit: string): Kind<number> {
  return {
    check: { ...whole(least, INT32_MAX), expected: `a whole number of ${unit} from ${least} to ${INT32_MAX}` },
    text: (value) => `${value}`,
  };
}

/** SMB is the default of the driver. */
const protocol: Kind<AzureFilesProtocol> = {
  check: oneOf(AzureFilesProtocol),
  text: (value) => (value === AzureFilesProtocol.SMB ? undefined : value),
};

const octal = textThat(
  matching({
    pattern: /^0([0-7]{3,4})?$/,
    expected: "octal digits, the first of them 0, as in '0770', or '0' to leave the folder as it is",
  }),
);

const shareName = textThat({
  expected: '3 to 63 lower-case letters, digits and single hyphens between them',
  accepts: (value) => {
    if (typeof value !== 'string' || value.length < 3) return false;
    // The length of the names that the driver inserts is unknown here.
    const shortest = value.replace(DRIVER_PLACEHOLDER, 'x');
    return shortest.length <= 63 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(shortest);
  },
});

const shareNamePrefix = textThat(
  matching({
    pattern: /^[a-z0-9][a-z0-9-]{0,19}$/,
    expected: '1 to 20 lower-case letters, digits and hyphens, no hyphen first',
  }),
);

const folder = textThat({
  expected: 'names of folders with slashes between them',
  accepts: (value) => typeof value === 'string' && value.trim() !== '',
  inside: (what, value) => {
    const path = (value as string).replace(/^\/+|\/+$/g, '');
    const wrong = path === '' ? undefined : path.split('/').find((segment) => !isFolderSegment(segment));
    if (wrong === undefined) return;
    throw new Error(
      `${what} ${shown(value)} has the invalid part ${shown(wrong)}; expected parts that are not empty, '.' or ` +
        "'..', contain no control character and none of \\ : * ? \" < > |, and do not end with a dot or a blank; " +
        'rename it',
    );
  },
});

function isFolderSegment(segment: string): boolean {
  // eslint-disable-next-line no-control-regex
  return segment !== '' && !/[\\:*?"<>|\u0000-\u001f]/.test(segment) && !/[. ]$/.test(segment);
}

const delimiter = textThat(
  matching({ pattern: /^[^=\s]$/, expected: "one character other than '=' and blank that no tag holds, such as ';'" }),
);

const tags: Kind<{ [key: string]: string }> = {
  check: mapOf({ expected: 'text', accepts: (value) => typeof value === 'string' }),
  // Sorted, so that the order of tags does not change the class.
  text: (value, { tagValueDelimiter = ',' }) =>
    joined(
      Object.keys(value)
        .sort()
        .map((key) => `${key}=${value[key]}`),
      tagValueDelimiter,
    ),
  problem: (value, { tagValueDelimiter = ',' }) => {
    const wrong = Object.keys(value).find(
      (key) =>
        [key, value[key]].some((part) => !isLate(part) && part.includes(tagValueDelimiter)) ||
        (!isLate(key) && (key.trim() === '' || key.includes('='))),
    );
    return wrong === undefined
      ? undefined
      : `tags contain ${shown(`${wrong}=${value[wrong]}`)}, which the driver would misread; expected names without ` +
          `'=', and no '${tagValueDelimiter}', which separates tags; change the tag or tagValueDelimiter`;
  },
};

const subnets: Kind<string[]> = {
  check: listOf(
    late(
      matching({
        pattern: /^[^\s,]+$/,
        expected: 'the name of a subnet without commas and blanks; write each subnet as a separate item',
      }),
    ),
  ),
  text: (value) => joined(value, ','),
};

function joined(items: string[], separator: string): string | undefined {
  return items.length > 0 ? items.join(separator) : undefined;
}

const TABLE: { readonly [prop in Prop]: Row<prop> } = {
  sku: {
    ...row('skuName', oneOfEnum(AzureFilesSku)),
    // According to the AKS documentation. Before 1.31.4, the driver created StandardV2 accounts of the wrong kind.
    valueSince: Object.fromEntries(
      Object.values(AzureFilesSku)
        .filter(isProvisionedV2)
        .map((value) => [value, '1.35.0']),
    ),
  },
  storageAccount: row('storageAccount', name(STORAGE_ACCOUNT_NAME)),
  resourceGroup: row('resourceGroup', name(RESOURCE_GROUP_NAME)),
  subscriptionId: row('subscriptionID', name(GUID)),
  location: row('location', name(LOCATION)),
  shareName: row('shareName', shareName),
  shareNamePrefix: row('shareNamePrefix', shareNamePrefix),
  folderName: row('folderName', folder),
  createFolderIfNotExist: row('createFolderIfNotExist', flag, '1.33.4'),
  server: row('server', name(HOST_NAME)),
  storageEndpointSuffix: row('storageEndpointSuffix', name(DOMAIN)),
  protocol: row('protocol', protocol),
  shareAccessTier: row('shareAccessTier', oneOfEnum(AzureFilesShareAccessTier)),
  accountAccessTier: row('accountAccessTier', oneOfEnum(AzureFilesAccountAccessTier)),
  enableLargeFileShares: row('enableLargeFileShares', flag),
  provisionedIops: row('provisionedIOPS', wholeNumber(0, 'operations per second'), '1.33.4'),
  provisionedBandwidth: row('provisionedBandwidth', wholeNumber(0, 'MiB/s'), '1.33.4'),
  accountQuota: row('accountQuota', wholeNumber(100, 'GB')),
  // 1.30.4 to 1.31.0 have the key, but compare its lower-case form with a mixed-case text.
  tagValueDelimiter: row('tagValueDelimiter', delimiter, '1.31.1'),
  tags: row('tags', tags),
  matchTags: row('matchTags', flag),
  selectRandomMatchingAccount: row('selectRandomMatchingAccount', flag),
  disableDeleteRetentionPolicy: row('disableDeleteRetentionPolicy', flag),
  allowBlobPublicAccess: row('allowBlobPublicAccess', flag),
  requireInfraEncryption: row('requireInfraEncryption', flag),
  allowCrossTenantReplication: row('allowCrossTenantReplication', flag, '1.35.2'),
  allowSharedKeyAccess: row('allowSharedKeyAccess', flag, '1.30.4'),
  publicNetworkAccess: row('publicNetworkAccess', oneOfEnum(AzureFilesPublicNetworkAccess), '1.32.2'),
  useDataPlaneApi: {
    ...row('useDataPlaneAPI', oneOfEnum(AzureFilesDataPlaneApi)),
    // Older drivers silently use Azure Resource Manager.
    valueSince: { [AzureFilesDataPlaneApi.OAUTH]: '1.32.2' },
  },
  storeAccountKey: row('storeAccountKey', flag),
  secretName: row('secretName', name(NAME)),
  secretNamespace: row('secretNamespace', name(LABEL)),
  latestAccountKey: row('getLatestAccountKey', flag),
  enableMultichannel: row('enableMultichannel', flag),
  // The first releases of 1.33 do not support it.
  clientId: row('clientID', name(GUID), '1.32.6', '1.33.4'),
  tenantId: row('tenantID', name(GUID), '1.35.0'),
  mountWithManagedIdentity: row('mountWithManagedIdentity', flag, '1.34.0'),
  mountWithWorkloadIdentityToken: row('mountWithWorkloadIdentityToken', flag, '1.35.0'),
  mountWithOAuthToken: row('mountWithOAuthToken', flag, '1.35.3'),
  rootSquashType: row('rootSquashType', oneOfEnum(AzureFilesRootSquash)),
  mountPermissions: row('mountPermissions', octal),
  fsGroupChangePolicy: row('fsGroupChangePolicy', oneOfEnum(AzureFilesFsGroupChangePolicy)),
  encryptInTransit: row('encryptInTransit', flag, '1.33.0'),
  networkEndpointType: {
    ...row('networkEndpointType', oneOfEnum(AzureFilesNetworkEndpoint)),
    // Older drivers silently create no endpoint for SMB.
    valueSince: { [AzureFilesNetworkEndpoint.SERVICE_ENDPOINT]: '1.35.7' },
  },
  privateDnsZoneResourceGroup: row('privateDNSZoneResourceGroup', name(RESOURCE_GROUP_NAME), '1.35.2'),
  vnetResourceGroup: row('vnetResourceGroup', name(RESOURCE_GROUP_NAME)),
  vnetName: row('vnetName', name(VIRTUAL_NETWORK_NAME)),
  subnetNames: row('subnetName', subnets),
  vnetLinkName: row('vnetLinkName', name(VIRTUAL_NETWORK_LINK_NAME), '1.32.2'),
};

export const PARAMETERS: Parameter[] = (Object.keys(TABLE) as Prop[]).map((prop) => parameter(prop));

/** Checks of the parameters, which also accept values that Terraform computes. */
export const PARAMETER_CHECKS = Object.fromEntries(
  PARAMETERS.map(({ prop, check }) => [prop, late(check)]),
) as unknown as Checks<AzureFilesParameters>;

function parameter<P extends Prop>(prop: P): Parameter {
  const { key, kind, since, valueSince } = TABLE[prop] as unknown as Row<P>;
  return {
    prop,
    key,
    since,
    valueSince,
    check: kind.check,
    problem: (props) => (props[prop] === undefined ? undefined : kind.problem?.(props[prop] as Value<P>, props)),
    render: (props) => (props[prop] === undefined ? undefined : kind.text(props[prop] as Value<P>, props)),
  };
}
