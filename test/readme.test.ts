import { readFileSync } from 'fs';
import { dirname, join } from 'path';
import * as ts from 'typescript';
import { HELPER_NAMES } from '../src/sidecar/helper-containers';
import { INFERENCES } from '../src/sidecar/rules/findings';
import { WORKLOAD_KINDS } from '../src/weave/workload-kinds';

const ROOT = join(__dirname, '..');
const PREAMBLE = `
import { ApiObject, Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  AzureFilesAccess, AzureFilesDumpStore, AzureFilesSku, ClaimDumpStore, DotnetDiagnosticsTmp, DumpDelivery,
  PodSecurityLevel, ProcDumpSidecar, ProcDumpTarget, ProcDumpTrigger, TargetAccess, UnsuitableWorkloads,
} from 'cdk8s-procdump';
declare const chart: Chart, web: kplus.Deployment, fleet: ApiObject;
`;

function snippets(document: string): string[] {
  return [...readFileSync(join(ROOT, document), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
}

/** Errors of the compiler in a program made of these sources, in files beside the README that exist in memory only. */
function compile(sources: string[]): string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (file) => readFileSync(file, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: ['README.md'] }, ts.sys, ROOT);
  const files = new Map(sources.map((source, i) => [join(ROOT, `snippet-${i + 1}.ts`), source]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (file, target, ...rest) => {
    const source = files.get(file);
    return source === undefined ? getSourceFile(file, target, ...rest) : ts.createSourceFile(file, source, target);
  };
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => files.get(file) ?? readFile(file);
  const program = ts.createProgram([...files.keys()], { ...options, noUnusedLocals: false }, host);
  return [...files.keys()]
    .flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)))
    .map(({ file, messageText }) => {
      const name = file?.fileName.slice(dirname(ROOT).length);
      return `${name}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
}

const DECLARED = 'declare const procdump: ProcDumpSidecar;\n';

test('the snippets of README.md and of the pages compile', () => {
  const sources = ['README.md', ...['workloads', 'triggers', 'stores'].map((page) => `docs/${page}.md`)]
    .flatMap(snippets)
    .map((code) => (code.includes('const procdump') ? code : `${DECLARED}${code}`))
    .map((code) => (code.includes('import ') ? code.replace(DECLARED, '') : PREAMBLE + code));

  expect(sources.length).toBeGreaterThanOrEqual(12);
  expect(compile(sources)).toEqual([]);
}, 60_000);

test('a snippet that does not compile is found', () => {
  expect(compile(['const n: number = "text"; export { n };'])).toEqual([
    expect.stringContaining("Type 'string' is not assignable to type 'number'"),
  ]);
}, 60_000);

describe('docs/workloads.md', () => {
  const text = readFileSync(join(ROOT, 'docs/workloads.md'), 'utf8');

  test.each(WORKLOAD_KINDS.map(({ group, kind }) => [kind, group]))('names %s of %s', (kind, group) => {
    const heading = ['core', 'apps', 'batch'].includes(group) ? '| Kubernetes |' : `| \`${group}\` |`;
    const rows = text.slice(text.indexOf(heading)).split('\n');
    const end = rows.findIndex((row, index) => index > 0 && !row.startsWith('| |'));

    expect(rows.slice(0, end).join('\n')).toMatch(new RegExp(`\\b${kind}\\b`));
  });

  test('says what each id means', () => {
    const rows = [...text.matchAll(/^\| `(PD\d+)` \| (.*?) \|/gm)].map(([, id, meaning]) => [
      id,
      meaning.toLowerCase(),
    ]);
    const meanings = Object.entries(INFERENCES).map(([id, meaning]) => [id, meaning.toLowerCase()]);

    expect(rows).toEqual(meanings);
  });

  test.each(HELPER_NAMES)('names the helper %s', (name) => expect(text).toContain(`\`${name}\``));
});
