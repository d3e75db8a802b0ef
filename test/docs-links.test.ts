import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { dirname, join, relative } from 'path';

const ROOT = join(__dirname, '..');
const pagesIn = (folder: string) =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file));
const PAGES = [
  ...['', '.github', 'docs', 'docs/reference', 'image'],
  ...readdirSync(join(ROOT, 'examples')).map((example) => `examples/${example}`),
].flatMap(pagesIn);

const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8');
const proseOf = (page: string) => textOf(page).replace(/^```[\s\S]*?^```$/gm, '');
const linksOf = (page: string) => [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);

/** Anchors as GitHub makes them of headings, and those that a page sets itself. */
function anchorsOf(page: string): string[] {
  const headings = [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replace(/ /g, '-'),
  );
  return [...headings, ...[...proseOf(page).matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id)];
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

test('every page of docs is linked from the README, or from a page that is', () => {
  const pagesOf = (page: string) =>
    linksOf(page).map((target) => relative(ROOT, join(ROOT, dirname(page), target.split('#')[0])));
  const linked = pagesOf('README.md');
  const further = linked.filter((page) => PAGES.includes(page)).flatMap(pagesOf);

  expect(pagesIn('docs').filter((page) => ![...linked, ...further].includes(page))).toEqual([]);
  expect(linked).toContain('docs/reference/README.md');
});

test('the README is a landing page, not a manual', () => {
  expect(textOf('README.md').trim().split(/\s+/).length).toBeLessThan(1200);
});
