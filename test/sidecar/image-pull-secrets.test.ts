import { deployment, messageOf, newChart, podSpec, renderedPod, sidecar, wovenPod } from '../pods';

const listed = (...names: string[]) => names.map((name) => ({ name }));

test('are added to those of the pod', () => {
  expect(wovenPod(podSpec(), { imagePullSecrets: ['acr'] }).imagePullSecrets).toEqual(listed('acr'));
  expect(
    wovenPod(podSpec({}, { imagePullSecrets: listed('own', 'acr') }), { imagePullSecrets: ['acr', 'other'] })
      .imagePullSecrets,
  ).toEqual(listed('own', 'acr', 'other'));
});

test('by default the list of the pod stays as it is', () => {
  expect(wovenPod(podSpec()).imagePullSecrets).toBeUndefined();
  expect(wovenPod(podSpec({}, { imagePullSecrets: listed('own') })).imagePullSecrets).toEqual(listed('own'));
});

test('of two sidecars are listed once', () => {
  const chart = newChart();
  const web = deployment(chart);
  for (const containerName of ['a', 'b']) {
    const props = { containerName, dumpDirectory: `/${containerName}`, imagePullSecrets: ['acr', containerName] };
    sidecar(chart, props, containerName).attachTo(web);
  }
  expect(renderedPod(chart).imagePullSecrets).toEqual(listed('acr', 'a', 'b'));
});

test('are names', () => {
  expect(messageOf(() => sidecar(newChart(), { imagePullSecrets: ['ACR'] }))).toBe(
    'chart/ProcDump: imagePullSecrets[0] must be a name of Kubernetes: lower-case letters, digits, dashes and dots, ' +
      'that start and end with a letter or digit, got "ACR"',
  );
});
