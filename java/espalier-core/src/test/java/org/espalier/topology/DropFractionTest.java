/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DropFractionTest {

  @Test
  void cosineIsThatOfGranetAndRigl() {
    DropFraction granet = new DropFraction.Cosine(0.5, 0.005);
    assertEquals(0.5, granet.at(0), 1e-12);
    assertEquals(0.2525, granet.at(0.5), 1e-12);
    assertEquals(0.005, granet.at(1), 1e-12);
    assertEquals(
        0.15 * (1 + Math.cos(Math.PI / 4)), new DropFraction.Cosine(0.3, 0).at(0.25), 1e-12);
  }

  @Test
  void powersFallToTheLast() {
    assertEquals(0.2, new DropFraction.Power(0.3, 0.1, 1).at(0.5), 1e-12);
    assertEquals(0.3 * 0.125, new DropFraction.Power(0.3, 0, 3).at(0.5), 1e-12);
    assertEquals(0.1, new DropFraction.Power(0.3, 0.1, 3).at(1), 1e-12);
  }

  @Test
  void fractionsOutsideTheUnitIntervalAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new DropFraction.Constant(1.01));
    assertThrows(IllegalArgumentException.class, () -> new DropFraction.Cosine(0.3, -0.1));
    assertThrows(IllegalArgumentException.class, () -> new DropFraction.Power(0.3, 0.1, 0));
  }

  @Test
  void sharesAddUpAndKeepToTheirLimits() {
    assertArrayEquals(
        new long[] {5, 3, 2},
        Apportionment.split(10, new double[] {5, 3, 2}, new long[] {9, 9, 9}));
    assertArrayEquals(
        new long[] {2, 5, 3},
        Apportionment.split(10, new double[] {5, 3, 2}, new long[] {2, 9, 9}));
    assertArrayEquals(
        new long[] {2, 2, 1}, Apportionment.split(5, new double[3], new long[] {9, 9, 9}));
    assertArrayEquals(
        new long[] {4, 6}, Apportionment.split(10, new double[] {1, 0}, new long[] {4, 9}));
    Random random = new Random(3);
    for (int round = 0; round < 1000; round++) {
      int layers = 1 + random.nextInt(8);
      double[] weight = random.doubles(layers).map(w -> w < 0.2 ? 0 : w).toArray();
      long[] limit = random.longs(layers, 0, 100).toArray();
      long sum = Arrays.stream(limit).sum();
      long total = sum == 0 ? 0 : random.nextLong(sum + 1);
      long[] share = Apportionment.split(total, weight, limit);
      assertEquals(total, Arrays.stream(share).sum());
      for (int l = 0; l < layers; l++) {
        assertEquals(Math.max(0, Math.min(limit[l], share[l])), share[l]);
      }
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> Apportionment.split(3, new double[1], new long[] {2}));
  }
}
