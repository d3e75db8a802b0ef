/** Something in a pod that one construct alone may have, or of which all that have it must have the same. */
export interface ExclusiveClaim {
  /** What is claimed, for example `native watcher of container web`. */
  readonly key: string;
  /**
   * Claims with the same key and value agree.
   * @default - two claims with the same key never agree
   */
  readonly value?: string;
  /**
   * The error for a claim that does not agree with an earlier one: `{construct}` is the path of the construct that made
   * the earlier one, and `{value}` its value.
   */
  readonly conflict: string;
}

/** The claims of one construct. */
export interface EarlierClaims {
  readonly construct: string;
  readonly claims: ExclusiveClaim[];
}

/** @throws for the first of the claims that does not agree with one that was made before */
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
