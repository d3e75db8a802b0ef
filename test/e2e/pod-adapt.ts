import { readFileSync, writeFileSync } from 'fs';
import { parseAllDocuments, stringify } from 'yaml';

/*
 * usage: pod-adapt.ts SYNTHESIZED ADAPTED
 *
 * What podman 4.3 does otherwise than a kubelet. It overlooks `subPath`, so that one volume mounted at several
 * sub-paths would be the same folder everywhere; it knows an emptyDir by the volume's name alone, so that two pods
 * would share it; it refuses volumes of the downward API and the fields metadata.namespace and spec.nodeName; and for a
 * liveness probe it needs the timers of systemd (the proofs run the probes themselves).
 */
const FIELDS: { [path: string]: string } = { 'metadata.namespace': 'e2e', 'spec.nodeName': 'node-1' };

interface Mount {
  name: string;
  subPath?: string;
}
interface Volume {
  name: string;
  emptyDir?: object;
  downwardAPI?: object;
}
interface EnvVar {
  value?: string;
  valueFrom?: { fieldRef?: { fieldPath: string } };
}
interface Container {
  volumeMounts?: Mount[];
  env?: EnvVar[];
  livenessProbe?: object;
}
interface PodSpec {
  containers: Container[];
  volumes: Volume[];
}

/** Gives each sub-path of the volume its own volume, named after the workload. The first one replaces the original. */
function split(volume: Volume, index: number, workload: string, { containers, volumes }: PodSpec): void {
  const mounts = containers.flatMap(({ volumeMounts = [] }) => volumeMounts).filter(({ name }) => name === volume.name);
  const nameOf = ({ name, subPath }: Mount) => [workload, name, subPath].filter(Boolean).join('-');
  const copies = [...new Set(mounts.map(nameOf))].map((name) => ({ ...volume, name }));
  mounts.forEach((mount) => (mount.name = nameOf(mount)));
  volumes.splice(index, 1, copies[0]);
  volumes.push(...copies.slice(1));
}

/** A test writes into this folder in place of the kubelet. */
function emptyInstead(volume: Volume): void {
  if (!volume.downwardAPI) return;
  delete volume.downwardAPI;
  volume.emptyDir = {};
}

function giveFields({ env = [] }: Container): void {
  env.forEach((variable) => {
    const value = FIELDS[variable.valueFrom?.fieldRef?.fieldPath ?? ''];
    if (value === undefined) return;
    delete variable.valueFrom;
    variable.value = value;
  });
}

function adapt(spec: PodSpec, workload: string): void {
  spec.volumes.forEach(emptyInstead);
  spec.volumes
    .slice()
    .forEach((volume) => volume.emptyDir && split(volume, spec.volumes.indexOf(volume), workload, spec));
  for (const container of spec.containers) {
    container.volumeMounts?.forEach((mount) => delete mount.subPath);
    giveFields(container);
    delete container.livenessProbe;
  }
}

const [synthesized, adapted] = process.argv.slice(2);
const objects = parseAllDocuments(readFileSync(synthesized, 'utf8')).map((document) => document.toJS());
objects
  .filter(({ kind }) => kind === 'Deployment')
  .forEach(({ metadata, spec }) => adapt(spec.template.spec, metadata.name));
writeFileSync(adapted, objects.map((object) => stringify(object)).join('---\n'));
