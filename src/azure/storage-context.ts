import type { ITerraformDependable } from 'cdktf';

/** Values that all resources of one dump storage share. */
export interface StorageContext {
  /** Name of the account, from which the names of other resources are derived. */
  readonly accountName: string;
  readonly resourceGroupName: string;
  readonly location: string;
  readonly tags?: { [name: string]: string };
}

/** The identity that mounts the share. */
export interface MountIdentity {
  readonly clientId: string;
  readonly principalId: string;
  /** Resource id; only for a new identity. */
  readonly id?: string;
}

/** The private endpoint of the account and its DNS zone, if any. */
export interface NetworkConnection {
  readonly endpoints: ITerraformDependable[];
  /** Id of the private DNS zone in which the endpoint is registered. */
  readonly privateDnsZoneId?: string;
}

/** The log of the file service. */
export interface AuditLog {
  readonly workspaceId: string;
  readonly location: string;
  readonly setting: ITerraformDependable;
  /** Whether this storage creates the workspace. */
  readonly made: boolean;
}
