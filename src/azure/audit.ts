import { LogAnalyticsWorkspace } from '@cdktf/provider-azurerm/lib/log-analytics-workspace';
import { MonitorDiagnosticSetting } from '@cdktf/provider-azurerm/lib/monitor-diagnostic-setting';
import type { Duration } from 'cdk8s';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { computed, daysOf, resourceId, textLike } from './checks';
import type { AuditLog, StorageContext } from './storage-context';
import { check } from '../input/check';
import { DURATION } from '../input/checks';
import { located } from '../input/located-error';
import { checkProps, Checks } from '../input/struct';
import { LOCATION } from '../stores/azure-files/azure-names';

/** Options of `DumpAudit.newWorkspace`. */
export interface NewWorkspaceOptions {
  /**
   * Retention of the log; from 30 to 730 days.
   * @default Duration.days(90)
   */
  readonly retention?: Duration;
  /**
   * Name of the workspace.
   * @default - `log-<account>`
   */
  readonly name?: string;
}

/** Options of `DumpAudit.workspace`. */
export interface ExistingWorkspaceOptions {
  /**
   * Region of the workspace. Alerts on the workspace are created in this region.
   * @default - the region of the account
   */
  readonly location?: string;
}

const NEW_WORKSPACE_OPTIONS: Checks<NewWorkspaceOptions> = {
  retention: DURATION,
  name: textLike(/^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/, '4 to 63 letters, digits and dashes'),
};
const EXISTING_WORKSPACE_OPTIONS: Checks<ExistingWorkspaceOptions> = { location: computed(LOCATION) };

/** Destination of the audit log, which records reads, writes and deletions of dumps. */
export class DumpAudit {
  /** Creates a Log Analytics workspace for the audit log. Only people who may see the log need access to it. */
  public static newWorkspace(options: NewWorkspaceOptions = {}): DumpAudit {
    return located('DumpAudit.newWorkspace', () => {
      const { name, retention } = checkProps(options, NEW_WORKSPACE_OPTIONS, 'options');
      return new DumpAudit({
        name,
        retentionDays: retention === undefined ? 90 : daysOf('retention', retention, 30, 730),
      });
    });
  }

  /** Uses an existing Log Analytics workspace. */
  public static workspace(workspaceId: string, options: ExistingWorkspaceOptions = {}): DumpAudit {
    located('DumpAudit.workspace', () => {
      checkProps(options, EXISTING_WORKSPACE_OPTIONS, 'options');
      check('workspaceId', workspaceId, resourceId('Microsoft.OperationalInsights/workspaces'));
    });
    return new DumpAudit(undefined, { id: workspaceId, location: options.location });
  }

  /** Disables the audit log. After a leak, nobody can find out who read a dump, and no alert reports reads. */
  public static none(): DumpAudit {
    return new DumpAudit();
  }

  private constructor(
    private readonly made?: { name?: string; retentionDays: number },
    private readonly given?: { id: string; location?: string },
  ) {}

  /** @internal */
  public get _off(): boolean {
    return !this.made && !this.given;
  }

  /** The configured name of the new workspace. @internal */
  public get _workspaceName(): string | undefined {
    return this.made?.name;
  }

  /** @internal */
  public _render(
    scope: Construct,
    storage: StorageContext,
    fileServiceId: string,
    dependsOn: ITerraformDependable[],
  ): AuditLog | undefined {
    const workspace = this.workspace(scope, storage);
    if (!workspace) return undefined;
    const setting = new MonitorDiagnosticSetting(scope, 'Audit', {
      name: 'dumps-audit',
      // the file service, because the account itself has only metrics
      targetResourceId: fileServiceId,
      logAnalyticsWorkspaceId: workspace.id,
      logAnalyticsDestinationType: 'Dedicated',
      enabledLog: ['StorageRead', 'StorageWrite', 'StorageDelete'].map((category) => ({ category })),
      // listed individually: Azure expands AllMetrics, so every plan would show a difference
      enabledMetric: ['Transaction', 'Capacity'].map((category) => ({ category })),
      dependsOn,
    });
    return {
      workspaceId: workspace.id,
      location: workspace.location ?? storage.location,
      setting,
      made: this.made !== undefined,
    };
  }

  private workspace(
    scope: Construct,
    { accountName, ...storage }: StorageContext,
  ): { id: string; location?: string } | undefined {
    return (
      this.given ??
      (this.made && {
        id: new LogAnalyticsWorkspace(scope, 'Workspace', {
          ...storage,
          name: this.made.name ?? `log-${accountName}`,
          sku: 'PerGB2018',
          retentionInDays: this.made.retentionDays,
          localAuthenticationEnabled: false,
        }).id,
      })
    );
  }
}
