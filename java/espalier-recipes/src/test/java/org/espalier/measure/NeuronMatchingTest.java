/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.espalier.measure.NeuronMatching.InputSets;
import org.junit.jupiter.api.Test;

class NeuronMatchingTest {

  private static InputSets sets(int inputs, int[]... neurons) {
    int[] rowStart = new int[neurons.length + 1];
    for (int i = 0; i < neurons.length; i++) {
      rowStart[i + 1] = rowStart[i] + neurons[i].length;
    }
    return new InputSets(
        inputs, rowStart, Arrays.stream(neurons).flatMapToInt(Arrays::stream).toArray());
  }

  private static int[][] random(int neurons, int inputs, double density, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[][] sets = new int[neurons][];
    for (int i = 0; i < neurons; i++) {
      sets[i] = random.ints(inputs, 0, 1000).map(v -> v < density * 1000 ? 1 : 0).toArray();
      int[] chosen = sets[i];
      sets[i] = java.util.stream.IntStream.range(0, inputs).filter(c -> chosen[c] == 1).toArray();
    }
    return sets;
  }

  private static int[] permutation(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  @Test
  void theDistanceIsTheShareOfConnectionsToEdit() {
    InputSets a = sets(6, new int[] {0, 1, 2}, new int[] {});
    InputSets b = sets(6, new int[] {}, new int[] {1, 2, 3, 4});
    NeuronMatching matching = NeuronMatching.of(a, b);
    assertArrayEquals(new int[] {1, 0}, matching.partner());
    assertEquals(3 / 5.0 / 2, matching.distance(), 1e-7); // {0,3,4} of {0,1,2,3,4}; 0 for empty
    assertEquals((1 + 1) / 2.0, NeuronMatching.identity(a, b).distance(), 1e-7);
  }

  @Test
  void neuronsInAnotherOrderAreNoOtherNetwork() {
    int[][] first = random(120, 80, 0.1, 1);
    int[][] second = random(60, 120, 0.1, 2);
    int[] order = permutation(120, 3);
    int[] order2 = permutation(60, 4);
    int[][] moved = new int[120][];
    for (int i = 0; i < 120; i++) {
      moved[order[i]] = first[i];
    }
    int[][] moved2 = new int[60][];
    for (int i = 0; i < 60; i++) {
      moved2[order2[i]] = Arrays.stream(second[i]).map(input -> order[input]).sorted().toArray();
    }
    NeuronMatching one = NeuronMatching.of(sets(80, first), sets(80, moved));
    assertEquals(0, one.distance());
    assertArrayEquals(order, one.partner());
    NeuronMatching two = NeuronMatching.of(sets(120, second), one.rename(sets(120, moved2)));
    assertEquals(0, two.distance());
    assertTrue(two.exact());
    assertTrue(NeuronMatching.identity(sets(120, second), sets(120, moved2)).distance() > 0.8);
  }

  @Test
  void noOtherMatchingIsCheaper() {
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 200; round++) {
      int n = 1 + round % 6;
      float[][] cost = new float[n][n];
      for (float[] row : cost) {
        for (int c = 0; c < n; c++) {
          row[c] = random.nextInt(8) / 4f;
        }
      }
      int[] found = Assignment.cheapest(cost);
      assertEquals(n, Arrays.stream(found).distinct().count());
      double sum = 0;
      for (int r = 0; r < n; r++) {
        sum += cost[r][found[r]];
      }
      assertEquals(best(cost, 0, 0), sum, 1e-6);
    }
  }

  private static double best(float[][] cost, int row, int taken) {
    if (row == cost.length) {
      return 0;
    }
    double least = Double.POSITIVE_INFINITY;
    for (int c = 0; c < cost.length; c++) {
      if ((taken >> c & 1) == 0) {
        least = Math.min(least, cost[row][c] + best(cost, row + 1, taken | 1 << c));
      }
    }
    return least;
  }

  @Test
  void wideLayersAreMatchedGreedilyAndStillFindThemselves() {
    int n = NeuronMatching.EXACT + 40;
    int[][] first = random(n, 300, 0.05, 6);
    int[] order = permutation(n, 7);
    int[][] moved = new int[n][];
    for (int i = 0; i < n; i++) {
      moved[order[i]] = first[i];
    }
    NeuronMatching matching = NeuronMatching.of(sets(300, first), sets(300, moved));
    assertFalse(matching.exact());
    assertEquals(0, matching.distance());
    assertEquals(n, Arrays.stream(matching.partner()).distinct().count());
  }

  @Test
  void theLargestExactMatchingTakesSeconds() {
    int n = NeuronMatching.EXACT;
    long started = System.nanoTime();
    NeuronMatching matching =
        NeuronMatching.of(sets(784, random(n, 784, 0.03, 8)), sets(784, random(n, 784, 0.03, 9)));
    assertTrue(System.nanoTime() - started < 30e9);
    assertTrue(matching.distance() > 0.8 && matching.distance() < 0.97, "" + matching.distance());
  }
}
