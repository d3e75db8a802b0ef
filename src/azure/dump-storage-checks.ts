import { Size } from 'cdk8s';
import { ALERTS, refuseUselessAlerts } from './alerts';
import { DumpAudit } from './audit';
import { computed, checkWhole, daysOf, isKnown, refuseTwice, textLike } from './checks';
import { AzureCloud } from './cloud';
import { DumpReader, DumpReaderRole } from './dump-reader';
import type { DumpStorageProps } from './dump-storage-options';
import { ENCRYPTION_KEY, refuseUnusableKey } from './encryption';
import { TRUSTED_RESOURCES } from './network';
import { BACKUP, backupOf, CheckedBackup } from './protection';
import { READERS, refuseSameReaders } from './readers';
import { SkuModel, skuModel } from './sku';
import { allAccess, NamedAccess, refuseTeams, TEAMS } from './teams';
import { Check, check, refusal } from '../input/check';
import { DURATION, FLAG, madeBy, mapOf, NUMBER, oneOf, SIZE } from '../input/checks';
import { isLate } from '../input/late-value';
import { checkProps, Checks, required, struct } from '../input/struct';
import {
  GUID,
  LOCATION,
  RESOURCE_GROUP_NAME,
  SHARE_NAME,
  STORAGE_ACCOUNT_NAME,
} from '../stores/azure-files/azure-names';
import { AzureFilesProtocol, AzureFilesShareAccessTier, AzureFilesSku } from '../stores/azure-files/enums';
import { AzureFilesAuthentication } from '../stores/azure-files/share';
import { largestShare } from '../stores/azure-files/sku';

const KIBIBYTES_OF_A_GIBIBYTE = 1024 ** 2;

/**
 * Maximum `quota` of azurerm_storage_share in azurerm 4.55 and 4.73. Azure's own limit is higher for v2 SKUs.
 *
 * @see https://github.com/hashicorp/terraform-provider-azurerm/pull/4054
 */
const MAX_GIBIBYTES = 102_400;

const DRIVER_VERSION = textLike(/^v?\d+\.\d+\.\d+$/, "three numbers with dots between them, as in '1.35.2'");
const TAG: Check = { expected: 'text', accepts: (value) => typeof value === 'string' };
const TAG_NAME = textLike(/^[^<>%&\\?/]{1,128}$/, 'at most 128 characters without < > % & \\ ? /');

/** The checked props, with their defaults. */
export interface CheckedStorage {
  readonly sku: SkuModel;
  readonly capacity: Size;
  readonly capacityGibibytes: number;
  readonly shareName: string;
  readonly protocol: AzureFilesProtocol;
  /** `access` first. */
  readonly allAccess: NamedAccess[];
  readonly audit: DumpAudit;
  readonly readers: DumpReader[];
  readonly entraKerberos: boolean;
  readonly softDeleteDays: number;
  readonly backup?: CheckedBackup;
  readonly cloud: AzureCloud;
}

export const STORAGE: Checks<DumpStorageProps> = {
  location: required(computed(LOCATION)),
  storageAccountName: required(computed(STORAGE_ACCOUNT_NAME)),
  access: required(madeBy('DumpStorageAccess, for example DumpStorageAccess.workloadIdentity({ … })', '_protocol')),
  teams: TEAMS,
  network: required(
    madeBy('DumpStorageNetwork, for example DumpStorageNetwork.privateEndpoint({ … })', '_restriction'),
  ),
  subscriptionId: computed(GUID),
  resourceGroupName: computed(RESOURCE_GROUP_NAME),
  existingResourceGroupName: computed(RESOURCE_GROUP_NAME),
  shareName: computed(SHARE_NAME),
  sku: oneOf(AzureFilesSku),
  capacity: SIZE,
  accessTier: oneOf(AzureFilesShareAccessTier),
  driverVersion: DRIVER_VERSION,
  protocol: oneOf(AzureFilesProtocol),
  provisionedIops: computed(NUMBER),
  provisionedBandwidth: computed(NUMBER),
  readers: READERS,
  customerManagedKey: struct(ENCRYPTION_KEY),
  infrastructureEncryption: FLAG,
  allowAes128: FLAG,
  allowTrustedServices: FLAG,
  trustedResources: TRUSTED_RESOURCES,
  audit: madeBy('DumpAudit, for example DumpAudit.newWorkspace()', '_off'),
  alerts: struct(ALERTS),
  softDelete: DURATION,
  lock: FLAG,
  preventDestroy: FLAG,
  backup: struct(BACKUP),
  cloud: oneOf(AzureCloud),
  tags: computed(mapOf(computed(TAG))),
};

/** @throws naming the prop, its value and the change to make */
export function checkStorage(props: DumpStorageProps): CheckedStorage {
  checkProps(props, STORAGE);
  const { sku: skuName = AzureFilesSku.PREMIUM_V2_LRS, protocol = AzureFilesProtocol.SMB } = props;
  const { capacity = Size.gibibytes(100), audit = DumpAudit.newWorkspace() } = props;
  const sku = skuModel(skuName);
  const accesses = allAccess(props.access, props.teams);
  refuseTwoGroups(props);
  refuseTeams(props.storageAccountName, accesses);
  refuseTags(props.tags);
  refuseProtocol(props, protocol, skuName, sku);
  checkPerformance(props, skuName, sku);
  refuseTier(props, skuName, sku);
  refuseTwice(
    'trustedResources',
    props.trustedResources?.map(({ resourceId }) => resourceId),
  );
  refuseKey(props, skuName, sku);
  if (props.alerts !== undefined) refuseUselessAlerts(props.alerts, !audit._off);
  if (props.backup !== undefined && props.allowTrustedServices === false) {
    throw new Error(
      'allowTrustedServices is false, but Azure Backup reaches the share as a trusted service; remove it, or remove ' +
        'backup',
    );
  }
  return {
    sku,
    capacity,
    capacityGibibytes: gibibytesOf('capacity', capacity, skuName, sku.minimumGibibytes),
    shareName: props.shareName ?? 'dumps',
    protocol,
    allAccess: accesses,
    audit,
    ...checkPeople(props),
    softDeleteDays: props.softDelete === undefined ? 7 : daysOf('softDelete', props.softDelete, 1, 365),
    backup: props.backup && backupOf(props.backup),
    cloud: props.cloud ?? AzureCloud.PUBLIC,
  };
}

function refuseTwoGroups({ resourceGroupName, existingResourceGroupName }: DumpStorageProps): void {
  if (resourceGroupName === undefined || existingResourceGroupName === undefined) return;
  throw new Error(
    `resourceGroupName '${resourceGroupName}' would be created, but existingResourceGroupName ` +
      `'${existingResourceGroupName}' exists; remove one of them`,
  );
}

function refuseKey(props: DumpStorageProps, skuName: AzureFilesSku, sku: SkuModel): void {
  if (props.customerManagedKey === undefined) return;
  refuseUnusableKey(props.customerManagedKey, props);
  if (sku.billing && sku.tier === 'Standard') {
    throw new Error(
      `customerManagedKey with sku ${skuName}: azurerm refuses a customer-managed key on HDD provisioned v2 ` +
        'accounts; choose a Premium, PremiumV2 or pay-as-you-go Standard SKU, or leave out customerManagedKey',
    );
  }
}

function refuseProtocol(
  props: DumpStorageProps,
  protocol: AzureFilesProtocol,
  skuName: AzureFilesSku,
  sku: SkuModel,
): void {
  const { _protocol: protocolOfAccess } = props.access;
  if (protocol === AzureFilesProtocol.NFS && sku.tier !== 'Premium') {
    throw new Error(`protocol NFS with sku ${skuName}: NFS shares need SSD; choose a Premium or PremiumV2 SKU, or SMB`);
  }
  if (protocol === AzureFilesProtocol.NFS && protocolOfAccess === AzureFilesProtocol.SMB) {
    throw new Error(
      'protocol NFS has neither identities nor keys, so the given access would have no effect; use SMB, or ' +
        'DumpStorageAccess.network(), which lets every client in the network mount',
    );
  }
  if (protocol === AzureFilesProtocol.SMB && protocolOfAccess === AzureFilesProtocol.NFS) {
    throw new Error(
      'access DumpStorageAccess.network() is for NFS, but protocol is SMB; set protocol to ' +
        'AzureFilesProtocol.NFS, or choose workloadIdentity, managedIdentity or accountKey',
    );
  }
  if (protocol === AzureFilesProtocol.NFS && props.backup !== undefined) {
    throw new Error('backup with protocol NFS: Azure Backup takes SMB shares only; remove backup, or choose SMB');
  }
  if (protocol === AzureFilesProtocol.NFS && props.allowAes128) {
    throw new Error('allowAes128 applies to SMB, but protocol is NFS; remove it');
  }
}

function checkPerformance(props: DumpStorageProps, skuName: AzureFilesSku, sku: SkuModel): void {
  for (const [prop, range] of [
    ['provisionedIops', sku.iops],
    ['provisionedBandwidth', sku.bandwidth],
  ] as const) {
    const value = props[prop];
    if (value === undefined) continue;
    if (!range) {
      throw new Error(
        `${prop} (${value}) with sku ${skuName}: only provisioned v2 SKUs have it separate from the size; choose a ` +
          'PremiumV2 or StandardV2 SKU, or leave it out',
      );
    }
    checkWhole(`${prop} of ${skuName}`, value, ...range);
  }
}

/** @see https://learn.microsoft.com/azure/storage/files/storage-files-planning#storage-tiers */
function refuseTier({ accessTier }: DumpStorageProps, skuName: AzureFilesSku, sku: SkuModel): void {
  if (accessTier === undefined) return;
  if (sku.kind === 'FileStorage') {
    throw new Error(
      `accessTier ${accessTier} with sku ${skuName}: only pay-as-you-go shares have access tiers; expected a ` +
        'Standard SKU without V2; remove accessTier, or choose such a SKU',
    );
  }
  if (accessTier === AzureFilesShareAccessTier.PREMIUM) {
    throw new Error(
      `accessTier ${accessTier} with sku ${skuName}: Premium is the tier of SSD; expected Hot, Cool or ` +
        'TransactionOptimized; choose one of them, or remove accessTier',
    );
  }
}

function gibibytesOf(what: string, capacity: Size, skuName: AzureFilesSku, minimum: number): number {
  const gibibytes = capacity.toKibibytes() / KIBIBYTES_OF_A_GIBIBYTE;
  if (!Number.isInteger(gibibytes)) throw refusal(what, capacity, 'whole GiB, for example Size.gibibytes(100)');
  if (gibibytes < minimum) {
    throw new Error(
      `${what} (${gibibytes}Gi) is less than ${minimum}Gi, the smallest share of ${skuName}; ask for ` +
        `Size.gibibytes(${minimum}) at least, or choose another sku`,
    );
  }
  if (gibibytes > MAX_GIBIBYTES) {
    const most = largestShare(skuName);
    const limit = most === MAX_GIBIBYTES ? `the largest share of ${skuName}` : 'the most that azurerm takes';
    const azure = most === MAX_GIBIBYTES ? '' : ` (Azure takes ${most}Gi of ${skuName})`;
    throw new Error(
      `${what} (${gibibytes}Gi) is more than ${MAX_GIBIBYTES}Gi, ${limit}${azure}; ask for ` +
        `Size.gibibytes(${MAX_GIBIBYTES}) at most, or make a DumpStorage for each group of workloads`,
    );
  }
  return gibibytes;
}

function checkPeople({ readers = [], access }: DumpStorageProps): Pick<CheckedStorage, 'readers' | 'entraKerberos'> {
  refuseSameReaders(readers);
  const overSmb = readers.findIndex(({ role }) => role === DumpReaderRole.SMB_SHARE_READER);
  if (overSmb >= 0 && access._authentication !== AzureFilesAuthentication.ACCOUNT_KEY) {
    const reason = access._byIdentity
      ? 'nodes mount by SMB OAuth, which Microsoft documents only for accounts without another identity source'
      : 'the share is NFS';
    throw new Error(
      `readers[${overSmb}] reads over SMB with Microsoft Entra Kerberos, but ${reason}; expected a reader over REST; ` +
        'choose DumpReaderRole.PRIVILEGED_READER',
    );
  }
  return { readers, entraKerberos: overSmb >= 0 };
}

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources */
function refuseTags(tags: { [name: string]: string } | undefined): void {
  if (tags === undefined || isLate(tags)) return;
  const names = Object.keys(tags);
  if (names.length > 50) throw new Error(`tags has ${names.length} tags, but a resource takes 50; remove some`);
  for (const name of names) {
    check(`tags: the name '${name}'`, name, TAG_NAME);
    if (isKnown(tags[name]) && tags[name].length > 256) {
      throw new Error(`tags.${name} has ${tags[name].length} characters, but a tag takes 256; shorten it`);
    }
  }
}
