/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class VectorMathTest {

  @Test
  void expIsWithinTwoUnits() {
    assertTrue(maxUlps(VectorMath::exp, Math::exp, -87.336f, 88.72f) < 2);
    assertTrue(maxUlps(VectorMath::exp, Math::exp, -1, 1) < 1.1);
  }

  @Test
  void logIsWithinTwoUnits() {
    assertTrue(maxUlps(VectorMath::log, Math::log, 0.01f, 100) < 2);
    for (float scale : new float[] {Float.MIN_NORMAL, 1e-20f, 1e10f, Float.MAX_VALUE / 2}) {
      assertTrue(maxUlps(VectorMath::log, Math::log, scale, 2 * scale) < 2, "at " + scale);
    }
  }

  @Test
  void sigmoidIsWithinThreeUnits() {
    DoubleUnaryOperator sigmoid = x -> 1 / (1 + Math.exp(-x));
    assertTrue(maxUlps(VectorMath::sigmoid, sigmoid, -87, 30) < 3);
  }

  @Test
  void tanhIsWithinThreeUnitsAlsoNearZero() {
    assertTrue(maxUlps(VectorMath::tanh, Math::tanh, -12, 12) < 3);
    assertTrue(maxUlps(VectorMath::tanh, Math::tanh, -1e-3f, 1e-3f) < 3);
    assertEquals(1e-40f, at(VectorMath::tanh, 1e-40f));
  }

  @Test
  void endsOfTheRangesAreWhatTheyShouldBe() {
    assertEquals(0, at(VectorMath::exp, Float.NEGATIVE_INFINITY));
    assertEquals(0, at(VectorMath::exp, -1e30f));
    assertEquals(0, at(VectorMath::exp, -87.34f));
    assertTrue(Float.isFinite(at(VectorMath::exp, 88.7228f)));
    assertEquals(1, at(VectorMath::exp, 0));
    assertEquals(Float.POSITIVE_INFINITY, at(VectorMath::exp, 88.8f));
    assertEquals(Float.POSITIVE_INFINITY, at(VectorMath::exp, Float.POSITIVE_INFINITY));
    assertEquals(0, at(VectorMath::log, 1));
    assertEquals(Float.POSITIVE_INFINITY, at(VectorMath::log, Float.POSITIVE_INFINITY));
    assertEquals(0, at(VectorMath::sigmoid, Float.NEGATIVE_INFINITY));
    assertEquals(1, at(VectorMath::sigmoid, Float.POSITIVE_INFINITY));
    assertEquals(-1, at(VectorMath::tanh, Float.NEGATIVE_INFINITY));
    assertEquals(1, at(VectorMath::tanh, 1e30f));
    assertEquals(-0f, at(VectorMath::tanh, -0f));
  }

  @Test
  void notANumberStaysNotANumber() {
    assertTrue(Float.isNaN(at(VectorMath::exp, Float.NaN)));
    assertTrue(Float.isNaN(at(VectorMath::log, Float.NaN)));
    assertTrue(Float.isNaN(at(VectorMath::sigmoid, Float.NaN)));
    assertTrue(Float.isNaN(at(VectorMath::tanh, Float.NaN)));
  }

  private static float at(UnaryOperator<FloatVector> function, float x) {
    return function.apply(FloatVector.broadcast(Lanes.F, x)).lane(0);
  }

  /** Returns the largest error over a fine grid, in units in the last place of the exact result. */
  private static double maxUlps(
      UnaryOperator<FloatVector> function, DoubleUnaryOperator exact, float from, float to) {
    int steps = 20_000;
    float[] x = new float[Lanes.L];
    float[] y = new float[Lanes.L];
    double worst = 0;
    for (int i = 0; i <= steps; i += Lanes.L) {
      for (int lane = 0; lane < Lanes.L; lane++) {
        x[lane] = (float) (from + ((double) to - from) * Math.min(i + lane, steps) / steps);
      }
      function.apply(FloatVector.fromArray(Lanes.F, x, 0)).intoArray(y, 0);
      for (int lane = 0; lane < Lanes.L; lane++) {
        double expected = exact.applyAsDouble(x[lane]);
        worst = Math.max(worst, Math.abs(y[lane] - expected) / Math.ulp((float) expected));
      }
    }
    return worst;
  }
}
