/*
 * The closed sets of values of the Azure Files CSI driver. Names are ours, values are the exact text the driver
 * takes: it compares most of them case-sensitively.
 */

/**
 * Type of storage account: price model, media and redundancy.
 *
 * NFS and SMB multichannel need a premium one. The driver hands the text to Azure unchecked. Azure Files has no second
 * region that can be read, so there is no RA-GRS and no RA-GZRS.
 *
 * @see https://learn.microsoft.com/en-us/azure/storage/files/understanding-billing
 * @see https://learn.microsoft.com/en-us/azure/storage/files/files-redundancy
 */
export enum AzureFilesSku {
  /** HDD, pay as you go, locally redundant. */
  STANDARD_LRS = 'Standard_LRS',
  /** HDD, pay as you go, zone redundant. */
  STANDARD_ZRS = 'Standard_ZRS',
  /** HDD, pay as you go, geo redundant. */
  STANDARD_GRS = 'Standard_GRS',
  /** HDD, pay as you go, zone and geo redundant. */
  STANDARD_GZRS = 'Standard_GZRS',
  /** SSD, provisioned v1, locally redundant; 100 GiB at least. */
  PREMIUM_LRS = 'Premium_LRS',
  /** SSD, provisioned v1, zone redundant; 100 GiB at least. */
  PREMIUM_ZRS = 'Premium_ZRS',
  /** HDD, provisioned v2, locally redundant; 32 GiB at least. */
  STANDARD_V2_LRS = 'StandardV2_LRS',
  /** HDD, provisioned v2, zone redundant; 32 GiB at least. */
  STANDARD_V2_ZRS = 'StandardV2_ZRS',
  /** HDD, provisioned v2, geo redundant; 32 GiB at least. */
  STANDARD_V2_GRS = 'StandardV2_GRS',
  /** HDD, provisioned v2, zone and geo redundant; 32 GiB at least. */
  STANDARD_V2_GZRS = 'StandardV2_GZRS',
  /** SSD, provisioned v2, locally redundant; 32 GiB at least. */
  PREMIUM_V2_LRS = 'PremiumV2_LRS',
  /** SSD, provisioned v2, zone redundant; 32 GiB at least. */
  PREMIUM_V2_ZRS = 'PremiumV2_ZRS',
}

/** How nodes talk to the share. */
export enum AzureFilesProtocol {
  /** SMB 3: encrypted, access by account key or identity; one owner and one set of modes per mount. */
  SMB = 'smb',
  /** NFS 4.1: POSIX owners and modes, premium SKUs only, no identity: every host the network rules admit may mount. */
  NFS = 'nfs',
}

/** Access tier of the file share. */
export enum AzureFilesShareAccessTier {
  /** Cheapest transactions, dearest storage of the standard tiers. */
  TRANSACTION_OPTIMIZED = 'TransactionOptimized',
  /** Between the other two standard tiers. */
  HOT = 'Hot',
  /** Cheapest storage, dearest transactions. */
  COOL = 'Cool',
  /** The one tier of premium SKUs. */
  PREMIUM = 'Premium',
}

/** Default access tier of a storage account that the driver creates. */
export enum AzureFilesAccountAccessTier {
  /** For standard SKUs. */
  HOT = 'Hot',
  /** For standard SKUs. */
  COOL = 'Cool',
  /** For standard SKUs. */
  COLD = 'Cold',
  /** The one tier of premium SKUs. */
  PREMIUM = 'Premium',
}

/** What an NFS share makes of users of its clients. */
export enum AzureFilesRootSquash {
  /** Root of a client is root on the share. */
  NO_ROOT_SQUASH = 'NoRootSquash',
  /** Root of a client is nobody on the share. */
  ROOT_SQUASH = 'RootSquash',
  /** Every user of a client is nobody on the share. */
  ALL_SQUASH = 'AllSquash',
}

/** When the driver gives the files of an NFS share to the pod's `fsGroup`. */
export enum AzureFilesFsGroupChangePolicy {
  /** When the root folder belongs to another group. */
  ON_ROOT_MISMATCH = 'OnRootMismatch',
  /** At every mount; slow where there are many files. */
  ALWAYS = 'Always',
  /** Never. */
  NONE = 'None',
}

/** Network endpoint of a storage account that the driver creates. */
export enum AzureFilesNetworkEndpoint {
  /** A private endpoint in one subnet, with its DNS record. */
  PRIVATE_ENDPOINT = 'privateEndpoint',
  /** Service endpoints on the subnets, and a firewall that admits only these; needs driver 1.35.7 or newer. */
  SERVICE_ENDPOINT = 'serviceEndpoint',
}

/** Whether a storage account that the driver creates answers on its public address. */
export enum AzureFilesPublicNetworkAccess {
  /** It answers, within its firewall rules. */
  ENABLED = 'Enabled',
  /** It answers on private endpoints only. */
  DISABLED = 'Disabled',
  /** Its network security perimeter decides. */
  SECURED_BY_PERIMETER = 'SecuredByPerimeter',
}

/** The Azure API by which the driver makes, resizes and deletes shares. */
export enum AzureFilesDataPlaneApi {
  /** The file service itself, signed with the account key; the controller needs a network path to it. */
  ACCOUNT_KEY = 'true',
  /** Azure Resource Manager: throttled, but not subject to the account's firewall. */
  OFF = 'false',
  /**
   * The file service itself with the controller's identity, which needs the role Storage File Data Privileged
   * Contributor.
   */
  OAUTH = 'oauth',
}
