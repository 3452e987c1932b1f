/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.espalier.sparse.KeyedPermutation;
import org.espalier.sparse.ValueRule;

/** Topology updates written down as they are defined: sorted lists and maps by position. */
final class PlainTopology {

  private PlainTopology() {}

  static long[] draw(long cells, int count, long key) {
    if (count == 0) {
      return new long[0];
    }
    if (count == cells) {
      return LongStream.range(0, count).toArray();
    }
    KeyedPermutation permutation = new KeyedPermutation(cells, key);
    return LongStream.range(0, count).map(permutation::apply).sorted().toArray();
  }

  /** Returns 1 for what stays, 0 for what goes. */
  static int[] prune(float[] values, double fraction) {
    int[] keep = new int[values.length];
    Arrays.fill(keep, 1);
    for (boolean negative : new boolean[] {false, true}) {
      Integer[] sign =
          IntStream.range(0, values.length)
              .filter(k -> values[k] < 0 == negative)
              .boxed()
              .toArray(Integer[]::new);
      // stable: ties stay in order
      Arrays.sort(sign, Comparator.comparing(k -> Math.abs(values[k])));
      for (int i = 0; i < (int) Math.floor(fraction * sign.length); i++) {
        keep[sign[i]] = 0;
      }
    }
    return keep;
  }

  /** Returns for each layer 1 for what stays, 0 for the {@code count} values that go. */
  static int[][] pruneMagnitude(float[][] layers, long count) {
    int[][] keep = new int[layers.length][];
    List<int[]> order = new ArrayList<>();
    for (int layer = 0; layer < layers.length; layer++) {
      keep[layer] = new int[layers[layer].length];
      Arrays.fill(keep[layer], 1);
      for (int k = 0; k < keep[layer].length; k++) {
        order.add(new int[] {layer, k});
      }
    }
    // stable, and Float.compare puts NaN last
    order.sort((a, b) -> Float.compare(Math.abs(layers[a[0]][a[1]]), Math.abs(layers[b[0]][b[1]])));
    order.stream().limit(count).forEach(at -> keep[at[0]][at[1]] = 0);
    return keep;
  }

  /**
   * Returns the free cells with the largest gradients.
   *
   * @param taken canonical positions of the survivors
   */
  static long[] growGradient(float[][] x, float[][] dy, Set<Long> taken, int count) {
    int columns = x.length;
    float[] magnitudes = new float[dy.length * columns];
    for (int cell = 0; cell < magnitudes.length; cell++) {
      float sum = 0;
      for (int p = 0; p < x[0].length; p++) {
        sum += dy[cell / columns][p] * x[cell % columns][p];
      }
      magnitudes[cell] = Math.abs(sum);
    }
    return IntStream.range(0, magnitudes.length)
        .filter(cell -> !taken.contains((long) cell))
        .boxed()
        .sorted((a, b) -> Float.compare(magnitudes[b], magnitudes[a]))
        .limit(count)
        .mapToLong(cell -> cell)
        .sorted()
        .toArray();
  }

  /**
   * Draws among the cells that hold no survivor.
   *
   * @param cells canonical positions of the connections
   */
  static long[] grow(long size, long[] cells, int[] keep, int count, long key) {
    long[] taken =
        IntStream.range(0, keep.length)
            .filter(k -> keep[k] == 1)
            .mapToLong(k -> cells[k])
            .toArray();
    long[] grown = draw(size - taken.length, count, key);
    int passed = 0;
    for (int i = 0; i < count; i++) {
      while (passed < taken.length && taken[passed] <= grown[i] + passed) {
        passed++;
      }
      grown[i] += passed;
    }
    return grown;
  }

  /**
   * Returns value and states of every connection after an update.
   *
   * @param cells canonical positions before it
   * @param arrays values, then states before it
   */
  static SortedMap<Long, float[]> rebuild(
      long[] cells,
      float[][] arrays,
      int[] keep,
      long[] grown,
      ValueRule initial,
      long valueKey,
      boolean keepRegrown) {
    SortedMap<Long, float[]> connections = new TreeMap<>();
    for (long cell : grown) {
      float[] fresh = new float[arrays.length];
      fresh[0] = initial.valueAt(valueKey, cell);
      connections.put(cell, fresh);
    }
    for (int k = 0; k < cells.length; k++) {
      if (keep[k] == 1 || keepRegrown && connections.containsKey(cells[k])) {
        float[] kept = new float[arrays.length];
        for (int array = 0; array < arrays.length; array++) {
          kept[array] = arrays[array][k];
        }
        connections.put(cells[k], kept);
      }
    }
    return connections;
  }
}
