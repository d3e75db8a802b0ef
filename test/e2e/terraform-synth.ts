import { mkdirSync, renameSync } from 'fs';
import { join } from 'path';
import { App } from 'cdktf';
import { stacks } from '../azure/stacks';

/*
 * usage: terraform-synth.ts FOLDER: writes FOLDER/<name of the stack>/cdk.tf.json for every stack, each synthesized in
 * an app of its own.
 */

const [folder] = process.argv.slice(2);

for (const [name, define] of Object.entries(stacks)) {
  const folderOfStack = join(folder, name.replace(/[^A-Za-z]+/g, '-'));
  const app = new App({ outdir: join(folder, '..', 'synth', name) });
  const { node } = define(app);
  app.synth();
  mkdirSync(folderOfStack, { recursive: true });
  renameSync(join(app.outdir, 'stacks', node.id, 'cdk.tf.json'), join(folderOfStack, 'cdk.tf.json'));
}
