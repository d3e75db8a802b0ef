/**
 * Makes the links of README.md absolute, to the files of a release: `tsx scripts/release/readme.ts v1.2.3`. The page of
 * npm resolves relative links; those of PyPI and NuGet do not. Links of an old version lead to the pages of that
 * version.
 */
import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';

/** Replaces the targets of relative links and images. */
export function absoluteLinks(markdown: string, repository: string, ref: string): string {
  return markdown
    .replace(/(!\[[^\]]*\]\()(?!\w+:)([^)\s]+)/g, `$1${repository}/raw/${ref}/$2`)
    .replace(/(\]\()(?!\w+:|#)([^)\s]+)/g, `$1${repository}/blob/${ref}/$2`);
}

if (require.main === module) {
  const root = join(__dirname, '../..');
  const readme = join(root, 'README.md');
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    repository: { url: string };
  };
  writeFileSync(
    readme,
    absoluteLinks(readFileSync(readme, 'utf8'), repository.url.replace(/\.git$/, ''), process.argv[2]),
  );
}
