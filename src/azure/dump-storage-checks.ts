import { Size } from 'cdk8s';
import { Token } from 'cdktf';
import { checkAlerts } from './alerts';
import { DumpAudit } from './audit';
import { checkDays, checkGuid, checkInteger, checkMatch, checkName, isKnown, refuse } from './checks';
import { AzureCloud } from './cloud';
import { DumpReader, DumpReaderRole } from './dump-reader';
import type { DumpStorageProps } from './dump-storage-options';
import { checkEncryptionKey } from './encryption';
import { CheckedBackup, checkBackup } from './protection';
import { checkReaders } from './readers';
import { SkuModel, skuModel } from './sku';
import { checkFields, checkFlag, checkMade, checkOneOf, checkSize, checkStruct, checkText, Fields } from '../input/arguments';
import { RESOURCE_GROUP_NAME, SHARE_NAME, STORAGE_ACCOUNT_NAME } from '../stores/azure-files/azure-names';
import { AzureFilesProtocol, AzureFilesSku } from '../stores/azure-files/enums';
import { AzureFilesAuthentication } from '../stores/azure-files/share';

const KIBIBYTES_OF_A_GIBIBYTE = 1024 ** 2;
const MAX_GIBIBYTES = 102_400;

/** The props with their defaults, each of which Azure takes, alone and together. */
export interface CheckedStorage {
  readonly sku: SkuModel;
  readonly capacity: Size;
  readonly capacityGibibytes: number;
  readonly shareName: string;
  readonly protocol: AzureFilesProtocol;
  readonly audit: DumpAudit;
  readonly readers: DumpReader[];
  readonly entraKerberos: boolean;
  readonly softDeleteDays: number;
  readonly backup?: CheckedBackup;
  readonly cloud: AzureCloud;
}

/** The options of dump storage: what is misspelt would have no effect. */
export const STORAGE_FIELDS: Fields<DumpStorageProps> = {
  location: true,
  storageAccountName: true,
  access: true,
  network: true,
  subscriptionId: true,
  resourceGroupName: true,
  existingResourceGroupName: true,
  shareName: true,
  sku: true,
  capacity: true,
  protocol: true,
  provisionedIops: true,
  provisionedBandwidth: true,
  readers: true,
  customerManagedKey: true,
  infrastructureEncryption: true,
  allowAes128: true,
  allowTrustedServices: true,
  audit: true,
  alerts: true,
  softDelete: true,
  lock: true,
  preventDestroy: true,
  backup: true,
  cloud: true,
  tags: true,
};

/** @throws naming the prop, its value and what to change */
export function checkStorage(path: string, props: DumpStorageProps): CheckedStorage {
  const at = (prop: string) => `${path}: ${prop}`;
  checkFields(path, props, STORAGE_FIELDS);
  checkNames(at, props);
  checkMade(at('access'), props.access, '_protocol', 'DumpStorageAccess, for example DumpStorageAccess.workloadIdentity({ … })');
  checkMade(at('network'), props.network, '_accountArguments', 'DumpStorageNetwork, for example DumpStorageNetwork.privateEndpoint({ … })');
  for (const flag of ['infrastructureEncryption', 'allowAes128', 'allowTrustedServices', 'lock', 'preventDestroy'] as const) checkFlag(at(flag), props[flag]);
  if (props.tags !== undefined) checkTags(at('tags'), props.tags);

  const skuName = checkOneOf(at('sku'), props.sku, AzureFilesSku) ?? AzureFilesSku.PREMIUM_V2_LRS;
  const sku = skuModel(skuName);
  const protocol = checkOneOf(at('protocol'), props.protocol, AzureFilesProtocol) ?? AzureFilesProtocol.SMB;
  checkProtocol(at, props, protocol, skuName, sku);
  checkPerformance(at, props, skuName, sku);
  if (props.customerManagedKey !== undefined) {
    checkEncryptionKey(at('customerManagedKey'), props.customerManagedKey);
    if (sku.billing && sku.tier === 'Standard') {
      throw new Error(`${at('customerManagedKey')} with sku ${skuName}: azurerm refuses a customer-managed key on HDD provisioned v2 accounts; choose a Premium, PremiumV2 or `
        + 'pay-as-you-go Standard SKU, or leave out customerManagedKey');
    }
  }
  const audit = checkMade(at('audit'), props.audit ?? DumpAudit.newWorkspace(), '_off', 'DumpAudit, for example DumpAudit.newWorkspace()');
  if (props.alerts !== undefined) checkAlerts(at('alerts'), props.alerts, !audit._off);
  if (props.backup !== undefined && props.allowTrustedServices === false) {
    throw new Error(`${at('allowTrustedServices')} is false, but Azure Backup comes as a trusted service and could not reach the share; remove it, or remove backup`);
  }
  const capacity = props.capacity ?? Size.gibibytes(100);
  return {
    sku,
    capacity,
    capacityGibibytes: checkCapacity(at('capacity'), capacity, skuName, sku.minimumGibibytes),
    shareName: props.shareName ?? 'dumps',
    protocol,
    audit,
    ...checkPeople(at, props),
    softDeleteDays: props.softDelete === undefined ? 7 : checkDays(at('softDelete'), props.softDelete, 1, 365),
    backup: props.backup && checkBackup(at('backup'), props.backup),
    cloud: checkOneOf(at('cloud'), props.cloud, AzureCloud) ?? AzureCloud.PUBLIC,
  };
}

type At = (prop: string) => string;

function checkNames(at: At, props: DumpStorageProps): void {
  checkText(at('location'), props.location);
  checkName(at('storageAccountName'), props.storageAccountName, STORAGE_ACCOUNT_NAME);
  if (props.shareName !== undefined) checkName(at('shareName'), props.shareName, SHARE_NAME);
  if (props.resourceGroupName !== undefined) checkName(at('resourceGroupName'), props.resourceGroupName, RESOURCE_GROUP_NAME);
  if (props.existingResourceGroupName !== undefined) checkName(at('existingResourceGroupName'), props.existingResourceGroupName, RESOURCE_GROUP_NAME);
  if (props.resourceGroupName !== undefined && props.existingResourceGroupName !== undefined) {
    throw new Error(`${at('resourceGroupName')} '${props.resourceGroupName}' is to be made, but existingResourceGroupName '${props.existingResourceGroupName}' exists; `
      + 'remove one of them');
  }
  if (props.subscriptionId !== undefined) checkGuid(at('subscriptionId'), props.subscriptionId);
}

function checkProtocol(at: At, props: DumpStorageProps, protocol: AzureFilesProtocol, skuName: AzureFilesSku, sku: SkuModel): void {
  const { _protocol: protocolOfAccess } = props.access;
  if (protocol === AzureFilesProtocol.NFS && sku.tier !== 'Premium') {
    throw new Error(`${at('protocol')} NFS with sku ${skuName}: NFS shares need SSD; choose a Premium or PremiumV2 SKU, or SMB`);
  }
  if (protocol === AzureFilesProtocol.NFS && protocolOfAccess === AzureFilesProtocol.SMB) {
    throw new Error(`${at('protocol')} NFS knows neither identities nor keys, so the access chosen would not be asked for; choose SMB, or say by DumpStorageAccess.network() that `
      + 'whoever the network admits may mount');
  }
  if (protocol === AzureFilesProtocol.SMB && protocolOfAccess === AzureFilesProtocol.NFS) {
    throw new Error(`${at('access')} DumpStorageAccess.network() is for NFS, but protocol is SMB; set protocol to AzureFilesProtocol.NFS, or choose workloadIdentity, managedIdentity `
      + 'or accountKey');
  }
  if (protocol === AzureFilesProtocol.NFS && props.backup !== undefined) {
    throw new Error(`${at('backup')} with protocol NFS: Azure Backup takes SMB shares only; remove backup, or choose SMB`);
  }
  if (protocol === AzureFilesProtocol.NFS && props.allowAes128) {
    throw new Error(`${at('allowAes128')} is about SMB, but protocol is NFS; remove it`);
  }
}

function checkPerformance(at: At, props: DumpStorageProps, skuName: AzureFilesSku, sku: SkuModel): void {
  for (const [prop, range] of [['provisionedIops', sku.iops], ['provisionedBandwidth', sku.bandwidth]] as const) {
    const value = props[prop];
    if (value === undefined) continue;
    if (!range) {
      throw new Error(`${at(prop)} (${value}) with sku ${skuName}: only provisioned v2 SKUs sell it apart from the size; choose a PremiumV2 or StandardV2 SKU, or leave it out`);
    }
    checkInteger(`${at(prop)} of ${skuName}`, value, ...range);
  }
}

function checkCapacity(what: string, capacity: Size, skuName: AzureFilesSku, minimum: number): number {
  const gibibytes = checkSize(what, capacity).toKibibytes() / KIBIBYTES_OF_A_GIBIBYTE;
  if (!Number.isInteger(gibibytes)) refuse(what, `${gibibytes}Gi`, 'whole GiB, for example Size.gibibytes(100)');
  if (gibibytes < minimum) {
    throw new Error(`${what} (${gibibytes}Gi) is less than ${minimum}Gi, the smallest share of ${skuName}; ask for Size.gibibytes(${minimum}) at least, or choose another sku`);
  }
  if (gibibytes > MAX_GIBIBYTES) throw new Error(`${what} (${gibibytes}Gi) is more than ${MAX_GIBIBYTES}Gi, the largest share there is; ask for less`);
  return gibibytes;
}

function checkPeople(at: At, { readers, access }: DumpStorageProps): Pick<CheckedStorage, 'readers' | 'entraKerberos'> {
  const checked = checkReaders(at('readers'), readers ?? []);
  const overSmb = checked.findIndex(({ role }) => role === DumpReaderRole.SMB_SHARE_READER);
  if (overSmb >= 0 && !access._byIdentity) {
    const reason = access._authentication === AzureFilesAuthentication.ACCOUNT_KEY ? 'SMB of this account takes the account key only' : 'the share is NFS';
    throw new Error(`${at(`readers[${overSmb}]`)} reads over SMB as itself, but ${reason}; choose DumpReaderRole.PRIVILEGED_READER, or an access by identity`);
  }
  return { readers: checked, entraKerberos: overSmb >= 0 };
}

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources */
function checkTags(what: string, tags: { [name: string]: string }): void {
  if (Token.isUnresolved(checkStruct(what, tags))) return;
  const names = Object.keys(tags);
  if (names.length > 50) throw new Error(`${what} has ${names.length} tags, but a resource takes 50; remove some`);
  for (const name of names) {
    checkMatch(`${what}: the name '${name}'`, name, /^[^<>%&\\?/]{1,128}$/, 'at most 128 characters without < > % & \\ ? /');
    if (typeof tags[name] !== 'string') refuse(`${what}.${name}`, tags[name], 'a text');
    if (isKnown(tags[name]) && tags[name].length > 256) throw new Error(`${what}.${name} has ${tags[name].length} characters, but a tag takes 256; shorten it`);
  }
}
