import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'fs';
import { basename, dirname, join } from 'path';
import makeTemporaryFolder, { PREFIX } from './temporary-folder';
import removeTemporaryFolder from './temporary-folder-removal';

const TMPDIR = process.env.TMPDIR!;
let parent: string;

beforeEach(() => {
  parent = mkdtempSync(join(TMPDIR, 'parent-'));
  writeFileSync(join(parent, 'of-somebody-else'), '');
  process.env.TMPDIR = parent;
});

afterEach(() => {
  process.env.TMPDIR = TMPDIR;
});

test('makes a folder of its own and removes only that one', () => {
  makeTemporaryFolder();
  const folder = process.env.TMPDIR!;
  expect(dirname(folder)).toBe(parent);
  expect(basename(folder).startsWith(PREFIX)).toBe(true);
  mkdirSync(join(folder, 'left-behind'));

  removeTemporaryFolder();
  expect(existsSync(folder)).toBe(false);
  expect(existsSync(join(parent, 'of-somebody-else'))).toBe(true);
  expect(process.env.TMPDIR).toBe(parent);
});

test('removes nothing more when the teardown runs twice', () => {
  makeTemporaryFolder();
  removeTemporaryFolder();
  removeTemporaryFolder();
  expect(existsSync(join(parent, 'of-somebody-else'))).toBe(true);
  expect(process.env.TMPDIR).toBe(parent);
});

test('removes nothing when no setup ran, or when TMPDIR changed since', () => {
  removeTemporaryFolder();
  expect(existsSync(parent)).toBe(true);

  makeTemporaryFolder();
  process.env.TMPDIR = join(parent, 'elsewhere');
  mkdirSync(process.env.TMPDIR);
  removeTemporaryFolder();
  expect(existsSync(join(parent, 'elsewhere'))).toBe(true);
});
