/**
 * Who hears of what, and when: that the share fills up, and, with an audit log, that somebody read a dump. With
 * `DumpAudit.none()` there is only the alert of a full share.
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
   * How full the share may get before somebody hears of it; from 1 to 99 percent.
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
