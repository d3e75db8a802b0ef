import { ApiObject, App } from 'cdk8s';

/*
 * Private fields of cdk8s, for two optimizations that the benchmarks need. If cdk8s changes them, a test fails, these
 * functions return false, and weaving is slower but correct.
 */

/** An app without custom resolvers has three: for Lazy, for tokens, and for unions of number and string. */
const BUILT_IN_RESOLVERS = 3;

/** Returns whether only the built-in resolvers of cdk8s run; they leave plain JSON unchanged. */
export function hasBuiltInResolversOnly(object: ApiObject): boolean {
  const { resolvers } = App.of(object) as unknown as { resolvers?: unknown[] };
  return resolvers?.length === BUILT_IN_RESOLVERS;
}

/** Returns whether the object has no JSON patch, which could change any field at rendering. */
export function hasNoPatch(object: ApiObject): boolean {
  const { patches } = object as unknown as { patches?: unknown[] };
  return patches?.length === 0;
}
