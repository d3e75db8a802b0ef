import { createHash } from 'crypto';
import { isKnown } from './checks';

/** Maximum length of the name of a virtual network link. */
const MAX_LINK_NAME = 80;

/**
 * Returns the resource group and name of a virtual network, because the name alone is not unique. Adds the subscription
 * if an earlier network has the same group and name.
 */
export function linkOf(virtualNetworkId: string, before: string[]): string {
  const short = groupAndName(virtualNetworkId);
  const taken = before.some((id) => isKnown(id) && groupAndName(id).toLowerCase() === short.toLowerCase());
  return taken ? `${short}-${virtualNetworkId.split('/')[2]}` : short;
}

function groupAndName(virtualNetworkId: string): string {
  const [, , , , group, , , , name] = virtualNetworkId.split('/');
  return `${group}-${name}`;
}

/**
 * Returns the name of the link. Names of resource groups can be longer and contain brackets. A hash keeps shortened
 * names unique.
 */
export function linkName(accountName: string, link: string): string {
  const name = `link-${accountName}-${link}`;
  if (!isKnown(accountName) || (name.length <= MAX_LINK_NAME && /^[\w.-]+$/.test(name))) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.replace(/[^\w.-]/g, '-').slice(0, MAX_LINK_NAME - 1 - hash.length)}-${hash}`;
}
