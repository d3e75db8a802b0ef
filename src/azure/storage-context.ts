import type { ITerraformDependable } from 'cdktf';

/** What every resource of one dump storage shares. */
export interface StorageContext {
  /** Name of the account; the names of the other resources are made of it. */
  readonly accountName: string;
  readonly resourceGroupName: string;
  readonly location: string;
  readonly tags?: { [name: string]: string };
}

/** The identity that mounts the share. */
export interface MountIdentity {
  readonly clientId: string;
  readonly principalId: string;
  /** Resource id, of an identity that is made here. */
  readonly id?: string;
}

/** The way of the network to the account. */
export interface NetworkConnection {
  readonly endpoints: ITerraformDependable[];
  /** Id of the zone in which the account's private address is registered here. */
  readonly privateDnsZoneId?: string;
}

/** The log of the file service. */
export interface AuditLog {
  readonly workspaceId: string;
  readonly location: string;
  readonly setting: ITerraformDependable;
  /** Whether the workspace is made here. */
  readonly made: boolean;
}
