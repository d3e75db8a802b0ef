import { readFileSync } from 'fs';
import { join } from 'path';

test('without CDKTF the Azure half says what to install, in the versions of the peers', () => {
  jest.doMock('cdktf', () => {
    throw new Error("Cannot find module 'cdktf'\nRequire stack:");
  });
  const { peerDependencies } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8'));
  const [cdktf, provider] = ['cdktf', '@cdktf/provider-azurerm'].map((name) => peerDependencies[name].replace('^', ''));
  const major = provider.split('.')[0];
  expect(() => jest.isolateModules(() => jest.requireActual('../../src/azure'))).toThrow(
    `cannot load them: Cannot find module 'cdktf'; run npm install cdktf@${cdktf.replace(/\.0$/, '')} ` +
      `@cdktf/provider-azurerm@${major}`,
  );
});
