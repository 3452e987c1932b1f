/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Exponential, logarithm, logistic function and hyperbolic tangent, from additions,
 * multiplications, divisions, fma and bit operations only, so that every lane has the same bits
 * wherever it is computed. Errors are below 2 units in the last place (3 for the last two).
 *
 * <p>Integers and floats are exchanged by adding 1.5 * 2^23, which leaves the rounded integer in
 * the low bits: the Vector API's own conversions are slow on JDK 17.
 */
final class VectorMath {

  private static final float LOG2_E = 1.44269502f;

  // ln 2 in two parts; with fma, n times the first needs no spare bits
  private static final float LN2 = 0.693147182f;
  private static final float LN2_REST = -1.90465421e-09f;

  private static final float ROUNDER = 0x1.8p23f;
  private static final int ROUNDER_BITS = 0x4B400000;
  private static final int SIGN = 0x80000000;

  /** Below the logarithm of the smallest normal number. */
  private static final float EXP_LOW = -87.33654f;

  /** The logarithm of the largest number. */
  private static final float EXP_HIGH = 88.72283f;

  /** Above this the hyperbolic tangent rounds to 1. */
  private static final float TANH_HIGH = 10;

  /** Bits of the square root of 1/2, where mantissas of {@link #log} begin. */
  private static final int ROOT_HALF_BITS = 0x3F3504F3;

  private static final int MANTISSA = 0x007FFFFF;

  private VectorMath() {}

  /**
   * Returns e^x: 0 below -87.33, where the result would be subnormal, infinity from 88.73 on, NaN
   * for NaN.
   */
  static FloatVector exp(FloatVector x) {
    FloatVector shifted =
        x.fma(FloatVector.broadcast(Lanes.F, LOG2_E), FloatVector.broadcast(Lanes.F, ROUNDER));
    FloatVector power = expm1Reduced(reduced(x, shifted.sub(ROUNDER))).add(1f);
    // times 2^n: n added to the exponent; the rounder's own bits fall off on the left
    FloatVector result =
        shifted
            .reinterpretAsInts()
            .lanewise(VectorOperators.LSHL, 23)
            .add(power.reinterpretAsInts())
            .reinterpretAsFloats();
    return x.add(Float.POSITIVE_INFINITY)
        .blend(result, x.compare(VectorOperators.LE, EXP_HIGH))
        .blend(0, x.compare(VectorOperators.LT, EXP_LOW));
  }

  /** Returns 1 / (1 + e^-x). */
  static FloatVector sigmoid(FloatVector x) {
    return FloatVector.broadcast(Lanes.F, 1f).div(exp(x.neg()).add(1f));
  }

  /** Returns the hyperbolic tangent, (e^2|x| - 1) / (e^2|x| + 1) with the sign of x. */
  static FloatVector tanh(FloatVector x) {
    FloatVector twice = x.abs().min(TANH_HIGH).mul(2f);
    FloatVector shifted =
        twice.fma(FloatVector.broadcast(Lanes.F, LOG2_E), FloatVector.broadcast(Lanes.F, ROUNDER));
    FloatVector n = shifted.sub(ROUNDER);
    FloatVector power = powerOfTwo(shifted.reinterpretAsInts().sub(ROUNDER_BITS));
    // e^t - 1 = 2^n * (e^r - 1) + (2^n - 1), which loses nothing near 0
    FloatVector m = expm1Reduced(reduced(twice, n)).fma(power, power.sub(1f));
    IntVector sign = x.reinterpretAsInts().and(SIGN);
    return m.div(m.add(2f)).reinterpretAsInts().or(sign).reinterpretAsFloats();
  }

  /**
   * Returns the natural logarithm of normal positive numbers; infinity and NaN stay what they are.
   */
  static FloatVector log(FloatVector x) {
    // x = 2^e * (1 + f) with 1 + f in [sqrt(1/2), sqrt(2))
    IntVector bits = x.reinterpretAsInts().sub(ROOT_HALF_BITS);
    FloatVector e =
        bits.lanewise(VectorOperators.ASHR, 23)
            .add(ROUNDER_BITS)
            .reinterpretAsFloats()
            .sub(ROUNDER);
    FloatVector f = bits.and(MANTISSA).add(ROOT_HALF_BITS).reinterpretAsFloats().sub(1f);
    // log(1 + f) = 2 atanh(s), s = f / (2 + f), of which f - f^2/2 is split off exactly enough
    FloatVector s = f.div(f.add(2f));
    FloatVector z = s.mul(s);
    FloatVector series =
        z.fma(FloatVector.broadcast(Lanes.F, 2f / 9), FloatVector.broadcast(Lanes.F, 2f / 7))
            .fma(z, FloatVector.broadcast(Lanes.F, 2f / 5))
            .fma(z, FloatVector.broadcast(Lanes.F, 2f / 3))
            .mul(z);
    FloatVector halfSquare = f.mul(f).mul(0.5f);
    FloatVector rest =
        e.fma(FloatVector.broadcast(Lanes.F, LN2_REST), s.mul(series.add(halfSquare)));
    FloatVector result = e.fma(FloatVector.broadcast(Lanes.F, LN2), f.sub(halfSquare.sub(rest)));
    // false for NaN and infinity only
    return x.blend(result, x.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
  }

  /** Returns x - n * ln 2. */
  private static FloatVector reduced(FloatVector x, FloatVector n) {
    return n.fma(
        FloatVector.broadcast(Lanes.F, -LN2_REST), n.fma(FloatVector.broadcast(Lanes.F, -LN2), x));
  }

  /**
   * Returns e^r - 1 for |r| up to ln(2)/2: r + r^2 P(r), P interpolating at Chebyshev points (error
   * 1.3 % of a unit in the last place).
   */
  private static FloatVector expm1Reduced(FloatVector r) {
    FloatVector p =
        r.fma(
                FloatVector.broadcast(Lanes.F, 0.000198910799f),
                FloatVector.broadcast(Lanes.F, 0.00139337312f))
            .fma(r, FloatVector.broadcast(Lanes.F, 0.00833331048f))
            .fma(r, FloatVector.broadcast(Lanes.F, 0.041666463f))
            .fma(r, FloatVector.broadcast(Lanes.F, 0.166666672f))
            .fma(r, FloatVector.broadcast(Lanes.F, 0.5f));
    return p.mul(r).fma(r, r);
  }

  /** Returns 2^k for k in [-126, 127]. */
  private static FloatVector powerOfTwo(IntVector k) {
    return k.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }
}
