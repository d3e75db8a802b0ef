import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import * as second from 'cdk8s-second';
import { hasBuiltInResolversOnly, hasNoPatch } from '../../src/weave/cdk8s-internals';

const objectIn = (app: App) =>
  new ApiObject(new Chart(app, 'chart'), 'Object', { apiVersion: 'v1', kind: 'ConfigMap' });

// These read fields of cdk8s that are not public: where one is renamed, weaving loses its short cuts.
test('knows an app without resolvers of its own', () => {
  expect(hasBuiltInResolversOnly(objectIn(new App()))).toBe(true);
  expect(hasBuiltInResolversOnly(objectIn(new App({ resolvers: [{ resolve: () => undefined }] })))).toBe(false);
});

test('knows an object without JSON patches', () => {
  const object = objectIn(new App());
  expect(hasNoPatch(object)).toBe(true);
  object.addJsonPatch(JsonPatch.add('/data', {}));
  expect(hasNoPatch(object)).toBe(false);
});

test('knows both of a second copy of cdk8s', () => {
  const object = new second.ApiObject(new second.Chart(new second.App(), 'chart'), 'Object', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
  });
  expect(hasBuiltInResolversOnly(object as unknown as ApiObject)).toBe(true);
  expect(hasNoPatch(object as unknown as ApiObject)).toBe(true);
});
