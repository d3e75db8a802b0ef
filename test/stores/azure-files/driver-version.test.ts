import { Size } from 'cdk8s';
import {
  AzureFilesDataPlaneApi,
  AzureFilesNetworkEndpoint,
  AzureFilesProtocol,
  AzureFilesPublicNetworkAccess,
  AzureFilesSku,
} from '../../../src/stores/azure-files/enums';
import {
  renderAzureFilesParameters,
  renderVolumeAttributes,
} from '../../../src/stores/azure-files/parameter-rendering';
import { AzureFilesParameters } from '../../../src/stores/azure-files/parameters';
import { messageOf } from '../../pods';

const ID = '00000000-0000-0000-0000-000000000001';
const { NFS } = AzureFilesProtocol;
const { PREMIUM_LRS, PREMIUM_V2_LRS, PREMIUM_V2_ZRS, STANDARD_V2_GZRS } = AzureFilesSku;
const { PRIVATE_ENDPOINT, SERVICE_ENDPOINT } = AzureFilesNetworkEndpoint;
const MI: AzureFilesParameters = { mountWithManagedIdentity: true, storageAccount: 'contosodumps' };
const WI: AzureFilesParameters = { mountWithWorkloadIdentityToken: true, clientId: ID };
const OAUTH: AzureFilesParameters = { mountWithOAuthToken: true, secretName: 'token' };

/** What is thrown, or undefined where the parameters are taken. */
function refusal(
  props: AzureFilesParameters,
  context: { driverVersion?: string; capacity?: Size } = {},
): string | undefined {
  try {
    renderAzureFilesParameters(props, context);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the declared driver', () => {
  const nfs = { protocol: NFS };
  test.each<[key: string, props: AzureFilesParameters, before: string, since: string]>([
    ['allowSharedKeyAccess', { allowSharedKeyAccess: true }, '1.30.3', '1.30.4'],
    ['tagValueDelimiter', { tagValueDelimiter: ';' }, '1.31.0', '1.31.1'],
    ['vnetLinkName', { vnetLinkName: 'link' }, '1.32.1', '1.32.2'],
    ['publicNetworkAccess', { publicNetworkAccess: AzureFilesPublicNetworkAccess.DISABLED }, '1.32.1', '1.32.2'],
    ['encryptInTransit', { ...nfs, encryptInTransit: true }, '1.32.9', '1.33.0'],
    ['provisionedIOPS', { storageAccount: 'contosodumps', provisionedIops: 3000 }, '1.33.3', '1.33.4'],
    ['provisionedBandwidth', { storageAccount: 'contosodumps', provisionedBandwidth: 100 }, '1.33.3', '1.33.4'],
    ['createFolderIfNotExist', { createFolderIfNotExist: false }, '1.33.3', '1.33.4'],
    ['mountWithManagedIdentity', MI, '1.33.10', '1.34.0'],
    ['mountWithWorkloadIdentityToken', WI, '1.34.8', '1.35.0'],
    ['tenantID', { tenantId: ID }, '1.34.8', '1.35.0'],
    [
      'privateDNSZoneResourceGroup',
      { networkEndpointType: PRIVATE_ENDPOINT, privateDnsZoneResourceGroup: 'dns' },
      '1.35.1',
      '1.35.2',
    ],
    ['allowCrossTenantReplication', { allowCrossTenantReplication: false }, '1.35.1', '1.35.2'],
    ['mountWithOAuthToken', OAUTH, '1.35.2', '1.35.3'],
  ])('takes %s from its version on', (key, props, before, since) => {
    expect(refusal(props, { driverVersion: before })).toBe(
      `parameter '${key}' needs driver version ${since}; driverVersion is '${before}'; update the driver or ` +
        'remove the parameter',
    );
    for (const driverVersion of [since, `v${since}`, '1.35.10', '1.36.0', '2.0.0', undefined]) {
      expect(refusal(props, { driverVersion })).toBeUndefined();
    }
  });

  test('takes clientID from 1.33.4 on, and within the line 1.32 from 1.32.6 on', () => {
    const outcome = (driverVersion: string) => refusal({ clientId: ID }, { driverVersion });
    for (const version of ['1.31.8', '1.32.5', '1.33.0', '1.33.3']) {
      expect(outcome(version)).toBe(
        "parameter 'clientID' needs driver version 1.33.4, or 1.32.6 within its line; driverVersion is " +
          `'${version}'; update the driver or remove the parameter`,
      );
    }
    for (const version of ['1.32.6', '1.32.9', '1.33.4', '1.34.0']) expect(outcome(version)).toBeUndefined();
  });

  test('takes networkEndpointType always, but serviceEndpoint only from 1.35.7 on', () => {
    expect(refusal({ networkEndpointType: PRIVATE_ENDPOINT }, { driverVersion: '1.30.0' })).toBeUndefined();
    expect(refusal({ networkEndpointType: SERVICE_ENDPOINT }, { driverVersion: '1.35.7' })).toBeUndefined();
    expect(refusal({ networkEndpointType: SERVICE_ENDPOINT }, { driverVersion: '1.35.6' })).toBe(
      "parameter 'networkEndpointType' with value 'serviceEndpoint' needs driver version 1.35.7; driverVersion is " +
        "'1.35.6'; update the driver or remove the parameter",
    );
  });

  test.each<[value: string, props: AzureFilesParameters, before: string, since: string]>([
    ["'skuName' with value 'PremiumV2_LRS'", { sku: PREMIUM_V2_LRS }, '1.34.8', '1.35.0'],
    ["'skuName' with value 'PremiumV2_ZRS'", { sku: PREMIUM_V2_ZRS }, '1.34.8', '1.35.0'],
    ["'skuName' with value 'StandardV2_GZRS'", { sku: STANDARD_V2_GZRS }, '1.31.4', '1.35.0'],
    ["'useDataPlaneAPI' with value 'oauth'", { useDataPlaneApi: AzureFilesDataPlaneApi.OAUTH }, '1.32.1', '1.32.2'],
  ])('takes %s from its version on', (value, props, before, since) => {
    expect(refusal(props, { driverVersion: before })).toBe(
      `parameter ${value} needs driver version ${since}; driverVersion is '${before}'; update the driver or remove ` +
        'the parameter',
    );
    for (const driverVersion of [since, '1.36.0', undefined]) {
      expect(refusal(props, { driverVersion })).toBeUndefined();
    }
  });

  test.each<AzureFilesParameters>([
    { sku: PREMIUM_LRS },
    { useDataPlaneApi: AzureFilesDataPlaneApi.ACCOUNT_KEY },
    { useDataPlaneApi: AzureFilesDataPlaneApi.OFF },
  ])('takes %j always', (props) => expect(refusal(props, { driverVersion: '1.30.0' })).toBeUndefined());

  test('takes tenantID in a volume from 1.32.6 on, and in a class from 1.35.0 on', () => {
    const inVolume = (driverVersion: string) =>
      messageOf(() => renderVolumeAttributes({ tenantId: 'id' }, { driverVersion }));
    expect(inVolume('1.32.5')).toBe(
      "parameter 'tenantID' needs driver version 1.32.6; driverVersion is '1.32.5'; update the driver or remove the " +
        'parameter',
    );
    expect(() => renderVolumeAttributes({ tenantId: 'id' }, { driverVersion: '1.32.6' })).not.toThrow();
    expect(refusal({ tenantId: 'id' }, { driverVersion: '1.32.6' })).toContain('needs driver version 1.35.0');
  });

  test('switches SMB OAuth on in accounts that it creates for a managed identity from 1.34.1 on', () => {
    const made = { mountWithManagedIdentity: true };
    expect(refusal(made, { driverVersion: '1.34.0' })).toBe(
      'mountWithManagedIdentity with an account that the driver creates needs driver version 1.34.1; driverVersion ' +
        "is '1.34.0'; update the driver or name a storageAccount with SMB OAuth",
    );
    expect(refusal(made, { driverVersion: '1.34.1' })).toBeUndefined();
    expect(refusal(MI, { driverVersion: '1.34.0' })).toBeUndefined();
    expect(() => renderVolumeAttributes(made, { driverVersion: '1.34.0' })).not.toThrow();
  });

  test('mounts by identity through a private endpoint that it makes from 1.35.6 on', () => {
    const props = { ...WI, networkEndpointType: PRIVATE_ENDPOINT };
    expect(refusal(props, { driverVersion: '1.35.5' })).toBe(
      "networkEndpointType 'privateEndpoint' with mountWithWorkloadIdentityToken needs driver version 1.35.6; " +
        "driverVersion is '1.35.5'; update the driver, or make account and endpoint outside and use " +
        'AzureFilesDumpStore.fromShare',
    );
    expect(refusal(props, { driverVersion: '1.35.6' })).toBeUndefined();
    expect(refusal({ networkEndpointType: PRIVATE_ENDPOINT }, { driverVersion: '1.35.5' })).toBeUndefined();
  });

  test('an identity mount by private-link name', () => {
    const server = 'contosodumps.privatelink.file.core.windows.net';
    expect(refusal({ ...MI, server }, { driverVersion: '1.35.5' })).toBe(
      `server '${server}' with mountWithManagedIdentity needs driver version 1.35.6; driverVersion is '1.35.5'; ` +
        'remove server: with private DNS the public name resolves to the private address',
    );
    for (const driverVersion of ['1.35.6', '1.36.0', undefined]) {
      expect(refusal({ ...MI, server }, { driverVersion })).toBeUndefined();
    }
    expect(refusal({ server }, { driverVersion: '1.35.5' })).toBeUndefined();
    expect(
      refusal({ ...MI, server: 'contosodumps.file.core.windows.net' }, { driverVersion: '1.35.5' }),
    ).toBeUndefined();
  });

  test('takes what has no version', () =>
    expect(refusal({ matchTags: true }, { driverVersion: '1.30.0' })).toBeUndefined());

  test.each(['1.35', 'latest', '1.35.x', ''])('is not %j', (driverVersion) => {
    expect(refusal({}, { driverVersion })).toBe(
      `driverVersion '${driverVersion}' is not a version; expected three numbers; write it like '1.35.2'`,
    );
  });
});
