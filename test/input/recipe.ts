/** How a public struct is used, and a value of it that is accepted. */
export interface StructRecipe {
  readonly valid: () => object;
  readonly use: (value: never) => unknown;
}

/** How a constructor, factory or method is called after `scope` and `id`, and arguments that are accepted. */
export interface CallRecipe {
  readonly valid: () => unknown[];
  readonly call: (...args: never[]) => unknown;
}

export const GUID = '11111111-2222-3333-4444-555555555555';
