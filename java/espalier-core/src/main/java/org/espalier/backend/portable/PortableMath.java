/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

/**
 * Exponential functions from additions, multiplications and bit operations, so that their bits do
 * not depend on the JVM; {@link StrictMath} does that too and takes several times as long. Computed
 * in double precision and good to about 1e-11, which is exact where the result is a float.
 */
final class PortableMath {

  private static final double LOG2_E = 1.4426950408889634;
  private static final double LN_2 = 0.6931471805599453;

  /** Beyond this the result is no float but zero or infinity. */
  private static final double FARTHEST = 700;

  /** Above this the hyperbolic tangent rounds to 1. */
  private static final float TANH_FARTHEST = 20;

  /** Below this it rounds to its argument. */
  private static final float TANH_NEAREST = 1e-4f;

  private static final int MANTISSA_BITS = 52;
  private static final int EXPONENT_BIAS = 1023;

  private PortableMath() {}

  /** Returns e^x; NaN for NaN. */
  static double exp(double x) {
    double t = Math.max(-FARTHEST, Math.min(FARTHEST, x));
    double n = Math.rint(t * LOG2_E);
    double r = t - n * LN_2;
    // the series of e^r up to r^10, whose next term is below 3e-13 for |r| <= ln(2)/2
    double sum = 1.0 / 3628800;
    sum = sum * r + 1.0 / 362880;
    sum = sum * r + 1.0 / 40320;
    sum = sum * r + 1.0 / 5040;
    sum = sum * r + 1.0 / 720;
    sum = sum * r + 1.0 / 120;
    sum = sum * r + 1.0 / 24;
    sum = sum * r + 1.0 / 6;
    sum = sum * r + 0.5;
    sum = sum * r + 1;
    sum = sum * r + 1;
    return sum * Double.longBitsToDouble((long) (n + EXPONENT_BIAS) << MANTISSA_BITS);
  }

  /** Returns 1 / (1 + e^-x). */
  static float sigmoid(float x) {
    return (float) (1 / (1 + exp(-x)));
  }

  /** Returns the hyperbolic tangent, (e^2x - 1) / (e^2x + 1). */
  static float tanh(float x) {
    if (Math.abs(x) < TANH_NEAREST) {
      return x;
    }
    double power = exp(2 * Math.max(-TANH_FARTHEST, Math.min(TANH_FARTHEST, x)));
    return (float) ((power - 1) / (power + 1));
  }
}
