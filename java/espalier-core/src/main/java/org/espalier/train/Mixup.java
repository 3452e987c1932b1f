/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import org.espalier.sparse.KeyedPermutation;
import org.espalier.sparse.Keys;

/**
 * How a batch is mixed with itself (Zhang et al., mixup: Beyond empirical risk minimization, ICLR
 * 2018): each sample becomes {@code share} of itself and the rest of its partner.
 *
 * @param share of the sample itself, in [0, 1]
 * @param partners for each position another one: a permutation
 */
record Mixup(float share, int[] partners) {

  private static final int SHARE = 1;
  private static final int PARTNERS = 2;

  /**
   * Draws a mixture.
   *
   * @param alpha the share is distributed as Beta(alpha, alpha)
   * @param count samples of the batch
   * @param key the same key gives the same mixture
   */
  static Mixup draw(double alpha, int count, long key) {
    KeyedPermutation order = new KeyedPermutation(count, Keys.of(key, PARTNERS));
    int[] partners = new int[count];
    for (int i = 0; i < count; i++) {
      partners[i] = (int) order.apply(i);
    }
    return new Mixup((float) beta(alpha, Keys.of(key, SHARE)), partners);
  }

  /**
   * Draws from Beta(alpha, alpha): {@code (1 + t / sqrt(2 alpha + t^2)) / 2} with t of Student's
   * distribution with 2 alpha degrees of freedom, which is drawn by Bailey's polar method (Math. of
   * Computation 62, 1994): {@code t = sqrt(2 alpha (u^(-1 / alpha) - 1)) cos(2 pi v)}.
   */
  static double beta(double alpha, long key) {
    double u = ((Keys.hash(key, 0) >>> 11) + 1) * 0x1p-53; // in (0, 1]
    double v = (Keys.hash(key, 1) >>> 11) * 0x1p-53;
    double side = StrictMath.cos(2 * Math.PI * v);
    double square = (StrictMath.pow(u, -1 / alpha) - 1) * side * side; // t^2 / (2 alpha)
    double distance = 1 / Math.sqrt(1 + 1 / square); // also where the square is 0 or infinite
    return (1 + Math.copySign(distance, side)) / 2;
  }

  /** Mixes neighbouring features: those of a sample, which are overwritten, with its partner's. */
  void mix(float[] own, int at, float[] partner, int count) {
    for (int i = 0; i < count; i++) {
      own[at + i] = share * own[at + i] + (1 - share) * partner[i];
    }
  }
}
