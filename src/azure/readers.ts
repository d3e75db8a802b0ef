import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { checkGuid, checkKnownList, isKnown } from './checks';
import { DumpReader, DumpReaderPrincipalType, DumpReaderRole } from './dump-reader';
import { checkFields, checkOneOf } from '../input/arguments';

export function checkReaders(what: string, readers: DumpReader[]): DumpReader[] {
  checkKnownList(what, readers).forEach((reader, index) => {
    const { principalId, principalType, role } = checkFields(`${what}[${index}]`, reader, { principalId: true, principalType: true, role: true });
    checkGuid(`${what}[${index}].principalId`, principalId);
    required(`${what}[${index}].principalType`, principalType, DumpReaderPrincipalType);
    required(`${what}[${index}].role`, role, DumpReaderRole);
    if (readers.some((other, at) => at < index && other.principalId === principalId && other.role === role)) {
      throw new Error(`${what}[${index}] gives '${principalId}' the role '${role}' again; remove one`);
    }
  });
  return readers;
}

/**
 * @param shareScope the share as Azure's access control spells it, which is not how its id is spelled
 * @see https://github.com/Azure/azure-rest-api-specs/issues/24568
 */
export function renderReaders(
  scope: Construct, readers: DumpReader[], shareScope: string, dependsOn: ITerraformDependable[],
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

function required<T>(what: string, value: T, values: { [name: string]: T }): void {
  if (value === undefined) throw new Error(`${what} is missing; give one of ${Object.values(values).join(', ')}`);
  checkOneOf(what, value, values);
}
