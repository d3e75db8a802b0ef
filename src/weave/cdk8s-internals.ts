import { ApiObject, App } from 'cdk8s';

/*
 * Fields of cdk8s that are not public, for two short cuts that the benches need. A test fails when cdk8s changes them;
 * then these answer no, and weaving is slower and right.
 */

/** An app without custom resolvers has three: for Lazy, for tokens, and for unions of number and string. */
const BUILT_IN_RESOLVERS = 3;

/** Whether only cdk8s's own resolvers run; they leave plain JSON unchanged. */
export function hasBuiltInResolversOnly(object: ApiObject): boolean {
  const { resolvers } = App.of(object) as unknown as { resolvers?: unknown[] };
  return resolvers?.length === BUILT_IN_RESOLVERS;
}

/** Whether the object has no JSON patch. A patch can change any field at rendering. */
export function hasNoPatch(object: ApiObject): boolean {
  const { patches } = object as unknown as { patches?: unknown[] };
  return patches?.length === 0;
}
