import type { ContainerJson, PodTemplateJson } from '../../src/kubernetes/wire';
import { isHelperContainer } from '../../src/sidecar/helper-containers';
import { chooseContainer, ContainerChoice, memoryLimitOf } from '../../src/weave/choose-container';

const CORRECT = 'correct the name';
const ANNOTATION = 'kubectl.kubernetes.io/default-container';

function pod(containers: string[], annotated?: string): PodTemplateJson {
  return {
    ...(annotated === undefined ? {} : { metadata: { annotations: { [ANNOTATION]: annotated } } }),
    spec: { containers: containers.map((name) => ({ name })) },
  };
}

const chosen = (template: PodTemplateJson, choice?: ContainerChoice) => chooseContainer(template, choice).container;

test('the only container is meant', () => {
  expect(chosen(pod(['web']))).toEqual({ name: 'web' });
});

test('the container that kubectl takes by annotation is meant', () => {
  expect(chosen(pod(['proxy', 'web'], 'web'))).toEqual({ name: 'web' });
});

test('the container that is named is meant', () => {
  expect(chosen(pod(['proxy', 'web']), { name: 'web' })).toEqual({ name: 'web' });
});

test('the name overrules the annotation', () => {
  expect(chosen(pod(['proxy', 'web'], 'proxy'), { name: 'web' })).toEqual({ name: 'web' });
});

test('the container is the one of the pod, not a copy', () => {
  const template = pod(['web']);
  expect(chosen(template)).toBe(template.spec?.containers?.[0]);
});

test('an init container is not meant, even by name', () => {
  const template = { spec: { containers: [{ name: 'web' }], initContainers: [{ name: 'migrate' }] } };
  expect(() => chooseContainer(template, { name: 'migrate' })).toThrow(
    new Error(
      "'migrate' is an init container, but the target must be one of the containers (web); move it there, or name " +
        'another',
    ),
  );
});

test('annotations that say nothing of containers are passed over', () => {
  const template = { ...pod(['web']), metadata: { annotations: { team: 'a' } } };
  expect(chosen(template)).toEqual({ name: 'web' });
});

describe('refuses', () => {
  test('several containers of which none is named', () => {
    expect(() => chooseContainer(pod(['web', 'proxy']))).toThrow(
      new Error(
        'the pod has 2 containers (web, proxy) and none is selected as the target; set the annotation ' +
          'kubectl.kubernetes.io/default-container',
      ),
    );
  });

  test('several containers with the changes that select one of those that are no helpers', () => {
    const remedies = (names: string) => [`choose of ${names}`, 'leave it'];
    const isHelper = ({ name }: ContainerJson) => name === 'proxy';
    expect(() => chooseContainer(pod(['web', 'proxy', 'jobs']), { isHelper, remedies })).toThrow(
      new Error(
        "the pod has 3 containers (web, proxy, jobs) and none is selected as the target; choose of 'web', 'jobs'; or " +
          'leave it; or set the annotation kubectl.kubernetes.io/default-container',
      ),
    );
    expect(() => chooseContainer(pod(['web', 'proxy']), { name: 'wbe', remedies })).toThrow(
      new Error(
        "there is no container 'wbe' (named as the target); the pod has web, proxy; correct the name, or choose of " +
          "'web', 'proxy'",
      ),
    );
  });

  test('a name that no container has', () => {
    expect(() => chooseContainer(pod(['web', 'proxy']), { name: 'wbe' })).toThrow(
      new Error(`there is no container 'wbe' (named as the target); the pod has web, proxy; ${CORRECT}`),
    );
  });

  test('a name that the only container does not have', () => {
    expect(() => chooseContainer(pod(['web']), { name: 'wbe' })).toThrow(
      new Error(`there is no container 'wbe' (named as the target); the pod has web; ${CORRECT}`),
    );
  });

  test('an annotation with a name that no container has', () => {
    expect(() => chooseContainer(pod(['web'], 'wbe'))).toThrow(
      new Error(
        `there is no container 'wbe' (annotation kubectl.kubernetes.io/default-container); the pod has web; ${CORRECT}`,
      ),
    );
  });
});

test('an empty annotation names nothing', () => {
  const template = {
    metadata: { annotations: { 'kubectl.kubernetes.io/default-container': '' } },
    spec: { containers: [{ name: 'web' }] },
  };
  expect(chosen(template).name).toBe('web');
});

describe('a list of names', () => {
  const names = ['manager', 'app'];

  test.each([
    [['proxy', 'app'], 'app'],
    [['app', 'manager'], 'manager'],
    [['web'], 'web'],
  ])('in a pod of %j selects %s', (containers, expected) => {
    expect(chosen(pod(containers), { names }).name).toBe(expected);
  });

  test('comes before the annotation', () => {
    expect(chosen(pod(['proxy', 'app'], 'proxy'), { names }).name).toBe('app');
  });

  test('leaves a pod without any of them to the annotation', () => {
    expect(chosen(pod(['proxy', 'web'], 'web'), { names }).name).toBe('web');
  });

  test('does not settle a pod with several others', () => {
    expect(() => chooseContainer(pod(['proxy', 'web']), { names })).toThrow('none is selected as the target');
  });
});

describe('helpers', () => {
  const helped = (...containers: ContainerJson[]) =>
    chooseContainer({ spec: { containers } }, { isHelper: isHelperContainer });
  const web = { name: 'web' };

  test.each(['istio-proxy', 'linkerd-proxy', 'daprd', 'kube-rbac-proxy', 'cloud-sql-proxy', 'cloudsql-proxy'])(
    '%s is not the target beside one other container',
    (name) => {
      expect(helped({ name }, web)).toEqual({ container: web, helpers: [name] });
    },
  );

  test.each([
    'mcr.microsoft.com/dotnet/monitor:8',
    'mcr.microsoft.com/dotnet/monitor/base@sha256:00',
    'contoso.azurecr.io/dotnet-monitor',
  ])('the image %s is one', (image) => {
    expect(helped({ name: 'mon', image }, web)).toEqual({ container: web, helpers: ['mon'] });
  });

  test.each(['mcr.microsoft.com/dotnet/monitoring:8', 'contoso/monitor:1', 'mcr.microsoft.com/dotnet/aspnet:8'])(
    'the image %s is none',
    (image) => {
      expect(() => helped({ name: 'mon', image }, web)).toThrow('none is selected as the target');
    },
  );

  test('two other containers are not settled', () => {
    expect(() => helped({ name: 'daprd' }, web, { name: 'worker' })).toThrow('none is selected as the target');
  });

  test('helpers alone are not settled', () => {
    expect(() => helped({ name: 'daprd' }, { name: 'istio-proxy' })).toThrow('none is selected as the target');
  });

  test('one that is named is the target', () => {
    const containers = [{ name: 'daprd' }, web];
    expect(chosen({ spec: { containers } }, { name: 'daprd', isHelper: isHelperContainer }).name).toBe('daprd');
  });

  test('one that is alone is the target', () => {
    expect(helped({ name: 'daprd' })).toEqual({ container: { name: 'daprd' }, helpers: [] });
  });
});

test.each([
  [undefined, undefined],
  ['0', undefined],
  ['lots', undefined],
  ['1Gi', 1024],
  ['1.5Gi', 1536],
  [1_048_577, 2],
])('a memory limit of %p is %p MiB', (memory, mebibytes) => {
  expect(memoryLimitOf({ name: 'web', resources: { limits: memory === undefined ? {} : { memory } } })).toBe(mebibytes);
});

test('no resources, no memory limit', () => expect(memoryLimitOf({ name: 'web' })).toBeUndefined());
