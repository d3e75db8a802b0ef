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
  const terraform = terraformWith({ readers: [REST, SMB] });
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
    [REST, SMB, { ...REST, principalType: DumpReaderPrincipalType.USER }],
    `readers[2] gives '${GUID}' the role 'Storage File Data Privileged Reader' again; remove one`,
  ],
  [['me' as unknown as DumpReader], 'readers[0] must be an object, got "me"'],
  [REST as unknown as DumpReader[], `readers must be a list, got ${JSON.stringify(REST)}`],
])('refuses %j', (readers, message) => {
  expect(refusal({ readers })).toBe(message);
});

test('refuses readers over SMB where mounts use the account key', () => {
  expect(refusal({ readers: [REST, SMB], access: DumpStorageAccess.accountKey() })).toBe(
    'readers[1] reads over SMB as itself, but SMB mounts of this account use the account key only; choose ' +
      'DumpReaderRole.PRIVILEGED_READER, or an access by identity',
  );
});

test('NFS has no readers over SMB', () => {
  expect(refusal({ readers: [SMB], ...NFS })).toBe(
    'readers[0] reads over SMB as itself, but the share is NFS; choose DumpReaderRole.PRIVILEGED_READER, or an ' +
      'access by identity',
  );
});
