/** The Azure cloud that the subscription is in. */
export enum AzureCloud {
  /** Azure. */
  PUBLIC = 'public',
  /** Azure Government of the United States. */
  US_GOVERNMENT = 'usgovernment',
  /** Azure in China. */
  CHINA = 'china',
}
