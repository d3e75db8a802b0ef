import { App, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import { CallRecipe, GUID, StructRecipe } from './recipe';
import * as core from '../../src';
import { deployment } from '../pods';

const chart = () => new Chart(new App(), 'chart');
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

export const CORE_STRUCTS: { [name: string]: StructRecipe } = {
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
};

export const CORE_CALLS: { [name: string]: CallRecipe } = {
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
  'TargetAccess.assignedUser': { valid: () => [], call: core.TargetAccess.assignedUser },
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
};

function attachSidecar(scope: never, options: never): unknown {
  return sidecar(rootOf(scope)).attachTo(scope, options);
}

function attachTmp(scope: never, options: never): unknown {
  return tmp(rootOf(scope)).attachTo(scope, options);
}

/** The construct must be in the app that it attaches to. */
function rootOf(scope: unknown): Chart {
  return scope instanceof Chart ? scope : chart();
}
