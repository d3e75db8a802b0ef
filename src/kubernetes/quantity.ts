const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/**
 * Returns the number of a Kubernetes quantity: bytes of memory, cores of CPU.
 * @returns undefined for other text, such as an unresolved token
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(quantity: string | number | undefined): number | undefined {
  if (quantity === undefined) return undefined;
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numk]|[MGTPE]|[KMGTPE]i))?$/.exec(`${quantity}`.trim());
  if (!match) return undefined;
  const [, digits, exponent, suffix] = match;
  return Number(digits + (exponent ?? '')) * factor(suffix ?? '');
}

function factor(suffix: string): number {
  return suffix.endsWith('i')
    ? 1024 ** BINARY.indexOf(suffix)
    : 1000 ** (DECIMAL.indexOf(suffix) - DECIMAL.indexOf(''));
}

/** Returns mebibytes as a Kubernetes quantity in the largest whole unit. */
export function quantityOf(mebibytes: number): string {
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
}

/** Removes the error of binary fractions: 290m of a core would be 28.999999999999996 %. */
export function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** Returns an amount of a resource as a Kubernetes quantity: millicores of CPU, otherwise mebibytes, rounded up. */
export function amountText(amount: number, resource: string): string {
  return resource === 'cpu' ? `${rounded(amount * 1000)}m` : `${Math.ceil(rounded(amount / 2 ** 20))}Mi`;
}
