import { rmSync } from 'fs';
import { tmpdir } from 'os';
import { dirname } from 'path';

export default function removeTemporaryFolder(): void {
  const folder = tmpdir();
  rmSync(folder, { recursive: true, force: true });
  process.env.TMPDIR = dirname(folder); // for the next run of a watch
}
