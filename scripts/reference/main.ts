/**
 * Writes docs/reference from the compiled library; with `--check`, fails if a page is not what would be written.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { readLibrary } from './library';
import { Markdown } from './markdown';

const ROOT = join(__dirname, '../..');
const FOLDER = join(ROOT, 'docs/reference');

/** Returns the names of files that differ from the generated pages, or that are missing or superfluous. */
function differences(pages: ReadonlyMap<string, string>): string[] {
  const present = existsSync(FOLDER) ? readdirSync(FOLDER) : [];
  return [...new Set([...present, ...pages.keys()])].filter(
    (file) => !present.includes(file) || readFileSync(join(FOLDER, file), 'utf8') !== pages.get(file),
  );
}

async function main(check: boolean): Promise<void> {
  const pages = new Markdown(await readLibrary(ROOT)).render();
  const changed = differences(pages);
  if (check && changed.length > 0) {
    throw new Error(`docs/reference is not up to date: ${changed.join(', ')}; run npm run compile`);
  }
  mkdirSync(FOLDER, { recursive: true });
  for (const file of changed) {
    const text = pages.get(file);
    if (text === undefined) rmSync(join(FOLDER, file));
    else writeFileSync(join(FOLDER, file), text);
  }
}

main(process.argv.includes('--check')).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
