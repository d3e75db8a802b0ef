import { createHash } from 'crypto';
import { isKnown } from './checks';

/** Azure takes no longer name of a link. */
const MAX_LINK_NAME = 80;

/**
 * Group and name of a virtual network, since the name alone is not unique; its subscription too where one before it has
 * the same.
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
 * Groups have longer names, and brackets in them. What is cut off still counts: two names that begin alike stay two.
 */
export function linkName(accountName: string, link: string): string {
  const name = `link-${accountName}-${link}`;
  if (!isKnown(accountName) || (name.length <= MAX_LINK_NAME && /^[\w.-]+$/.test(name))) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.replace(/[^\w.-]/g, '-').slice(0, MAX_LINK_NAME - 1 - hash.length)}-${hash}`;
}
