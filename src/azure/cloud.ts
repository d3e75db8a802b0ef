/** The Azure cloud that the subscription is in. */
export enum AzureCloud {
  /** Azure. */
  PUBLIC = 'public',
  /** Azure Government of the United States. */
  US_GOVERNMENT = 'usgovernment',
  /** Azure in China. */
  CHINA = 'china',
}

/** Domain of the storage service in each cloud. */
export const STORAGE_SUFFIX: Record<AzureCloud, string> = {
  [AzureCloud.PUBLIC]: 'core.windows.net',
  [AzureCloud.US_GOVERNMENT]: 'core.usgovcloudapi.net',
  [AzureCloud.CHINA]: 'core.chinacloudapi.cn',
};
