import { execFileSync } from 'child_process';
import { readFileSync } from 'fs';
import { join } from 'path';

const IMAGE = join(__dirname, '..', 'image');
const dockerfile = readFileSync(join(IMAGE, 'Dockerfile'), 'utf8');

test('dockerfilelint has nothing to say', () => {
  const linter = join(__dirname, '..', 'node_modules', 'dockerfilelint', 'bin', 'dockerfilelint');

  const report = execFileSync(process.execPath, [linter, '-o', 'json', join(IMAGE, 'Dockerfile')], {
    encoding: 'utf8',
  });

  expect((JSON.parse(report) as { totalIssues: number }).totalIssues).toBe(0);
});

test('ProcDump is pinned by an argument', () => {
  expect(dockerfile).toMatch(/^ARG PROCDUMP_VERSION=3\.5\.2$/m);
});

test.each(['libelf1', 'libstdc++6', 'zlib1g'])(
  '%s, which the package of ProcDump does not bring, is installed',
  (library) => {
    expect(dockerfile).toContain(library);
  },
);

test('runs as a user with a number, not as root', () => {
  expect(dockerfile.match(/^USER (.*)$/gm)?.at(-1)).toMatch(/^USER [1-9]\d*:[1-9]\d*$/);
});

test('makes the loader readable by root only, on both architectures', () => {
  expect(dockerfile).toMatch(
    /^RUN loader=.*ld-linux-x86-64\.so\.2 .*ld-linux-aarch64\.so\.1\).*chmod 0711 "\$loader"$/m,
  );
});

test('the agent cannot be read by its own user, which makes it a process that cannot be looked into', () => {
  expect(dockerfile).toContain('COPY --from=agent --chmod=0711 /out/procdump-agent /opt/procdump/bin/');
});

test('the agent is built without libraries', () => {
  expect(dockerfile).toMatch(/^RUN cd \/src && CGO_ENABLED=0 .*go build/m);
});

test.each(['dump', 'dumps', 'status'])('%s is a name of the agent', (name) => {
  expect(/for name in (.*); do ln -s/.exec(dockerfile)![1].split(' ')).toContain(name);
});

test('a file called gcore is there, without which ProcDump does not start', () => {
  expect(dockerfile).toContain(': > gcore');
});
