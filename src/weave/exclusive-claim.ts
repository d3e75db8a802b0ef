/**
 * Something in a pod that only one construct may have, or that must have the same value for all constructs that use it.
 */
export interface ExclusiveClaim {
  /** The claimed item, for example `native watcher of container web`. */
  readonly key: string;
  /**
   * Claims with the same key and value agree.
   * @default - two claims with the same key never agree
   */
  readonly value?: string;
  /**
   * The error message for a claim that contradicts an earlier one. `{construct}` is the path of the construct with the
   * earlier claim, `{value}` its value.
   */
  readonly conflict: string;
}

/** The claims of one construct. */
export interface EarlierClaims {
  readonly construct: string;
  readonly claims: ExclusiveClaim[];
}

/** @throws for the first claim that contradicts an earlier one */
export function refuseContestedClaims(claims: ExclusiveClaim[], earlier: EarlierClaims[]): void {
  for (const { key, value, conflict } of claims) {
    for (const { construct, claims: others } of earlier) {
      const other = others.find(
        (candidate) => candidate.key === key && (value === undefined || candidate.value !== value),
      );
      if (other) {
        throw new Error(conflict.replace('{construct}', () => construct).replace('{value}', () => `${other.value}`));
      }
    }
  }
}
