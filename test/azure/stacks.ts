import { Duration, Size } from 'cdk8s';
import { App } from 'cdktf';
import { AzureFilesProtocol, AzureFilesShareAccessTier, AzureFilesSku } from '../../src';
import {
  AzureCloud,
  DumpAudit,
  DumpReaderPrincipalType,
  DumpReaderRole,
  DumpStorage,
  DumpStorageAccess,
  DumpStorageNetwork,
  DumpStorageStack,
  DumpStorageStackProps,
} from '../../src/azure';

/* One stack for each choice that there is: what Terraform is asked about, and what the unit tests synthesize. */

export const GUID = '22222222-2222-2222-2222-222222222222';
export const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000000';
export const NETWORK = `${SUBSCRIPTION}/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-aks`;

const ENDPOINT = DumpStorageNetwork.privateEndpoint({ subnetId: `${NETWORK}/subnets/endpoints` });
const SUBNETS = DumpStorageNetwork.subnets({
  subnetIds: [`${NETWORK}/subnets/nodes`, `${NETWORK}/subnets/jobs`],
  ipRules: ['203.0.113.7', '198.51.100.0/24'],
});
const WORKLOAD = DumpStorageAccess.workloadIdentity({
  oidcIssuerUrl: 'https://issuer.example/cluster/',
  serviceAccountName: 'webapi',
  namespaces: ['shop', 'bank'],
});
const ZONES = `${SUBSCRIPTION}/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones`;
const VAULT = `${SUBSCRIPTION}/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/contoso`;
const KEY = 'https://contoso.vault.azure.net/keys/dumps';
const READERS = [
  { principalId: GUID, principalType: DumpReaderPrincipalType.GROUP, role: DumpReaderRole.PRIVILEGED_READER },
  { principalId: GUID, principalType: DumpReaderPrincipalType.GROUP, role: DumpReaderRole.SMB_SHARE_READER },
];

/** A stack with the defaults but for these. */
export function stackWith(props: Partial<DumpStorageStackProps>) {
  return (app: App) =>
    new DumpStorageStack(app, 'dumps', {
      subscriptionId: '00000000-0000-0000-0000-000000000000',
      location: 'westeurope',
      storageAccountName: 'contosodumps',
      network: ENDPOINT,
      access: WORKLOAD,
      ...props,
    });
}

export const stacks: { [name: string]: (app: App) => DumpStorageStack } = {
  defaults: stackWith({}),
  'managed identity that is made': stackWith({ access: DumpStorageAccess.managedIdentity() }),
  'managed identity that exists': stackWith({
    access: DumpStorageAccess.managedIdentity({ clientId: GUID, principalId: GUID }),
  }),
  'two clusters': stackWith({
    access: DumpStorageAccess.workloadIdentity({
      oidcIssuerUrl: 'https://issuer.example/blue/',
      oidcIssuerUrls: ['https://issuer.example/green/'],
      serviceAccountName: 'webapi',
      namespaces: ['shop', 'bank'],
    }),
  }),
  'workload identity that exists': stackWith({
    access: DumpStorageAccess.workloadIdentity({
      clientId: GUID,
      principalId: GUID,
      identityId: `${SUBSCRIPTION}/resourceGroups/rg-id/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id`,
      oidcIssuerUrl: 'https://issuer.example/cluster/',
      serviceAccountName: 'webapi',
      namespaces: ['shop'],
    }),
  }),
  'workload identity that has its credentials': stackWith({
    access: DumpStorageAccess.workloadIdentity({
      clientId: GUID,
      principalId: GUID,
      serviceAccountName: 'webapi',
      namespaces: ['shop'],
    }),
  }),
  'two teams': stackWith({
    teams: {
      payments: DumpStorageAccess.workloadIdentity({
        oidcIssuerUrl: 'https://issuer.example/cluster/',
        serviceAccountName: 'gateway',
        namespaces: ['payments'],
      }),
      'data-science': DumpStorageAccess.managedIdentity({ clientId: GUID, principalId: GUID }),
    },
    alerts: { emails: ['oncall@contoso.example'] },
  }),
  'account key': stackWith({ access: DumpStorageAccess.accountKey(), allowAes128: true }),
  'account key that expires': stackWith({
    access: DumpStorageAccess.accountKey({ keyExpiration: Duration.days(90) }),
    sku: AzureFilesSku.STANDARD_ZRS,
    accessTier: AzureFilesShareAccessTier.HOT,
    trustedResources: [
      { resourceId: `${SUBSCRIPTION}/providers/Microsoft.Security/datascanners/StorageDataScanner`, tenantId: GUID },
    ],
  }),
  NFS: stackWith({
    protocol: AzureFilesProtocol.NFS,
    access: DumpStorageAccess.network(),
    network: SUBNETS,
    sku: AzureFilesSku.PREMIUM_ZRS,
  }),
  'NFS with TLS': stackWith({
    protocol: AzureFilesProtocol.NFS,
    access: DumpStorageAccess.network({ requireEncryption: true }),
  }),
  subnets: stackWith({ network: SUBNETS, allowTrustedServices: true }),
  'zone that exists': stackWith({
    network: DumpStorageNetwork.privateEndpoint({
      subnetId: `${NETWORK}/subnets/endpoints`,
      privateDnsZoneId: `${ZONES}/privatelink.file.core.windows.net`,
    }),
  }),
  'two storages on one network': (app) => {
    const stack = stackWith({})(app);
    new DumpStorage(stack, 'others', {
      location: 'westeurope',
      storageAccountName: 'contosoothers',
      network: DumpStorageNetwork.privateEndpoint({
        subnetId: `${NETWORK}/subnets/endpoints`,
        privateDnsZoneId: stack.storage.privateDnsZoneId,
      }),
      access: WORKLOAD,
    });
    return stack;
  },
  'zone group by policy': stackWith({
    network: DumpStorageNetwork.privateEndpoint({
      subnetId: `${NETWORK}/subnets/endpoints`,
      manageDnsZoneGroup: false,
    }),
  }),
  'bought performance': stackWith({
    sku: AzureFilesSku.STANDARD_V2_GZRS,
    capacity: Size.gibibytes(64),
    provisionedIops: 2000,
    provisionedBandwidth: 200,
  }),
  'pay as you go, large': stackWith({
    sku: AzureFilesSku.STANDARD_GRS,
    capacity: Size.tebibytes(10),
    softDelete: Duration.days(30),
    preventDestroy: true,
  }),
  'key of the customer': stackWith({ customerManagedKey: { keyId: KEY, keyVaultId: VAULT } }),
  'key and identity of the customer': stackWith({
    customerManagedKey: {
      keyId: KEY,
      identityId: `${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-key`,
    },
  }),
  readers: stackWith({ readers: READERS, access: DumpStorageAccess.accountKey() }),
  alerts: stackWith({
    alerts: { emails: ['oncall@contoso.example'], fullAtPercent: 70, trustedReaders: [GUID], changes: true },
  }),
  'workspace that exists': stackWith({
    audit: DumpAudit.workspace(
      `${SUBSCRIPTION}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log`,
      { location: 'northeurope' },
    ),
    alerts: {
      actionGroupIds: [`${SUBSCRIPTION}/resourceGroups/rg-logs/providers/Microsoft.Insights/actionGroups/oncall`],
    },
  }),
  backup: stackWith({ backup: { retention: Duration.days(30), time: '03:30' } }),
  'another cloud, a group that exists': stackWith({
    cloud: AzureCloud.US_GOVERNMENT,
    existingResourceGroupName: 'rg-platform',
    tenantId: GUID,
  }),
  'everything relaxed': stackWith({
    access: DumpStorageAccess.accountKey(),
    network: SUBNETS,
    audit: DumpAudit.none(),
    lock: false,
    infrastructureEncryption: false,
  }),
  strictest: stackWith({
    sku: AzureFilesSku.PREMIUM_V2_ZRS,
    capacity: Size.gibibytes(256),
    customerManagedKey: { keyId: KEY, keyVaultId: VAULT },
    readers: READERS.slice(0, 1),
    alerts: { emails: ['oncall@contoso.example'] },
    preventDestroy: true,
    tags: { owner: 'platform', dataClassification: 'confidential' },
  }),
};
