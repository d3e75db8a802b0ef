import { AzureCloud } from './cloud';

/** Domain of the storage service in each cloud. */
export const STORAGE_SUFFIX: Record<AzureCloud, string> = {
  [AzureCloud.PUBLIC]: 'core.windows.net',
  [AzureCloud.US_GOVERNMENT]: 'core.usgovcloudapi.net',
  [AzureCloud.CHINA]: 'core.chinacloudapi.cn',
};
