/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

/**
 * What a connection is worth when the least valuable are pruned, other than its magnitude. Every
 * product, quotient and sum of single numbers is rounded to a float.
 *
 * @param kind the formula
 * @param gradientWeight factor of the gradient in {@link Kind#MAGNITUDE_AND_GRADIENT}, at least 0
 */
public record PruneScore(Kind kind, float gradientWeight) {

  /** Formulas; w is the weight, g its gradient. */
  public enum Kind {
    /** {@code |w| + gradientWeight * |g|} (MEST, Yuan et al. 2021). */
    MAGNITUDE_AND_GRADIENT(true),
    /** {@code |w * g|}: the loss without the connection, to first order (SNIP, Lee et al. 2019). */
    TAYLOR(true),
    /**
     * {@code |w| / sum of |w| over its row + |w| / sum of |w| over its column}, which protects the
     * connections of neurons that have few (CHTs, Zhang et al. 2025). The sums go in canonical
     * order, in double precision, and are rounded to a float; 0 / 0 counts as 0.
     */
    RELATIVE_IMPORTANCE(false),
    /** 30 random bits of the key and the position, as the bits of a float. */
    RANDOM(false);

    private final boolean gradient;

    Kind(boolean gradient) {
      this.gradient = gradient;
    }

    /** Tells whether the formula has the gradient in it. */
    public boolean readsGradient() {
      return gradient;
    }
  }

  /** Checks the factor. */
  public PruneScore {
    if (!(gradientWeight >= 0 && gradientWeight < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "weight of the gradient is " + gradientWeight + "; expected at least 0");
    }
  }

  /** Returns a score by a formula without a factor. */
  public static PruneScore of(Kind kind) {
    return new PruneScore(kind, 0);
  }
}
