import { App as ManifestApp, Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { App as TerraformApp } from 'cdktf';
import { Construct } from 'constructs';
import { AzureFilesDumpStore, AzureFilesShare, ProcDumpSidecar, ProcDumpTarget, ProcDumpTrigger } from 'cdk8s-procdump';
import * as azure from 'cdk8s-procdump/azure';

const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000000';
const NETWORK = `${SUBSCRIPTION}/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-aks`;

/**
 * The storage account and the share, on a private endpoint in the cluster's network, mounted as the identity of the
 * nodes.
 */
export function defineStorage(scope: Construct): azure.DumpStorageStack {
  return new azure.DumpStorageStack(scope, 'dumps', {
    subscriptionId: '00000000-0000-0000-0000-000000000000',
    location: 'westeurope',
    storageAccountName: 'contosodumps',
    capacity: Size.gibibytes(256),
    network: azure.DumpStorageNetwork.privateEndpoint({
      subnetId: `${NETWORK}/subnets/endpoints`,
      virtualNetworkIds: [NETWORK],
    }),
    // az aks show --query identityProfile.kubeletidentity
    access: azure.DumpStorageAccess.managedIdentity({
      clientId: '11111111-1111-1111-1111-111111111111',
      principalId: '22222222-2222-2222-2222-222222222222',
    }),
    tags: { owner: 'platform', dataClassification: 'confidential' },
  });
}

/** The application with its sidecar, and the volume on the share: every name comes from the stack. */
export class ShopChart extends Chart {
  constructor(scope: Construct, id: string, share: AzureFilesShare) {
    super(scope, id, { namespace: 'shop' });
    const web = new kplus.Deployment(this, 'WebApi', {
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
      target: ProcDumpTarget.dotnet({ crashDumps: true }),
      triggers: [ProcDumpTrigger.memoryAboveLimit(75, 90)],
      store: AzureFilesDumpStore.fromShare(this, 'Dumps', { share, driverVersion: '1.34.0' }),
    }).attachTo(web);
  }
}

if (require.main === module) {
  const terraform = new TerraformApp();
  const { share } = defineStorage(terraform);
  terraform.synth();

  const manifests = new ManifestApp({ outdir: 'dist/azure' });
  new ShopChart(manifests, 'shop', share);
  manifests.synth();
}
