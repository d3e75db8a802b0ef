import { readFileSync, writeFileSync } from 'fs';
import { parseAllDocuments, stringify } from 'yaml';

/*
 * usage: pod-adapt.ts SYNTHESIZED ADAPTED
 *
 * Two things that podman 4.3 does otherwise than a kubelet: it overlooks `subPath`, so that one volume mounted at several sub-paths
 * would be the same folder everywhere, and it knows an emptyDir by the volume's name alone, so that two pods would share it.
 */
interface Mount { name: string; subPath?: string }
interface Volume { name: string; emptyDir?: object }
interface PodSpec { containers: { volumeMounts?: Mount[] }[]; volumes: Volume[] }

/** Gives each sub-path of the volume a volume of its own, named after the workload; the first keeps the place of the original. */
function split(volume: Volume, index: number, workload: string, { containers, volumes }: PodSpec): void {
  const mounts = containers.flatMap(({ volumeMounts = [] }) => volumeMounts).filter(({ name }) => name === volume.name);
  const nameOf = ({ name, subPath }: Mount) => [workload, name, subPath].filter(Boolean).join('-');
  const copies = [...new Set(mounts.map(nameOf))].map((name) => ({ ...volume, name }));
  mounts.forEach((mount) => mount.name = nameOf(mount));
  volumes.splice(index, 1, copies[0]);
  volumes.push(...copies.slice(1));
}

function adapt(spec: PodSpec, workload: string): void {
  spec.volumes.slice().forEach((volume, index) => volume.emptyDir && split(volume, index, workload, spec));
  spec.containers.flatMap(({ volumeMounts = [] }) => volumeMounts).forEach((mount) => delete mount.subPath);
}

const [synthesized, adapted] = process.argv.slice(2);
const objects = parseAllDocuments(readFileSync(synthesized, 'utf8')).map((document) => document.toJS());
objects.filter(({ kind }) => kind === 'Deployment').forEach(({ metadata, spec }) => adapt(spec.template.spec, metadata.name));
writeFileSync(adapted, objects.map((object) => stringify(object)).join('---\n'));
