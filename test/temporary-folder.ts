import { mkdtempSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

/** What tests leave behind, and cdk8s and Helm on their behalf, is in one folder. */
export default function makeTemporaryFolder(): void {
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'cdk8s-procdump-test-'));
}
