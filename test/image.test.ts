import { execFileSync } from 'child_process';
import { readFileSync, statSync } from 'fs';
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

test.each(['procdump-agent', 'publisher', 'dump', 'dumps', 'status', 'gcore'])(
  '%s can be executed and is copied below /opt/procdump',
  (file) => {
    expect(statSync(join(IMAGE, file)).mode.toString(8).slice(-3)).toBe('755');
    expect(dockerfile).toContain('/opt/procdump');
  },
);
