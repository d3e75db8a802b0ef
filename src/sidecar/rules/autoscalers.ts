import type { Findings } from './findings';
import type { JsonObject } from '../../kubernetes/wire';
import type { AppObject, AppObjects } from '../../weave/app-objects';
import type { Pod } from '../../weave/pod';

/** The sidecar that an autoscaler counts. */
interface ScaledSidecar {
  /** Name of the target's container. */
  readonly target: string;
  readonly profiler: boolean;
}

/**
 * A pod metric counts all containers against the sum of their requests. The profiler of exception and GC triggers uses
 * up to a quarter of a core in the sidecar, which would scale the workload out.
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#container-resource-metrics
 */
export function findAutoscalers(
  findings: Findings,
  pod: Pod,
  neighbours: AppObjects,
  { target, profiler }: ScaledSidecar,
): void {
  const scaled = [
    ...scalersOf(pod, neighbours, 'autoscaling/HorizontalPodAutoscaler').map((scaler) => ({
      scaler,
      metrics: metricsOf(scaler.json),
      remedy: `use a metric of type ContainerResource with container '${target}'`,
    })),
    ...scalersOf(pod, neighbours, 'keda.sh/ScaledObject').map((scaler) => ({
      scaler,
      metrics: triggersOf(scaler.json),
      remedy: `set containerName '${target}' in the metadata of the trigger`,
    })),
  ];
  for (const { scaler, metrics, remedy } of scaled) {
    if (metrics.length === 0) continue;
    const { json, path } = scaler;
    const text =
      `${json.kind} '${json.metadata?.name}' (${path}) scales by ${metrics.join(' and ')} of all containers, the ` +
      "sidecar's included";
    if (!profiler) findings.hint('PD010', `${text}; ${remedy}`);
    else findings.refuse('PD010', () => refuseProfiler(text, remedy));
  }
}

function refuseProfiler(text: string, remedy: string): never {
  throw new Error(
    `${text}, and the profiler of exception and GC triggers takes up to 250m of CPU there; ${remedy}, or ` +
      'use a trigger without a profiler, such as memoryAbove or a counter',
  );
}

function scalersOf(pod: Pod, neighbours: AppObjects, kind: string): readonly AppObject[] {
  return neighbours.grouped(kind, 'target', targetOf, pod.namespace, pod.kind, pod.name);
}

function targetOf({ metadata, spec }: JsonObject): (string | undefined)[] {
  return [metadata?.namespace, spec?.scaleTargetRef?.kind ?? 'Deployment', spec?.scaleTargetRef?.name];
}

/** Without metrics, an autoscaler scales by CPU. Version v1 supports no other metric. */
function metricsOf({ apiVersion, spec }: JsonObject): string[] {
  const metrics: JsonObject[] = Array.isArray(spec?.metrics) ? spec.metrics : [];
  if (apiVersion === 'autoscaling/v1' || metrics.length === 0) return ['cpu'];
  return metrics.filter(({ type }) => type === 'Resource').map(({ resource }) => `${resource?.name}`);
}

/** @see https://keda.sh/docs/latest/scalers/cpu/ */
function triggersOf({ spec }: JsonObject): string[] {
  const triggers: JsonObject[] = Array.isArray(spec?.triggers) ? spec.triggers : [];
  return triggers
    .filter(({ type, metadata }) => ['cpu', 'memory'].includes(type) && metadata?.containerName === undefined)
    .map(({ type }) => type);
}
