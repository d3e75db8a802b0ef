/** Imports between the folders of src/ run in one direction. Each folder may import itself and what is listed. */
const MAY_IMPORT = {
  'kubernetes': [],
  'input': ['kubernetes'],
  'weave': ['kubernetes', 'input'],
  'capture': ['kubernetes', 'input'],
  'stores': ['kubernetes', 'input', 'weave'],
  'stores/azure-files': ['kubernetes', 'input', 'weave', 'capture', 'stores'],
  'sidecar': ['kubernetes', 'input', 'weave', 'capture', 'stores', 'sidecar/rules'],
  'sidecar/rules': ['kubernetes', 'input', 'weave', 'capture', 'stores'],
  'azure': ['kubernetes', 'input', 'stores/azure-files'],
};

const directions = Object.entries(MAY_IMPORT).map(([folder, others]) => ({
  name: `imports of ${folder}`,
  comment: `src/${folder}/ may import ${[folder, ...others].join(', ')} only`,
  severity: 'error',
  from: { path: `^src/${folder}/[^/]+$` },
  to: { path: '^src/', pathNot: [folder, ...others].map((name) => `^src/${name}/[^/]+$`) },
}));

module.exports = {
  forbidden: [
    ...directions,
    {
      name: 'no circle',
      comment: 'type imports count: a circle of types is one of ideas',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'the Azure half is loaded on demand',
      comment: 'cdktf is optional; only the types that jsii compiles may name it',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/azure/', '^src/jsii\\.ts$'] },
      to: { path: '^src/azure/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
