import { Duration, Lazy, Size } from 'cdk8s';
import { GUID, SUBSCRIPTION } from './stacks';
import { refusal } from './synthesized';
import {
  DumpReaderPrincipalType,
  DumpReaderRole,
  DumpStorageAccess,
  DumpStorageNetwork,
  DumpStorageStackProps,
} from '../../src/azure';
import { messageOf } from '../pods';

const lazy = <T>(value: T) => Lazy.any({ produce: () => value }) as T;
const GROUP = `${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Insights/actionGroups/oncall`;
const reader = (principalId: string) => ({
  principalId,
  principalType: DumpReaderPrincipalType.GROUP,
  role: DumpReaderRole.PRIVILEGED_READER,
});
const SOMEBODY = GUID.replace(/^2/, 'a');

test.each<[string, Partial<DumpStorageStackProps>, string]>([
  ['a blank as a region', { location: ' ' }, 'location must be an Azure region'],
  ['a Lazy of cdk8s', { location: lazy('westeurope') }, 'location must be an Azure region'],
  ['a Lazy of cdk8s as a name', { shareName: lazy('dumps') }, 'shareName must be'],
  ['an action group twice', { alerts: { actionGroupIds: [GROUP, GROUP.toUpperCase()] } }, 'alerts.actionGroupIds has'],
  ['a reader twice', { readers: [reader(SOMEBODY), reader(SOMEBODY.toUpperCase())] }, 'readers[1] gives'],
  [
    'a network that no factory made',
    { network: new (DumpStorageNetwork as never as new () => never)() },
    'network must',
  ],
  ['a size of no number', { capacity: Size.gibibytes(NaN) }, 'capacity must be a size of whole kibibytes'],
  ['a fraction of a day', { softDelete: Duration.millis(0.5) }, 'softDelete must be whole days'],
  ['a time of no number', { softDelete: Duration.days(NaN) }, 'softDelete must be whole days'],
])('refuses %s', (_, props, message) => {
  expect(refusal(props)).toContain(message);
});

test('a Lazy of cdk8s is no namespace of an identity', () => {
  const options = { oidcIssuerUrl: 'https://x/', serviceAccountName: 'a', namespaces: [lazy('shop')] };
  expect(messageOf(() => DumpStorageAccess.workloadIdentity(options))).toContain('namespaces[0] must be');
});
