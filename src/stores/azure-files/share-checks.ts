import { Size, SizeRoundingBehavior } from 'cdk8s';
import { AzureFilesAccess } from './access';
import { DOMAIN, GUID, RESOURCE_GROUP_NAME, SHARE_NAME, STORAGE_ACCOUNT_NAME } from './azure-names';
import { AzureFilesProtocol, AzureFilesSku } from './enums';
import { AzureFilesAuthentication, AzureFilesShare } from './share';
import { largestShare } from './sku';
import { computed, FLAG, listOf, NAME, oneOf, SIZE, TEXT, whole } from '../../input/checks';
import { Checks, required } from '../../input/struct';

/*
 * The driver ignores unknown attributes of an existing volume, and mounts with the account key if it finds no identity.
 * These checks find a misspelt or misplaced field at synth instead of during an incident.
 */

const LARGEST_SHARE = largestShare(AzureFilesSku.PREMIUM_V2_LRS);

export const SHARE: Checks<AzureFilesShare> = {
  storageAccountName: required(computed(STORAGE_ACCOUNT_NAME)),
  resourceGroupName: required(computed(RESOURCE_GROUP_NAME)),
  shareName: required(computed(SHARE_NAME)),
  subscriptionId: computed(GUID),
  protocol: computed(oneOf(AzureFilesProtocol)),
  capacity: SIZE,
  capacityGibibytes: whole(1, LARGEST_SHARE),
  driverVersion: computed(TEXT),
  authentication: computed(oneOf(AzureFilesAuthentication)),
  clientId: computed(GUID),
  tenantId: computed(GUID),
  serviceAccountName: computed(NAME),
  serviceAccountNamespaces: computed(listOf(computed(NAME))),
  storageEndpointSuffix: computed(DOMAIN),
  encryptInTransit: FLAG,
};

/** Returns the size of the share; 100 GiB if unknown. */
export function capacityOf({ capacity, capacityGibibytes }: AzureFilesShare): Size {
  if (capacity !== undefined && capacityGibibytes !== undefined) {
    throw new Error(
      `share.capacity (${capacity.asString()}) is given together with share.capacityGibibytes ` +
        `(${capacityGibibytes}), which is the same; remove one of them`,
    );
  }
  checkCapacity(capacity);
  return capacity ?? Size.gibibytes(capacityGibibytes ?? 100);
}

function checkCapacity(capacity: Size | undefined): void {
  if (
    capacity !== undefined &&
    capacity.toKibibytes({ rounding: SizeRoundingBehavior.FLOOR }) > LARGEST_SHARE * 1024 ** 2
  ) {
    throw new Error(
      `share.capacity (${capacity.asString()}) is above ${LARGEST_SHARE} GiB, the largest share of Azure Files; give ` +
        'the size of the share',
    );
  }
  // The claim requests the minimum size of a share, and does not bind to a smaller volume.
  if (capacity !== undefined && capacity.toKibibytes() < 1024 ** 2) {
    throw new Error(
      `share.capacity must be at least 1 GiB, the smallest share of Azure Files, got ${capacity.asString()}; give ` +
        'the size of the share',
    );
  }
}

/** Returns the credential from the share and the `access` prop; undefined for NFS. */
export function chooseAccess(
  share: AzureFilesShare,
  access: AzureFilesAccess | undefined,
): AzureFilesAccess | undefined {
  if (share.protocol === AzureFilesProtocol.NFS) {
    if (access !== undefined) {
      throw new Error(
        "access is given for protocol 'nfs', which has no identities and no keys; remove it, or use " +
          'AzureFilesProtocol.SMB',
      );
    }
    refuseUseless(
      share,
      ['authentication', ...IDENTITY_FIELDS],
      "protocol 'nfs', which has no identities and no keys",
      'use AzureFilesProtocol.SMB',
    );
    return undefined;
  }
  if (access !== undefined) {
    refuseContradiction(share, access);
    return access;
  }
  const authentication = authenticationOf(share);
  refuseUselessIdentity(share, authentication);
  return AzureFilesAccess._of(share, authentication);
}

const IDENTITY_FIELDS = ['clientId', 'tenantId', 'serviceAccountName', 'serviceAccountNamespaces'] as const;
type Field = (typeof IDENTITY_FIELDS)[number] | 'authentication';

function authenticationOf({ authentication, clientId, serviceAccountName }: AzureFilesShare): AzureFilesAuthentication {
  if (authentication !== undefined) return authentication;
  if (serviceAccountName !== undefined) return AzureFilesAuthentication.WORKLOAD_IDENTITY;
  return clientId === undefined ? AzureFilesAuthentication.ACCOUNT_KEY : AzureFilesAuthentication.MANAGED_IDENTITY;
}

function refuseUselessIdentity(share: AzureFilesShare, authentication: AzureFilesAuthentication): void {
  switch (authentication) {
    case AzureFilesAuthentication.ACCOUNT_KEY:
      return refuseUseless(
        share,
        IDENTITY_FIELDS,
        'a mount by account key',
        'give share.clientId, and share.authentication only for an identity',
      );
    case AzureFilesAuthentication.MANAGED_IDENTITY:
      return refuseUseless(
        share,
        ['serviceAccountName', 'serviceAccountNamespaces'],
        "a managed identity, which is the node's",
        'give share.serviceAccountName, and only AzureFilesAuthentication.WORKLOAD_IDENTITY as share.authentication',
      );
    case AzureFilesAuthentication.WORKLOAD_IDENTITY:
      for (const field of ['clientId', 'serviceAccountName'] as const) {
        if (share[field] !== undefined) continue;
        throw new Error(
          `share.${field} is missing, but a mount by workload identity needs it; give share.${field} of the ` +
            "identity, or remove the share's other fields about identities",
        );
      }
  }
}

function refuseUseless(share: AzureFilesShare, fields: readonly Field[], where: string, remedy: string): void {
  const useless = fields.find((field) => share[field] !== undefined);
  if (useless !== undefined) {
    throw new Error(`share.${useless} (${share[useless]}) has no effect with ${where}; remove it, or ${remedy}`);
  }
}

function refuseContradiction(share: AzureFilesShare, access: AzureFilesAccess): void {
  const {
    _authentication: authentication,
    _options: { clientId, tenantId, serviceAccountName },
  } = access;
  for (const [field, value] of Object.entries({ authentication, clientId, tenantId, serviceAccountName })) {
    const said = share[field as Field];
    if (said === undefined || said === value) continue;
    throw new Error(
      `share.${field} is '${said}', but access has ${value === undefined ? 'none' : `'${value}'`}, and the share ` +
        `defines who can mount it; remove access, or give it the same ${field}`,
    );
  }
  if (authentication !== AzureFilesAuthentication.WORKLOAD_IDENTITY) {
    refuseUseless(
      share,
      ['serviceAccountNamespaces'],
      `access by ${authentication}`,
      'use AzureFilesAccess.workloadIdentity',
    );
  }
}
