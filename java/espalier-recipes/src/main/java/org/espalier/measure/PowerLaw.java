/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.measure;

/**
 * The discrete power law {@code P(x) = x^-alpha / zeta(alpha, xmin)} for whole numbers from xmin
 * on.
 */
final class PowerLaw {

  /** No degree is larger than an array. */
  private static final int MOST = 1 << 30;

  private final double alpha;
  private final int xmin;
  private final double scaledZeta;

  /**
   * Creates a power law.
   *
   * @param alpha exponent, above 1
   * @param xmin smallest number, at least 1
   */
  PowerLaw(double alpha, int xmin) {
    this.alpha = alpha;
    this.xmin = xmin;
    this.scaledZeta = HurwitzZeta.scaled(alpha, xmin);
  }

  double alpha() {
    return alpha;
  }

  int xmin() {
    return xmin;
  }

  /** Returns the logarithm of the probability of a number. */
  double logProbability(int x) {
    return -alpha * Math.log(x / (double) xmin) - Math.log(scaledZeta);
  }

  /** Returns the probability of a number. */
  double probability(int x) {
    return Math.pow(xmin / (double) x, alpha) / scaledZeta;
  }

  /** Returns the probability of this number or a larger one. */
  double atLeast(int x) {
    return Math.pow(xmin / (double) x, alpha) * HurwitzZeta.scaled(alpha, x) / scaledZeta;
  }

  /**
   * Returns the largest number whose {@link #atLeast} is above {@code u}: with u uniform in [0, 1)
   * a draw.
   *
   * @param from a number for which that holds
   */
  int quantile(double u, int from) {
    int low = from;
    int step = 1;
    while (low < MOST - step && atLeast(low + step) > u) {
      low += step;
      step = Math.min(2 * step, MOST);
    }
    while (step > 1) {
      step /= 2;
      if (low < MOST - step && atLeast(low + step) > u) {
        low += step;
      }
    }
    return low;
  }
}
