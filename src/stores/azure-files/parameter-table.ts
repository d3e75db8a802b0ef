import {
  AzureFilesAccountAccessTier, AzureFilesDataPlaneApi, AzureFilesFsGroupChangePolicy, AzureFilesNetworkEndpoint, AzureFilesProtocol,
  AzureFilesPublicNetworkAccess, AzureFilesRootSquash, AzureFilesShareAccessTier, AzureFilesSku,
} from './enums';
import type { AzureFilesParameters } from './parameters';
import { DRIVER_PLACEHOLDER } from '../../kubernetes/token';

/*
 * One row per StorageClass parameter: our prop, the driver's key, what its values look like, the driver that first takes it.
 */

/** A row of the table. A problem is text for an error; undefined means there is none. */
export interface Parameter {
  readonly prop: keyof AzureFilesParameters;
  readonly key: string;
  /** First release that takes the key; where a fix was brought back to an older line, that line's first release too, in ascending order. */
  readonly since?: string[];
  /** First releases of single values of the key. */
  readonly valueSince?: { [value: string]: string };
  readonly problem: (props: AzureFilesParameters) => string | undefined;
  readonly render: (props: AzureFilesParameters) => string | undefined;
}

/** What the values of a parameter look like, and their text. */
interface Kind<T> {
  readonly problem: (value: T, prop: string, props: AzureFilesParameters) => string | undefined;
  readonly text: (value: T, props: AzureFilesParameters) => string | undefined;
}

type Prop = keyof AzureFilesParameters;
type Value<P extends Prop> = NonNullable<AzureFilesParameters[P]>;

function row<P extends Prop>(prop: P, key: string, kind: Kind<Value<P>>, ...since: string[]): Parameter {
  const given = <R>(props: AzureFilesParameters, use: (value: Value<P>) => R) => {
    const value = props[prop];
    return value === undefined ? undefined : use(value as Value<P>);
  };
  return {
    prop,
    key,
    since,
    problem: props => given(props, value => kind.problem(value, prop, props)),
    render: props => given(props, value => kind.text(value, props)),
  };
}

/** A Terraform token is not text yet: what will stand here is known only after it is resolved. */
export function isToken(text: string): boolean {
  return text.includes('${TfToken[');
}

function textThat(check: (value: string, prop: string) => string | undefined): Kind<string> {
  return { text: value => value, problem: (value, prop) => (isToken(value) ? undefined : check(value, prop)) };
}

const text = textThat((value, prop) => (value.trim() === ''
  ? `${prop} '${value}' is empty; expected a value; leave ${prop} out for the driver's default`
  : undefined));

const flag: Kind<boolean> = {
  // Some flags count only as this exact text on the node.
  text: value => (value ? 'true' : 'false'),
  // From JavaScript a quoted 'false' would count as true.
  problem: (value, prop) => (typeof value === 'boolean' ? undefined : `${prop} '${value}' is text; expected true or false; write it without quotes`),
};

function oneOf<T extends string>(values: { [name: string]: T }): Kind<T> {
  return {
    text: value => value,
    problem: (value, prop) => {
      const known = Object.values(values);
      if (isToken(value) || known.includes(value)) return undefined;
      return `${prop} '${value}' is unknown to the driver; expected one of ${known.join(', ')}; use a member of the enum`;
    },
  };
}

function wholeNumber(least: number, unit: string): Kind<number> {
  return {
    text: value => `${value}`,
    // The driver reads these into 32 bits.
    problem: (value, prop) => (Number.isInteger(value) && value >= least && value <= 2147483647
      ? undefined
      : `${prop} '${value}' is out of range; expected a whole number of ${unit} from ${least} to 2147483647; change ${prop}`),
  };
}

/** SMB is what the driver takes where nothing is said. */
const protocol: Kind<AzureFilesProtocol> = {
  ...oneOf(AzureFilesProtocol),
  text: value => (value === AzureFilesProtocol.SMB ? undefined : value),
};

const octal = textThat((value, prop) => (/^0([0-7]{3,4})?$/.test(value)
  ? undefined
  : `${prop} '${value}' is no mode; expected octal digits, the first of them 0; write it like '0770', or '0' to leave the folder as it is`));

const shareName = textThat((value, prop) => {
  // How long the names are that the driver puts in is not known here.
  const shortest = value.replace(DRIVER_PLACEHOLDER, 'x');
  const legal = /^[a-z0-9]+(-[a-z0-9]+)*$/.test(shortest) && shortest.length <= 63 && (value.length >= 3);
  return legal
    ? undefined
    : `${prop} '${value}' is no name of a share; expected 3 to 63 lower-case letters, digits and single hyphens between them; rename it`;
});

const shareNamePrefix = textThat((value, prop) => (/^[a-z0-9][a-z0-9-]{0,19}$/.test(value)
  ? undefined
  : `${prop} '${value}' cannot start the name of a share; expected 1 to 20 lower-case letters, digits and hyphens, no hyphen first; change it`));

const folder = textThat((value, prop) => {
  const path = value.replace(/^\/+|\/+$/g, '');
  const wrong = path === '' ? undefined : path.split('/').find(segment => !isFolderSegment(segment));
  return wrong === undefined
    ? undefined
    : `${prop} '${value}' has the illegal part '${wrong}'; expected parts that are not empty, '.' or '..', hold no control character`
      + ' and none of \\ : * ? " < > |, and do not end with a dot or a blank; rename it';
});

function isFolderSegment(segment: string): boolean {
  // eslint-disable-next-line no-control-regex
  return segment !== '' && !/[\\:*?"<>|\u0000-\u001f]/.test(segment) && !/[. ]$/.test(segment);
}

const delimiter = textThat((value, prop) => (value.length === 1 && !/[=\s]/.test(value)
  ? undefined
  : `${prop} '${value}' cannot separate tags; expected one character other than '=' and blank; use one that no tag holds, such as ';'`));

const tags: Kind<{ [key: string]: string }> = {
  // Sorted, because the order in which tags are written down must not change the class.
  text: (value, props) => joined(Object.keys(value).sort().map(key => `${key}=${value[key]}`), props.tagValueDelimiter ?? ','),
  problem: (value, prop, props) => {
    const between = props.tagValueDelimiter ?? ',';
    const wrong = Object.keys(value).find(key => [key, value[key]].some(part => !isToken(part) && part.includes(between))
      || (!isToken(key) && (key.trim() === '' || key.includes('='))));
    return wrong === undefined
      ? undefined
      : `${prop} hold '${wrong}=${value[wrong]}', which the driver would misread; expected names without '=', and no '${between}',`
        + ' which separates tags; change the tag or tagValueDelimiter';
  },
};

const subnets: Kind<string[]> = {
  text: value => joined(value, ','),
  problem: (value, prop) => {
    const wrong = value.find(name => !isToken(name) && !/^[^\s,]+$/.test(name));
    return wrong === undefined
      ? undefined
      : `${prop} hold '${wrong}', which is no name of a subnet; expected names without commas and blanks; give each subnet an item of its own`;
  },
};

function joined(items: string[], separator: string): string | undefined {
  return items.length > 0 ? items.join(separator) : undefined;
}

export const PARAMETERS: Parameter[] = [
  row('sku', 'skuName', oneOf(AzureFilesSku)),
  row('storageAccount', 'storageAccount', text),
  row('resourceGroup', 'resourceGroup', text),
  row('subscriptionId', 'subscriptionID', text),
  row('location', 'location', text),
  row('shareName', 'shareName', shareName),
  row('shareNamePrefix', 'shareNamePrefix', shareNamePrefix),
  row('folderName', 'folderName', folder),
  row('createFolderIfNotExist', 'createFolderIfNotExist', flag, '1.33.4'),
  row('server', 'server', text),
  row('storageEndpointSuffix', 'storageEndpointSuffix', text),
  row('protocol', 'protocol', protocol),
  row('shareAccessTier', 'shareAccessTier', oneOf(AzureFilesShareAccessTier)),
  row('accountAccessTier', 'accountAccessTier', oneOf(AzureFilesAccountAccessTier)),
  row('enableLargeFileShares', 'enableLargeFileShares', flag),
  row('provisionedIops', 'provisionedIOPS', wholeNumber(0, 'operations per second'), '1.33.4'),
  row('provisionedBandwidth', 'provisionedBandwidth', wholeNumber(0, 'MiB/s'), '1.33.4'),
  row('accountQuota', 'accountQuota', wholeNumber(100, 'GB')),
  row('tagValueDelimiter', 'tagValueDelimiter', delimiter, '1.30.4'),
  row('tags', 'tags', tags),
  row('matchTags', 'matchTags', flag),
  row('selectRandomMatchingAccount', 'selectRandomMatchingAccount', flag),
  row('disableDeleteRetentionPolicy', 'disableDeleteRetentionPolicy', flag),
  row('allowBlobPublicAccess', 'allowBlobPublicAccess', flag),
  row('requireInfraEncryption', 'requireInfraEncryption', flag),
  row('allowCrossTenantReplication', 'allowCrossTenantReplication', flag, '1.35.2'),
  row('allowSharedKeyAccess', 'allowSharedKeyAccess', flag),
  row('publicNetworkAccess', 'publicNetworkAccess', oneOf(AzureFilesPublicNetworkAccess), '1.32.2'),
  row('useDataPlaneApi', 'useDataPlaneAPI', oneOf(AzureFilesDataPlaneApi)),
  row('storeAccountKey', 'storeAccountKey', flag),
  row('secretName', 'secretName', text),
  row('secretNamespace', 'secretNamespace', text),
  row('latestAccountKey', 'getLatestAccountKey', flag),
  row('enableMultichannel', 'enableMultichannel', flag),
  // The line 1.33 began without it.
  row('clientId', 'clientID', text, '1.32.6', '1.33.4'),
  row('tenantId', 'tenantID', text, '1.35.0'),
  row('mountWithManagedIdentity', 'mountWithManagedIdentity', flag, '1.34.0'),
  row('mountWithWorkloadIdentityToken', 'mountWithWorkloadIdentityToken', flag, '1.35.0'),
  row('mountWithOAuthToken', 'mountWithOAuthToken', flag, '1.35.3'),
  row('rootSquashType', 'rootSquashType', oneOf(AzureFilesRootSquash)),
  row('mountPermissions', 'mountPermissions', octal),
  row('fsGroupChangePolicy', 'fsGroupChangePolicy', oneOf(AzureFilesFsGroupChangePolicy)),
  row('encryptInTransit', 'encryptInTransit', flag, '1.33.0'),
  {
    ...row('networkEndpointType', 'networkEndpointType', oneOf(AzureFilesNetworkEndpoint)),
    // Before, SMB silently got no endpoint at all.
    valueSince: { [AzureFilesNetworkEndpoint.SERVICE_ENDPOINT]: '1.35.7' },
  },
  row('privateDnsZoneResourceGroup', 'privateDNSZoneResourceGroup', text, '1.35.2'),
  row('vnetResourceGroup', 'vnetResourceGroup', text),
  row('vnetName', 'vnetName', text),
  row('subnetNames', 'subnetName', subnets),
  row('vnetLinkName', 'vnetLinkName', text),
];
