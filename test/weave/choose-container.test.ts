import type { PodTemplateJson } from '../../src/kubernetes/wire';
import { chooseContainer, memoryLimitOf } from '../../src/weave/choose-container';

const ANNOTATION = 'kubectl.kubernetes.io/default-container';

function pod(containers: string[], annotated?: string): PodTemplateJson {
  return {
    ...(annotated === undefined ? {} : { metadata: { annotations: { [ANNOTATION]: annotated } } }),
    spec: { containers: containers.map((name) => ({ name })) },
  };
}

test('the only container is meant', () => {
  expect(chooseContainer(pod(['web']))).toEqual({ name: 'web' });
});

test('the container that kubectl takes by annotation is meant', () => {
  expect(chooseContainer(pod(['proxy', 'web'], 'web'))).toEqual({ name: 'web' });
});

test('the container that is named is meant', () => {
  expect(chooseContainer(pod(['proxy', 'web']), 'web')).toEqual({ name: 'web' });
});

test('the name overrules the annotation', () => {
  expect(chooseContainer(pod(['proxy', 'web'], 'proxy'), 'web')).toEqual({ name: 'web' });
});

test('the container is the one of the pod, not a copy', () => {
  const template = pod(['web']);
  expect(chooseContainer(template)).toBe(template.spec?.containers?.[0]);
});

test('an init container is not meant, even by name', () => {
  const template = { spec: { containers: [{ name: 'web' }], initContainers: [{ name: 'migrate' }] } };
  expect(() => chooseContainer(template, 'migrate')).toThrow(
    new Error(
      "'migrate' is an init container, but the target must be one of the containers (web); move it there, or name " +
        'another',
    ),
  );
});

test('annotations that say nothing of containers are passed over', () => {
  const template = { ...pod(['web']), metadata: { annotations: { team: 'a' } } };
  expect(chooseContainer(template)).toEqual({ name: 'web' });
});

describe('refuses', () => {
  test('several containers of which none is named', () => {
    expect(() => chooseContainer(pod(['web', 'proxy']))).toThrow(
      new Error(
        'the pod has 2 containers (web, proxy) and none is selected as the target; name one, for example container: ' +
          "'web', or set the annotation kubectl.kubernetes.io/default-container",
      ),
    );
  });

  test('a name that no container has', () => {
    expect(() => chooseContainer(pod(['web', 'proxy']), 'wbe')).toThrow(
      new Error("there is no container 'wbe' (named as the target); the pod has web, proxy; correct the name"),
    );
  });

  test('a name that the only container does not have', () => {
    expect(() => chooseContainer(pod(['web']), 'wbe')).toThrow(
      new Error("there is no container 'wbe' (named as the target); the pod has web; correct the name"),
    );
  });

  test('an annotation with a name that no container has', () => {
    expect(() => chooseContainer(pod(['web'], 'wbe'))).toThrow(
      new Error(
        "there is no container 'wbe' (annotation kubectl.kubernetes.io/default-container); the pod has web; " +
          'correct the name',
      ),
    );
  });
});

test('an empty annotation names nothing', () => {
  const template = {
    metadata: { annotations: { 'kubectl.kubernetes.io/default-container': '' } },
    spec: { containers: [{ name: 'web' }] },
  };
  expect(chooseContainer(template).name).toBe('web');
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
