import type { Duration } from 'cdk8s';

/**
 * Daily snapshots of the share by Azure Backup. They extend the retention of the personal data in dumps: a deleted dump
 * remains in a snapshot until the retention of the snapshot ends.
 */
export interface DumpBackup {
  /**
   * Retention of a snapshot; from 1 to 200 days.
   * @default Duration.days(7)
   */
  readonly retention?: Duration;
  /**
   * Time of the snapshot in UTC; a full or half hour.
   * @default '02:00'
   */
  readonly time?: string;
}
