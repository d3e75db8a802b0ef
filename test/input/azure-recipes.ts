import { Duration } from 'cdk8s';
import { App, TerraformStack } from 'cdktf';
import { CallRecipe, GUID, StructRecipe } from './recipe';
import * as azure from '../../src/azure';

const PROVIDERS = `/subscriptions/${GUID}/resourceGroups/rg/providers`;
const SUBNET = `${PROVIDERS}/Microsoft.Network/virtualNetworks/vnet/subnets/nodes`;
const WORKSPACE = `${PROVIDERS}/Microsoft.OperationalInsights/workspaces/logs`;
const VAULT = `${PROVIDERS}/Microsoft.KeyVault/vaults/contoso`;

const stack = () => new TerraformStack(new App(), 'stack');
const storageProps = () => ({
  location: 'westeurope',
  storageAccountName: 'dumps',
  access: azure.DumpStorageAccess.accountKey(),
  network: azure.DumpStorageNetwork.subnets({ subnetIds: [SUBNET] }),
});
const storage = (props: object) => new azure.DumpStorage(stack(), 'Dumps', { ...storageProps(), ...props } as never);

export const AZURE_STRUCTS: { [name: string]: StructRecipe } = {
  WorkloadIdentityOptions: {
    valid: () => ({ oidcIssuerUrl: 'https://issuer', serviceAccountName: 'web', namespaces: ['shop'] }),
    use: (value) => azure.DumpStorageAccess.workloadIdentity(value),
  },
  ManagedIdentityOptions: {
    valid: () => ({ identityName: 'mount' }),
    use: (value) => azure.DumpStorageAccess.managedIdentity(value),
  },
  AccountKeyOptions: {
    valid: () => ({ keyExpiration: Duration.days(90) }),
    use: (value) => azure.DumpStorageAccess.accountKey(value),
  },
  NetworkAccessOptions: {
    valid: () => ({ requireEncryption: true }),
    use: (value) => azure.DumpStorageAccess.network(value),
  },
  PrivateEndpointOptions: {
    valid: () => ({ subnetId: SUBNET }),
    use: (value) => azure.DumpStorageNetwork.privateEndpoint(value),
  },
  SubnetsOptions: { valid: () => ({ subnetIds: [SUBNET] }), use: (value) => azure.DumpStorageNetwork.subnets(value) },
  NewWorkspaceOptions: { valid: () => ({ name: 'dump-logs' }), use: (value) => azure.DumpAudit.newWorkspace(value) },
  ExistingWorkspaceOptions: {
    valid: () => ({ location: 'westeurope' }),
    use: (value) => azure.DumpAudit.workspace(WORKSPACE, value),
  },
  DumpAlerts: { valid: () => ({ emails: ['oncall@contoso.example'] }), use: (alerts) => storage({ alerts }) },
  DumpBackup: { valid: () => ({ retention: Duration.days(7) }), use: (backup) => storage({ backup }) },
  DumpEncryptionKey: {
    valid: () => ({ keyId: 'https://contoso.vault.azure.net/keys/dumps', keyVaultId: VAULT }),
    use: (customerManagedKey) => storage({ customerManagedKey }),
  },
  DumpReader: {
    valid: () => ({
      principalId: GUID,
      principalType: azure.DumpReaderPrincipalType.GROUP,
      role: azure.DumpReaderRole.PRIVILEGED_READER,
    }),
    use: (reader) => storage({ readers: [reader] }),
  },
  TrustedResource: {
    valid: () => ({ resourceId: `${PROVIDERS}/Microsoft.DataFactory/factories/triage`, tenantId: GUID }),
    use: (resource) => storage({ trustedResources: [resource] }),
  },
  DumpStorageOptions: { valid: storageProps, use: (value) => new azure.DumpStorage(stack(), 'Dumps', value) },
  DumpStorageProps: { valid: storageProps, use: (value) => new azure.DumpStorage(stack(), 'Dumps', value) },
  DumpStorageStackProps: {
    valid: () => ({ ...storageProps(), subscriptionId: GUID }),
    use: (value) => new azure.DumpStorageStack(new App(), 'dumps', value),
  },
};

const NODES = azure.DumpStorageAccess.managedIdentity();
const TEAMS = { access: NODES, teams: { payments: NODES } };

export const AZURE_CALLS: { [name: string]: CallRecipe } = {
  'DumpStorageAccess.workloadIdentity': {
    valid: () => [{ oidcIssuerUrl: 'https://issuer', serviceAccountName: 'web', namespaces: ['shop'] }],
    call: azure.DumpStorageAccess.workloadIdentity,
  },
  'DumpStorageAccess.managedIdentity': { valid: () => [{}], call: azure.DumpStorageAccess.managedIdentity },
  'DumpStorageAccess.accountKey': { valid: () => [{}], call: azure.DumpStorageAccess.accountKey },
  'DumpStorageAccess.network': { valid: () => [{}], call: azure.DumpStorageAccess.network },
  'DumpStorageNetwork.privateEndpoint': {
    valid: () => [{ subnetId: SUBNET }],
    call: azure.DumpStorageNetwork.privateEndpoint,
  },
  'DumpStorageNetwork.subnets': { valid: () => [{ subnetIds: [SUBNET] }], call: azure.DumpStorageNetwork.subnets },
  'DumpAudit.newWorkspace': { valid: () => [{}], call: azure.DumpAudit.newWorkspace },
  'DumpAudit.workspace': { valid: () => [WORKSPACE, {}], call: azure.DumpAudit.workspace },
  'DumpAudit.none': { valid: () => [], call: azure.DumpAudit.none },
  'new DumpStorage': {
    valid: () => [storageProps()],
    call: (props: never) => new azure.DumpStorage(stack(), 'Dumps', props),
  },
  'new DumpStorageStack': {
    valid: () => [{ ...storageProps(), subscriptionId: GUID }],
    call: (props: never) => new azure.DumpStorageStack(new App(), 'dumps', props),
  },
  'DumpStorage.team': {
    valid: () => ['payments'],
    call: (name: never) => storage(TEAMS).team(name),
  },
  'DumpStorageStack.team': {
    valid: () => ['payments'],
    call: (name: never) =>
      new azure.DumpStorageStack(new App(), 'dumps', { ...storageProps(), subscriptionId: GUID, ...TEAMS }).team(name),
  },
  'new TerraformOutputResolver': {
    valid: () => [stack(), 'outputs.json'],
    call: (...args: never[]) => new (azure.TerraformOutputResolver as never as Constructor)(...args),
  },
};

type Constructor = new (...args: unknown[]) => unknown;
