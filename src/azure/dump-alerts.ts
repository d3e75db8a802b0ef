/**
 * Recipients and thresholds of alerts. One alert reports that the share fills up. With an audit log, others report an
 * unexpected read of a dump, a new dump and a failed write.
 */
export interface DumpAlerts {
  /**
   * E-mail addresses of the recipients.
   * @default - none; required unless `actionGroupIds` are given
   */
  readonly emails?: string[];
  /**
   * Ids of existing action groups.
   * @default - none
   */
  readonly actionGroupIds?: string[];
  /**
   * Fill level in percent that raises the alert; from 1 to 99. Azure computes the fill level only a few times a day, so
   * the share can be full for hours before the alert. The alert of `failedWrites` is prompt.
   * @default 80
   */
  readonly fullAtPercent?: number;
  /**
   * Object ids of principals whose reads raise no alert, such as a pipeline that moves dumps. Reads by the cluster's
   * own mounts never raise an alert, because they are frequent.
   * @default - none; each read by a person raises an alert
   */
  readonly trustedReaders?: string[];
  /**
   * Whether each new dump raises an alert, which contains the workload's folder.
   * @default - true with an audit log
   */
  readonly newDumps?: boolean;
  /**
   * Whether a write that Azure refuses raises an alert: the share is full or throttled, or access is denied.
   * @default - true with an audit log
   */
  readonly failedWrites?: boolean;
  /**
   * Whether alerts on the activity log report that keys were listed, or that the account, its file service, log, roles
   * or lock were changed or removed. A `terraform apply` with such changes raises them too, and so does azurerm if it
   * may list keys.
   * @default false
   */
  readonly changes?: boolean;
}
