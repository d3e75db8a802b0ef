import { GUID } from './stacks';
import { addressOf, refusal, resource, terraformWith } from './synthesized';
import { AzureFilesProtocol } from '../../src';
import { DumpReader, DumpReaderPrincipalType, DumpReaderRole, DumpStorageAccess } from '../../src/azure';

const REST: DumpReader = {
  principalId: GUID,
  principalType: DumpReaderPrincipalType.GROUP,
  role: DumpReaderRole.PRIVILEGED_READER,
};
const SMB: DumpReader = { ...REST, role: DumpReaderRole.SMB_SHARE_READER };
const KEY = DumpStorageAccess.accountKey();
const NFS = { access: DumpStorageAccess.network(), protocol: AzureFilesProtocol.NFS };

test('a reader gets a role on the share alone, which is there before', () => {
  const terraform = terraformWith({ shareName: 'crashes', readers: [REST] });
  expect(resource(terraform, `Reader-${GUID}-Rest`)).toEqual({
    scope: `\${${addressOf(terraform, 'Account')}.id}/fileServices/default/fileshares/crashes`,
    role_definition_name: 'Storage File Data Privileged Reader',
    principal_id: GUID,
    principal_type: 'Group',
    description: 'reads dumps',
    depends_on: [addressOf(terraform, 'Share')],
  });
});

test('one principal may read in both ways', () => {
  const terraform = terraformWith({ readers: [REST, SMB], access: KEY });
  expect(resource(terraform, `Reader-${GUID}-Smb`).role_definition_name).toBe('Storage File Data SMB Share Reader');
  expect(resource(terraform, `Reader-${GUID}-Rest`).role_definition_name).toBe('Storage File Data Privileged Reader');
});

test.each([
  [DumpReaderPrincipalType.USER, 'User'],
  [DumpReaderPrincipalType.GROUP, 'Group'],
  [DumpReaderPrincipalType.SERVICE_PRINCIPAL, 'ServicePrincipal'],
])('%s is said to Azure as %s', (principalType, text) => {
  expect(resource(terraformWith({ readers: [{ ...REST, principalType }] }), `Reader-${GUID}-Rest`).principal_type).toBe(
    text,
  );
});

test.each([
  ['the account key', { access: DumpStorageAccess.accountKey() }],
  ['NFS', NFS],
])('a reader over REST is taken with %s', (_what, props) => {
  expect(() => terraformWith({ ...props, readers: [REST] })).not.toThrow();
});

test.each<[DumpReader[], string]>([
  [
    [{ ...REST, principalId: 'me' }],
    'readers[0].principalId must be a GUID, for example 00000000-0000-0000-0000-000000000000, got "me"',
  ],
  [
    [REST, { ...SMB, principalType: 'Team' as DumpReaderPrincipalType }],
    'readers[1].principalType must be one of User, Group, ServicePrincipal, got "Team"',
  ],
  [
    [{ ...REST, principalType: undefined as unknown as DumpReaderPrincipalType }],
    'readers[0].principalType is missing; expected one of User, Group, ServicePrincipal',
  ],
  [
    [{ ...REST, role: 'Owner' as DumpReaderRole }],
    'readers[0].role must be one of Storage File Data Privileged Reader, Storage File Data SMB Share Reader, got ' +
      '"Owner"',
  ],
  [
    [REST, { ...REST, principalType: DumpReaderPrincipalType.USER }],
    `readers[1] gives '${GUID}' the role 'Storage File Data Privileged Reader' again; remove one`,
  ],
  [['me' as unknown as DumpReader], 'readers[0] must be an object of props, got "me"'],
  [REST as unknown as DumpReader[], `readers must be a list, got ${JSON.stringify(REST)}; write [ … ] around it`],
])('refuses %j', (readers, message) => {
  expect(refusal({ readers })).toBe(message);
});

const OVER_SMB =
  'reads over SMB with Microsoft Entra Kerberos, but nodes mount by SMB OAuth, which Microsoft documents only for ' +
  'accounts without another identity source; expected a reader over REST; choose DumpReaderRole.PRIVILEGED_READER';

test.each([
  ['a workload identity', {}],
  ['a managed identity', { access: DumpStorageAccess.managedIdentity() }],
])('refuses readers over SMB where %s mounts', (_what, props) => {
  expect(refusal({ ...props, readers: [REST, SMB] })).toBe(`readers[1] ${OVER_SMB}`);
});

test('readers over SMB sign in with Entra Kerberos, beside mounts by account key', () => {
  const account = resource(terraformWith({ readers: [SMB], access: KEY }), 'Account');
  expect(account.azure_files_authentication).toEqual({
    directory_type: 'AADKERB',
    default_share_level_permission: 'None',
  });
  expect(account.share_properties.smb.authentication_types).toEqual(['NTLMv2', 'Kerberos']);
  const other = resource(terraformWith({ readers: [REST], access: KEY }), 'Account');
  expect(other).not.toHaveProperty('azure_files_authentication');
  expect(other.share_properties.smb.authentication_types).toEqual(['NTLMv2']);
});

test('NFS has no readers over SMB', () => {
  expect(refusal({ readers: [SMB], ...NFS })).toBe(
    'readers[0] reads over SMB with Microsoft Entra Kerberos, but the share is NFS; expected a reader over REST; ' +
      'choose DumpReaderRole.PRIVILEGED_READER',
  );
});
