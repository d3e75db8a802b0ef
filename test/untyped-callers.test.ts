import { App, Chart, Duration, Lazy, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { deployment, messageOf, newChart, sidecar, wovenPod } from './pods';
import { AzureFilesDumpStore, DotnetDiagnosticsTmp, ProcDumpTrigger, TargetAccess } from '../src';

describe('untyped callers', () => {
  const STORE = 'store must be a value made by a dump store, or by a class that implements IDumpStore';
  const text = (props: object) => messageOf(() => sidecar(newChart(), props)).replace('chart/ProcDump: ', '');

  test.each([
    ['target', {}, 'target must be a value made by ProcDumpTarget.dotnet() or ProcDumpTarget.native(), got {}'],
    [
      'triggers',
      ProcDumpTrigger.cpuAbove(5),
      'triggers must be a list, got an object of class ProcDumpTrigger; write [ … ] around it',
    ],
    ['triggers', 'cpu', 'triggers must be a list, got "cpu"'],
    ['acknowledge', 'PD003', `acknowledge must be a list, got "PD003"; write ['PD003']`],
    [
      'limits',
      Lazy.any({ produce: () => ({}) }),
      'limits must be an object of props, got a Lazy; give the value itself',
    ],
    ['limits', Duration.minutes(5), 'limits must be an object of props, got 5 minutes'],
    [
      'resources',
      { limits: { memory: Size.mebibytes(256) } },
      "resources.limits['memory'] must be a quantity as text, for example '256Mi', got Size.mebibytes(256); write " +
        "'256Mi'",
    ],
    [
      'resources',
      { requests: { cpu: 1 } },
      "resources.requests['cpu'] must be a quantity as text, for example '256Mi', got 1; write '1'",
    ],
    [
      'resources',
      { requests: { cpu: NaN } },
      "resources.requests['cpu'] must be a quantity as text, for example '256Mi', got NaN",
    ],
    [
      'resources',
      { requests: Lazy.any({ produce: () => ({}) }) },
      'resources.requests must be an object, got a Lazy; give the value itself',
    ],
    ['triggers', ['cpu'], 'triggers[0] must be a value made by a factory of ProcDumpTrigger, got "cpu"'],
    [
      'delivery',
      'direct',
      'delivery must be a value made by DumpDelivery.spooled() or DumpDelivery.direct(), got "direct"',
    ],
    [
      'podSecurity',
      'Restricted',
      'podSecurity must be one of privileged, baseline, restricted, aks-safeguards, got "Restricted"',
    ],
    ['placement', 'NATIVE', 'placement must be one of auto, native, container, got "NATIVE"'],
    [
      'store',
      {},
      `${STORE}, got {}; for an existing claim write ClaimDumpStore.fromClaimName(chart, 'Dumps', '<name>')`,
    ],
    [
      'store',
      'team-dumps',
      `${STORE}, got "team-dumps"; for an existing claim write ClaimDumpStore.fromClaimName(chart, 'Dumps', ` +
        `'team-dumps')`,
    ],
    [
      'store',
      kplus.PersistentVolumeClaim.fromClaimName(newChart(), 'Claim', 'team-dumps'),
      `${STORE}, got the construct 'chart/Claim'; for an existing claim write ClaimDumpStore.fromClaimName(chart, ` +
        `'Dumps', '<name>')`,
    ],
    [
      'limits',
      { cooldown: 600 },
      'limits.cooldown must be a Duration of cdk8s, for example Duration.minutes(10), got 600',
    ],
    ['securityContext', { seccompProfile: 'x' }, 'securityContext.seccompProfile must be an object of props, got "x"'],
    [
      'securityContext',
      { seccompProfile: { type: 'x' } },
      'securityContext.seccompProfile.type must be one of RuntimeDefault, Localhost, Unconfined, got "x"',
    ],
    [
      'securityContext',
      { appArmorProfile: { type: 'Localhost' } },
      'securityContext.appArmorProfile.localhostProfile is missing; expected text that is not empty',
    ],
    [
      'securityContext',
      { seccompProfile: { type: 'RuntimeDefault', localhostProfile: 'p' } },
      'securityContext.seccompProfile.localhostProfile "p" is for type Localhost, but type is RuntimeDefault; ' +
        'remove it, or correct type',
    ],
    [
      'securityContext',
      { appArmorProfile: { type: 'Unconfined', localhostProfile: 'p' } },
      'securityContext.appArmorProfile.localhostProfile "p" is for type Localhost, but type is Unconfined; remove ' +
        'it, or correct type',
    ],
    [
      'securityContext',
      { seLinuxOptions: { Level: 's0' } },
      "securityContext.seLinuxOptions: there is no prop 'Level'; expected one of level, role, type, user; did you " +
        "mean 'level'?",
    ],
  ])('%s #%$', (prop, value, message) => expect(text({ [prop]: value })).toBe(message));

  test('every field of seLinuxOptions is known', () => {
    expect(() =>
      sidecar(newChart(), { securityContext: { seLinuxOptions: { level: 's0', role: 'r', type: 't', user: 'u' } } }),
    ).not.toThrow();
  });

  test('access of an attachment', () => {
    const chart = newChart();
    expect(messageOf(() => sidecar(chart).attachTo(deployment(chart), { access: 'privileged' as never }))).toBe(
      'chart/ProcDump: attachTo: access must be a value made by TargetAccess.sameUser(), ' +
        'TargetAccess.assignedUser() or TargetAccess.privileged(), got "privileged"',
    );
  });

  test('a store that gives nothing, and one that throws', () => {
    const give = (bindDumpStore: () => never) => messageOf(() => wovenPod(undefined, { store: { bindDumpStore } }));
    expect(give(() => undefined as never)).toBe(
      'chart/ProcDump: the result of bindDumpStore is missing; expected an object of props',
    );
    expect(
      give(() => {
        throw new Error('boom');
      }),
    ).toBe('chart/ProcDump: boom');
  });

  test('a store or a diagnostics directory of another app', () => {
    const other = new Chart(new App(), 'other');
    expect(text({ store: new AzureFilesDumpStore(other, 'Dumps') })).toBe(
      "'other/Dumps' belongs to another app; define it in this one",
    );
    expect(text({ diagnosticsTmp: new DotnetDiagnosticsTmp(other, 'Tmp') })).toBe(
      "'other/Tmp' belongs to another app; define it in this one",
    );
  });

  test('two accesses for one workload', () => {
    const chart = newChart();
    const web = deployment(chart);
    const pod = sidecar(chart);
    pod.attachTo(web);
    pod.attachTo(web, { access: TargetAccess.privileged() });
    expect(messageOf(() => Testing.synth(chart))).toContain('attached twice with different options');
  });
});
