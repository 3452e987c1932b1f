/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.espalier.optim.LearningRate.Constant;
import org.espalier.optim.LearningRate.Cosine;
import org.espalier.optim.LearningRate.EpochWarmup;
import org.espalier.optim.LearningRate.Step;
import org.espalier.optim.LearningRate.Warmup;
import org.junit.jupiter.api.Test;

class LearningRateTest {

  private static final double EXACT = 1e-12;

  @Test
  void constant() {
    Constant rate = new Constant(0.1);
    assertEquals(0.1, rate.at(0, 10));
    assertEquals(0.1, rate.at(10, 10));
  }

  @Test
  void stepDropsAtMilestones() {
    Step rate = new Step(0.1, List.of(0.5, 0.75), 0.1);
    assertEquals(0.1, rate.at(0, 160), EXACT);
    assertEquals(0.1, rate.at(79.99, 160), EXACT);
    assertEquals(0.01, rate.at(80, 160), EXACT);
    assertEquals(0.01, rate.at(119.99, 160), EXACT);
    assertEquals(0.001, rate.at(120, 160), EXACT);
    assertEquals(0.001, rate.at(160, 160), EXACT);
  }

  @Test
  void roundingDoesNotDelayAMilestone() {
    for (int percent = 1; percent < 100; percent++) {
      Step rate = new Step(1, List.of(percent / 100.0), 0.5);
      for (int epochs = 100; epochs <= 300; epochs += 50) {
        if (percent * epochs % 100 == 0) {
          double milestone = percent * epochs / 100;
          assertEquals(0.5, rate.at(milestone, epochs), percent + " % of " + epochs);
          assertEquals(1, rate.at(milestone - 1e-6, epochs), percent + " % of " + epochs);
        }
      }
    }
  }

  @Test
  void cosineRunsFromFirstToLast() {
    Cosine rate = new Cosine(0.2, 0.02);
    assertEquals(0.2, rate.at(0, 50), EXACT);
    assertEquals(0.11, rate.at(25, 50), EXACT);
    assertEquals(0.02 + 0.18 * (2 + Math.sqrt(2)) / 4, rate.at(12.5, 50), EXACT);
    assertEquals(0.02, rate.at(50, 50), EXACT);
    assertEquals(0.02, rate.at(60, 50), EXACT);
  }

  @Test
  void warmupRisesLinearlyAndThenLetsGo() {
    Warmup rate = new Warmup(new Step(0.4, List.of(0.5), 0.1), 5);
    assertEquals(0, rate.at(0, 100));
    assertEquals(0.04, rate.at(0.5, 100), EXACT);
    assertEquals(0.2, rate.at(2.5, 100), EXACT);
    assertEquals(0.4, rate.at(5, 100), EXACT);
    assertEquals(0.04, rate.at(50, 100), EXACT);
    assertEquals(0.3, new Warmup(new Constant(0.3), 0).at(0, 10), EXACT);
  }

  /** The ImageNet recipe: 100 epochs, warm-up over 5, a tenth from 30, 60 and 90 on. */
  @Test
  void warmupByEpochsRisesInSteps() {
    EpochWarmup rate = new EpochWarmup(new Step(0.1, List.of(0.3, 0.6, 0.9), 0.1), 5);
    for (int epoch = 0; epoch < 100; epoch++) {
      double expected =
          epoch < 5
              ? 0.1 * (epoch + 1) / 6
              : epoch < 30 ? 0.1 : epoch < 60 ? 0.01 : epoch < 90 ? 0.001 : 0.0001;
      for (double share : new double[] {0, 0.5, 0.9999}) {
        assertEquals(expected, rate.at(epoch + share, 100), EXACT, "epoch " + epoch);
      }
    }
    Step thirds = new Step(1, List.of(0.3333333333, 0.6666666667, 0.8888888889), 0.1);
    assertEquals(1, thirds.at(29.9999, 90), EXACT);
    assertEquals(0.1, thirds.at(30, 90), EXACT);
    assertEquals(0.01, thirds.at(60.0002, 90), EXACT);
    assertEquals(0.001, thirds.at(80.0002, 90), EXACT);
  }

  @Test
  void schedulesThatCannotBeAreRefused() {
    for (double rate : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> new Constant(rate));
      assertThrows(IllegalArgumentException.class, () -> new Step(rate, List.of(), 0.1));
      assertThrows(IllegalArgumentException.class, () -> new Step(0.1, List.of(), rate));
      assertThrows(IllegalArgumentException.class, () -> new Cosine(rate, 0));
      assertThrows(IllegalArgumentException.class, () -> new Cosine(0.1, rate));
      assertThrows(IllegalArgumentException.class, () -> new Warmup(new Constant(0.1), rate));
      assertThrows(IllegalArgumentException.class, () -> new EpochWarmup(new Constant(0.1), rate));
    }
    for (List<Double> milestones :
        List.of(List.of(0.0), List.of(1.0), List.of(0.7, 0.5), List.of(Double.NaN))) {
      assertThrows(IllegalArgumentException.class, () -> new Step(0.1, milestones, 0.1));
    }
  }
}
