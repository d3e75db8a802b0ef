import { JsonFile, type Project } from 'projen';

/** All pages for readers except docs/reference, which is generated. */
export const PROSE = ['*.md', '.github/**/*.md', 'docs/*.md', 'examples/*/README.md', 'image/*.md'];

/** Names as their owners write them, and private words; each pattern with its replacement. */
const TERMS = [
  'AKS',
  'cdk8s',
  'CDKTF',
  'CDK Terrain',
  'Docker',
  'GitHub',
  'Helm',
  'JavaScript',
  'Kubernetes',
  'Microsoft Entra',
  'npm',
  'OpenShift',
  'ProcDump',
  'StorageClass',
  'Terraform',
  'TypeScript',
  ['(?<!-)anew', 'again'],
  ['is told (?:of|about)', 'gets'],
  ['hears? of', 'sees'],
  ['the one of', 'that of'],
  ['is not (?:its|their) business', 'does not apply to'],
  ['stands? (?:in|at|where)', 'is in'],
  ['whoever', 'everybody who'],
  ['utilize[sd]?', 'use'],
  ['leverage[sd]?', 'use'],
  ['in order to', 'to'],
  ['(?<=\\S) [—–-] ', ', '],
];

/** Adds the rules of spelling and prose. docs/words.txt contains the names that no dictionary has. */
export function addProseRules(project: Project): void {
  new JsonFile(project, 'cspell.json', {
    obj: {
      version: '0.2',
      language: 'en-US',
      dictionaries: ['typescript', 'node', 'npm', 'docker', 'k8s', 'dotnet', 'softwareTerms', 'project'],
      dictionaryDefinitions: [{ name: 'project', path: 'docs/words.txt', addWords: true }],
      files: [...PROSE, 'docs/reference/*.md'],
    },
  });
  new JsonFile(project, '.textlintrc.json', {
    obj: {
      rules: {
        'sentence-length': { max: 220, skipUrlStringLink: true },
        // Terms of the field: on demand, a share of something, and what Terraform does.
        'stop-words': { exclude: ['on request', 'percentage of', 'provisions'] },
        terminology: { defaultTerms: false, skip: ['Blockquote'], terms: TERMS },
      },
    },
  });
}
