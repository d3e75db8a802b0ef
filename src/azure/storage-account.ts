import { StorageAccount } from '@cdktf/provider-azurerm/lib/storage-account';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import type { DumpStorageAccess } from './access';
import { ArmUpdate } from './arm-update';
import type { AccountEncryption } from './encryption';
import type { DumpStorageNetwork } from './network';
import type { SkuModel } from './sku';
import type { StorageContext } from './storage-context';
import type { TrustedResource } from './trusted-resource';
import { AzureFilesProtocol } from '../stores/azure-files/enums';
import { AzureFilesAuthentication } from '../stores/azure-files/share';

/** Size in GiB above which a pay-as-you-go account needs `largeFileShareEnabled`. */
const LARGE_SHARE = 5120;

export interface AccountProps {
  readonly sku: SkuModel;
  readonly capacityGibibytes: number;
  readonly access: DumpStorageAccess;
  readonly network: DumpStorageNetwork;
  readonly trustedServices: boolean;
  readonly trustedResources: TrustedResource[];
  readonly encryption: AccountEncryption;
  readonly infrastructureEncryption: boolean;
  readonly softDeleteDays: number;
  readonly allowAes128: boolean;
  readonly preventDestroy: boolean;
  /** Whether people read dumps over SMB with Microsoft Entra Kerberos. */
  readonly entraKerberos: boolean;
}

/**
 * Renders the account with every security setting explicit: half of the provider's defaults do not protect dumps, and
 * defaults change.
 */
export function renderAccount(
  scope: Construct,
  { accountName, ...storage }: StorageContext,
  props: AccountProps,
): StorageAccount {
  const { sku, access } = props;
  return new StorageAccount(scope, 'Account', {
    ...storage,
    name: accountName,
    accountKind: sku.kind,
    accountTier: sku.tier,
    provisionedBillingModelVersion: sku.billing,
    accountReplicationType: sku.replication,
    largeFileShareEnabled: sku.kind === 'StorageV2' && props.capacityGibibytes > LARGE_SHARE ? true : undefined,
    // NFS has no TLS of its own, so Azure refuses its mounts if HTTPS is required
    httpsTrafficOnlyEnabled: access._protocol === AzureFilesProtocol.SMB,
    minTlsVersion: 'TLS1_2',
    ...props.network._accountArguments(props.trustedServices, props.trustedResources),
    sharedAccessKeyEnabled: access._authentication === AzureFilesAuthentication.ACCOUNT_KEY,
    defaultToOauthAuthentication: true,
    allowNestedItemsToBePublic: false,
    localUserEnabled: false,
    sftpEnabled: false,
    isHnsEnabled: false,
    nfsv3Enabled: false,
    crossTenantReplicationEnabled: false,
    infrastructureEncryptionEnabled: props.infrastructureEncryption,
    sasPolicy: { expirationPeriod: '00.01:00:00', expirationAction: 'Block' },
    ...props.encryption.arguments,
    azureFilesAuthentication: props.entraKerberos
      ? { directoryType: 'AADKERB', defaultShareLevelPermission: 'None' }
      : undefined,
    shareProperties: { retentionPolicy: { days: props.softDeleteDays }, smb: smbSettings(props) },
    dependsOn: props.encryption.dependsOn,
    lifecycle: {
      preventDestroy: props.preventDestroy ? true : undefined,
      ignoreChanges: access._byIdentity ? ['azure_files_authentication'] : undefined, // the update below sets it
    },
  });
}

/** Sets every option, because the service's defaults allow SMB 2.1, RC4 tickets and AES-128-CCM. */
function smbSettings({ access, allowAes128, entraKerberos }: AccountProps) {
  if (access._protocol === AzureFilesProtocol.NFS) return undefined;
  return {
    versions: ['SMB3.1.1'],
    // with both allowed, a stolen key could still mount; NTLMv2 alone refuses mounts by identity, and Kerberos mounts
    // by key
    authenticationTypes: [
      ...(access._byIdentity ? [] : ['NTLMv2']),
      ...(access._byIdentity || entraKerberos ? ['Kerberos'] : []),
    ],
    kerberosTicketEncryptionType: ['AES-256'],
    channelEncryptionType: ['AES-256-GCM', ...(allowAes128 ? ['AES-128-GCM'] : [])],
  };
}

/**
 * Sets properties that azurerm does not support.
 *
 * @returns the resources to wait for before other operations on the account, because it is busy until then
 * @see https://github.com/hashicorp/terraform-provider-azurerm/issues/31756
 */
export function updateAccount(
  scope: Construct,
  account: StorageAccount,
  fileServiceId: string,
  access: DumpStorageAccess,
): ITerraformDependable[] {
  const done: ITerraformDependable[] = [account];
  if (access._byIdentity) {
    const azureFilesIdentityBasedAuthentication = {
      directoryServiceOptions: 'None', // SMB OAuth is documented only without another identity source
      smbOAuthSettings: { isSmbOAuthEnabled: true },
    };
    done.push(
      new ArmUpdate(scope, 'SmbOAuth', {
        type: 'Microsoft.Storage/storageAccounts@2025-06-01',
        resourceId: account.id,
        body: { properties: { azureFilesIdentityBasedAuthentication } },
        owners: [account],
      }),
    );
  }
  if (access._keyExpirationDays !== undefined) {
    done.push(
      new ArmUpdate(scope, 'KeyExpiration', {
        type: 'Microsoft.Storage/storageAccounts@2025-06-01',
        resourceId: account.id,
        body: { properties: { keyPolicy: { keyExpirationPeriodInDays: access._keyExpirationDays } } },
        owners: [account],
      }),
    );
  }
  if (access._protocol === AzureFilesProtocol.SMB || access._requiresNfsEncryption) {
    done.push(
      new ArmUpdate(scope, 'EncryptionInTransit', {
        type: 'Microsoft.Storage/storageAccounts/fileServices@2025-08-01',
        resourceId: fileServiceId,
        body: { properties: { protocolSettings: { [access._protocol]: { encryptionInTransit: { required: true } } } } },
        owners: [account],
        after: done.slice(1),
      }),
    );
  }
  return done;
}
