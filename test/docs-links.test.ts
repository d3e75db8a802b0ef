import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { dirname, join, relative } from 'path';

const ROOT = join(__dirname, '..');
const PAGES = [
  ...readdirSync(ROOT).filter((file) => file.endsWith('.md') && file !== 'API.md'),
  ...readdirSync(join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8');
const proseOf = (page: string) => textOf(page).replace(/^```[\s\S]*?^```$/gm, '');
const linksOf = (page: string) => [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);

/** Anchors as GitHub makes them of headings. */
function anchorsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replace(/ /g, '-'),
  );
}

test.each(PAGES)('%s links to files and headings that exist', (page) => {
  const broken = linksOf(page).filter((target) => {
    if (/^https?:/.test(target)) return false;
    const [path, anchor] = target.split('#');
    const file = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
    if (!existsSync(join(ROOT, file))) return true;
    return anchor !== undefined && !(statSync(join(ROOT, file)).isFile() && anchorsOf(file).includes(anchor));
  });

  expect(broken).toEqual([]);
});

test('every page of docs is linked from the README', () => {
  const linked = linksOf('README.md').map((target) => target.split('#')[0]);

  expect(PAGES.filter((page) => page.startsWith('docs/') && !linked.includes(page))).toEqual([]);
});

test('the README is a landing page, not a manual', () => {
  expect(textOf('README.md').trim().split(/\s+/).length).toBeLessThan(1200);
});
