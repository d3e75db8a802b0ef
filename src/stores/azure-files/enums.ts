/*
 * Enumerated values of the Azure Files CSI driver. The names are ours. The values are the exact strings that the driver
 * expects; it compares most of them case-sensitively.
 */

/**
 * Type of storage account: billing model, media and redundancy.
 *
 * NFS and SMB multichannel need a premium SKU. The driver passes the value to Azure unchecked. Azure Files has no
 * readable secondary region, so there is no RA-GRS and no RA-GZRS.
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
  /** SSD, provisioned v1, locally redundant; at least 100 GiB. */
  PREMIUM_LRS = 'Premium_LRS',
  /** SSD, provisioned v1, zone redundant; at least 100 GiB. */
  PREMIUM_ZRS = 'Premium_ZRS',
  /** HDD, provisioned v2, locally redundant; at least 32 GiB. */
  STANDARD_V2_LRS = 'StandardV2_LRS',
  /** HDD, provisioned v2, zone redundant; at least 32 GiB. */
  STANDARD_V2_ZRS = 'StandardV2_ZRS',
  /** HDD, provisioned v2, geo redundant; at least 32 GiB. */
  STANDARD_V2_GRS = 'StandardV2_GRS',
  /** HDD, provisioned v2, zone and geo redundant; at least 32 GiB. */
  STANDARD_V2_GZRS = 'StandardV2_GZRS',
  /** SSD, provisioned v2, locally redundant; at least 32 GiB. */
  PREMIUM_V2_LRS = 'PremiumV2_LRS',
  /** SSD, provisioned v2, zone redundant; at least 32 GiB. */
  PREMIUM_V2_ZRS = 'PremiumV2_ZRS',
}

/** Protocol between nodes and share. */
export enum AzureFilesProtocol {
  /** SMB 3: encrypted; access by account key or identity; one owner and one set of modes per mount. */
  SMB = 'smb',
  /**
   * NFS 4.1: POSIX owners and modes; premium SKUs only; no identity, so every host that the network rules allow can
   * mount.
   */
  NFS = 'nfs',
}

/** Access tier of the file share. */
export enum AzureFilesShareAccessTier {
  /** Lowest transaction price and highest storage price of the standard tiers. */
  TRANSACTION_OPTIMIZED = 'TransactionOptimized',
  /** Prices between those of the other two standard tiers. */
  HOT = 'Hot',
  /** Lowest storage price and highest transaction price. */
  COOL = 'Cool',
  /** The only tier of premium SKUs. */
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
  /** The only tier of premium SKUs. */
  PREMIUM = 'Premium',
}

/** Mapping of client users on an NFS share. */
export enum AzureFilesRootSquash {
  /** The client's root is root on the share. */
  NO_ROOT_SQUASH = 'NoRootSquash',
  /** The client's root is nobody on the share. */
  ROOT_SQUASH = 'RootSquash',
  /** Every client user is nobody on the share. */
  ALL_SQUASH = 'AllSquash',
}

/** When the driver changes the group of the files on an NFS share to the pod's `fsGroup`. */
export enum AzureFilesFsGroupChangePolicy {
  /** If the root folder belongs to another group. */
  ON_ROOT_MISMATCH = 'OnRootMismatch',
  /** At every mount; slow with many files. */
  ALWAYS = 'Always',
  /** Never. */
  NONE = 'None',
}

/** Network endpoint of a storage account that the driver creates. */
export enum AzureFilesNetworkEndpoint {
  /** A private endpoint in one subnet, with its DNS record. */
  PRIVATE_ENDPOINT = 'privateEndpoint',
  /** Service endpoints on the subnets, and a firewall that allows only these subnets; needs driver 1.35.7 or newer. */
  SERVICE_ENDPOINT = 'serviceEndpoint',
}

/** Access to the public endpoint of a storage account that the driver creates. */
export enum AzureFilesPublicNetworkAccess {
  /** Allowed within the firewall rules. */
  ENABLED = 'Enabled',
  /** Denied; only private endpoints give access. */
  DISABLED = 'Disabled',
  /** Determined by the network security perimeter. */
  SECURED_BY_PERIMETER = 'SecuredByPerimeter',
}

/** The Azure API that the driver uses to create, resize and delete shares. */
export enum AzureFilesDataPlaneApi {
  /** The file service, with the account key; the controller needs network access to it. */
  ACCOUNT_KEY = 'true',
  /** Azure Resource Manager: throttled, but not subject to the account's firewall. */
  OFF = 'false',
  /**
   * The file service, with the controller's identity, which needs the role Storage File Data Privileged Contributor.
   */
  OAUTH = 'oauth',
}
