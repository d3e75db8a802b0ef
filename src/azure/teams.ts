import type { DumpStorageAccess } from './access';
import { isKnown, textLike } from './checks';
import { subjectsOf } from './workload-identity';
import { check } from '../input/check';
import { madeBy, mapOf } from '../input/checks';

export const TEAMS = mapOf(
  madeBy('DumpStorageAccess, for example DumpStorageAccess.workloadIdentity({ … })', '_protocol'),
);

/** Team names become part of the names of outputs and identities. */
const TEAM_NAME = textLike(
  /^(?=.{1,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  'at most 32 lower-case letters, digits and single dashes, a letter first',
);

/** The access of a storage or of one of its teams, with the name of its option. */
export interface NamedAccess {
  readonly what: string;
  /** Undefined for `access` of the storage. */
  readonly team?: string;
  readonly access: DumpStorageAccess;
}

/** Returns `access`, followed by each team's access. */
export function allAccess(access: DumpStorageAccess, teams: { [name: string]: DumpStorageAccess } = {}): NamedAccess[] {
  return [
    { what: 'access', access },
    ...Object.entries(teams).map(([team, its]) => ({ what: `teams.${team}`, team, access: its })),
  ];
}

/** @throws if a team's access cannot be combined with `access`, or if two of them have the same identity */
export function refuseTeams(accountName: string, all: NamedAccess[]): void {
  for (const { team, what, access } of all) {
    if (team !== undefined) check(`teams: the name '${team}'`, team, TEAM_NAME);
    if (all.length > 1) refuseOtherWayIn(what, access);
  }
  for (const [index, later] of all.entries()) {
    for (const earlier of all.slice(0, index)) refuseSameIdentity(accountName, earlier, later);
  }
}

/** An account accepts mounts either by identity or by key, because `authentication_types` contains only one of them. */
function refuseOtherWayIn(what: string, { _byIdentity }: DumpStorageAccess): void {
  if (_byIdentity) return;
  throw new Error(
    `${what} has no identity, but each team is told apart by its own; expected workloadIdentity or managedIdentity ` +
      'for access and for each of teams; change it, or remove teams',
  );
}

/** @see https://learn.microsoft.com/azure/role-based-access-control/troubleshooting */
function refuseSameIdentity(accountName: string, earlier: NamedAccess, later: NamedAccess): void {
  for (const field of ['clientId', 'principalId'] as const) {
    const [one, other] = [earlier.access._existing[field], later.access._existing[field]];
    if (!isKnown(one) || !isKnown(other) || one.toLowerCase() !== other.toLowerCase()) continue;
    throw new Error(
      `${later.what} has ${field} '${other}', which ${earlier.what} has too; Azure refuses the same role twice, and ` +
        'each team is expected to have its own identity; give another identity, or move the namespaces to ' +
        earlier.what,
    );
  }
  const [one, other] = [identityNameOf(accountName, earlier), identityNameOf(accountName, later)];
  if (isKnown(one) && isKnown(other) && one.toLowerCase() === other.toLowerCase()) {
    throw new Error(
      `${later.what} makes identity '${other}', which ${earlier.what} makes too; a resource group takes one identity ` +
        'of a name; give one of them another identityName',
    );
  }
  const taken = subjectsOf(earlier.access._workload);
  const twice = subjectsOf(later.access._workload).find(({ key }) => taken.some((subject) => subject.key === key));
  if (twice === undefined) return;
  throw new Error(
    `${later.what} has service account '${twice.subject}' of issuer '${twice.issuer}', which ${earlier.what} has ` +
      'too; a service account is expected to have one identity; remove the namespace from one of them',
  );
}

/** Returns undefined if no identity is created. */
export function identityNameOf(accountName: string, { team, access }: NamedAccess): string | undefined {
  if (!access._byIdentity || access._existing.clientId !== undefined) return undefined;
  return access._identityName ?? `id-${accountName}-mount${team === undefined ? '' : `-${team}`}`;
}
