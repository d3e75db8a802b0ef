import { AzureFilesAccess } from '../../../src';
import { messageOf } from '../../pods';

const CLIENT = '11111111-2222-3333-4444-555555555555';

describe('AzureFilesAccess', () => {
  const guid = 'must be a GUID, for example 00000000-0000-0000-0000-000000000000';

  test.each<[string, () => unknown, string]>([
    [
      'a bad Secret',
      () => AzureFilesAccess.accountKey({ secretName: 'A B' }),
      'secretName must be a name of Kubernetes: lower-case letters, digits, dashes and dots, that start and end ' +
        'with a letter or digit, got "A B"',
    ],
    [
      'a bad namespace',
      () => AzureFilesAccess.accountKey({ secretNamespace: 'A' }),
      'secretNamespace must be a name of Kubernetes: lower-case letters, digits, dashes and dots, that start and ' +
        'end with a letter or digit, got "A"',
    ],
    [
      'an empty client id',
      () => AzureFilesAccess.managedIdentity({ clientId: '' }),
      'clientId must be a GUID, for example 00000000-0000-0000-0000-000000000000, got ""',
    ],
    [
      'no client id',
      () => AzureFilesAccess.workloadIdentity({ serviceAccountName: 'x' } as never),
      'clientId is missing; expected a GUID, for example 00000000-0000-0000-0000-000000000000',
    ],
    [
      'a name for a client id',
      () => AzureFilesAccess.managedIdentity({ clientId: 'dumps' }),
      `clientId ${guid}, got "dumps"`,
    ],
    [
      'a name for a tenant',
      () => AzureFilesAccess.workloadIdentity({ clientId: CLIENT, serviceAccountName: 'x', tenantId: 'contoso' }),
      `tenantId ${guid}, got "contoso"`,
    ],
    [
      'a bad service account',
      () => AzureFilesAccess.workloadIdentity({ clientId: CLIENT, serviceAccountName: 'X' }),
      'serviceAccountName must be a name of Kubernetes: lower-case letters, digits, dashes and dots, that start and ' +
        'end with a letter or digit, got "X"',
    ],
    [
      'a flag in quotes',
      () =>
        AzureFilesAccess.workloadIdentity({
          clientId: CLIENT,
          serviceAccountName: 'x',
          createServiceAccount: 'no' as never,
        }),
      'createServiceAccount must be true or false, got "no"',
    ],
    [
      'a misspelt option',
      () => AzureFilesAccess.managedIdentity({ clientID: CLIENT } as never),
      "AzureFilesAccess.managedIdentity: there is no prop 'clientID'; expected one of clientId, tenantId",
    ],
  ])('refuses %s', (_, action, message) => {
    expect(messageOf(action)).toContain(message);
  });
});
