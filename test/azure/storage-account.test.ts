import { StorageAccount } from '@cdktf/provider-azurerm/lib/storage-account';
import { Duration, Size } from 'cdk8s';
import { Testing } from 'cdktf';
import { setupJest } from 'cdktf/lib/testing/adapters/jest';
import { NETWORK, stacks } from './stacks';
import { addressOf, resource, synthesizedWith, terraformOf, terraformWith } from './synthesized';
import { AzureFilesProtocol, AzureFilesSku } from '../../src';
import { DumpStorageAccess, DumpStorageNetwork, DumpStorageStackProps } from '../../src/azure';

setupJest();

const accountWith = (props: Partial<DumpStorageStackProps> = {}) => resource(terraformWith(props), 'Account');
const SUBNETS = DumpStorageNetwork.subnets({ subnetIds: [`${NETWORK}/subnets/nodes`] });
const NFS = { protocol: AzureFilesProtocol.NFS, access: DumpStorageAccess.network() };
const KEY = { access: DumpStorageAccess.accountKey() };

describe('the default account', () => {
  const account = accountWith();
  const synthesized = synthesizedWith();

  test.each<[why: string, argument: string, value: unknown]>([
    ['no service but files', 'account_kind', 'FileStorage'],
    ['on SSD', 'account_tier', 'Premium'],
    ['paid by what is provisioned', 'provisioned_billing_model_version', 'V2'],
    ['in one region', 'account_replication_type', 'LRS'],
    ['nothing in clear text', 'https_traffic_only_enabled', true],
    ['no old TLS', 'min_tls_version', 'TLS1_2'],
    ['no public endpoint', 'public_network_access_enabled', false],
    ['no key that mounts', 'shared_access_key_enabled', false],
    ['the portal asks as the person', 'default_to_oauth_authentication', true],
    ['nothing public', 'allow_nested_items_to_be_public', false],
    ['no local users', 'local_user_enabled', false],
    ['no SFTP', 'sftp_enabled', false],
    ['no data lake', 'is_hns_enabled', false],
    ['no NFS of blobs', 'nfsv3_enabled', false],
    ['no replication into other tenants', 'cross_tenant_replication_enabled', false],
    ['copies only to accounts with a private link to the same network', 'allowed_copy_scope', 'PrivateLink'],
    ['encrypted twice', 'infrastructure_encryption_enabled', true],
    ['no signature that lasts', 'sas_policy', { expiration_period: '00.01:00:00', expiration_action: 'Block' }],
    [
      'closed firewall',
      'network_rules',
      { default_action: 'Deny', bypass: ['None'], ip_rules: [], virtual_network_subnet_ids: [] },
    ],
  ])('%s: %s', (_why, argument, value) => {
    expect(synthesized).toHaveResourceWithProperties(StorageAccount, { [argument]: value });
  });

  test('a week in which a deleted share comes back, and the strongest of everything in SMB', () => {
    expect(account.share_properties).toEqual({
      retention_policy: { days: 7 },
      smb: {
        versions: ['SMB3.1.1'],
        authentication_types: ['Kerberos'],
        kerberos_ticket_encryption_type: ['AES-256'],
        channel_encryption_type: ['AES-256-GCM'],
      },
    });
  });

  test('has no argument beside these', () => {
    expect(Object.keys(account).sort()).toEqual([
      'account_kind',
      'account_replication_type',
      'account_tier',
      'allow_nested_items_to_be_public',
      'allowed_copy_scope',
      'cross_tenant_replication_enabled',
      'default_to_oauth_authentication',
      'depends_on',
      'https_traffic_only_enabled',
      'infrastructure_encryption_enabled',
      'is_hns_enabled',
      'lifecycle',
      'local_user_enabled',
      'location',
      'min_tls_version',
      'name',
      'network_rules',
      'nfsv3_enabled',
      'provisioned_billing_model_version',
      'public_network_access_enabled',
      'resource_group_name',
      'sas_policy',
      'sftp_enabled',
      'share_properties',
      'shared_access_key_enabled',
    ]);
  });
});

describe('every stack', () => {
  test.each(Object.keys(stacks))('denies what it does not name and says so in the account itself: %s', (name) => {
    const terraform = terraformOf(stacks[name](Testing.app()));
    expect(resource(terraform, 'Account')).toMatchObject({
      network_rules: { default_action: 'Deny' },
      min_tls_version: 'TLS1_2',
      allow_nested_items_to_be_public: false,
      local_user_enabled: false,
      cross_tenant_replication_enabled: false,
      allowed_copy_scope: expect.stringMatching(/^(AAD|PrivateLink)$/),
      sas_policy: { expiration_action: 'Block' },
    });
    expect(terraform.resource).not.toHaveProperty('azurerm_storage_account_network_rules');
    expect(terraform.resource).not.toHaveProperty('azurerm_storage_account_customer_managed_key');
  });
});

describe('SKU', () => {
  test.each<[AzureFilesSku, string, string, string | undefined, string]>([
    [AzureFilesSku.STANDARD_LRS, 'StorageV2', 'Standard', undefined, 'LRS'],
    [AzureFilesSku.STANDARD_ZRS, 'StorageV2', 'Standard', undefined, 'ZRS'],
    [AzureFilesSku.STANDARD_GRS, 'StorageV2', 'Standard', undefined, 'GRS'],
    [AzureFilesSku.STANDARD_GZRS, 'StorageV2', 'Standard', undefined, 'GZRS'],
    [AzureFilesSku.PREMIUM_LRS, 'FileStorage', 'Premium', undefined, 'LRS'],
    [AzureFilesSku.PREMIUM_ZRS, 'FileStorage', 'Premium', undefined, 'ZRS'],
    [AzureFilesSku.STANDARD_V2_LRS, 'FileStorage', 'Standard', 'V2', 'LRS'],
    [AzureFilesSku.STANDARD_V2_ZRS, 'FileStorage', 'Standard', 'V2', 'ZRS'],
    [AzureFilesSku.STANDARD_V2_GRS, 'FileStorage', 'Standard', 'V2', 'GRS'],
    [AzureFilesSku.STANDARD_V2_GZRS, 'FileStorage', 'Standard', 'V2', 'GZRS'],
    [AzureFilesSku.PREMIUM_V2_LRS, 'FileStorage', 'Premium', 'V2', 'LRS'],
    [AzureFilesSku.PREMIUM_V2_ZRS, 'FileStorage', 'Premium', 'V2', 'ZRS'],
  ])('%s is %s, %s, %s, %s', (sku, kind, tier, billing, replication) => {
    expect(synthesizedWith({ sku })).toHaveResourceWithProperties(StorageAccount, {
      account_kind: kind,
      account_tier: tier,
      account_replication_type: replication,
      ...(billing && { provisioned_billing_model_version: billing }),
    });
    expect(accountWith({ sku }).provisioned_billing_model_version).toBe(billing);
  });

  test('each has a model', () => {
    for (const sku of Object.values(AzureFilesSku)) {
      expect(accountWith({ sku }).account_kind).toMatch(/^(FileStorage|StorageV2)$/);
    }
  });

  test('enables large shares on pay-as-you-go accounts above 5 TiB only', () => {
    const large = (sku: AzureFilesSku, gibibytes: number) =>
      accountWith({ sku, capacity: Size.gibibytes(gibibytes) }).large_file_share_enabled;
    expect(large(AzureFilesSku.STANDARD_LRS, 5121)).toBe(true);
    expect(large(AzureFilesSku.STANDARD_LRS, 5120)).toBeUndefined();
    expect(large(AzureFilesSku.STANDARD_V2_LRS, 5121)).toBeUndefined();
  });
});

describe('what relaxes it', () => {
  test('enables keys, and nothing else, for mounts by account key', () => {
    expect(synthesizedWith(KEY)).toHaveResourceWithProperties(StorageAccount, {
      shared_access_key_enabled: true,
      default_to_oauth_authentication: true,
    });
    expect(accountWith(KEY).share_properties.smb.authentication_types).toEqual(['NTLMv2']);
  });

  test('NFS has no TLS of its own and no SMB; its account has no usable key', () => {
    expect(synthesizedWith(NFS)).toHaveResourceWithProperties(StorageAccount, {
      https_traffic_only_enabled: false,
      shared_access_key_enabled: false,
    });
    expect(accountWith(NFS).share_properties).toEqual({ retention_policy: { days: 7 } });
  });

  test('subnets open the public endpoint, and copies stay in the tenant', () => {
    expect(synthesizedWith({ network: SUBNETS })).toHaveResourceWithProperties(StorageAccount, {
      public_network_access_enabled: true,
      allowed_copy_scope: 'AAD',
    });
  });

  test('trusted services come in when they are let in, or for a backup', () => {
    const bypass = (props: Partial<DumpStorageStackProps>) => accountWith(props).network_rules.bypass;
    expect(bypass({ allowTrustedServices: true })).toEqual(['AzureServices']);
    expect(bypass({ allowTrustedServices: false })).toEqual(['None']);
    expect(bypass({ backup: {} })).toEqual(['AzureServices']);
  });

  test('AES-128 comes after AES-256', () => {
    expect(accountWith({ allowAes128: true }).share_properties.smb.channel_encryption_type).toEqual([
      'AES-256-GCM',
      'AES-128-GCM',
    ]);
    expect(accountWith({ allowAes128: false }).share_properties.smb.channel_encryption_type).toEqual(['AES-256-GCM']);
  });

  test('encryption once instead of twice', () => {
    const synthesized = synthesizedWith({ infrastructureEncryption: false });
    expect(synthesized).toHaveResourceWithProperties(StorageAccount, { infrastructure_encryption_enabled: false });
  });
});

test('soft delete for as long as was said', () => {
  expect(accountWith({ softDelete: Duration.days(30) }).share_properties.retention_policy).toEqual({ days: 30 });
});

test('Terraform refuses to delete the account only where that was asked for', () => {
  expect(accountWith({ preventDestroy: true }).lifecycle).toEqual({
    prevent_destroy: true,
    ignore_changes: ['azure_files_authentication'],
  });
  expect(accountWith({ preventDestroy: false }).lifecycle).toEqual({ ignore_changes: ['azure_files_authentication'] });
});

describe('what azurerm has no argument for', () => {
  test('SMB takes identities, and azurerm does not take that back', () => {
    const terraform = terraformWith();
    const account = addressOf(terraform, 'Account');
    expect(resource(terraform, 'SmbOAuth')).toEqual({
      type: 'Microsoft.Storage/storageAccounts@2025-06-01',
      resource_id: `\${${account}.id}`,
      body: {
        properties: {
          azureFilesIdentityBasedAuthentication: {
            directoryServiceOptions: 'None',
            smbOAuthSettings: { isSmbOAuthEnabled: true },
          },
        },
      },
      depends_on: [account],
      lifecycle: { replace_triggered_by: [account] },
      retry: { error_message_regex: ['StorageAccountOperationInProgress'] },
    });
    expect(resource(terraform, 'Account').lifecycle.ignore_changes).toEqual(['azure_files_authentication']);
  });

  test.each(['account key', 'NFS'])('without identities neither is there: %s', (name) => {
    const terraform = terraformOf(stacks[name](Testing.app()));
    expect(JSON.stringify(terraform)).not.toContain('azureFilesIdentityBasedAuthentication');
    expect(JSON.stringify(terraform)).not.toContain('ignore_changes');
  });

  test('SMB without encryption is refused, after the other update', () => {
    const terraform = terraformWith();
    const account = addressOf(terraform, 'Account');
    expect(resource(terraform, 'EncryptionInTransit')).toEqual({
      type: 'Microsoft.Storage/storageAccounts/fileServices@2025-08-01',
      resource_id: `\${${account}.id}/fileServices/default`,
      body: { properties: { protocolSettings: { smb: { encryptionInTransit: { required: true } } } } },
      depends_on: [account, addressOf(terraform, 'SmbOAuth')],
      lifecycle: { replace_triggered_by: [account] },
      retry: { error_message_regex: ['StorageAccountOperationInProgress'] },
    });
    expect(resource(terraformWith(KEY), 'EncryptionInTransit').body).toEqual(
      resource(terraform, 'EncryptionInTransit').body,
    );
  });

  test('NFS without encryption is refused where that was asked for, and only there', () => {
    const strict = terraformWith({ ...NFS, access: DumpStorageAccess.network({ requireEncryption: true }) });
    expect(resource(strict, 'EncryptionInTransit').body.properties.protocolSettings).toEqual({
      nfs: { encryptionInTransit: { required: true } },
    });
    expect(terraformWith(NFS).resource).not.toHaveProperty('azapi_update_resource');
  });

  test('the share and the audit log come when the account is no longer busy', () => {
    const terraform = terraformWith();
    const settled = ['Account', 'SmbOAuth', 'EncryptionInTransit'].map((id) => addressOf(terraform, id));
    expect(resource(terraform, 'Share').depends_on).toEqual(settled);
    expect(resource(terraform, 'Audit').depends_on).toEqual(settled);
  });
});
