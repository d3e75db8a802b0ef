export { AzureFilesAccess } from './azure-files-access';
export type { AccountKeyAccessOptions, ManagedIdentityAccessOptions, WorkloadIdentityAccessOptions } from './azure-files-access';
export * from './azure-files-dump-store';
export * from './azure-files-enums';
export * from './azure-files-share';
export { AzureFilesShareDumpStore } from './azure-files-share-dump-store';
export type { AzureFilesShareDumpStoreProps } from './azure-files-share-dump-store';
export type { AzureFilesMountOptions } from './azure-files-mount-options';
export type { AzureFilesParameters } from './azure-files-parameters';
export { ClaimDumpStore } from './claim-dump-store';
export { PodSecurityLevel } from './checks/pod-security';
export { DotnetDiagnosticsTmp } from './dotnet-diagnostics-tmp';
export type { DotnetDiagnosticsTmpAttachOptions, DotnetDiagnosticsTmpProps, ExistingDiagnosticsMountProps } from './dotnet-diagnostics-tmp';
export { DumpDelivery } from './dump-delivery';
export type { SpooledDeliveryOptions } from './dump-delivery';
export type { DumpLimits } from './dump-limits';
export type { DumpRetention } from './dump-retention';
export * from './dump-store';
export * from './ephemeral-dump-store';
export * from './procdump-sidecar';
export * from './procdump-target';
export * from './procdump-trigger';
export type { SidecarResources, SidecarSecurityContext, SidecarSecurityProfile } from './sidecar-overrides';
export * from './sidecar-placement';
export type { WorkloadAttachment } from './workload-attachment';
export type { WorkloadSelection } from './workload-selection';

// jsii's runtime looks for the Azure half here (see jsii.ts). Loaded when it is asked for, not enumerable, and by a path that bundlers do not follow, so
// that it costs nobody else anything.
// eslint-disable-next-line @typescript-eslint/no-require-imports
Object.defineProperty(exports, 'azure', { get: () => require(`${__dirname}/azure`) });
