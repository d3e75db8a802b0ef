import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { computed, isKnown, knownListOf } from './checks';
import { DumpReader, DumpReaderPrincipalType, DumpReaderRole } from './dump-reader';
import { oneOf } from '../input/checks';
import { Checks, required, struct } from '../input/struct';
import { GUID } from '../stores/azure-files/azure-names';

const READER: Checks<DumpReader> = {
  principalId: required(computed(GUID)),
  principalType: required(oneOf(DumpReaderPrincipalType)),
  role: required(oneOf(DumpReaderRole)),
};

export const READERS = knownListOf(struct(READER));

export function refuseSameReaders(readers: DumpReader[]): void {
  readers.forEach(({ principalId, role }, index) => {
    const isSame = (other: DumpReader) =>
      other.role === role && `${other.principalId}`.toLowerCase() === `${principalId}`.toLowerCase();
    if (readers.slice(0, index).some(isSame)) {
      throw new Error(`readers[${index}] gives '${principalId}' the role '${role}' again; remove one`);
    }
  });
}

/**
 * @param shareScope the share in the form of Azure's access control, which differs from its resource id
 * @see https://github.com/Azure/azure-rest-api-specs/issues/24568
 */
export function renderReaders(
  scope: Construct,
  readers: DumpReader[],
  shareScope: string,
  dependsOn: ITerraformDependable[],
): ITerraformDependable[] {
  return readers.map(({ principalId, principalType, role }, index) => {
    const how = role === DumpReaderRole.PRIVILEGED_READER ? 'Rest' : 'Smb';
    return new RoleAssignment(scope, `Reader-${isKnown(principalId) ? principalId : index}-${how}`, {
      scope: shareScope,
      roleDefinitionName: role,
      principalId,
      principalType,
      description: 'reads dumps',
      dependsOn,
    });
  });
}
