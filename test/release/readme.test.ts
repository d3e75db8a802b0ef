import { readFileSync } from 'fs';
import { join } from 'path';
import { absoluteLinks } from '../../scripts/release/readme';

const REPOSITORY = 'https://github.com/owner/name';

test.each([
  ['[a page](docs/a.md#part)', '[a page](https://github.com/owner/name/blob/v1.2.3/docs/a.md#part)'],
  ['![an image](docs/a.svg)', '![an image](https://github.com/owner/name/raw/v1.2.3/docs/a.svg)'],
  [
    '[![a badge](https://a.b/c)](LICENSE)',
    '[![a badge](https://a.b/c)](https://github.com/owner/name/blob/v1.2.3/LICENSE)',
  ],
  ['[elsewhere](https://example.com)', '[elsewhere](https://example.com)'],
  ['[below](#part)', '[below](#part)'],
])('%s becomes %s', (before, after) => {
  expect(absoluteLinks(before, REPOSITORY, 'v1.2.3')).toBe(after);
});

test('the README has no relative link left', () => {
  const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');

  expect(absoluteLinks(readme, REPOSITORY, 'v1.2.3')).not.toMatch(/\]\((?!https:|#)/);
});
