import { cdk8s, javascript, JsonFile, typescript, YamlFile } from 'projen';
import { addProseRules } from './scripts/project/prose';
import { addTasks } from './scripts/project/tasks';
import { addWorkflows, AGENT_VERSION } from './scripts/project/workflows';

/** The publisher: the owner of the repository and of the packages in every language. */
const ORGANISATION = 'cdk8s-procdump';
const REPOSITORY = `${ORGANISATION}/cdk8s-procdump`;

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-procdump',
  description:
    'Core dumps for any Kubernetes workload: ProcDump for Linux as a sidecar, dumps on Azure Files, as cdk8s ' +
    'constructs',
  keywords: [
    'cdk8s',
    'kubernetes',
    'procdump',
    'core-dump',
    'dotnet',
    'dotnet-dump',
    'aks',
    'azure',
    'azure-files',
    'cdktf',
    'terraform',
    'sidecar',
    'diagnostics',
  ],
  author: 'The cdk8s-procdump authors',
  authorAddress: `https://github.com/${ORGANISATION}`,
  authorOrganization: true,
  repositoryUrl: `https://github.com/${REPOSITORY}.git`,
  homepage: `https://github.com/${REPOSITORY}#readme`,
  bugsUrl: `https://github.com/${REPOSITORY}/issues`,
  publishToPypi: { distName: 'cdk8s-procdump', module: 'cdk8s_procdump' },
  publishToMaven: {
    javaPackage: `io.github.${ORGANISATION.replace(/-/g, '_')}`,
    mavenGroupId: `io.github.${ORGANISATION}`,
    mavenArtifactId: 'cdk8s-procdump',
  },
  publishToNuget: { dotNetNamespace: 'Cdk8sProcdump', packageId: 'Cdk8sProcdump' },
  publishToGo: { moduleName: `github.com/${ORGANISATION}/cdk8s-procdump-go`, packageName: 'cdk8sprocdump' },
  license: 'Apache-2.0',
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  npmignoreEnabled: false, // `files` below lists what is published
  projenVersion: '0.103.25',
  projenrcTs: true,
  minNodeVersion: '20.0.0',
  typescriptVersion: '5.9.3',
  jsiiVersion: '5.9.54',
  cdk8sVersion: '2.70.0',
  constructsVersion: '10.4.2',
  peerDeps: [
    'cdk8s-plus-28@^2.5.6',
    // Only the Azure half needs these two: see peerDependenciesMeta.
    'cdktf@^0.21.0',
    '@cdktf/provider-azurerm@^14.23.1',
  ],

  // One tsconfig.json for editor, jest and examples; jsii gets its own (see the compile task).
  disableTsconfig: true,
  tsconfigDevFile: 'tsconfig.json',
  tsconfigDev: {
    compilerOptions: {
      target: 'ES2022',
      lib: ['es2022'],
      module: 'node16',
      moduleResolution: javascript.TypeScriptModuleResolution.NODE16,
      types: ['node', 'jest'],
      noEmit: true,
      stripInternal: false,
      paths: { 'cdk8s-procdump': ['./src/index.ts'], 'cdk8s-procdump/azure': ['./src/azure/index.ts'] },
    },
    include: ['.projenrc.ts', 'bench/**/*.ts', 'examples/**/*.ts', 'scripts/**/*.ts'],
  },
  typecheckTests: true,
  runner: typescript.TypeScriptRunner.tsx(),
  projenrcTsOptions: { runner: typescript.TypeScriptRunner.tsx({ tsconfig: 'tsconfig.json' }) },
  integrationTestAutoDiscover: false,
  sampleCode: false,
  docgen: false, // one file for the whole API; scripts/reference writes a page for each construct

  jestOptions: {
    jestVersion: '30.5.2',
    // Only `npm run test:update` writes snapshots, when a user asks for it.
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    passWithNoTests: false,
    junitReporting: false,
    jestConfig: {
      collectCoverage: false,
      maxWorkers: '100%', // jest leaves one core idle, which is half of a small machine
      testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/examples/**/*.test.ts'],
      globalSetup: '<rootDir>/test/temporary-folder.ts',
      globalTeardown: '<rootDir>/test/temporary-folder-removal.ts',
      moduleNameMapper: {
        '^cdk8s-procdump$': '<rootDir>/src/index.ts',
        '^cdk8s-procdump/azure$': '<rootDir>/src/azure/index.ts',
      },
    },
  },
  eslintOptions: { dirs: ['src'], devdirs: ['test', 'bench', 'examples', 'scripts'] },
  prettier: true,
  prettierOptions: {
    settings: { printWidth: 120, singleQuote: true, trailingComma: javascript.TrailingComma.ALL },
    ignoreFile: false,
  },

  github: false,
  depsUpgrade: false,
  buildWorkflow: false,
  release: false,
  pullRequestTemplate: false,
});

// Exact versions of every tool, each with its purpose.
project.addDevDeps(
  '@actions/languageservice@0.3.61', // GitHub's own parser, for the workflows
  '@kusto/language-service-next@12.4.1', // parses the queries of the alerts
  '@stylistic/eslint-plugin@2.8.0', // eslint: length of lines with comments and strings, which prettier ignores
  '@types/jest@30.0.0', // types of jest
  '@types/node@20.19.43', // types of Node 20
  '@typescript-eslint/eslint-plugin@8.73.0', // eslint: TypeScript rules
  '@typescript-eslint/parser@8.73.0', // eslint: TypeScript parser
  'ajv@8.20.0', // checks plans against the schema of the contract
  'bats@1.13.0', // specification of the agent
  ...['29@2.6.0', '30@2.4.10', '31@2.6.43', '32@2.5.92', '33@2.5.57', '34@2.0.54'].map(
    (version) => `cdk8s-plus-${version}`,
  ), // matrix of all versions
  'cdk8s-second@npm:cdk8s@2.70.106', // a second copy of cdk8s, as in monorepos
  'cdk8s-cli@2.207.60', // `npm run synth` of the examples
  'cspell@9.8.0', // docs:check: spelling; 10 needs Node 22
  'dependency-cruiser@17.4.3', // lint: no import cycle, type imports included, and one direction between folders
  'dockerfilelint@1.8.0', // lints image/Dockerfile
  'eslint@9.39.5', // linter
  'eslint-config-prettier@10.1.8', // eslint: leaves the layout to prettier
  'eslint-import-resolver-typescript@4.4.5', // eslint: module resolution
  'eslint-plugin-import@2.32.0', // eslint: import order, no undeclared dependencies
  'eslint-plugin-prettier@5.5.7', // eslint: reports differences from prettier's layout
  'fast-check@4.10.2', // property tests
  'jsii-diff@1.134.0', // API compatibility between releases
  'jsii-docgen@10.12.6', // reads the types for docs/reference
  'jsii-pacmak@1.140.0', // packages for npm and the other languages
  'kubernetes-models@5.1.0', // validates woven pods against the types of Kubernetes
  'prettier@3.10.1', // layout of the code
  'ts-jest@29.4.15', // TypeScript in jest
  'textlint@15.8.0', // docs:check: prose
  'textlint-rule-sentence-length@5.2.1', // one idea a sentence
  'textlint-rule-stop-words@5.2.0', // no filler words
  'textlint-rule-terminology@5.2.16', // names as their owners write them, and the words of the field
  'tsx@4.23.15', // runs .projenrc.ts, the examples and the benches
  'vscode-languageserver-textdocument@1.0.16', // the parser's input
  'yaml@2.9.1', // reads manifests in tests
);
// 1.13.0 has optional bindings that not every registry has, which makes the lock file incomplete for `npm ci`.
project.package.addPackageResolutions('unrs-resolver@1.12.2');

// The root works, including its types, without cdktf and the provider. jsii's entry names both, so only jsii uses it:
// typesVersions tells TypeScript's old module resolution (node10) what `exports` tells all others.
project.package.addField('peerDependenciesMeta', {
  cdktf: { optional: true },
  '@cdktf/provider-azurerm': { optional: true },
});
project.package.addField('types', 'lib/jsii.d.ts'); // see src/jsii.ts
project.package.addField('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  './azure': { types: './lib/azure/index.d.ts', default: './lib/azure/index.js' },
  './package.json': './package.json',
  './.jsii': './.jsii',
});
project.package.addField('typesVersions', {
  '*': { 'lib/jsii.d.ts': ['lib/index.d.ts'], azure: ['lib/azure/index.d.ts'] },
});
// Only what users need; npm adds README.md, LICENSE and package.json. test/e2e/consumer lists each file.
project.package.addField('files', [
  '.jsii',
  'CHANGELOG.md',
  'image',
  '!image/**/*.md',
  '!image/**/*_test.go',
  'lib/**/*.js',
  'lib/**/*.d.ts',
]);
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');

// Tests do not depend on lint, and must not run a linter that fixes files: `npm run lint` is separate.
project.testTask.removeStep(project.testTask.steps.findIndex((step) => step.spawn === 'eslint'));
// jsii's own configuration without source maps: they were a third of the package, and the JavaScript is as readable as
// the source.
new JsonFile(project, 'tsconfig.jsii.json', {
  obj: {
    compilerOptions: {
      outDir: 'lib',
      rootDir: 'src',
      tsBuildInfoFile: 'lib/tsconfig.tsbuildinfo',
      incremental: true,
      composite: false,
      target: 'es2020',
      lib: ['es2020'],
      module: 'commonjs',
      declaration: true,
      declarationMap: false,
      stripInternal: false,
      strict: true,
      strictNullChecks: true,
      strictPropertyInitialization: true,
      alwaysStrict: true,
      noEmitOnError: true,
      noFallthroughCasesInSwitch: true,
      noImplicitAny: true,
      noImplicitReturns: true,
      noImplicitThis: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      resolveJsonModule: true,
      skipLibCheck: true,
    },
    include: ['src/**/*.ts'],
    exclude: ['node_modules'],
  },
});
const jsii = '--silence-warnings=reserved-word --tsconfig=tsconfig.jsii.json --validate-tsconfig=generated';
project.compileTask.reset(`jsii ${jsii}`);
project.postCompileTask.reset();
// The reference is always generated from the compiled library.
project.compileTask.spawn(
  project.addTask('docgen', {
    description: 'Write docs/reference from the compiled library',
    exec: 'tsx scripts/reference/main.ts',
  }),
);
project.gitattributes.addAttributes('/docs/reference/**', 'linguist-generated');
project.compileTask.exec(`node -p "require('./package.json').version" > ${AGENT_VERSION}`);
for (const language of ['js', 'java', 'python', 'dotnet', 'go']) {
  // Without the option, pacmak writes an .npmignore, which `files` of package.json makes superfluous.
  project.tasks.tryFind(`package:${language}`)?.reset(`jsii-pacmak --no-npmignore --verbose --target ${language}`);
}
project.watchTask.reset(`jsii -w ${jsii}`);
project.gitignore.exclude('/.projen.tmp/', 'cdktf.out/');

project.eslint?.addPlugins('@stylistic');
project.eslint?.addRules({
  '@stylistic/max-len': ['error', { code: 120, ignoreUrls: true, ignoreRegExpLiterals: true }],
});
// .projenrc.ts is part of tsconfig.json.
project.tryFindObjectFile('.eslintrc.json')?.addDeletionOverride('parserOptions.projectService.allowDefaultProject');
project.gitignore.include('/tsconfig.json');
project.tryRemoveFile('projenrc/tsconfig.json'); // there is no folder of projen components

addProseRules(project);
addTasks(project, jsii);
addWorkflows(project, REPOSITORY);

new YamlFile(project, 'cdk8s.yaml', {
  obj: {
    language: 'typescript',
    app: 'npx tsx examples/weather-api/main.ts',
    output: 'dist/k8s',
  },
});
project.synth();
