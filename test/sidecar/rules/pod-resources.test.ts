import { ProcDumpSidecarProps, SidecarPlacement } from '../../../src';
import { deployment, messageOf, newChart, podSpec, renderedPod, sidecar, wovenPod } from '../../pods';

const WEB = "chart/ProcDump: Deployment 'web' (chart/Web): ";
type Quantities = { [resource: string]: string };

/** A container that requests 100m and 512Mi, in a pod with resources of its own. */
const weave =
  (requests: Quantities | undefined, limits?: Quantities, props: Partial<ProcDumpSidecarProps> = {}) =>
  () =>
    wovenPod(
      podSpec({ resources: { requests: { cpu: '100m', memory: '512Mi' } } }, { resources: { requests, limits } }),
      props,
    );

describe('requests of the pod', () => {
  test('hold those of all its containers', () => expect(weave({ cpu: '120m', memory: '576Mi' })).not.toThrow());

  test('refuses too low requests and shows the sum', () => {
    expect(messageOf(weave({ cpu: '120m', memory: '575Mi' }))).toBe(
      `${WEB}the pod requests memory 575Mi for all its containers, but with the 64Mi of the sidecar they request ` +
        '576Mi; raise spec.resources of the pod, or set a lower resources.requests.memory of the sidecar',
    );
    expect(messageOf(weave({ cpu: '119m' }))).toBe(
      `${WEB}the pod requests cpu 119m for all its containers, but with the 20m of the sidecar they request 120m; ` +
        'raise spec.resources of the pod, or set a lower resources.requests.cpu of the sidecar',
    );
    expect(weave({ memory: '575Mi' }, undefined, { resources: { requests: { memory: '63Mi' } } })).not.toThrow();
  });

  test('are its limits where it has none', () => {
    expect(messageOf(weave(undefined, { memory: '575Mi' }))).toContain(
      'the pod requests memory 575Mi for all its containers',
    );
    expect(weave(undefined, { memory: '576Mi', cpu: '120m' })).not.toThrow();
  });

  test('count the sidecar of another construct', () => {
    const both = (memory: string) => () => {
      const chart = newChart();
      const web = deployment(chart, 'Web', podSpec({}, { resources: { requests: { memory } } }));
      for (const containerName of ['a', 'b']) {
        sidecar(chart, { containerName, dumpDirectory: `/${containerName}` }, containerName).attachTo(web);
      }
      return renderedPod(chart);
    };
    expect(messageOf(both('127Mi'))).toContain(
      "chart/b: Deployment 'web' (chart/Web): the pod requests memory 127Mi for all its containers, but with the " +
        '64Mi of the sidecar they request 128Mi',
    );
    expect(both('128Mi')).not.toThrow();
  });

  test('count a sidecar that is in the manifest already once', () => {
    const [, there] = wovenPod(podSpec()).containers!;
    const again = (memory: string) => () =>
      wovenPod(
        { ...podSpec({}, { resources: { requests: { memory } } }), containers: [...podSpec().containers!, there] },
        {},
        { container: 'web' },
      );
    expect(again('64Mi')).not.toThrow();
    expect(messageOf(again('63Mi'))).toContain('they request 64Mi');
  });

  test('count native sidecars, and no other init containers', () => {
    const withInit = (restartPolicy?: string) => () =>
      wovenPod(
        podSpec(
          {},
          {
            initContainers: [
              { name: 'init', image: 'init:1', restartPolicy, resources: { limits: { memory: '1Gi' } } },
            ],
            resources: { requests: { memory: '512Mi' } },
          },
        ),
        { placement: SidecarPlacement.NATIVE },
      );
    expect(messageOf(withInit('Always'))).toContain('with the 64Mi of the sidecar they request 1088Mi');
    expect(withInit()).not.toThrow();
  });
});

describe('a limit of the pod', () => {
  test('is at least that of the sidecar', () => {
    expect(
      weave({ memory: '576Mi' }, { memory: '600Mi' }, { resources: { limits: { memory: '600Mi' } } }),
    ).not.toThrow();
    expect(
      messageOf(weave({ memory: '576Mi' }, { memory: '600Mi' }, { resources: { limits: { memory: '601Mi' } } })),
    ).toBe(
      `${WEB}the pod limits memory to 600Mi for all its containers, but the sidecar alone has a limit of 601Mi; ` +
        'raise spec.resources of the pod, or set a lower resources.limits.memory of the sidecar',
    );
  });
});
