import { App, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import { App as TerraformApp, TerraformStack } from 'cdktf';
import * as core from '../../src';
import * as azure from '../../src/azure';
import { deployment } from '../pods';

/* How each public struct, factory, constructor and method is used with values that are right. */

const GUID = '11111111-2222-3333-4444-555555555555';
const PROVIDERS = `/subscriptions/${GUID}/resourceGroups/rg/providers`;
const SUBNET = `${PROVIDERS}/Microsoft.Network/virtualNetworks/vnet/subnets/nodes`;
const WORKSPACE = `/subscriptions/${GUID}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/logs`;
const VAULT = `/subscriptions/${GUID}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/contoso`;

export interface Recipe {
  readonly valid: () => object;
  readonly use: (value: never) => unknown;
}

const chart = () => new Chart(new App(), 'chart');
const stack = () => new TerraformStack(new TerraformApp(), 'stack');
const sidecarProps = () => ({ image: 'procdump:3.5.2', target: core.ProcDumpTarget.dotnet() });
const sidecar = (scope: Chart, props: object = {}) =>
  new core.ProcDumpSidecar(scope, 'ProcDump', { ...sidecarProps(), ...props } as never);
const tmp = (scope: Chart) => new core.DotnetDiagnosticsTmp(scope, 'Tmp');
const attachedTo = (attach: (scope: Chart) => void) => {
  const scope = chart();
  deployment(scope);
  attach(scope);
};
const inSidecar = (prop: string, value: object) => sidecar(chart(), { [prop]: value });
const shareOf = () => ({ storageAccountName: 'dumps', resourceGroupName: 'rg', shareName: 'dumps' });
const storageProps = () => ({
  location: 'westeurope',
  storageAccountName: 'dumps',
  access: azure.DumpStorageAccess.accountKey(),
  network: azure.DumpStorageNetwork.subnets({ subnetIds: [SUBNET] }),
});
const storage = (props: object) => new azure.DumpStorage(stack(), 'Dumps', { ...storageProps(), ...props } as never);

export const STRUCTS: { [name: string]: Recipe } = {
  AccountKeyAccessOptions: {
    valid: () => ({ secretName: 'key' }),
    use: (value) => core.AzureFilesAccess.accountKey(value),
  },
  ManagedIdentityAccessOptions: {
    valid: () => ({ clientId: GUID }),
    use: (value) => core.AzureFilesAccess.managedIdentity(value),
  },
  WorkloadIdentityAccessOptions: {
    valid: () => ({ clientId: GUID, serviceAccountName: 'web' }),
    use: (value) => core.AzureFilesAccess.workloadIdentity(value),
  },
  AzureFilesDumpStoreProps: {
    valid: () => ({}),
    use: (value) => new core.AzureFilesDumpStore(chart(), 'Dumps', value),
  },
  AzureFilesParameters: { valid: () => ({}), use: (value) => new core.AzureFilesDumpStore(chart(), 'Dumps', value) },
  AzureFilesMountOptions: {
    valid: () => ({ uid: 1000 }),
    use: (value) => new core.AzureFilesDumpStore(chart(), 'Dumps', value),
  },
  AzureFilesStorageAccountProps: {
    valid: () => ({ storageAccountName: 'dumps', resourceGroupName: 'rg' }),
    use: (value) => core.AzureFilesDumpStore.fromStorageAccount(chart(), 'Dumps', value),
  },
  AzureFilesShare: { valid: shareOf, use: (share) => core.AzureFilesDumpStore.fromShare(chart(), 'Dumps', { share }) },
  AzureFilesShareDumpStoreProps: {
    valid: () => ({ share: shareOf() }),
    use: (value) => core.AzureFilesDumpStore.fromShare(chart(), 'Dumps', value),
  },
  DotnetDiagnosticsTmpProps: {
    valid: () => ({ mountPath: '/diag' }),
    use: (value) => new core.DotnetDiagnosticsTmp(chart(), 'Tmp', value),
  },
  ExistingDiagnosticsMountProps: {
    valid: () => ({ mountPath: '/diag' }),
    use: (value) => core.DotnetDiagnosticsTmp.onExistingMount(chart(), 'Tmp', value),
  },
  DotnetDiagnosticsTmpAttachOptions: {
    valid: () => ({ containers: ['web'] }),
    use: (value) => attachedTo((scope) => tmp(scope).attachTo(scope, value)),
  },
  SpooledDeliveryOptions: {
    valid: () => ({ sizeLimit: Size.gibibytes(1) }),
    use: (value) => core.DumpDelivery.spooled(value),
  },
  DumpLimits: { valid: () => ({ dumpsPerProcess: 1 }), use: (value) => inSidecar('limits', value) },
  DumpRetention: { valid: () => ({ maxCount: 1 }), use: (value) => inSidecar('retention', value) },
  DumpStoreBinding: {
    valid: () => ({ volume: { emptyDir: {} } }),
    use: (value) =>
      attachedTo((scope) => {
        sidecar(scope, { store: { bindDumpStore: () => value } }).attachTo(scope);
        scope.toJson();
      }),
  },
  DumpStoreWriters: {
    valid: () => ({ uid: 1654 }),
    use: (writers) =>
      attachedTo((scope) => {
        sidecar(scope, { store: { bindDumpStore: () => ({ volume: { emptyDir: {} }, writers }) } }).attachTo(scope);
        scope.toJson();
      }),
  },
  EphemeralDumpStoreProps: {
    valid: () => ({ sizeLimit: Size.gibibytes(1) }),
    use: (value) => new core.EphemeralDumpStore(chart(), 'Dumps', value),
  },
  ProcDumpSidecarProps: { valid: sidecarProps, use: (value) => new core.ProcDumpSidecar(chart(), 'ProcDump', value) },
  AttachOptions: {
    valid: () => ({ labels: {} }),
    use: (value) => attachedTo((scope) => sidecar(scope).attachTo(scope, value)),
  },
  WorkloadSelection: {
    valid: () => ({ kinds: ['Deployment'] }),
    use: (value) => attachedTo((scope) => sidecar(scope).attachTo(scope, value)),
  },
  SameUserOptions: { valid: () => ({ uid: 1000 }), use: (value) => core.TargetAccess.sameUser(value) },
  DotnetTargetOptions: { valid: () => ({ container: 'web' }), use: (value) => core.ProcDumpTarget.dotnet(value) },
  NativeTargetOptions: {
    valid: () => ({ access: core.TargetAccess.privileged() }),
    use: (value) => core.ProcDumpTarget.native(value),
  },
  GcHeapTriggerOptions: {
    valid: () => ({ thresholds: [Size.mebibytes(1)] }),
    use: (value) => core.ProcDumpTrigger.gcHeapAbove(value),
  },
  ExceptionTriggerOptions: {
    valid: () => ({ include: ['System.*'] }),
    use: (value) => core.ProcDumpTrigger.exception(value),
  },
  CounterTriggerOptions: {
    valid: () => ({ provider: 'a', counter: 'b', threshold: 1 }),
    use: (value) => core.ProcDumpTrigger.counterAbove(value),
  },
  EveryTriggerOptions: {
    valid: () => ({ count: 1 }),
    use: (value) => core.ProcDumpTrigger.every(Duration.days(1), value),
  },
  SignalTriggerOptions: {
    valid: () => ({ numbers: [10], acceptStoppedTarget: true }),
    use: (value) => core.ProcDumpTrigger.signal(value),
  },
  SidecarResources: { valid: () => ({ requests: { cpu: '10m' } }), use: (value) => inSidecar('resources', value) },
  SidecarSecurityContext: {
    valid: () => ({ readOnlyRootFilesystem: false }),
    use: (value) => inSidecar('securityContext', value),
  },
  SidecarSecurityProfile: {
    valid: () => ({ type: 'Unconfined' }),
    use: (value) => inSidecar('securityContext', { seccompProfile: value }),
  },

  WorkloadIdentityOptions: {
    valid: () => ({ oidcIssuerUrl: 'https://issuer', serviceAccountName: 'web', namespaces: ['shop'] }),
    use: (value) => azure.DumpStorageAccess.workloadIdentity(value),
  },
  ManagedIdentityOptions: {
    valid: () => ({ identityName: 'mount' }),
    use: (value) => azure.DumpStorageAccess.managedIdentity(value),
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
  DumpStorageOptions: { valid: storageProps, use: (value) => new azure.DumpStorage(stack(), 'Dumps', value) },
  DumpStorageProps: { valid: storageProps, use: (value) => new azure.DumpStorage(stack(), 'Dumps', value) },
  DumpStorageStackProps: {
    valid: () => ({ ...storageProps(), subscriptionId: GUID }),
    use: (value) => new azure.DumpStorageStack(new TerraformApp(), 'dumps', value),
  },
};

/** Structs that the library returns. */
export const RETURNED = ['WorkloadAttachment'];

/** By name: how it is called with the arguments after `scope` and `id`, and arguments that are right. */
export const CALLABLES: {
  [name: string]: { readonly valid: () => unknown[]; readonly call: (...args: never[]) => unknown };
} = {
  'ProcDumpTrigger.cpuAbove': { valid: () => [50], call: core.ProcDumpTrigger.cpuAbove },
  'ProcDumpTrigger.cpuBelow': { valid: () => [50], call: core.ProcDumpTrigger.cpuBelow },
  'ProcDumpTrigger.averageCpuAbove': { valid: () => [50], call: core.ProcDumpTrigger.averageCpuAbove },
  'ProcDumpTrigger.averageCpuBelow': { valid: () => [50], call: core.ProcDumpTrigger.averageCpuBelow },
  'ProcDumpTrigger.memoryAbove': { valid: () => [Size.mebibytes(1)], call: core.ProcDumpTrigger.memoryAbove },
  'ProcDumpTrigger.memoryBelow': { valid: () => [Size.mebibytes(1)], call: core.ProcDumpTrigger.memoryBelow },
  'ProcDumpTrigger.memoryAboveLimit': { valid: () => [75], call: core.ProcDumpTrigger.memoryAboveLimit },
  'ProcDumpTrigger.threadsAbove': { valid: () => [5], call: core.ProcDumpTrigger.threadsAbove },
  'ProcDumpTrigger.fileDescriptorsAbove': { valid: () => [5], call: core.ProcDumpTrigger.fileDescriptorsAbove },
  'ProcDumpTrigger.gcHeapAbove': {
    valid: () => [{ thresholds: [Size.mebibytes(1)] }],
    call: core.ProcDumpTrigger.gcHeapAbove,
  },
  'ProcDumpTrigger.gcGeneration': { valid: () => [2], call: core.ProcDumpTrigger.gcGeneration },
  'ProcDumpTrigger.exception': { valid: () => [{ include: ['System.*'] }], call: core.ProcDumpTrigger.exception },
  'ProcDumpTrigger.counterAbove': {
    valid: () => [{ provider: 'a', counter: 'b', threshold: 1 }],
    call: core.ProcDumpTrigger.counterAbove,
  },
  'ProcDumpTrigger.counterBelow': {
    valid: () => [{ provider: 'a', counter: 'b', threshold: 1 }],
    call: core.ProcDumpTrigger.counterBelow,
  },
  'ProcDumpTrigger.every': { valid: () => [Duration.days(1), { count: 1 }], call: core.ProcDumpTrigger.every },
  'ProcDumpTrigger.signal': {
    valid: () => [{ numbers: [10], acceptStoppedTarget: true }],
    call: core.ProcDumpTrigger.signal,
  },
  'ProcDumpTarget.dotnet': { valid: () => [{}], call: core.ProcDumpTarget.dotnet },
  'ProcDumpTarget.native': {
    valid: () => [{ access: core.TargetAccess.privileged() }],
    call: core.ProcDumpTarget.native,
  },
  'TargetAccess.sameUser': { valid: () => [{ uid: 1000 }], call: core.TargetAccess.sameUser },
  'TargetAccess.privileged': { valid: () => [], call: core.TargetAccess.privileged },
  'DumpDelivery.spooled': { valid: () => [{}], call: core.DumpDelivery.spooled },
  'DumpDelivery.direct': { valid: () => [], call: core.DumpDelivery.direct },
  'AzureFilesAccess.accountKey': { valid: () => [{}], call: core.AzureFilesAccess.accountKey },
  'AzureFilesAccess.managedIdentity': { valid: () => [{}], call: core.AzureFilesAccess.managedIdentity },
  'AzureFilesAccess.workloadIdentity': {
    valid: () => [{ clientId: GUID, serviceAccountName: 'web' }],
    call: core.AzureFilesAccess.workloadIdentity,
  },
  'new ProcDumpSidecar': {
    valid: () => [sidecarProps()],
    call: (props: never) => new core.ProcDumpSidecar(chart(), 'ProcDump', props),
  },
  'ProcDumpSidecar.attachTo': { valid: () => [chart(), {}], call: attachSidecar },
  'ProcDumpSidecar.addJsonPatch': {
    valid: () => [JsonPatch.add('/a', 1)],
    call: (...ops: never[]) => sidecar(chart()).addJsonPatch(...ops),
  },
  'new DotnetDiagnosticsTmp': {
    valid: () => [{}],
    call: (props: never) => new core.DotnetDiagnosticsTmp(chart(), 'Tmp', props),
  },
  'DotnetDiagnosticsTmp.onExistingMount': {
    valid: () => [{ mountPath: '/diag' }],
    call: (props: never) => core.DotnetDiagnosticsTmp.onExistingMount(chart(), 'Tmp', props),
  },
  'DotnetDiagnosticsTmp.attachTo': { valid: () => [chart(), {}], call: attachTmp },
  'ClaimDumpStore.fromClaimName': {
    valid: () => ['dumps'],
    call: (name: never) => core.ClaimDumpStore.fromClaimName(chart(), 'Dumps', name),
  },
  'new EphemeralDumpStore': {
    valid: () => [{}],
    call: (props: never) => new core.EphemeralDumpStore(chart(), 'Dumps', props),
  },
  'new AzureFilesDumpStore': {
    valid: () => [{}],
    call: (props: never) => new core.AzureFilesDumpStore(chart(), 'Dumps', props),
  },
  'AzureFilesDumpStore.fromStorageAccount': {
    valid: () => [{ storageAccountName: 'dumps', resourceGroupName: 'rg' }],
    call: (props: never) => core.AzureFilesDumpStore.fromStorageAccount(chart(), 'Dumps', props),
  },
  'AzureFilesDumpStore.fromShare': {
    valid: () => [{ share: shareOf() }],
    call: (props: never) => core.AzureFilesDumpStore.fromShare(chart(), 'Dumps', props),
  },
  'new AzureFilesShareDumpStore': {
    valid: () => [{ share: shareOf() }],
    call: (props: never) => new core.AzureFilesShareDumpStore(chart(), 'Dumps', props),
  },
  'DumpStorageAccess.workloadIdentity': {
    valid: () => [{ oidcIssuerUrl: 'https://issuer', serviceAccountName: 'web', namespaces: ['shop'] }],
    call: azure.DumpStorageAccess.workloadIdentity,
  },
  'DumpStorageAccess.managedIdentity': { valid: () => [{}], call: azure.DumpStorageAccess.managedIdentity },
  'DumpStorageAccess.accountKey': { valid: () => [], call: azure.DumpStorageAccess.accountKey },
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
    call: (props: never) => new azure.DumpStorageStack(new TerraformApp(), 'dumps', props),
  },
  'new TerraformOutputResolver': {
    valid: () => [stack(), 'outputs.json'],
    call: (...args: never[]) => new (azure.TerraformOutputResolver as never as Constructor)(...args),
  },
};

type Constructor = new (...args: unknown[]) => unknown;

/** Called by the library or by cdk8s, not by users. */
export const CALLED_BY_OTHERS = /\.(bindDumpStore|resolve|asVolume)$/;

function attachSidecar(scope: never, options: never): unknown {
  const root = (scope as unknown) instanceof Chart ? (scope as Chart) : chart();
  return sidecar(root).attachTo(scope, options);
}

function attachTmp(scope: never, options: never): unknown {
  const root = (scope as unknown) instanceof Chart ? (scope as Chart) : chart();
  return tmp(root).attachTo(scope, options);
}
