import { matching } from '../../input/checks';

/*
 * Formats of Azure names and ids.
 *
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 */

export const GUID = matching({
  pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  expected: 'a GUID, for example 00000000-0000-0000-0000-000000000000',
});

export const STORAGE_ACCOUNT_NAME = matching({
  pattern: /^[a-z0-9]{3,24}$/,
  expected: '3 to 24 lower-case letters and digits',
});

export const RESOURCE_GROUP_NAME = matching({
  pattern: /^(?=.{1,90}$)[-\w.()]*[-\w()]$/,
  expected: '1 to 90 letters, digits, underscores, dashes, dots and brackets, without a dot at the end',
});

export const SHARE_NAME = matching({
  pattern: /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/,
  expected: '3 to 63 lower-case letters, digits and single dashes, that start and end with a letter or digit',
});

/** A region by its name, `westeurope`, or by its display name, `West Europe`. */
export const LOCATION = matching({
  pattern: /^[A-Za-z][A-Za-z0-9]*( [A-Za-z0-9]+)*$/,
  expected: 'an Azure region, for example westeurope',
});

export const VIRTUAL_NETWORK_NAME = matching({
  pattern: /^(?=.{2,64}$)[A-Za-z0-9][\w.-]*\w$/,
  expected: '2 to 64 letters, digits, dots, dashes and underscores, a letter or digit first',
});

export const VIRTUAL_NETWORK_LINK_NAME = matching({
  pattern: /^(?=.{1,80}$)[A-Za-z0-9]([\w.-]*\w)?$/,
  expected: '1 to 80 letters, digits, dots, dashes and underscores, a letter or digit first',
});

const HOST_LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';

export const HOST_NAME = matching({
  pattern: new RegExp(`^(?=.{1,253}$)${HOST_LABEL}(?:\\.${HOST_LABEL})*$`),
  expected: 'the name or address of a host, without a scheme and a path, for example dumps.file.core.windows.net',
});

export const DOMAIN = matching({
  pattern: new RegExp(`^(?=.{1,253}$)${HOST_LABEL}(?:\\.${HOST_LABEL})+$`),
  expected: 'a domain without a dot at its start, for example core.windows.net',
});
