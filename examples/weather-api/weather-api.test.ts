import { App, Testing } from 'cdk8s';
import { WeatherChart } from './main';

const manifest = Testing.synth(new WeatherChart(new App(), 'weather-api'));
const [storageClass, claim, deployment, service] = ['StorageClass', 'PersistentVolumeClaim', 'Deployment', 'Service']
  .map((kind) => manifest.filter((object) => object.kind === kind))
  .map((objects) => {
    expect(objects).toHaveLength(1);
    return objects[0];
  });
const pod = deployment.spec.template.spec;
const [webapi, sidecar] = pod.containers;

test('whole manifest', () => {
  expect(manifest).toMatchSnapshot();
});

describe("each field of ProcDump's documented YAML is there", () => {
  test('StorageClass', () => {
    expect(storageClass).toMatchObject({
      provisioner: 'file.csi.azure.com',
      allowVolumeExpansion: true,
      parameters: { skuName: 'Standard_LRS' },
      mountOptions: ['dir_mode=0777', 'file_mode=0777', 'uid=0', 'gid=0', 'mfsymlinks', 'cache=strict', 'actimeo=30'],
    });
  });

  test('PersistentVolumeClaim', () => {
    expect(claim.spec).toEqual({
      accessModes: ['ReadWriteMany'],
      storageClassName: storageClass.metadata.name,
      resources: { requests: { storage: '5Gi' } },
    });
  });

  test('Deployment and pod', () => {
    expect(deployment).toMatchObject({
      metadata: { name: 'webapi', labels: { app: 'weather-forecast', service: 'webapi' } },
      spec: {
        replicas: 1,
        selector: { matchLabels: { service: 'webapi' } },
        template: { metadata: { labels: { app: 'weather-forecast', service: 'webapi' } } },
      },
    });
    expect(pod.shareProcessNamespace).toBe(true);
    expect(pod.volumes).toContainEqual({ name: 'sysinternals-container-tmp', emptyDir: {} });
    expect(pod.volumes).toContainEqual({
      name: 'sysinternals-container-dumps',
      persistentVolumeClaim: { claimName: claim.metadata.name },
    });
  });

  test('webapi container', () => {
    expect(webapi).toMatchObject({
      name: 'webapi-container',
      image: 'webapi:latest',
      imagePullPolicy: 'IfNotPresent',
      ports: [{ containerPort: 80, protocol: 'TCP' }],
    });
    expect(webapi.env).toContainEqual({ name: 'ASPNETCORE_URLS', value: 'http://+:80' });
  });

  test('sysinternals container', () => {
    expect(sidecar).toMatchObject({
      name: 'sysinternals-container',
      image: 'sysinternals:latest',
      imagePullPolicy: 'Always',
      stdin: true,
      tty: true,
    });
  });

  test.each([
    ['webapi', webapi],
    ['sysinternals', sidecar],
  ])('/tmp and /data in the %s container', (_, { volumeMounts }) => {
    expect(volumeMounts).toContainEqual({ name: 'sysinternals-container-tmp', mountPath: '/tmp' });
    expect(volumeMounts).toContainEqual({
      name: 'sysinternals-container-dumps',
      mountPath: '/data',
      subPath: 'deployment/webapi',
    });
  });

  test('Service', () => {
    expect(service).toMatchObject({
      metadata: { name: 'webapi' },
      spec: {
        type: 'LoadBalancer',
        ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }],
        selector: { service: 'webapi' },
      },
    });
  });
});
