import { ProcDumpSidecarProps, ProcDumpTrigger, SidecarPlacement } from '../../src';
import { isGuaranteed } from '../../src/kubernetes/quality-of-service';
import { containerOf, deployment, newChart, podSpec, renderedPod, sidecar, wovenPod } from '../pods';

const EQUAL = { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1', memory: '1Gi' } };
const PROFILER = { triggers: [ProcDumpTrigger.exception({ include: ['System.Exception'] })] };
const resourcesOf = (props: Partial<ProcDumpSidecarProps> = {}, resources: object = EQUAL) => {
  const { requests, limits } = containerOf(wovenPod(podSpec({ resources }), props), 'procdump').resources;
  const { 'ephemeral-storage': _, ...others } = requests;
  return { requests: others, limits };
};
const equal = (cpu: string, memory: string) => ({ requests: { cpu, memory }, limits: { cpu, memory } });

test('a Guaranteed pod stays Guaranteed', () => {
  expect(resourcesOf()).toEqual(equal('100m', '256Mi'));
  expect(resourcesOf(PROFILER)).toEqual(equal('250m', '256Mi'));
  expect(resourcesOf({ placement: SidecarPlacement.NATIVE })).toEqual(equal('100m', '256Mi'));
});

test('a pod of another class keeps the smaller requests', () => {
  expect(resourcesOf({}, { ...EQUAL, requests: { cpu: '1', memory: '512Mi' } })).toEqual({
    requests: { cpu: '20m', memory: '64Mi' },
    limits: { memory: '256Mi' },
  });
});

test('resources of the user take precedence, and one value serves for request and limit', () => {
  expect(resourcesOf({ resources: { requests: { cpu: '50m' } } })).toEqual(equal('50m', '256Mi'));
  expect(resourcesOf({ resources: { limits: { memory: '1Gi' } } })).toEqual(equal('100m', '1Gi'));
  expect(resourcesOf({ resources: { requests: { cpu: '50m' }, limits: { cpu: '1' } } })).toEqual({
    requests: { cpu: '50m', memory: '256Mi' },
    limits: { cpu: '1', memory: '256Mi' },
  });
});

test('two sidecars keep a pod Guaranteed, in either order', () => {
  const woven = (ids: string[]) => {
    const chart = newChart();
    const web = deployment(chart, 'Web', podSpec({ resources: EQUAL }));
    for (const id of ids) sidecar(chart, { containerName: id, dumpDirectory: `/${id}` }, id).attachTo(web);
    return renderedPod(chart);
  };
  expect(isGuaranteed(woven(['a', 'b']), '')).toBe(true);
  expect(woven(['b', 'a'])).toEqual(woven(['a', 'b']));
});
