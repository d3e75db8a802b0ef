import { ApiObject, ApiObjectProps, Chart, Testing } from 'cdk8s';
import { ProcDumpSidecar, ProcDumpSidecarProps } from '../../../src';
import type { JsonObject, PodSpecJson } from '../../../src/kubernetes/wire';
import { deployment, newChart, podSpec, sidecar } from '../../pods';

export const WEB = "chart/ProcDump: Deployment 'web' (chart/Web): ";

/** A woven deployment beside another object of the app. */
export interface Neighbourhood {
  readonly neighbour?: JsonObject;
  readonly spec?: PodSpecJson;
  readonly props?: Partial<ProcDumpSidecarProps>;
  /** Namespace of the deployment. */
  readonly namespace?: string;
}

export function neighbourhood({ neighbour, spec = podSpec(), props, namespace }: Neighbourhood): {
  chart: Chart;
  procdump: ProcDumpSidecar;
} {
  const chart = newChart();
  if (neighbour) new ApiObject(chart, 'Neighbour', neighbour as ApiObjectProps);
  const procdump = sidecar(chart, props);
  procdump.attachTo(deployment(chart, 'Web', spec, { metadata: namespace === undefined ? {} : { namespace } }));
  return { chart, procdump };
}

/** What the rules of neighbours say: hints, or the message of the error. */
export function said(world: Neighbourhood): { hints?: string[]; error?: string } {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const { chart, procdump } = neighbourhood(world);
    Testing.synth(chart);
    const [{ hints }] = procdump.attachments;
    return hints ? { hints } : {};
  } catch (error) {
    return { error: (error as Error).message };
  } finally {
    write.mockRestore();
  }
}
