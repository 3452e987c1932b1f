/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.sparse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.espalier.sparse.ValueRule.Kind;
import org.junit.jupiter.api.Test;

class ValueRuleTest {

  private static final int DRAWS = 200_000;

  @Test
  void normalHasItsMomentsAndBounds() {
    ValueRule rule = new ValueRule(Kind.NORMAL, 0.5f);
    double[] draws = draws(rule, 1);
    // standard errors of mean, deviation: 0.5 / sqrt(n) = 0.0011, 0.5 / sqrt(2 n) = 0.0008
    assertEquals(0, mean(draws), 0.005);
    assertEquals(0.5, deviation(draws), 0.004);
    int beyondOne = 0;
    int beyondTwo = 0;
    for (double draw : draws) {
      assertTrue(Math.abs(draw) <= 3.0);
      beyondOne += Math.abs(draw) > 0.5 ? 1 : 0;
      beyondTwo += Math.abs(draw) > 1.0 ? 1 : 0;
    }
    assertEquals(0.3173, beyondOne / (double) DRAWS, 0.01);
    assertEquals(0.0455, beyondTwo / (double) DRAWS, 0.004);
  }

  @Test
  void uniformHasItsMomentsAndBounds() {
    ValueRule rule = new ValueRule(Kind.UNIFORM, 2f);
    double[] draws = draws(rule, 2);
    assertEquals(0, mean(draws), 0.015);
    assertEquals(2 / Math.sqrt(3), deviation(draws), 0.01);
    double least = 0;
    double most = 0;
    for (double draw : draws) {
      least = Math.min(least, draw);
      most = Math.max(most, draw);
    }
    assertTrue(least >= -2 && least < -1.999);
    assertTrue(most < 2 && most > 1.999);
  }

  @Test
  void neighbouringPositionsAreUncorrelated() {
    for (Kind kind : new Kind[] {Kind.NORMAL, Kind.UNIFORM}) {
      double[] draws = draws(new ValueRule(kind, 1), 3);
      double products = 0;
      for (int i = 1; i < DRAWS; i++) {
        products += draws[i] * draws[i - 1];
      }
      assertEquals(0, products / DRAWS, 0.01);
    }
  }

  @Test
  void zeroIsZero() {
    assertEquals(0f, ValueRule.ZEROS.valueAt(5, 123_456_789_012L));
    assertEquals(0f, new ValueRule(Kind.ZERO, 3).valueAt(5, 1));
  }

  @Test
  void aValueDependsOnKeyAndPositionOnly() {
    ValueRule rule = new ValueRule(Kind.NORMAL, 1);
    assertEquals(rule.valueAt(5, 90_000_000_000L), rule.valueAt(5, 90_000_000_000L));
    assertNotEquals(rule.valueAt(5, 1), rule.valueAt(6, 1));
    assertNotEquals(rule.valueAt(5, 1), rule.valueAt(5, 1 + (1L << 32)));
  }

  private static double[] draws(ValueRule rule, long key) {
    double[] draws = new double[DRAWS];
    for (int i = 0; i < DRAWS; i++) {
      draws[i] = rule.valueAt(key, i);
    }
    return draws;
  }

  private static double mean(double[] draws) {
    double sum = 0;
    for (double draw : draws) {
      sum += draw;
    }
    return sum / draws.length;
  }

  private static double deviation(double[] draws) {
    double mean = mean(draws);
    double sum = 0;
    for (double draw : draws) {
      sum += (draw - mean) * (draw - mean);
    }
    return Math.sqrt(sum / draws.length);
  }
}
