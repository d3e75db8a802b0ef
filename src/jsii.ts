/*
 * The types that jsii compiles for the other languages, in which the Azure half is a submodule. TypeScript does not use
 * this file: `exports` and `typesVersions` of package.json select index.d.ts or azure/index.d.ts, so that the package
 * works in projects without cdktf.
 */
export * from '.';
export * as azure from './azure';
