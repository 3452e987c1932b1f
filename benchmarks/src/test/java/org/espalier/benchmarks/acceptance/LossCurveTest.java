/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class LossCurveTest {

  @Test
  void notesTheFirstStepsOnly() {
    LossCurve curve = new LossCurve();
    for (int step = 1; step <= LossCurve.STEPS + 3; step++) {
      curve.onStep(1, step, 100, step);
    }
    assertEquals(LossCurve.STEPS, curve.losses().size());
    assertEquals(1.0, curve.losses().get(0));
  }

  @Test
  void differenceIsRelativeToTheReference() {
    assertEquals(0.1, LossCurve.difference(List.of(2.0, 4.4, 1.0), List.of(2.0, 4.0, 1.05)), 1e-12);
  }

  @Test
  void curvesWithoutNumbersOrOfOtherLengthNeverAgree() {
    double infinite = Double.POSITIVE_INFINITY;
    assertEquals(infinite, LossCurve.difference(List.of(1.0, Double.NaN), List.of(1.0, 1.0)));
    assertEquals(infinite, LossCurve.difference(List.of(Double.NaN, 1.0), List.of(1.0, 1.0)));
    assertEquals(infinite, LossCurve.difference(List.of(1.0), List.of(1.0, 1.0)));
  }
}
