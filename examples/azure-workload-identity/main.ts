import { join } from 'path';
import { App as ManifestApp, Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { App as TerraformApp } from 'cdktf';
import { Construct } from 'constructs';
import { AzureFilesDumpStore, AzureFilesShare, ProcDumpSidecar, ProcDumpTarget } from 'cdk8s-procdump';
import * as azure from 'cdk8s-procdump/azure';

const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000000';
const NETWORK = `${SUBSCRIPTION}/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-aks`;

/**
 * Values that exist only after apply. The file in this folder is a sample: write your own with `terraform output
 * -json`.
 */
const OUTPUTS = process.env.TERRAFORM_OUTPUT ?? join(__dirname, 'terraform-output.json');

/** The storage account with an identity of its own, which trusts one service account of one namespace. */
export function defineStorage(scope: Construct): azure.DumpStorageStack {
  return new azure.DumpStorageStack(scope, 'dumps', {
    subscriptionId: '00000000-0000-0000-0000-000000000000',
    location: 'westeurope',
    storageAccountName: 'contosodumps',
    network: azure.DumpStorageNetwork.privateEndpoint({
      subnetId: `${NETWORK}/subnets/endpoints`,
      virtualNetworkIds: [NETWORK],
    }),
    access: azure.DumpStorageAccess.workloadIdentity({
      oidcIssuerUrl:
        'https://westeurope.oic.prod-aks.azure.com/33333333-3333-3333-3333-333333333333/44444444-4444-4444-4444-444444444444/',
      serviceAccountName: 'webapi',
      namespaces: ['shop'],
    }),
  });
}

/** The application under that service account, which the store defines. */
export class ShopChart extends Chart {
  constructor(scope: Construct, id: string, share: AzureFilesShare) {
    super(scope, id, { namespace: 'shop' });
    const web = new kplus.Deployment(this, 'WebApi', {
      serviceAccount: kplus.ServiceAccount.fromServiceAccountName(this, 'ServiceAccount', 'webapi', {
        namespaceName: 'shop',
      }),
      containers: [
        {
          name: 'webapi',
          image: 'contoso.azurecr.io/webapi:1.4',
          securityContext: { user: 1654, group: 1654 },
          resources: { memory: { limit: Size.gibibytes(1) } },
        },
      ],
    });
    new ProcDumpSidecar(this, 'ProcDump', {
      image: 'contoso.azurecr.io/procdump:3.5.2',
      target: ProcDumpTarget.dotnet(),
      store: AzureFilesDumpStore.fromShare(this, 'Dumps', { share, driverVersion: '1.35.0' }),
    }).attachTo(web);
  }
}

/** The app of the manifests, in which the client id is text. */
export function defineManifests(storage: azure.DumpStorageStack, outputs: string): ManifestApp {
  const app = new ManifestApp({
    outdir: 'dist/azure',
    resolvers: [new azure.TerraformOutputResolver(storage, outputs)],
  });
  new ShopChart(app, 'shop', storage.share);
  return app;
}

if (require.main === module) {
  const terraform = new TerraformApp();
  const storage = defineStorage(terraform);
  terraform.synth();
  defineManifests(storage, OUTPUTS).synth();
}
