import { ApiObject, Chart, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct, IConstruct } from 'constructs';
import { AttachOptions, ProcDumpSidecar, ProcDumpSidecarProps, ProcDumpTarget } from '../src';
import { JsonObject, PodSpecJson } from '../src/kubernetes/wire';

export const IMAGE = 'contoso.azurecr.io/procdump:3.5.2';

export function newChart(props?: { namespace?: string }): Chart {
  return new Chart(Testing.app(), 'chart', props);
}

export function sidecar(scope: Construct, props: Partial<ProcDumpSidecarProps> = {}, id = 'ProcDump'): ProcDumpSidecar {
  return new ProcDumpSidecar(scope, id, { image: IMAGE, target: ProcDumpTarget.dotnet(), ...props });
}

/** A pod of one conforming container. */
export function podSpec(container: JsonObject = {}, spec: JsonObject = {}): PodSpecJson {
  return {
    containers: [{ name: 'web', image: 'web:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 }, ...container }],
    ...spec,
  };
}

export function deployment(
  scope: Construct,
  id = 'Web',
  spec: PodSpecJson = podSpec(),
  options: { metadata?: JsonObject; template?: JsonObject } = {},
): ApiObject {
  return new ApiObject(scope, id, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: id.toLowerCase(), ...options.metadata },
    spec: {
      selector: { matchLabels: { app: id } },
      template: { metadata: { labels: { app: id } }, spec, ...options.template },
    },
  });
}

export function plusDeployment(scope: Construct, id = 'Web'): kplus.Deployment {
  return new kplus.Deployment(scope, id, {
    metadata: { name: id.toLowerCase() },
    containers: [{ name: 'web', image: 'web:1', securityContext: { user: 1654, group: 1654 } }],
  });
}

/** The rendered object of a kind; there must be one. */
export function rendered(scope: IConstruct, kind = 'Deployment', name?: string): JsonObject {
  const objects: JsonObject[] = Testing.synth(Chart.of(scope));
  const found = objects.filter(
    (object) => object.kind === kind && (name === undefined || object.metadata.name === name),
  );
  expect(found).toHaveLength(1);
  return found[0];
}

export function renderedPod(scope: IConstruct, kind = 'Deployment', name?: string): PodSpecJson {
  return rendered(scope, kind, name).spec.template.spec;
}

/** The pod of a deployment with this spec after attaching a sidecar. */
export function wovenPod(
  spec: PodSpecJson = podSpec(),
  props: Partial<ProcDumpSidecarProps> = {},
  options: AttachOptions = {},
): PodSpecJson {
  const chart = newChart();
  sidecar(chart, props).attachTo(deployment(chart, 'Web', spec), options);
  return renderedPod(chart);
}

export function containerOf(spec: PodSpecJson, name: string): JsonObject {
  const found = [...(spec.containers ?? []), ...(spec.initContainers ?? [])].filter(
    (container) => container.name === name,
  );
  expect(found).toHaveLength(1);
  return found[0];
}

/** The message of what an action throws, whole. */
export function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

/** The plan in the arguments of a sidecar. */
export function agentPlan({ args }: JsonObject): JsonObject {
  return JSON.parse((args as string[])[4].replace(/\$\$\(/g, '$(')) as JsonObject;
}

/** A value of the plan as text, such as that of `store.directory`; undefined where there is none. */
export function planned(container: JsonObject, path: string): string | undefined {
  const value: unknown = path
    .split('.')
    .reduce<unknown>((parent, field) => (parent as JsonObject | undefined)?.[field], agentPlan(container));
  return value === undefined ? undefined : `${value as string | number}`;
}
