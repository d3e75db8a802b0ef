import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

const ROOT = join(__dirname, '..');
const WORDS = readFileSync(join(ROOT, 'docs/words.txt'), 'utf8').trim().split('\n');
const PAGES = ['', '.github', '.github/ISSUE_TEMPLATE', 'docs', 'docs/reference', 'image']
  .concat(readdirSync(join(ROOT, 'examples')).map((example) => `examples/${example}`))
  .flatMap((folder) => readdirSync(join(ROOT, folder)).map((file) => join(ROOT, folder, file)))
  .filter((file) => file.endsWith('.md'));

test('docs/words.txt is sorted and has each word once', () => {
  expect(WORDS).toEqual([...new Set(WORDS)].sort());
});

test('each word of docs/words.txt is used', () => {
  const text = PAGES.map((file) => readFileSync(file, 'utf8').toLowerCase()).join('\n');

  expect(WORDS.filter((word) => !text.includes(word))).toEqual([]);
});
