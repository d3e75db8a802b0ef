import type { ContainerJson } from '../../../src/kubernetes/wire';
import { refuseDisabledDiagnostics } from '../../../src/sidecar/rules/diagnostics-enabled';
import { messageOf } from '../../pods';

const web = (name: string, value?: string): ContainerJson => ({
  name: 'web',
  env: [
    { name: 'ASPNETCORE_URLS', value: 'http://+:80' },
    { name, value },
  ],
});

const SOCKET = "removes the runtime's diagnostics socket, through which dumps are taken";
const PROFILER = 'prevents the runtime from loading the profiler that exception and GC triggers need';

describe.each([false, true])('with profiler %s', (profiler) => {
  test.each([
    'DOTNET_EnableDiagnostics',
    'COMPlus_EnableDiagnostics',
    'DOTNET_EnableDiagnostics_IPC',
    'COMPlus_EnableDiagnostics_IPC',
  ])('refuses %s=0', (name) => {
    expect(messageOf(() => refuseDisabledDiagnostics(web(name, '0'), profiler))).toBe(
      `container 'web' has ${name}=0, which ${SOCKET}; remove it`,
    );
  });

  test.each([
    ['a container without variables', { name: 'web' }],
    ['diagnostics that are switched on', web('DOTNET_EnableDiagnostics', '1')],
    ['diagnostics whose value comes from elsewhere', web('DOTNET_EnableDiagnostics')],
    ['the debugger switched off, which nothing here needs', web('DOTNET_EnableDiagnostics_Debugger', '0')],
    ['a variable of another program', web('EnableDiagnostics', '0')],
    ['a variable in another case: Linux tells them apart', web('DOTNET_ENABLEDIAGNOSTICS', '0')],
  ])('admits %s', (_, container) => {
    expect(() => refuseDisabledDiagnostics(container, profiler)).not.toThrow();
  });
});

describe.each(['DOTNET_EnableDiagnostics_Profiler', 'COMPlus_EnableDiagnostics_Profiler'])('%s=0', (name) => {
  test('is refused where a trigger needs the profiler', () => {
    expect(messageOf(() => refuseDisabledDiagnostics(web(name, '0'), true))).toBe(
      `container 'web' has ${name}=0, which ${PROFILER}; remove it`,
    );
  });

  test('is admitted where no trigger needs the profiler', () => {
    expect(() => refuseDisabledDiagnostics(web(name, '0'), false)).not.toThrow();
  });
});

describe('which of several variables the runtime obeys', () => {
  const both = (...env: [string, string][]): ContainerJson => ({
    name: 'web',
    env: env.map(([name, value]) => ({ name, value })),
  });

  test.each([
    ['the last of one name', both(['DOTNET_EnableDiagnostics', '0'], ['DOTNET_EnableDiagnostics', '1'])],
    ['DOTNET_ before COMPlus_', both(['DOTNET_EnableDiagnostics', '1'], ['COMPlus_EnableDiagnostics', '0'])],
  ])('%s', (_, container) => expect(() => refuseDisabledDiagnostics(container, false)).not.toThrow());

  test('hexadecimal zeros', () => {
    expect(() => refuseDisabledDiagnostics(both(['DOTNET_EnableDiagnostics', '00']), false)).toThrow(
      new Error(`container 'web' has DOTNET_EnableDiagnostics=00, which ${SOCKET}; remove it`),
    );
  });
});
