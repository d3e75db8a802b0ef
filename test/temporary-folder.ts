import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { basename, isAbsolute, join } from 'path';

export const PREFIX = 'cdk8s-procdump-test-';

/** Jest loads setup and teardown as separate modules of one process: the global object is all that they share. */
const MADE = Symbol.for('cdk8s-procdump.test.TemporaryFolder');

interface Made {
  readonly folder: string;
  readonly previous: string | undefined;
}

const shared = globalThis as unknown as { [MADE]?: Made };

/** Gathers what tests, cdk8s and Helm leave in the temporary directory in one folder. */
export default function makeTemporaryFolder(): void {
  if (shared[MADE]) return;
  const previous = process.env.TMPDIR;
  const folder = mkdtempSync(join(previous ?? tmpdir(), PREFIX));
  shared[MADE] = { folder, previous };
  process.env.TMPDIR = folder;
}

/**
 * Removes the folder that the setup made. Jest can run a teardown twice (`--bail` exits while output is not drained),
 * so the folder is forgotten before it is removed, and `tmpdir()` is never asked for it.
 */
export function removeTemporaryFolder(): void {
  const made = shared[MADE];
  if (!made) return;
  delete shared[MADE];
  if (made.previous === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = made.previous;
  if (isAbsolute(made.folder) && basename(made.folder).startsWith(PREFIX)) {
    rmSync(made.folder, { recursive: true, force: true });
  }
}
