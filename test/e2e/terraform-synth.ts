import { mkdirSync, renameSync } from 'fs';
import { join } from 'path';
import { App } from 'cdktf';
import { stacks } from '../azure/stacks';

/* usage: terraform-synth.ts FOLDER: writes FOLDER/STACK/cdk.tf.json for every stack, each synthesized in an app of its own. */

const [folder] = process.argv.slice(2);

for (const [name, define] of Object.entries(stacks)) {
  const app = new App({ outdir: join(folder, '..', 'synth', name) });
  const { node } = define(app);
  app.synth();
  mkdirSync(join(folder, name), { recursive: true });
  renameSync(join(app.outdir, 'stacks', node.id, 'cdk.tf.json'), join(folder, name, 'cdk.tf.json'));
}
