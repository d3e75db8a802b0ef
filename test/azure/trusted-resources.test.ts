import { Fn } from 'cdktf';
import { GUID, NETWORK, SUBSCRIPTION } from './stacks';
import { refusal, resource, terraformWith } from './synthesized';
import { DumpStorageNetwork, DumpStorageStackProps, TrustedResource } from '../../src/azure';

const SCANNER = `${SUBSCRIPTION}/providers/Microsoft.Security/datascanners/StorageDataScanner`;
const FACTORY = `${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.DataFactory/factories/triage`;
const ENDPOINT = `${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe-dumps`;
const subnets = DumpStorageNetwork.subnets({ subnetIds: [`${NETWORK}/subnets/nodes`] });
const rulesWith = (trustedResources?: TrustedResource[], props: Partial<DumpStorageStackProps> = {}) =>
  resource(terraformWith({ ...props, trustedResources }), 'Account').network_rules;

test.each([undefined, subnets])('pass the firewall one by one, with either network: %#', (network) => {
  const rules = rulesWith([{ resourceId: SCANNER }, { resourceId: FACTORY, tenantId: GUID }], network && { network });
  expect(rules).toMatchObject({ default_action: 'Deny', bypass: ['None'] });
  expect(rules.private_link_access).toEqual([
    { endpoint_resource_id: SCANNER },
    { endpoint_resource_id: FACTORY, endpoint_tenant_id: GUID },
  ]);
});

test('are none unless named', () => {
  for (const none of [undefined, []]) expect(rulesWith(none)).not.toHaveProperty('private_link_access');
});

test('may be computed by Terraform', () => {
  expect(rulesWith([{ resourceId: Fn.lower('${var.id}') }]).private_link_access).toHaveLength(1);
});

const FORM = 'the id of a resource: /subscriptions/<id>/resourceGroups/<name>/providers/<type>/<name>';

test.each<[TrustedResource[], string]>([
  [
    [{ resourceId: `${FACTORY}*` }],
    `trustedResources[0].resourceId '${FACTORY}*' admits ` +
      'every resource of its kind, also those that others create; expected one resource; write its id',
  ],
  [
    [{ resourceId: ENDPOINT }],
    `trustedResources[0].resourceId '${ENDPOINT}' is a private endpoint, which Azure refuses here; expected a ` +
      'resource that has a managed identity; use DumpStorageNetwork.privateEndpoint for a private address',
  ],
  [[{ resourceId: SCANNER }, { resourceId: 'triage' }], `trustedResources[1].resourceId must be ${FORM}, got "triage"`],
  [
    [{ resourceId: `${SUBSCRIPTION}/resourceGroups/rg` }],
    `trustedResources[0].resourceId must be ${FORM}, got "${SUBSCRIPTION}/resourceGroups/rg"`,
  ],
  [
    [{ resourceId: `${FACTORY}/pipelines` }],
    `trustedResources[0].resourceId must be ${FORM}, got "${FACTORY}/pipelines"`,
  ],
  [
    [{ resourceId: SCANNER, tenantId: 'contoso' }],
    'trustedResources[0].tenantId must be a GUID, for example 00000000-0000-0000-0000-000000000000, got "contoso"',
  ],
  [
    [{ resourceId: FACTORY }, { resourceId: FACTORY.toLowerCase() }],
    `trustedResources has '${FACTORY.toLowerCase()}' twice; remove one`,
  ],
  [SCANNER as never, `trustedResources must be a list, got "${SCANNER}"`],
])('refuses %j', (trustedResources, message) => {
  expect(refusal({ trustedResources })).toBe(message);
});
