import type { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import type { AzureFilesAccess } from './access';
import { sameJson } from '../../kubernetes/wire';
import { Attachments } from '../../weave/attachments';
import { StoreObject } from '../store-object';

/**
 * Annotation from which Azure's tools read the identity of a service account. The driver reads it from the volume
 * instead.
 */
const CLIENT_ID_ANNOTATION = 'azure.workload.identity/client-id';
const TENANT_ID_ANNOTATION = 'azure.workload.identity/tenant-id';

/** Key of the map of service accounts, shared by all copies of this library in an app. */
const SERVICE_ACCOUNTS = Symbol.for('cdk8s-procdump.ServiceAccounts');

interface ServiceAccount {
  readonly annotations: { [name: string]: string };
  readonly object: ApiObject;
}

/** Defines the service account in a namespace unless `createServiceAccount` is false; once per app for all stores. */
export function defineServiceAccount(
  store: Construct,
  { _options }: AzureFilesAccess,
  namespace: string | undefined,
  suffix: string,
): void {
  const { serviceAccountName: name, createServiceAccount = true, clientId, tenantId } = _options;
  if (name === undefined || !createServiceAccount) return;
  const annotations = {
    [CLIENT_ID_ANNOTATION]: clientId!,
    ...(tenantId === undefined ? {} : { [TENANT_ID_ANNOTATION]: tenantId }),
  };
  const known = serviceAccountsOf(store);
  const key = JSON.stringify([namespace, name]);
  const other = known.get(key);
  if (other) {
    if (sameJson(other.annotations, annotations)) return;
    throw new Error(
      `${store.node.path}: service account '${name}'${placeOf(namespace)} gets ${JSON.stringify(annotations)} here ` +
        `and ${JSON.stringify(other.annotations)} by ${other.object.node.path}, but a service account represents one ` +
        'identity; give the stores the same identity, or service accounts of different names',
    );
  }
  // Objects may have been defined since the last store.
  Attachments.of(store).refresh();
  const problem = findForeign(store, name, namespace);
  if (problem !== undefined) throw new Error(`${store.node.path}: ${problem}`);
  const object = new StoreObject(store, `ServiceAccount${suffix}`, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace, annotations },
  });
  known.set(key, { annotations, object });
  object.node.addValidation({
    validate: () => [findForeign(store, name, namespace)].filter((text): text is string => text !== undefined),
  });
}

function serviceAccountsOf(construct: IConstruct): Map<string, ServiceAccount> {
  const root = construct.node.root as unknown as { [SERVICE_ACCOUNTS]?: Map<string, ServiceAccount> };
  if (!root[SERVICE_ACCOUNTS]) Object.defineProperty(root, SERVICE_ACCOUNTS, { value: new Map() });
  return root[SERVICE_ACCOUNTS]!;
}

/**
 * Returns the problem if another object defines the service account. The cluster keeps the object that is applied last,
 * with or without the annotations.
 */
function findForeign(store: Construct, name: string, namespace: string | undefined): string | undefined {
  const ours = [...serviceAccountsOf(store).values()].map(({ object }) => object);
  const foreign = Attachments.of(store)
    .objects.all('core/ServiceAccount', namespace, name)
    .find(({ object }) => !object || !ours.includes(object));
  return (
    foreign &&
    `service account '${name}'${placeOf(namespace)} is also defined by ${foreign.path}; remove that definition, or ` +
      'keep only that one: AzureFilesAccess.workloadIdentity({ …, createServiceAccount: false })'
  );
}

function placeOf(namespace: string | undefined): string {
  return namespace === undefined ? '' : ` in namespace '${namespace}'`;
}
