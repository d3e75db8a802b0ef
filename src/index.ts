export { AzureFilesAccess } from './stores/azure-files/access';
export type {
  AccountKeyAccessOptions,
  ManagedIdentityAccessOptions,
  WorkloadIdentityAccessOptions,
} from './stores/azure-files/access';
export * from './stores/azure-files/azure-files-dump-store';
export * from './stores/azure-files/enums';
export * from './stores/azure-files/share';
export { AzureFilesShareDumpStore } from './stores/azure-files/share-dump-store';
export type { AzureFilesShareDumpStoreProps } from './stores/azure-files/share-dump-store-props';
export type { AzureFilesStorageAccountProps } from './stores/azure-files/storage-account-props';
export type { AzureFilesMountOptions } from './stores/azure-files/mount-options';
export type { AzureFilesParameters } from './stores/azure-files/parameters';
export { ClaimDumpStore } from './stores/claim-dump-store';
export { PodSecurityLevel } from './kubernetes/pod-security';
export { DotnetDiagnosticsTmp } from './dotnet-diagnostics-tmp';
export type {
  DotnetDiagnosticsTmpAttachOptions,
  DotnetDiagnosticsTmpProps,
  ExistingDiagnosticsMountProps,
} from './dotnet-diagnostics-tmp';
export { DumpDelivery } from './sidecar/dump-delivery';
export type { SpooledDeliveryOptions } from './sidecar/dump-delivery';
export type { DumpLimits } from './capture/dump-limits';
export type { DumpRetention } from './sidecar/dump-retention';
export * from './stores/dump-store';
export * from './stores/ephemeral-dump-store';
export * from './procdump-sidecar';
export type { AttachOptions, ProcDumpSidecarProps } from './procdump-sidecar-props';
export { ProcDumpTarget } from './capture/procdump-target';
export type { DotnetTargetOptions, NativeTargetOptions } from './capture/procdump-target';
export { TargetAccess } from './capture/target-access';
export type { SameUserOptions } from './capture/target-access';
export * from './capture/procdump-trigger';
export * from './capture/trigger-options';
export type { SidecarResources, SidecarSecurityContext, SidecarSecurityProfile } from './sidecar/overrides';
export * from './sidecar/placement';
export { UnsuitableWorkloads } from './weave/unsuitable-workload';
export type { WorkloadAttachment } from './weave/workload-attachment';
export type { WorkloadSelection } from './weave/workload-selection';

// jsii's runtime expects the Azure half here (see jsii.ts). It is loaded on first access, is not enumerable, and has a
// path that bundlers do not follow, so that it has no cost for other users.
// eslint-disable-next-line @typescript-eslint/no-require-imports
Object.defineProperty(exports, 'azure', { get: () => require(`${__dirname}/azure`) });
