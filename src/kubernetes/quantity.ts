const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/**
 * The number that a Kubernetes quantity stands for: bytes of memory, cores of CPU.
 *
 * @returns undefined for text that is no quantity (an unresolved token, for example)
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

/** Mebibytes as Kubernetes writes them, in the unit that people read. */
export function quantityOf(mebibytes: number): string {
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
}

/** Without what binary fractions add: 290m of a core are 28.999999999999996 %. */
export function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
