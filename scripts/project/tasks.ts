import type { Project } from 'projen';
import { PROSE } from './prose';

/**
 * Adds the tasks of the repository to those of projen.
 * @param jsii the options of the compiler
 */
export function addTasks(project: Project, jsii: string): void {
  project.addTask('synth', {
    description: 'Synthesize the weather example to dist/k8s/',
    exec: 'cdk8s synth',
    env: { CDK8S_CHECK_UPGRADE: 'false' }, // the notice of a new version needs a network
  });
  project.addTask('synth:azure', {
    description: 'Synthesize both halves of the Azure example, to cdktf.out/ and dist/azure/',
    exec: 'tsx examples/azure-stack/main.ts',
  });
  project.addTask('bench', {
    description: 'Measure what the library costs its users, and write bench/RESULTS.md',
    steps: [{ spawn: 'compile' }, { exec: 'bash bench/run' }],
  });
  project.addTask('test:deep', {
    description: 'Property tests with 10,000 pods instead of 300',
    env: { PROPERTY_RUNS: '10000' },
    exec: 'jest --ci --testTimeout 3600000 test/properties test/valid-kubernetes test/mixed-trees',
  });
  project.addTask('e2e:campaign', {
    description: 'Kill the agent 200 times and have it publish 2,000 dumps; takes a quarter of an hour',
    exec: 'bash test/agent/campaign',
  });
  project.tasks.removeTask('compat');
  project.addTask('compat', {
    description: 'Compare the public API with that of the last tag',
    exec: 'bash scripts/compat',
    receiveArgs: true,
  });
  project.addTask('e2e', {
    description: 'Prove the package, the agent and the manifests on real parts; installs what it needs',
    exec: 'bash test/e2e/run',
  });
  project.addTask('docs:check', {
    description: 'Check the documentation: reference up to date, snippets, links, spelling, prose; needs no network',
    steps: [
      { exec: `jsii ${jsii}` },
      { exec: 'tsx scripts/reference/main.ts --check' },
      { exec: 'jest --ci test/docs-links test/readme' },
      { exec: 'cspell lint --no-progress --no-summary' },
      { exec: `textlint ${PROSE.map((pages) => `'${pages}'`).join(' ')}` },
    ],
  });
  project.addTask('lint', {
    description: 'Lint without fixing: rules of the code, and imports between folders (.dependency-cruiser.cjs)',
    steps: [
      { exec: 'eslint --ext .ts src test bench examples scripts .projenrc.ts' },
      { exec: 'depcruise --config .dependency-cruiser.cjs src' },
    ],
    // the configuration that projen writes has the older format
    env: { ESLINT_USE_FLAT_CONFIG: 'false', NODE_NO_WARNINGS: '1' },
  });
}
