/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class PortableMathTest {

  @Test
  void expIsExactToElevenDigits() {
    for (double x = -600; x < 600; x += 0.37) {
      assertEquals(1, PortableMath.exp(x) / StrictMath.exp(x), 1e-11, "at " + x);
    }
    assertEquals(1, PortableMath.exp(0));
  }

  @Test
  void sigmoidAndTanhAreWithinOneUnit() {
    DoubleUnaryOperator sigmoid = x -> 1 / (1 + StrictMath.exp(-x));
    for (float x = -30; x < 30; x += 0.0131f) {
      assertUnits(sigmoid.applyAsDouble(x), PortableMath.sigmoid(x), x);
      assertUnits(StrictMath.tanh(x), PortableMath.tanh(x), x);
      float small = x * 1e-4f;
      assertUnits(StrictMath.tanh(small), PortableMath.tanh(small), small);
    }
  }

  @Test
  void endsOfTheRangesAreWhatTheyShouldBe() {
    assertEquals(0, (float) PortableMath.exp(Double.NEGATIVE_INFINITY));
    assertEquals(Float.POSITIVE_INFINITY, (float) PortableMath.exp(1e300));
    assertEquals(0, PortableMath.sigmoid(Float.NEGATIVE_INFINITY));
    assertEquals(1, PortableMath.sigmoid(Float.MAX_VALUE));
    assertEquals(-1, PortableMath.tanh(Float.NEGATIVE_INFINITY));
    assertEquals(1, PortableMath.tanh(1e30f));
    assertEquals(-0f, PortableMath.tanh(-0f));
    assertEquals(1e-40f, PortableMath.tanh(1e-40f));
  }

  @Test
  void notANumberStaysNotANumber() {
    assertTrue(Double.isNaN(PortableMath.exp(Double.NaN)));
    assertTrue(Float.isNaN(PortableMath.sigmoid(Float.NaN)));
    assertTrue(Float.isNaN(PortableMath.tanh(Float.NaN)));
  }

  private static void assertUnits(double exact, float actual, float x) {
    assertEquals(exact, actual, 1.01 * Math.ulp((float) exact), "at " + x);
  }
}
