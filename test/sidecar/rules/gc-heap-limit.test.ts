import { Size } from 'cdk8s';
import { said, WEB } from './neighbours';
import { ProcDumpTrigger } from '../../../src';
import type { EnvVarJson } from '../../../src/kubernetes/wire';
import { podSpec } from '../../pods';

const saidOf = (mebibytes: number, env: EnvVarJson[] = [], memory: string | undefined = '1Gi') =>
  said({
    spec: podSpec({ env, resources: memory === '' ? {} : { limits: { memory } } }),
    props: { triggers: [ProcDumpTrigger.gcHeapAbove({ thresholds: [Size.mebibytes(mebibytes)] })] },
  });
const hard = (value: string, name = 'DOTNET_GCHeapHardLimit') => [{ name, value }];

test.each<[string, number, EnvVarJson[], string]>([
  ['75 % of the memory limit', 768, [], '1Gi'],
  ['GCHeapHardLimit, in hexadecimal', 256, hard('10000000'), '1Gi'],
  ['COMPlus_GCHeapHardLimit', 256, hard('0x10000000', 'COMPlus_GCHeapHardLimit'), ''],
  ['GCHeapHardLimitPercent, in hexadecimal', 512, hard('32', 'DOTNET_GCHeapHardLimitPercent'), '1Gi'],
  [
    'the default where the variables are zero',
    768,
    [...hard('0'), ...hard('0', 'DOTNET_GCHeapHardLimitPercent')],
    '1Gi',
  ],
])('a threshold may be as high as %s', (_, highest, env, memory) => {
  expect(saidOf(highest, env, memory)).toEqual({});
  expect(saidOf(highest + 1, env, memory).error).toContain(`has at most ${highest}Mi (`);
});

test.each<[string, EnvVarJson[], string]>([
  ['there is no limit', [], ''],
  ['a limit is of one heap', hard('100', 'DOTNET_GCHeapHardLimitSOH'), '1Gi'],
  ['a limit comes from elsewhere', [{ name: 'DOTNET_GCHeapHardLimit', valueFrom: { fieldRef: {} } }], '1Gi'],
])('nothing is known where %s', (_, env, memory) => expect(saidOf(900, env, memory)).toEqual({}));

test('the error shows the calculation and can be accepted', () => {
  expect(saidOf(900).error).toBe(
    `${WEB}trigger gcHeapAbove(900Mi) can never fire: the managed heap of container 'web' has at most 768Mi (75 % of ` +
      'its memory limit of 1Gi); lower the threshold, or raise the memory limit, or set DOTNET_GCHeapHardLimit; or ' +
      "accept this with acknowledge: ['PD005']",
  );
  expect(saidOf(900, hard('0x10000000')).error).toContain(
    'has at most 256Mi (DOTNET_GCHeapHardLimit=0x10000000, which is hexadecimal); lower the threshold, or raise ' +
      'DOTNET_GCHeapHardLimit',
  );
});
