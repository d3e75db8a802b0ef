import { DRIVER_PLACEHOLDER, isUnresolvedToken } from '../kubernetes/token';

/** Whether a value is known only when it is resolved: a Lazy of cdk8s, or a token of Terraform. */
export function isLate(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isUnresolvedToken(value);
  // By their look, because they may come from another copy of cdk8s or cdktf.
  const { produce, resolve, creationStack } = value as {
    produce?: unknown;
    resolve?: unknown;
    creationStack?: unknown;
  };
  return typeof produce === 'function' || (typeof resolve === 'function' && creationStack !== undefined);
}

/** Whether a value is late, or text with an expression of Terraform in it. What the CSI driver fills in looks alike. */
export function isExpression(value: unknown): boolean {
  return isLate(value) || (typeof value === 'string' && value.replace(DRIVER_PLACEHOLDER, '').includes('${'));
}
