import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { parse, parseAllDocuments } from 'yaml';
import { containerOf, messageOf, sidecar } from './pods';
import { ProcDumpSidecar, ProcDumpTarget, TargetAccess, UnsuitableWorkloads, WorkloadAttachment } from '../src';
import type { JsonObject } from '../src/kubernetes/wire';

const FOLDER = join(__dirname, 'corpus');
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));
const API_VERSIONS: { readonly [kind: string]: string } = {
  Pod: 'v1',
  ReplicationController: 'v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
};

/** Reads plain manifests, or the short form of the corpus: a map from `Kind name` to the pod spec. */
function manifests(file: string): JsonObject[] {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  if (/^apiVersion:/m.test(text)) return parseAllDocuments(text).map((document) => document.toJS() as JsonObject);
  const entries = Object.entries(parse(text) as { [title: string]: JsonObject });
  return entries
    .filter(([title]) => title.split(' ').length === 2)
    .map(([title, spec]) => workload(title, spec, entries.find(([other]) => other === `${title} metadata`)?.[1]));
}

function workload(title: string, spec: JsonObject, metadata: JsonObject = {}): JsonObject {
  const [kind, name] = title.split(' ');
  const template = { metadata, spec };
  const own = { apiVersion: API_VERSIONS[kind] ?? 'apps/v1', kind, metadata: { name } };
  if (kind === 'Pod') return { ...own, metadata: { name, ...metadata }, spec };
  if (kind === 'CronJob') return { ...own, spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template } } } };
  // Helm marks the object, not its pods.
  return { ...own, metadata: { name, annotations: metadata.annotations }, spec: { template } };
}

const sameUser = TargetAccess.sameUser({ uid: 1654, gid: 1654 });
const privileged = TargetAccess.privileged();

/** The four configurations that public manifests were tried with. */
const CONFIGURATIONS = {
  'native, privileged': ProcDumpTarget.native({ access: privileged, processName: 'app' }),
  '.NET, privileged': ProcDumpTarget.dotnet({ access: privileged }),
  '.NET, sameUser 1654:1654': ProcDumpTarget.dotnet({ access: sameUser }),
  '.NET, default': ProcDumpTarget.dotnet(),
};
type Configuration = keyof typeof CONFIGURATIONS;

/** All of a file in one chart, with one call. */
function tree(file: string, target: ProcDumpTarget, unsuitable?: UnsuitableWorkloads): [Chart, ProcDumpSidecar] {
  const chart = new Chart(new App(), 'chart');
  manifests(file).forEach((manifest, index) => new ApiObject(chart, `${index}`, manifest as never));
  const procdump = sidecar(chart, { target, acknowledge: ['PD002', 'PD009'] });
  procdump.attachTo(chart, { unsuitable });
  return [chart, procdump];
}

const attachmentsOf = (target: ProcDumpTarget) =>
  FILES.flatMap((file) => tree(file, target, UnsuitableWorkloads.SKIP)[1].attachments);
const woven = (attachments: WorkloadAttachment[]) => attachments.filter(({ skipped }) => skipped === undefined);

/** Workloads that are no target, or that nothing can be added to: the others are what the goal is about. */
const RIGHTLY_SKIPPED =
  /is a Helm hook|hostPID|runs on Windows nodes|workloadRef|adds its containers|the operator builds/;

/** Whether the sidecar runs as root, or as the user of the manifest, or as one that is marked as assumed. */
function provenUser(
  { spec: { template } }: JsonObject,
  { assumptions = [], changedContainers }: WorkloadAttachment,
): boolean {
  const { runAsUser, runAsGroup } = containerOf(template.spec, 'procdump').securityContext;
  if (runAsUser === 0 || assumptions.length === 1) return true;
  const target = containerOf(template.spec, changedContainers[0]);
  const named = { ...template.spec.securityContext, ...target.securityContext };
  return named.runAsUser === runAsUser && named.runAsGroup === runAsGroup;
}

describe.each(
  Object.entries({
    'native, privileged': [127, 152],
    '.NET, privileged': [106, 152],
    '.NET, sameUser 1654:1654': [124, 152],
    '.NET, default': [20, 152],
  } satisfies Record<Configuration, [number, number]>),
)('%s', (configuration, [expected, all]) => {
  const attachments = attachmentsOf(CONFIGURATIONS[configuration as Configuration]);

  test('weaves its share of the corpus in one synth for each file', () => {
    const share = (part: number, whole: number) => `${part} of ${whole} (${((100 * part) / whole).toFixed(1)} %)`;
    const suitable = attachments.filter(({ skipped }) => !RIGHTLY_SKIPPED.test(skipped ?? ''));
    process.stdout.write(
      `corpus, ${configuration}: ${share(woven(attachments).length, all)}, of those that can have a sidecar ` +
        `${share(woven(attachments).length, suitable.length)}\n`,
    );

    expect([woven(attachments).length, attachments.length]).toEqual([expected, all]);
  });

  test('knows the user of each workload, or marks it as assumed', () => {
    for (const file of FILES) {
      const [chart, procdump] = tree(file, CONFIGURATIONS[configuration as Configuration], UnsuitableWorkloads.SKIP);
      if (woven(procdump.attachments).length === 0) {
        expect(messageOf(() => Testing.synth(chart))).toContain("attachTo('chart') found no pod to attach to");
        continue;
      }
      const objects: JsonObject[] = Testing.synth(chart);
      const text = JSON.stringify(objects);

      expect(text.match(/"name":"procdump","image"/g)).toHaveLength(woven(procdump.attachments).length);
      for (const object of objects.filter(({ kind }) => kind === 'Deployment')) {
        const attachment = procdump.attachments.find(
          ({ name, kind }) => name === object.metadata.name && kind === 'Deployment',
        )!;
        if (attachment.skipped === undefined) expect(provenUser(object, attachment)).toBe(true);
      }
    }
  });
});

test('a synth with the default for unsuitable workloads names each one', () => {
  for (const file of FILES) {
    const skipped = tree(
      file,
      CONFIGURATIONS['.NET, sameUser 1654:1654'],
      UnsuitableWorkloads.SKIP,
    )[1].attachments.filter(
      (attachment) => attachment.skipped !== undefined && !RIGHTLY_SKIPPED.test(attachment.skipped),
    );
    if (skipped.length === 0) continue;
    const message = messageOf(() => Testing.synth(tree(file, CONFIGURATIONS['.NET, sameUser 1654:1654'])[0]));
    for (const { kind, name } of skipped) expect(message).toContain(`${kind} '${name}'`);
  }
});
