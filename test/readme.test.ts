import { readFileSync } from 'fs';
import { dirname, join } from 'path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '..');
const PREAMBLE = `
import { ApiObject, Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  AzureFilesAccess, AzureFilesDumpStore, AzureFilesSku, DotnetDiagnosticsTmp, DumpDelivery, PodSecurityLevel,
  ProcDumpSidecar, ProcDumpTarget, ProcDumpTrigger,
} from 'cdk8s-procdump';
declare const chart: Chart, web: kplus.Deployment, rollout: ApiObject;
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

test('the snippets of the README compile', () => {
  const sources = snippets('README.md').map((code) => (code.includes('import ') ? code : PREAMBLE + code));

  expect(sources.length).toBeGreaterThanOrEqual(5);
  expect(compile(sources)).toEqual([]);
}, 60_000);

test('a snippet that does not compile is found', () => {
  expect(compile(['const n: number = "text"; export { n };'])).toEqual([
    expect.stringContaining("Type 'string' is not assignable to type 'number'"),
  ]);
}, 60_000);
