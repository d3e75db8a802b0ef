import type { Library, Type } from './library';

/** A page of the reference: one construct, class or interface, with the structs and enums that belong to it. */
export interface Page {
  readonly subject: Type;
  readonly parts: readonly Type[];
}

const PACKAGE = 'cdk8s-procdump.';
const isSubject = ({ kind }: Type) => kind !== 'struct' && kind !== 'enum';

export const nameOf = (id: string) => id.slice(PACKAGE.length);
export const isAzure = (id: string) => id.startsWith(`${PACKAGE}azure.`);

/** Returns the types whose names occur in signatures and types of members of this one. */
function named(type: Type, { types }: Library): Type[] {
  const words = new Set(JSON.stringify(type).match(/\w+/g));
  return [...types.values()].filter((other) => other !== type && words.has(other.displayName));
}

const basesOf = (type: Type, { types, declared }: Library) =>
  (declared[type.id]?.interfaces ?? []).flatMap((id) => types.get(id) ?? []);

/** Returns the structs that extend this one, if it is only a base and no member uses it. */
export function extendersOf(base: Type, library: Library): Type[] {
  const types = [...library.types.values()];
  const extenders = types.filter((type) => type.kind === 'struct' && basesOf(type, library).includes(base));
  const users = types.filter((type) => !extenders.includes(type) && named(type, library).includes(base));
  return users.length === 0 ? extenders : [];
}

/** Returns the number of steps from a page to each struct and enum that it reaches. */
function distances(subject: Type, library: Library): Map<Type, number> {
  const found = new Map([[subject, 0]]);
  for (const [type, distance] of found) {
    for (const next of [...named(type, library), ...basesOf(type, library)]) {
      if (!isSubject(next) && !found.has(next)) found.set(next, distance + 1);
    }
  }
  found.delete(subject);
  return found;
}

/**
 * Puts each struct and enum on the page with the fewest steps to it, preferably in the same half of the library. Among
 * several pages, it chooses the one that reaches the fewest types, which is the most specific, and an interface before
 * its implementations.
 */
export function pagesOf(library: Library): Page[] {
  const sorted = [...library.types.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const subjects = sorted.filter(isSubject).map((subject) => ({ subject, reach: distances(subject, library) }));
  const ownerOf = (part: Type) => {
    const rank = ({ subject, reach }: (typeof subjects)[number]) =>
      (reach.get(part) ?? Infinity) + (isAzure(subject.id) === isAzure(part.id) ? 0 : 100);
    const kindRank = ({ subject }: (typeof subjects)[number]) => (subject.kind === 'interface' ? 0 : 1);
    const [owner] = [...subjects].sort(
      (a, b) => rank(a) - rank(b) || a.reach.size - b.reach.size || kindRank(a) - kindRank(b),
    );
    if (!owner.reach.has(part)) throw new Error(`${part.id}: no construct, class or interface leads to it`);
    return owner.subject;
  };
  const parts = sorted.filter((type) => !isSubject(type)).map((part) => ({ part, owner: ownerOf(part) }));
  return subjects.map(({ subject }) => ({
    subject,
    parts: parts.filter(({ owner }) => owner === subject).map(({ part }) => part),
  }));
}
