/**
 * Recipients and thresholds of alerts: the share fills up, or, with an audit log, a dump was read. With
 * `DumpAudit.none()` only the first alert exists.
 */
export interface DumpAlerts {
  /**
   * Addresses that get a mail.
   * @default - none; required unless `actionGroupIds` are given
   */
  readonly emails?: string[];
  /**
   * Ids of action groups that exist.
   * @default - none
   */
  readonly actionGroupIds?: string[];
  /**
   * Percentage of the share in use that raises the alert; from 1 to 99.
   * @default 80
   */
  readonly fullAtPercent?: number;
  /**
   * Object ids of principals that may read dumps without an alert, such as a pipeline that moves them. What the
   * cluster's own mounts read is never reported: it happens all the time.
   * @default - none: each read by a person is reported
   */
  readonly trustedReaders?: string[];
}
