/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.measure;

/**
 * The Hurwitz zeta function {@code zeta(s, q) = sum over k >= 0 of (q + k)^-s}, the normalising sum
 * of a discrete power law, by the Euler-Maclaurin formula.
 */
final class HurwitzZeta {

  /** B_2j / (2j)! for j from 1, where B are the Bernoulli numbers. */
  private static final double[] TERMS = {
    1 / 12.0,
    -1 / 720.0,
    1 / 30240.0,
    -1 / 1209600.0,
    1 / 47900160.0,
    -691 / 1307674368000.0,
    1 / 74724249600.0,
    -3617 / 10670622842880000.0
  };

  /** How far from zero the formula is used: beyond, its last term is below the last digit. */
  private static final double FAR = 20;

  private HurwitzZeta() {}

  /**
   * Returns {@code q^s * zeta(s, q)}, which is at least 1 and neither over- nor underflows.
   *
   * @param s above 1
   * @param q above 0
   */
  static double scaled(double s, double q) {
    double sum = 0;
    double at = q;
    while (at < s + FAR) {
      sum += Math.pow(q / at, s);
      at++;
    }
    double power = Math.pow(q / at, s);
    double tail = at / (s - 1) + 0.5;
    double factor = s / at;
    for (int j = 0; j < TERMS.length; j++) {
      tail += TERMS[j] * factor;
      factor *= (s + 2 * j + 1) * (s + 2 * j + 2) / (at * at);
    }
    return sum + power * tail;
  }
}
