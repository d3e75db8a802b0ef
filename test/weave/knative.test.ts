import { ApiObject, Testing } from 'cdk8s';
import { ProcDumpTarget, TargetAccess } from '../../src';
import type { ContainerJson, JsonObject } from '../../src/kubernetes/wire';
import { messageOf, newChart, sidecar } from '../pods';

describe('Knative', () => {
  const service = (container: JsonObject) => {
    const chart = newChart();
    new ApiObject(chart, 'Web', {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { template: { spec: { containers: [container] } } },
    });
    const procdump = sidecar(chart, {
      target: ProcDumpTarget.dotnet({ access: TargetAccess.sameUser({ uid: 1654, gid: 1654 }) }),
    });
    procdump.attachTo(chart);
    return { chart, procdump };
  };

  test('names an unnamed container as Knative does', () => {
    const { chart } = service({ image: 'contoso/web:1', ports: [{ containerPort: 8080 }] });
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const [{ spec }]: JsonObject[] = Testing.synth(chart);
    write.mockRestore();

    expect(spec.template.spec.containers.map(({ name }: ContainerJson) => name)).toEqual([
      'user-container',
      'procdump',
    ]);
    expect(spec.template.spec.containers[0].volumeMounts).not.toEqual([]);
  });

  test('asks for a port, which it needs as soon as there are two containers', () => {
    expect(messageOf(() => Testing.synth(service({ image: 'contoso/web:1' }).chart))).toContain(
      "Service 'web' (chart/Web): no container has a port, but a Knative Service with a sidecar needs one on exactly " +
        "one container; add ports: [{ containerPort: 8080 }] to container 'user-container', with the port that it " +
        'listens on',
    );
  });

  test('tells the flags of the cluster in attachments and on standard error', () => {
    const { chart, procdump } = service({ name: 'web', image: 'contoso/web:1', ports: [{ containerPort: 8080 }] });
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    Testing.synth(chart);
    const lines = write.mock.calls.map(([line]) => line);
    write.mockRestore();

    expect(procdump.attachments[0].hints).toEqual([
      expect.stringMatching(/^PD009: Knative needs the flags kubernetes\.podspec-shareprocessnamespace/),
    ]);
    expect(lines).toEqual([
      `chart/ProcDump: Service 'web' (chart/Web): ${procdump.attachments[0].hints![0]}; accept this with ` +
        "acknowledge: ['PD009']\n",
    ]);
  });
});
