const FACTORS: { [suffix: string]: number } = {
  '': 1, 'm': 1e-3, 'k': 1e3, 'M': 1e6, 'G': 1e9, 'T': 1e12, 'P': 1e15, 'E': 1e18,
  'Ki': 2 ** 10, 'Mi': 2 ** 20, 'Gi': 2 ** 30, 'Ti': 2 ** 40, 'Pi': 2 ** 50, 'Ei': 2 ** 60,
};

/**
 * The number that a Kubernetes quantity stands for: bytes of memory, cores of CPU.
 *
 * @returns undefined for text that is no quantity (an unresolved token, for example)
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(quantity: string | number | undefined): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|(m|k|[MGTPE]|[KMGTPE]i))?$/.exec(`${quantity ?? ''}`.trim());
  if (!match) return undefined;
  const [, digits, exponent, suffix] = match;
  return Number(digits + (exponent ?? '')) * FACTORS[suffix ?? ''];
}
