import { execFileSync, spawnSync } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { isDeepStrictEqual } from 'util';
import { Yaml } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { normalized } from './same-pods';
import { deployment, finishedObjects } from './synth-variants';

/**
 * What weaving adds, as strategic-merge patches. One patch for all is the shortest form that users write, but then all
 * workloads have one folder in the store and one image in their dumps' manifests. The same pods as woven need a patch
 * for each workload.
 */
export enum Patches {
  ONE_FOR_ALL = 'kubectl kustomize, one patch for all',
  ONE_FOR_EACH = 'kubectl kustomize, the same pods',
}

export function isKubectlThere(): boolean {
  return spawnSync('kubectl', ['version', '--client']).status === 0;
}

/** Returns the manifest that kustomize creates for this many Deployments, and the time it takes. */
export function kustomize(count: number, patches: Patches): { milliseconds: number; manifest: string } {
  const folder = mkdtempSync(join(tmpdir(), 'kustomize-'));
  const names = Array.from({ length: count }, (_, i) => `app-${i}`);
  const finished = finishedObjects(patches === Patches.ONE_FOR_ALL ? 1 : count) as { spec: object }[];
  const target = patches === Patches.ONE_FOR_ALL ? { target: { kind: 'Deployment' } } : {};
  writeFileSync(join(folder, 'input.yaml'), Yaml.stringify(...names.map(deployment)));
  writeFileSync(
    join(folder, 'patch.yaml'),
    Yaml.stringify(
      ...finished.map(({ spec }, i) => ({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: names[i] },
        spec: templateOf(spec),
      })),
    ),
  );
  writeFileSync(
    join(folder, 'kustomization.yaml'),
    Yaml.stringify({ resources: ['input.yaml'], patches: [{ path: 'patch.yaml', ...target }] }),
  );
  const start = process.hrtime.bigint();
  const manifest = execFileSync('kubectl', ['kustomize', folder], { maxBuffer: 2 ** 30, encoding: 'utf8' });
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  rmSync(folder, { recursive: true });
  return { milliseconds, manifest };
}

/** @throws if it creates other pods than weaving, because then the comparison is invalid */
export function checkSamePods(): void {
  const { manifest } = kustomize(3, Patches.ONE_FOR_EACH);
  const documents = parseAllDocuments(manifest).map((document) => document.toJSON() as object);
  if (!isDeepStrictEqual(normalized(documents), normalized(finishedObjects(3)))) {
    throw new Error(`kustomize makes other pods than weaving:\n${manifest}`);
  }
}

/** Returns the pod template and its annotations without the image, which each Deployment keeps. */
function templateOf(spec: object): object {
  interface Template {
    metadata?: { annotations?: object };
    spec: { containers: { name: string; image?: string }[] };
  }
  const { template } = JSON.parse(JSON.stringify(spec)) as { template: Template };
  template.metadata = { annotations: template.metadata?.annotations };
  delete template.spec.containers.find(({ name }) => name === 'web')!.image;
  return { template };
}
