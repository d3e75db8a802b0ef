import type { Duration } from 'cdk8s';

/**
 * Daily snapshots of the share by Azure Backup. They prolong the life of the personal data in dumps: a dump that was
 * deleted stays in them until their own retention ends.
 */
export interface DumpBackup {
  /**
   * How long a snapshot is kept; from 1 to 200 days.
   * @default Duration.days(7)
   */
  readonly retention?: Duration;
  /**
   * When it is taken, in UTC; a full or half hour.
   * @default '02:00'
   */
  readonly time?: string;
}
