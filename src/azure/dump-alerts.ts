/**
 * Recipients and thresholds of alerts: the share fills up, or, with an audit log, a dump was read, a dump has arrived,
 * or a write failed. With `DumpAudit.none()` only the first alert exists.
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
   * Percentage of the share in use that raises the alert; from 1 to 99. Azure computes the fill level a few times a
   * day, so the share may be full hours before the alert; `failedWrites` is prompt.
   * @default 80
   */
  readonly fullAtPercent?: number;
  /**
   * Object ids of principals that may read dumps without an alert, such as a pipeline that moves them. What the
   * cluster's own mounts read is never reported: it happens all the time.
   * @default - none: each read by a person is reported
   */
  readonly trustedReaders?: string[];
  /**
   * Whether each new dump raises an alert, which names the workload's folder.
   * @default - true with an audit log
   */
  readonly newDumps?: boolean;
  /**
   * Whether writes that Azure refuses raise an alert: the share is full, throttled, or not allowed.
   * @default - true with an audit log
   */
  readonly failedWrites?: boolean;
  /**
   * Whether the activity log raises alerts: keys were listed; the account, its file service, its log, its roles or its
   * lock were changed or removed. A `terraform apply` that changes them raises them too, and so does azurerm where it
   * may list keys.
   * @default false
   */
  readonly changes?: boolean;
}
