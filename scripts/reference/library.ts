import { readFileSync } from 'fs';
import { Documentation, Language } from 'jsii-docgen';
import type { ApiReferenceSchema, ClassSchema, EnumSchema, InterfaceSchema, StructSchema } from 'jsii-docgen';

export type Type =
  | ({ readonly kind: 'construct' | 'class' } & ClassSchema)
  | ({ readonly kind: 'interface' } & InterfaceSchema)
  | ({ readonly kind: 'struct' } & StructSchema)
  | ({ readonly kind: 'enum' } & EnumSchema);

interface Declared {
  /** Base of a class. */
  readonly base?: string;
  /** Bases of an interface or a struct. */
  readonly interfaces?: string[];
  readonly methods?: { readonly name: string }[];
  readonly properties?: { readonly name: string }[];
}

/** The public types of the library, by id. */
export interface Library {
  readonly types: ReadonlyMap<string, Type>;
  /** jsii's declaration of each type. */
  readonly declared: Readonly<Record<string, Declared | undefined>>;
}

/** Returns a class without the members that it inherits from another library, such as those of every construct. */
function withOwnMembers<C extends ClassSchema>(type: C, declared: Library['declared']): C {
  const names: string[] = [];
  for (let id: string | undefined = type.id; id !== undefined; id = declared[id]?.base) {
    names.push(...[...(declared[id]?.methods ?? []), ...(declared[id]?.properties ?? [])].map(({ name }) => name));
  }
  const own = <M extends { readonly displayName: string }>(members: M[]) =>
    members.filter(({ displayName }) => names.includes(displayName));
  return {
    ...type,
    instanceMethods: own(type.instanceMethods),
    staticMethods: own(type.staticMethods),
    properties: own(type.properties),
  };
}

function typesOf(reference: ApiReferenceSchema, declared: Library['declared']): Type[] {
  return [
    ...reference.constructs.map((type) => ({ kind: 'construct' as const, ...withOwnMembers(type, declared) })),
    ...reference.classes.map((type) => ({ kind: 'class' as const, ...withOwnMembers(type, declared) })),
    ...reference.interfaces.map((type) => ({ kind: 'interface' as const, ...type })),
    ...reference.structs.map((type) => ({ kind: 'struct' as const, ...type })),
    ...reference.enums.map((type) => ({ kind: 'enum' as const, ...type })),
  ];
}

/** Reads the library that jsii compiled in a folder. */
export async function readLibrary(folder: string): Promise<Library> {
  const documentation = await Documentation.forProject(folder);
  const { content } = await documentation.toJson({ language: Language.TYPESCRIPT, allSubmodules: true });
  await documentation.cleanup();
  if (content.apiReference === undefined) throw new Error('the assembly has no types; compile it: npm run compile');
  const { types } = JSON.parse(readFileSync(`${folder}/.jsii`, 'utf8')) as { types: Library['declared'] };
  return {
    types: new Map(typesOf(content.apiReference, types).map((type) => [type.id, type])),
    declared: types,
  };
}
