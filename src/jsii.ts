/*
 * The types that jsii compiles for the other languages, which see the Azure half as a submodule. Nobody else sees this
 * file: by `exports` and `typesVersions` of package.json TypeScript gets index.d.ts or azure/index.d.ts, so that the
 * package works in projects that have no cdktf.
 */
export * from '.';
export * as azure from './azure';
