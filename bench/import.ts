import { execFileSync } from 'child_process';
import { join } from 'path';
import { median, report } from './report';

/*
 * Measures the cost of `require('cdk8s-procdump')` compared to `require('cdk8s-plus-28')` alone, and of the Azure half
 * until there is a DumpStorage: medians of new processes in turn.
 */

const RUNS = Number(process.env.BENCH_ROUNDS ?? 15);
const GOAL = 1.25;
const AZURE_GOAL = { milliseconds: 400, megabytes: 120 };

/** Node finds a package by its own name in its own folder, through its `exports`. */
const PACKAGE = join(__dirname, '..');

const SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';
const NETWORK = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet-aks`;

const PROGRAMS: { [name: string]: string } = {
  'cdk8s-plus-28': 'require("cdk8s-plus-28")',
  'cdk8s-procdump': 'require("cdk8s-procdump")',
  cdktf: 'require("cdktf")',
  'cdk8s-procdump/azure': 'require("cdk8s-procdump/azure")',
  'cdk8s-procdump/azure, and a DumpStorage': `
    const azure = require('cdk8s-procdump/azure');
    const { App, TerraformStack } = require('cdktf');
    new azure.DumpStorage(new TerraformStack(new App(), 'dumps'), 'storage', {
      subscriptionId: '${SUBSCRIPTION}',
      location: 'westeurope',
      storageAccountName: 'contosodumps',
      network: azure.DumpStorageNetwork.privateEndpoint({
        subnetId: '${NETWORK}/subnets/endpoints',
      }),
      access: azure.DumpStorageAccess.managedIdentity({}),
    });`,
};

interface Cost {
  readonly milliseconds: number;
  readonly megabytes: number;
  readonly cdktf: boolean;
}

function measure(program: string): Cost {
  const measured = `
    const start = process.hrtime.bigint();
    ${program};
    const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
    const cdktf = Object.keys(require.cache).some((file) => /node_modules.(@cdktf|cdktf|cdktn)./.test(file));
    console.log(JSON.stringify({ milliseconds, megabytes: process.memoryUsage().rss / 2 ** 20, cdktf }));`;
  return JSON.parse(execFileSync(process.execPath, ['-e', measured], { encoding: 'utf8', cwd: PACKAGE })) as Cost;
}

const names = Object.keys(PROGRAMS);
const rounds = Array.from({ length: RUNS }, () => Object.values(PROGRAMS).map(measure));
const costs = names.map((_, i) => ({
  milliseconds: median(rounds.map((round) => round[i].milliseconds)),
  megabytes: median(rounds.map((round) => round[i].megabytes)),
}));
const costOf = (name: string) => costs[names.indexOf(name)];

const ratio = costOf('cdk8s-procdump').milliseconds / costOf('cdk8s-plus-28').milliseconds;
const rootLoadsCdktf = rounds.some((round) => round[names.indexOf('cdk8s-procdump')].cdktf);
const azure = costOf('cdk8s-procdump/azure, and a DumpStorage');

report('Import', [
  `Medians of ${RUNS}, new processes in turn. Ratio of the first two times: ${ratio.toFixed(2)}, goal: at most ` +
    `${GOAL}. cdktf loaded by cdk8s-procdump: ${rootLoadsCdktf ? 'yes' : 'no'}. Goal of the last: at most ` +
    `${AZURE_GOAL.milliseconds} ms and ${AZURE_GOAL.megabytes} MB.`,
  '',
  '| require | ms | MB |',
  '|---|---|---|',
  ...names.map((name, i) => `| ${name} | ${costs[i].milliseconds.toFixed(0)} | ${costs[i].megabytes.toFixed(0)} |`),
]);
const azureWithinGoal = azure.milliseconds <= AZURE_GOAL.milliseconds && azure.megabytes <= AZURE_GOAL.megabytes;
process.exitCode = ratio <= GOAL && !rootLoadsCdktf && azureWithinGoal ? 0 : 1;
