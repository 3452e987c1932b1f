/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

/**
 * How far a result may be from the oracle's.
 *
 * <p>The error of an element is normalised with what rounding can explain: {@code |actual -
 * expected| / (2^-24 * (|expected| + magnitude * length))}, where 2^-24 is the unit roundoff of
 * single precision. A sum of n terms no larger than m, added one after the other in single
 * precision, is off by at most n units of {@code n * m / 2}, and with terms of random sign by about
 * a tenth of one unit of {@code n * m}; so the allowed number of units does not depend on the
 * shape, only {@code length} does.
 *
 * @param magnitude size of the largest term of the sum
 * @param length number of terms of the sum; 1 for element-wise operations
 * @param units largest normalised error allowed; 0 asks for equal numbers
 */
public record ErrorBound(double magnitude, int length, double units) {

  /** Equal numbers: copies, indices, counts, decisions. */
  public static final ErrorBound EXACT = new ErrorBound(0, 0, 0);

  private static final double ROUNDOFF = 0x1p-24;

  /** Returns the bound of a single-precision sum of terms no larger than {@code magnitude}. */
  public static ErrorBound sum(int length, double magnitude) {
    return new ErrorBound(magnitude, Math.max(length, 1), 2);
  }

  /**
   * Returns the bound of a short element-wise formula whose operands are no larger than {@code
   * magnitude}.
   */
  public static ErrorBound elementwise(double magnitude) {
    return new ErrorBound(magnitude, 1, 4);
  }

  /** Returns the bound of a formula with an approximated exp, log or tanh in it. */
  public static ErrorBound transcendental(double magnitude, int length) {
    return new ErrorBound(magnitude, Math.max(length, 1), 16);
  }

  /**
   * Returns the normalised error; 0 for equal numbers and where both are NaN, infinity if only one
   * is finite, and for any difference where numbers must be equal.
   */
  public double error(double actual, double expected) {
    if (actual == expected || Double.isNaN(actual) && Double.isNaN(expected)) {
      return 0;
    }
    double error =
        Math.abs(actual - expected)
            / (ROUNDOFF * (units == 0 ? 0 : Math.abs(expected) + magnitude * length));
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }
}
