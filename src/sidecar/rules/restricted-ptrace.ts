import type { Findings } from './findings';
import type { ProcDumpTarget } from '../../capture/procdump-target';

/**
 * Yama restricts ptrace on a node, also between processes of one user. It is not namespaced, so that no pod can change
 * it. A .NET runtime is not affected: it admits the process that writes its dump.
 * @see https://www.kernel.org/doc/html/latest/admin-guide/LSM/Yama.html
 */
export function findRestrictedPtrace(findings: Findings, { _runtime, _access }: ProcDumpTarget): void {
  if (_runtime !== 'native' || _access._privileged) return;
  findings.hint(
    'PD009',
    'without SYS_PTRACE, ProcDump can read a native process only on nodes where kernel.yama.ptrace_scope is 0, while ' +
      'Ubuntu and AKS set 1; use TargetAccess.privileged() in a namespace of level privileged',
  );
}
