import { spawnSync } from 'child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';

/*
 * usage: release.ts WORK, where WORK/repository is a clone with its dependencies. Reads the workflows with GitHub's
 * parser. Then makes a release in the clone, and runs the jobs of the workflow `release` in its order. Programs that
 * publish are replaced by ones that write down their arguments. Actions are not run: what they need is checked.
 */

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: { readonly [name: string]: unknown };
  readonly env?: { readonly [name: string]: string };
}

interface Workflow {
  readonly jobs: { readonly [name: string]: { readonly steps: Step[] } };
}

/** Outputs of the steps of one job, by their ids. */
type Outputs = { [step: string]: { [name: string]: string } };

const TAG = 'v999.0.1';
const VERSION = TAG.slice(1);
const [work] = process.argv.slice(2);
const repository = join(work, 'repository');
const artifacts = join(work, 'artifacts');
const programs = join(work, 'programs');
const calls = join(work, 'calls');

/** Commands that GitHub runs or that run elsewhere. The values are the reasons. */
const NOT_RUN: { readonly [command: string]: string } = {
  '.ci/run': 'this proof is part of it',
  'npm ci': 'the clone has its dependencies',
};

function fail(message: string): never {
  console.error(`FAILED: ${message}`);
  process.exit(1);
}

function expect(condition: boolean, message: string): void {
  if (!condition) fail(message);
}

/** Runs a command as the runner does. */
function bash(command: string, folder: string, env: NodeJS.ProcessEnv = {}): { code: number; output: string } {
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', command], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...env, PATH: `${programs}:${process.env.PATH}` },
    maxBuffer: 2 ** 26,
  });
  return { code: status ?? 1, output: `${stdout}${stderr}` };
}

function succeed(command: string, folder: string, env?: NodeJS.ProcessEnv): void {
  const { code, output } = bash(command, folder, env);
  expect(code === 0, `${command} ended with ${code}:\n${output.slice(-4000)}`);
}

/** Installs a program that records its arguments instead of publishing. */
function replaceProgram(name: string, text: string): void {
  const file = join(programs, name);
  writeFileSync(file, `#!/usr/bin/env bash\n${text}\n`);
  chmodSync(file, 0o755);
}

/** Replaces `${{ … }}` by its value. An output that no earlier step has is an error. */
function evaluated(text: string, outputs: Outputs): string {
  return text.replace(/\$\{\{ ([\w.]+) \}\}/g, (expression, path: string) => {
    const [context, step, , name] = path.split('.');
    if (context !== 'steps') return `<${path}>`;
    return outputs[step]?.[name] ?? fail(`${expression}: no step has this output`);
  });
}

/** Does what an action does, and checks what it needs. */
function act({ id, uses, with: given = {} }: Step, folder: string, outputs: Outputs): void {
  const [action] = uses!.split('@');
  if (action === 'actions/upload-artifact') {
    succeed(`cp ${given.path as string} ${artifacts}/`, folder);
  } else if (action === 'actions/download-artifact') {
    succeed(`cp ${artifacts}/* .`, folder);
  } else if (action === 'docker/build-push-action') {
    const tags = evaluated(given.tags as string, outputs);
    expect(tags === `ghcr.io/contoso/procdump:3.5.2-${VERSION}`, `the image is tagged ${tags}`);
    const agent = join(work, 'agent');
    succeed(`test/agent/build ${agent}`, repository);
    expect(readFileSync(agent).includes(VERSION), `the agent of the image does not have the version ${VERSION}`);
    outputs[id!] = { digest: 'sha256:0123' };
  }
}

function runJob(job: string, steps: Step[], folder: string): void {
  const outputs: Outputs = {};
  for (const step of steps) {
    const { run, id = 'none' } = step;
    if (run === undefined) {
      act(step, folder, outputs);
      continue;
    }
    if (NOT_RUN[run]) {
      console.log(`not run: ${job}: ${run} (${NOT_RUN[run]})`);
      continue;
    }
    const outputFile = join(work, 'output');
    writeFileSync(outputFile, '');
    const env = Object.entries(step.env ?? {}).map(([name, value]) => [name, evaluated(value, outputs)]);
    succeed(run, folder, {
      ...Object.fromEntries(env),
      GITHUB_OUTPUT: outputFile,
      GITHUB_REF_NAME: TAG,
      GITHUB_REPOSITORY_OWNER: 'Contoso',
    });
    outputs[id] = Object.fromEntries(
      readFileSync(outputFile, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split(/=(.*)/s)),
    ) as { [name: string]: string };
    console.log(`ok: ${job}: ${step.name ?? run.split('\n')[0]}`);
  }
}

/** Checks a workflow with GitHub's language service, which finds unknown fields, jobs, contexts and outputs. */
async function readWorkflows(): Promise<void> {
  const { validate } = await import('@actions/languageservice/validate');
  const { TextDocument } = await import('vscode-languageserver-textdocument');
  const problemsIn = async (name: string, text: string): Promise<string[]> =>
    (await validate(TextDocument.create(`file:///${name}`, 'yaml', 1, text))).map(({ message }) =>
      typeof message === 'string' ? message : message.value,
    );
  const folder = join(repository, '.github/workflows');
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), 'utf8');
    const problems = await problemsIn(name, text);
    expect(problems.length === 0, `${name}: ${problems.join('; ')}`);
    const broken = await problemsIn(`broken-${name}`, text.replace('runs-on', 'run-on'));
    expect(broken.length > 0, `${name}: a misspelled field is not found`);
    console.log(`ok: GitHub's parser accepts ${name}`);
  }
}

/** Makes the changes that CONTRIBUTING requires before a release. */
function tagRelease(changelogStep: Step): void {
  const env = { GITHUB_REF_NAME: TAG };
  expect(bash(changelogStep.run!, repository, env).code !== 0, 'a tag without a section in the changelog passes');
  const changelog = join(repository, 'CHANGELOG.md');
  writeFileSync(
    changelog,
    readFileSync(changelog, 'utf8').replace('## [Unreleased]', `## [Unreleased]\n\n## [${VERSION}] - 2026-12-01`),
  );
  const author = '-c user.name=release -c user.email=release@example.com';
  succeed(`git ${author} commit --quiet --all --message release && git tag ${TAG}`, repository);
}

async function main(): Promise<void> {
  await readWorkflows();
  for (const folder of [artifacts, programs, join(work, 'empty')]) mkdirSync(folder);
  const { jobs } = parse(readFileSync(join(repository, '.github/workflows/release.yml'), 'utf8')) as Workflow;
  tagRelease(jobs.prove.steps.find(({ name }) => name === 'The changelog has the version')!);

  const npm = spawnSync('which', ['npm'], { encoding: 'utf8' }).stdout.trim();
  replaceProgram('npm', `if [ "$1" = publish ]; then set -- "$@" --dry-run; fi\nexec ${npm} "$@"`);
  for (const name of ['gh', 'cosign']) replaceProgram(name, `echo "${name} $*" >> ${calls}`);

  runJob('prove', jobs.prove.steps, repository);
  runJob('package', jobs.package.steps, repository);
  const [tarball] = readdirSync(artifacts);
  expect(tarball === `cdk8s-procdump@${VERSION}.jsii.tgz`, `the tarball is ${tarball}`);
  const readme = bash(`tar -xOzf ${tarball} package/README.md`, artifacts).output;
  const packed = bash(`tar -xOzf ${tarball} package/image/agent/internal/manifest/VERSION`, artifacts).output;
  expect(packed.trim() === VERSION, `the agent of the package has the version ${packed}`);
  expect(!/\]\((?!https:|#)/.test(readme), 'the README of the package has a relative link');
  // They run in empty folders, because these jobs do not check out the repository.
  runJob('npm', jobs.npm.steps, join(work, 'empty'));
  succeed('git reset --quiet --hard', repository);
  runJob('image', jobs.image.steps, repository);
  runJob('release', jobs.release.steps, join(work, 'empty'));
  const expected = [
    `cosign sign --yes ghcr.io/contoso/procdump@sha256:0123`,
    `gh release create ${TAG} --verify-tag --generate-notes ./${tarball}`,
  ];
  const made = readFileSync(calls, 'utf8').trim().split('\n');
  expect(made.join() === expected.join(), `published with ${made.join('; ')}, expected ${expected.join('; ')}`);
  console.log('not run: languages (needs the tools of each language; test/e2e/languages generates the packages)');
}

void main();
