import { DRIVER_PLACEHOLDER, isUnresolvedToken } from '../kubernetes/token';

/** Returns whether a value is known only when it is resolved: a Lazy of cdk8s, or a token of Terraform. */
export function isLate(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isUnresolvedToken(value);
  // Checks the shape, because the value may come from another copy of cdk8s or cdktf.
  const { produce, resolve, creationStack } = value as {
    produce?: unknown;
    resolve?: unknown;
    creationStack?: unknown;
  };
  return typeof produce === 'function' || (typeof resolve === 'function' && creationStack !== undefined);
}

/**
 * Returns whether a value is late, or text with a Terraform expression. Placeholders of the CSI driver look similar,
 * but do not count.
 */
export function isExpression(value: unknown): boolean {
  return isLate(value) || (typeof value === 'string' && value.replace(DRIVER_PLACEHOLDER, '').includes('${'));
}
