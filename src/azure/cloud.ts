/** The Azure cloud of the subscription. */
export enum AzureCloud {
  /** The public Azure cloud. */
  PUBLIC = 'public',
  /** Azure Government in the United States. */
  US_GOVERNMENT = 'usgovernment',
  /** Azure in China. */
  CHINA = 'china',
}
